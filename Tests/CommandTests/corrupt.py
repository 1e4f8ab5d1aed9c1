#!/usr/bin/env python3
"""Holds what `starlane corrupt` and `starlane replay --fault` did against what they say they did, for CorruptTests.

usage: corrupt.py capture TRUTH OUTPUT SOURCE…      the truth, applied to the sources, has to give OUTPUT, packet by packet
       corrupt.py payloads TRUTH RECEIVED SOURCE    the same for UDP payloads of SOURCE and of what arrived

Shares nothing with the program: captures are read here, and each fault is made once more from its record. Writes a line of
JSON: how many packets were compared, how many faults of each kind there were, how many checksums were right.
"""
import calendar, collections, gzip, json, struct, sys, time

way, truth_path, output_path = sys.argv[1:4]
source_paths = sys.argv[4:]

Packet = collections.namedtuple("Packet", "time octets original link name")


def classic(data):
    order = {b"\xd4\xc3\xb2\xa1": ("<", 1000), b"\x4d\x3c\xb2\xa1": ("<", 1), b"\xa1\xb2\xc3\xd4": (">", 1000),
             b"\xa1\xb2\x3c\x4d": (">", 1)}[data[:4]]
    link = struct.unpack_from(order[0] + "I", data, 20)[0] & 0xFFFF
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, captured, original = struct.unpack_from(order[0] + "IIII", data, at)
        octets = data[at + 16:at + 16 + captured]
        if len(octets) < captured:
            return
        yield Packet(seconds * 10**9 + fraction * order[1], octets, original, link, None)
        at += 16 + captured


def options(data, order):
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            return
        yield code, data[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def blocks(data):
    at, order, interfaces = 0, "<", []
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + "I", data, at)[0]
        if kind == 0x0A0D0D0A:
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        length = struct.unpack_from(order + "I", data, at + 4)[0]
        body = data[at + 8:at + length - 4]
        if len(data) < at + length or length < 12:
            return
        if kind == 1:
            link, _, snap = struct.unpack_from(order + "HHI", body)
            told = dict(options(body[8:], order))
            resolution = told.get(9, b"\6")[0]
            unit = 2**(resolution & 127) if resolution & 128 else 10**resolution
            offset = struct.unpack(order + "q", told[14])[0] if 14 in told else 0
            interfaces.append((link, snap, unit, offset, told.get(2, b"").decode().rstrip("\0") or None))
        elif kind == 6:
            number, high, low, captured, original = struct.unpack_from(order + "IIIII", body)
            link, _, unit, offset, name = interfaces[number]
            stamp = (high << 32 | low) * 10**9 // unit + offset * 10**9
            yield Packet(stamp, body[20:20 + captured], original, link, name)
        elif kind == 3:
            original = struct.unpack_from(order + "I", body)[0]
            link, snap, _, _, name = interfaces[0]
            captured = min(original, snap) if snap else original
            yield Packet(None, body[4:4 + captured], original, link, name)
        at += length


def packets(path):
    data = open(path, "rb").read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return list(blocks(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else classic(data))


def nanoseconds(text):
    whole, fraction = text[:-1].split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int(fraction)


def summed(octets):
    octets = bytes(octets) + b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def udp_or_tcp(packet):
    """IPv4's pseudo-header with the segment, the number of the protocol, and the payload; None where it is not whole."""
    octets = packet.octets
    start = {1: 14, 113: 16, 276: 20, 101: 0}.get(packet.link)
    if start is None:
        return None
    if packet.link == 1:
        kind = octets[12:14]
        while kind in (b"\x81\x00", b"\x88\xa8"):
            kind, start = octets[start + 2:start + 4], start + 4
        if kind != b"\x08\x00":
            return None
    ip = octets[start:]
    if len(ip) < 20 or ip[0] >> 4 != 4 or struct.unpack_from(">H", ip, 6)[0] & 0x3FFF:
        return None
    total, protocol = struct.unpack_from(">H", ip, 2)[0], ip[9]
    segment = ip[(ip[0] & 15) * 4:total]
    if len(ip) < total or len(segment) < {6: 20, 17: 8}.get(protocol, 1 << 16):
        return None
    if protocol == 17:
        segment = segment[:struct.unpack_from(">H", segment, 4)[0]]
    header = 8 if protocol == 17 else (segment[12] >> 4) * 4
    pseudo = ip[12:20] + bytes([0, protocol]) + struct.pack(">H", len(segment))
    return pseudo + segment, protocol, segment[header:]


def fail(words):
    print(words, file=sys.stderr)
    sys.exit(1)


records = [json.loads(line) for line in open(truth_path)]
run, end, faults = records[0], records[-1], records[1:-1]
if run["record"] != "run" or end["record"] != "end" or any(f["record"] != "fault" for f in faults):
    fail("the truth is no run, faults and an end")
befell = collections.defaultdict(list)
kinds = collections.Counter()
for fault in faults:
    befell[fault["source"], fault.get("round", 1), fault["packet"]].append(fault)
    kinds[fault["kind"]] += 1
sent = [None] * end["packets_out"]
rest = []


def put(packet, number):
    if sent[number - 1] is not None:
        fail(f"two packets are number {number}")
    sent[number - 1] = packet


def apply(packet, key, whole):
    octets, moved, number, copy, isLost = bytearray(packet.octets), packet.time, None, None, False
    for fault in befell.pop(key, []):
        if fault["time"] is not None and nanoseconds(fault["time"]) != packet.time:
            fail(f"{fault} has another time than its packet, {packet.time}")
        at = fault.get("offset", 0)
        if whole and whole[fault["source_offset"]:][:len(packet.octets) - at] != packet.octets[at:]:
            fail(f"{fault} is not at {fault['source_offset']} of its file")
        number = fault["output"] or number
        if fault["kind"] == "loss":
            isLost = True
        elif fault["kind"] == "bit-error":
            for bit in fault["bits"]:
                if not 0 <= bit < fault["octets"] * 8:
                    fail(f"{fault}: no such bit")
                octets[fault["offset"] + bit // 8] ^= 0x80 >> bit % 8
            if "checksum" in fault:
                at = fault["checksum"]["offset"]
                if struct.unpack_from(">H", octets, at)[0] != fault["checksum"]["from"]:
                    fail(f"{fault}: the checksum was another")
                struct.pack_into(">H", octets, at, fault["checksum"]["to"])
        elif fault["kind"] == "truncate":
            if fault["octets"] != len(packet.octets) or not 0 < fault["kept"] < fault["octets"]:
                fail(f"{fault} cuts {len(packet.octets)} octets")
            cut = fault["kept"]
            octets = octets[:cut]
        elif fault["kind"] == "duplicate":
            copy = fault["copy"]
        else:
            moved = nanoseconds(fault["moved_to"]) if fault["moved_to"] else None
    if isLost:
        return
    changed = packet._replace(octets=bytes(octets), time=moved)
    if number is None:
        return rest.append(changed)
    put(changed, number)
    if copy:
        put(changed, copy)


count = 0
for path in source_paths:
    whole = open(path, "rb").read()
    for number, packet in enumerate(packets(path), 1):
        if way == "payloads":
            carried = udp_or_tcp(packet)
            if carried is None:
                continue
            packet = packet._replace(octets=carried[2])
        apply(packet, (path, 1, number), None if whole[:2] == b"\x1f\x8b" or way == "payloads" else whole)
        count += 1
if befell:
    fail(f"faults of packets that are not there: {list(befell)[:5]}")
for index, packet in enumerate(sent):
    if packet is None:
        if not rest:
            fail(f"nothing is number {index + 1}")
        sent[index] = rest.pop(0)
if rest:
    fail(f"{len(rest)} packets have no place")
found = packets(output_path)
if len(found) != len(sent):
    fail(f"{len(found)} packets are there, and the truth has {len(sent)}")
right = 0
for index, (ours, theirs) in enumerate(zip(sent, found)):
    if way == "payloads":
        if ours.octets != udp_or_tcp(theirs)[2]:
            fail(f"packet {index + 1} arrived as another")
        continue
    if ours != theirs and ours._replace(name=None) != theirs:
        differ = [k for k in Packet._fields if getattr(ours, k) != getattr(theirs, k)]
        words = [f"{k} {getattr(theirs, k)!r:.80} and not {getattr(ours, k)!r:.80}" for k in differ]
        fail(f"packet {index + 1} has {'; '.join(words)}")
    segment = udp_or_tcp(theirs)
    if segment and summed(segment[0]) == 0xFFFF:
        right += 1
print(json.dumps({"read": count, "compared": len(sent), "checksums": right, "kinds": kinds, "run": run, "end": end}))
