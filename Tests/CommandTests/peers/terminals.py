"""Reads what `starlane simulate` makes of fleets, by the protocols' own rules alone.   usage: terminals.py CAPTURE FLEET.json …
                                                                                          terminals.py --nmea CAPTURE

Takes a classic pcap apart, checks IP's and UDP's sums, frames, lengths and checks of every message, and holds positions against
the routes of the fleets and texts against their lists. Prints one JSON object with what was found; or the sentences of receivers.
"""

import collections
import json
import math
import re
import struct
import sys

found = collections.Counter()
wrong = []
worst = collections.defaultdict(float)
parts = collections.defaultdict(dict)
times = collections.defaultdict(list)


def packets(name):
    data = open(name, "rb").read()
    magic = struct.unpack_from("<I", data)[0]
    scale = {0xA1B2C3D4: 1_000_000, 0xA1B23C4D: 1_000_000_000}[magic]
    at = 24
    while at < len(data):
        seconds, part, count, _ = struct.unpack_from("<IIII", data, at)
        yield seconds + part / scale, data[at + 16 : at + 16 + count]
        at += 16 + count


def ones(octets):
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def expect(condition, *words):
    if not condition:
        wrong.append(" ".join(map(str, words)))


def metres(a, b):
    north = (a[0] - b[0]) * 111_195
    east = (a[1] - b[1]) * 111_195 * math.cos(math.radians(a[0]))
    return math.hypot(north, east)


class Fleet:
    def __init__(self, name):
        settings = json.load(open(name))
        self.protocol = settings["protocol"]
        self.first = settings.get("card", {}).get("first", 0)
        self.count = settings["count"]
        points = [p["at"] if isinstance(p, dict) else p for p in settings["route"]["points"]]
        self.points = points + points[:1] if settings["route"].get("turn") == "loop" else points
        self.texts = settings.get("texts", {}).get("list", []) + [settings.get("emergency", {}).get("text", "")]
        pace = settings.get("card", {}).get("every", "60 s" if self.protocol in ("rdss-4.0", "rdss-2.1", "bds-3") else "1 s")
        self.pace = float(pace.split()[0]) + (2 if self.protocol in ("rdss-4.0", "rdss-2.1", "bds-3") else 0)

    def off(self, latitude, longitude):
        """Metres from the route."""
        best = math.inf
        for a, b in zip(self.points, self.points[1:]):
            shrink = math.cos(math.radians(latitude))
            dx, dy = (b[1] - a[1]) * shrink, b[0] - a[0]
            x, y = (longitude - a[1]) * shrink, latitude - a[0]
            share = max(0, min(1, (x * dx + y * dy) / (dx * dx + dy * dy)))
            best = min(best, metres((latitude, longitude), (a[0] + share * dy, a[1] + share * (b[1] - a[1]))))
        return best


if sys.argv[1] == "--nmea":
    for _, packet in packets(sys.argv[2]):
        if packet[36:38] == struct.pack(">H", 10_110):
            sys.stdout.buffer.write(packet[42:])
    sys.exit()
fleets = [Fleet(name) for name in sys.argv[2:]]


def whose(number, *protocols):
    for fleet in fleets:
        if fleet.protocol in protocols and fleet.first <= number < fleet.first + fleet.count:
            return fleet
    expect(False, "nobody has the number", number, protocols)
    return None


CARDS = ("rdss-4.0", "rdss-2.1", "bds-3")


def position(kind, fleet, latitude, longitude):
    found[kind] += 1
    if fleet:
        worst[kind] = max(worst[kind], fleet.off(latitude, longitude))


def text(kind, number, fleet, octets):
    """A text, or a part of one: [k3/12 7F]."""
    found[kind] += 1
    match = re.match(rb"\[([a-zA-Z])(\d+)/(\d+) [0-9A-F]{2}\]", octets)
    if match:
        letter, index, total = match[1], int(match[2]), int(match[3])
        parts[number, letter, total][index] = octets[match.end() :]
        have = parts[number, letter, total]
        if len(have) < total:
            return
        octets = b"".join(have[i] for i in range(1, total + 1))
        parts[number, letter, total] = {}
        found["whole texts"] += 1
    said = octets.decode("gbk")
    expect(fleet is None or said in fleet.texts, kind, number, "says", said)


def payload(kind, number, fleet, content):
    bits = int.from_bytes(content, "big")

    def field(offset, width):
        return bits >> (104 - offset - width) & (1 << width) - 1

    expect(field(0, 8) == 0xA0 and len(content) == 13, kind, "payload", content.hex())
    longitude = field(32, 8) + field(40, 6) / 60 + (field(46, 6) + field(52, 4) / 10) / 3600
    latitude = field(56, 6) + field(62, 6) / 60 + (field(68, 6) + field(74, 4) / 10) / 3600
    position(kind, fleet, latitude, longitude)


def content(kind, number, fleet, form, octets):
    if form == 0:
        text(kind, number, fleet, octets)
    elif octets[0] == 0xA4:
        text(kind, number, fleet, octets[1:])
    elif octets[0] == 0xA0:
        payload(kind + " A0", number, fleet, octets)
    else:
        text(kind, number, fleet, octets.hex().rstrip("f").encode())


def binary(time, data):
    check = 0
    for octet in data[:-1]:
        check ^= octet
    expect(data[-1] == check, "check of", data.hex())
    expect(struct.unpack_from(">H", data, 5)[0] == len(data), "length of", data.hex())
    name, body = data[1:5].decode(), data[10:-1]
    if name == "DWXX":
        number = int.from_bytes(body[1:4], "big")
        angles = [body[i] + body[i + 1] / 60 + (body[i + 2] + body[i + 3] / 10) / 3600 for i in (8, 12)]
        expect(body[0] & ~0x04 == 0x20, "DWXX category", body[0])
        found["DWXX in need"] += body[0] >> 2 & 1
        position(name, whose(number, *CARDS), angles[1], angles[0])
        times[number].append(time)
    elif name == "TXXX":
        number = int.from_bytes(body[1:4], "big")
        bits = struct.unpack_from(">H", body, 6)[0]
        expect((bits + 7) // 8 == len(body) - 9, "bits of", data.hex())
        content(name, number, whose(number, *CARDS), body[0] >> 5 & 1, body[8:-1])
        times[number].append(time)
    else:
        found[name] += 1


def degrees(value, letter):
    point = value.index(".")
    angle = int(value[: point - 2]) + float(value[point - 2 :]) / 60
    return -angle if letter in "SW" else angle


def sentences(time, source, data):
    expect(data.endswith(b"\r\n"), "end of", data)
    for line in data.split(b"\r\n")[:-1]:
        inside, check = line[1:].rsplit(b"*", 1)
        total = 0
        for octet in inside:
            total ^= octet
        expect(b"%02X" % total == check and line[:1] == b"$", "check of", line)
        name, *fields = inside.split(b",")
        kind = name.decode()
        if kind == "BDDWR":
            number = int(fields[1])
            place = [degrees(fields[i].decode(), fields[i + 1].decode()) for i in (3, 5)]
            position(kind, whose(number, *CARDS), *place)
            found["DWR in need"] += fields[12] == b"A"
            times[number].append(time)
        elif kind == "BDTXR":
            number, form = int(fields[1]), int(fields[2])
            rest = inside.split(b",", 5)[5]
            octets = rest if form == 0 else bytes.fromhex((rest + (b"F" if len(rest) % 2 else b"")).decode())
            content(kind, number, whose(number, *CARDS), form, octets)
            times[number].append(time)
        elif kind == "BDTCI":
            number, form = int(fields[0]), int(fields[4]) - 1
            rest = inside.split(b",", 7)[7]
            octets = rest if form == 0 else bytes.fromhex((rest + (b"F" if len(rest) % 2 else b"")).decode())
            content(kind, number, whose(number, *CARDS), form, octets)
            times[number].append(time)
        elif kind in ("GNGGA", "GNRMC"):
            at = 1 if kind == "GNGGA" else 2
            place = [degrees(fields[i].decode(), fields[i + 1].decode()) for i in (at, at + 2)]
            position(kind, next(f for f in fleets if f.protocol == "nmea-0183"), *place)
        else:
            found[kind] += 1


def vehicles(time, data):
    expect(data[0] == data[-1] == 0x7E, "delimiters of", data.hex())
    inside = data[1:-1].replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
    check = 0
    for octet in inside:
        check ^= octet
    expect(check == 0, "check of", data.hex())
    kind, properties = struct.unpack_from(">HH", inside)
    is2019 = properties >> 14 & 1
    head = 17 if is2019 else 12
    number = int((inside[5:15] if is2019 else inside[4:10]).hex())
    body = inside[head:-1]
    expect(properties & 0x3FF == len(body), "length of", data.hex())
    found[f"0x{kind:04X}"] += 1
    fleet = whose(number, "jtt-808")
    if kind == 0x0200:
        alarm, state, latitude, longitude, height, speed, course = struct.unpack_from(">IIIIHHH", body)
        found["0x0200 in need"] += alarm & 1
        expect(state & 2 and course < 360, "status", state, course)
        latitude, longitude = (v / 1e6 * (-1 if state >> s & 1 else 1) for v, s in ((latitude, 2), (longitude, 3)))
        if fleet:
            worst["0x0200"] = max(worst["0x0200"], fleet.off(latitude, longitude))
        times[number].append(time)
    elif kind == 0x0900:
        expect(body[0] == 0xF0, "kind", body[0])
        content("texts in 0x0900", number, fleet, 1, body[1:])


for time, packet in packets(sys.argv[1]):
    ip, udp = packet[14:34], packet[34:42]
    expect(packet[12:14] == b"\x08\x00" and ip[0] == 0x45 and ip[9] == 17, "headers of", packet.hex())
    expect(ones(ip) == 0xFFFF, "sum of IP", ip.hex())
    length = struct.unpack_from(">H", udp, 4)[0]
    expect(length == len(packet) - 34 and struct.unpack_from(">H", ip, 2)[0] == len(packet) - 14, "length of UDP")
    expect(ones(ip[12:20] + struct.pack(">HH", 17, length) + packet[34:]) == 0xFFFF, "sum of UDP")
    source, target = struct.unpack(">HH", udp[:4])
    data = packet[42:]
    if 6808 in (source, target):
        vehicles(time, data)
    elif 21_040 in (source, target) and source == target and packet[26:30] == bytes([10, 22, 0, 10]):
        found["from the host"] += 1
    elif packet[26:30] == bytes([10, 22, 0, 10]):
        found["from the host"] += 1
    elif source == 21_040:
        binary(time, data)
    else:
        sentences(time, source, data)

# Nobody is heard more often than the card allows, but for what the way takes.
closest = {}
for fleet in fleets:
    gaps = [b - a for n, t in times.items() if fleet.first <= n < fleet.first + fleet.count for a, b in zip(t, t[1:])]
    if gaps:
        closest[fleet.protocol] = round(min(gaps) - fleet.pace, 6)
print(
    json.dumps(
        {
            "found": found, "wrong": wrong[:20], "worst": {k: round(v, 3) for k, v in worst.items()}, "closest": closest,
            "terminals": len(times),
        },
        ensure_ascii=False,
    )
)
