"""Holds a simulated capture against its truth, with a reader of its own: `simulated.py CAPTURE TRUTH`.

Frames are taken from the datagrams of each interface, checked (CRC-16-CCITT), put in the order of their counts and cut into
packets. Then: frames that are broken are those that the truth names, and are right again when its bits are turned back; what it
calls lost is not there; and each packet arrived whole on the interfaces that it tells, behind the time when it was made. Prints
counts as JSON.
"""
import calendar
import collections
import json
import struct
import sys
import time as time_module


def crc(octets):
    value = 0xFFFF
    for octet in octets:
        value = TABLE[(value >> 8) ^ octet] ^ (value << 8 & 0xFFFF)
    return value


TABLE = []
for index in range(256):
    value = index << 8
    for _ in range(8):
        value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    TABLE.append(value)


def blocks(path):
    """Interfaces by name and packets (interface, time in ns, octets) of a little-endian pcapng of nanoseconds."""
    names, packets = [], []
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 1:
            option = at + 16
            while True:
                code, length = struct.unpack_from("<HH", data, option)
                if code == 2:
                    names.append(data[option + 4:option + 4 + length].decode())
                if code == 0:
                    break
                option += 4 + (length + 3) // 4 * 4
        elif kind == 6:
            interface, high, low, captured, _ = struct.unpack_from("<IIIII", data, at + 8)
            packets.append((interface, high << 32 | low, data[at + 28:at + 28 + captured]))
        at += size
    return names, packets


def packets_of(frames, length):
    """The packets (apid, count, octets, place of the frame that ends them) that a sequence of TM frames holds from end to end; None
    stands where frames are missing."""
    found, rest = [], None
    for place, frame in enumerate(frames):
        if frame is None:
            rest = None
            continue
        pointer = struct.unpack_from(">H", frame, 4)[0] & 0x7FF
        zone = frame[6:length - 6]
        if rest is None:
            if pointer == 0x7FF:
                continue
            rest = b""
            zone = zone[pointer:]
        rest += zone
        while len(rest) >= 7:
            size = struct.unpack_from(">H", rest, 4)[0] + 7
            if len(rest) < size:
                break
            first, second = struct.unpack_from(">HH", rest)
            if first & 0x7FF != 0x7FF:
                found.append((first & 0x7FF, second & 0x3FFF, rest[:size], place))
            rest = rest[size:]
    return found


def nanoseconds(text):
    whole, decimals = text.rstrip("Z").split(".")
    return calendar.timegm(time_module.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int(decimals.ljust(9, "0"))


def main(capture, truth):
    names, packets = blocks(capture)
    records = [json.loads(line) for line in open(truth)]
    assert records[0]["record"] == "run" and records[-1]["record"] == "end", "the truth begins and ends"
    faults = [record for record in records if record["record"] == "fault"]
    hits = {fault["output"]: fault for fault in faults if fault["kind"] == "bit-error" and fault["output"]}
    wrong = []
    frames, times = collections.defaultdict(dict), {}
    broken = 0
    last = 0
    for number, (interface, time, octets) in enumerate(packets, 1):
        assert time >= last, "times go up"
        last = time
        frame = octets[42:]
        hit = hits.pop(number, None)
        isRight = crc(frame) == 0
        if hit:
            broken += 1
            assert hit["interface"] == names[interface] and hit["offset"] == 42 and hit["octets"] == len(frame), hit
            mended = bytearray(frame)
            for bit in hit["bits"]:
                mended[bit // 8] ^= 0x80 >> bit % 8
            if isRight or crc(mended) != 0:
                wrong.append(f"packet {number} is not broken as it is told")
            continue
        if not isRight:
            wrong.append(f"packet {number} is broken, and nobody told")
            continue
        channel, count = frame[1] >> 1 & 7, frame[3]
        key = (names[interface], channel)
        seen = frames[key]
        # Counts of eight bits go on from the latest frame of the channel, or a few back; 239 may be missing.
        newest = max(seen) if seen else count
        whole = newest + ((count - newest + 16) % 256 - 16)
        seen[whole] = frame
        times[key, whole] = min(time, times.get((key, whole), time))
    wrong += [f"packet {number} of the truth is not in the capture" for number in hits]
    arrived = collections.defaultdict(set)
    for (name, channel), seen in frames.items():
        if channel == 7:
            continue
        first = min(seen)
        line = [seen.get(count) for count in range(first, max(seen) + 1)]
        length = len(next(iter(seen.values())))
        spacecraft = name.split(">")[0].split(".")[1]
        for apid, count, octets, place in packets_of(line, length):
            arrived[spacecraft, apid, count].add((name, len(octets), times[(name, channel), first + place]))
    sent = invented = 0
    for record in records:
        if record["record"] != "packet":
            continue
        found = arrived.pop((record["spacecraft"], record["apid"], record["count"]), set())
        sent += bool(record["frames"])
        sizes = all(size == record["octets"] for _, size, _ in found)
        made = nanoseconds(record["time"])
        # Light takes a millisecond at least from where satellites fly.
        if any(time < made + 1_000_000 for _, _, time in found):
            wrong.append(f"{record['spacecraft']} {record['apid']}/{record['count']} arrived before it was made")
        if {name for name, _, _ in found} != set(record["heard"]) or not sizes:
            wrong.append(f"{record['spacecraft']} {record['apid']}/{record['count']}: told {record['heard']}, found {found}")
    invented = len(arrived)
    kinds = collections.Counter(fault["kind"] for fault in faults)
    print(json.dumps({"packets": len(packets), "broken": broken, "sent": sent, "invented": invented, "wrong": wrong[:9],
                      "faults": kinds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
