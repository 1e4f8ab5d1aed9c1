"""Holds a simulated capture against its truth, with a reader of its own: `simulated.py CAPTURE TRUTH [FRAMING [LENGTH]]`.

Frames are taken from the datagrams or the streams (`streams.py`) of each interface, as FRAMING (none, marker:HEX, length:N) and the
LENGTH of frames say, checked (CRC-16-CCITT), put in the order of their counts and cut into packets. Then: frames that are broken are
those that the truth names, and are right again when its bits are turned back; what it calls lost is not there; what it calls late is
so by that much on its leg; and each packet arrived whole on the interfaces that it tells, behind the time when it was made. Prints
counts as JSON.
"""
import calendar
import collections
import json
import struct
import sys
import time as time_module

import streams


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
    stands where frames are missing. Each frame is with its connection: what begins in one does not go on in the next."""
    found, rest, last = [], None, None
    for place, (frame, connection) in enumerate(frames):
        if connection != last:
            rest, last = None, connection
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


class Arrivals:
    """Frames that arrived whole: of each interface and channel by their counts, which go on beyond the bits that they have."""

    def __init__(self):
        self.frames = collections.defaultdict(dict)
        self.first = {}

    def add(self, name, found):
        channel, count = found.octets[1] >> 1 & 7, found.octets[3]
        seen = self.frames[name, channel]
        # Counts of eight bits go on from the latest frame of the channel, or a few back; 239 may be missing.
        newest = max(seen) if seen else count
        whole = newest + ((count - newest + 16) % 256 - 16)
        seen[whole] = found
        key = (name, channel, whole)
        if key not in self.first or found.time < self.first[key].time:
            self.first[key] = found

    def lines(self):
        """For each interface and channel its frames in order, and the count of the first one."""
        for (name, channel), seen in self.frames.items():
            if channel != 7:
                yield name, channel, min(seen), [
                    (seen[count].octets, seen[count].connection) if count in seen else (None, None)
                    for count in range(min(seen), max(seen) + 1)]


def lateness(arrivals, faults):
    """Legs on which frames are late by something else than the truth says: whatever is told taken off, each takes the same time."""
    told, reordered = collections.Counter(), set()
    for fault in faults:
        # What befell a frame on legs in front made it late there already.
        if not fault["interface"].endswith(">" + (fault.get("leg") or "")):
            continue
        if fault["kind"] == "jitter":
            told[fault["output"]] += fault["delay_ns"]
        elif fault["kind"] == "reorder":
            reordered.add(fault["output"])
    taken = collections.defaultdict(set)
    # Counts of an interface may begin in another round than those of the one in front: frames are looked up by what is in them.
    places = collections.defaultdict(list)
    for (name, _, _), found in arrivals.first.items():
        places[name, found.octets].append(found)
    for (name, octets), here in places.items():
        before = places.get((name.rsplit(">", 1)[0], octets)) if ">" in name else None
        if before and len(before) == len(here) == 1 and here[0].number not in reordered:
            taken[name].add(here[0].time - before[0].time - told[here[0].number])
    return [f"frames of {name} take {sorted(delays)[:9]}" for name, delays in taken.items() if len(delays) > 1], len(taken)


def copied(frames, names, faults):
    """Whether datagrams come twice, a microsecond apart, where the truth says so and nowhere else."""
    times = collections.defaultdict(set)
    for found in frames:
        times[names[found.interface], bytes(found.octets)].add(found.time)
    seen = collections.Counter()
    for (name, _), here in times.items():
        seen[name] += sum(time + 1000 in here for time in here)
    told = collections.Counter(
        fault["interface"] for fault in faults if fault["kind"] == "duplicate" and fault.get("of") != "segments")
    return [f"copies: told {told}, found {+seen}"] if told != +seen else []


def resurrected(arrivals, faults):
    """Frames that the truth calls lost and that arrived."""
    when = collections.defaultdict(list)
    for (name, channel, count), found in arrivals.first.items():
        when[name, channel, count % 256].append(found.time)
    times = sorted(found.time for (name, *_), found in arrivals.first.items() if name == next(iter(arrivals.first))[0])
    # Counts come again after 256 frames of a channel: only where that takes half a minute is one frame told from the next.
    if len(times) < 300 or times[256] - times[0] < 30 * 10**9:
        return []
    return [f"{fault['interface']} {fault['channel']}/{fault['frame']} of {fault['time']} is lost and there"
            for fault in faults if fault["kind"] == "loss" for sent in [nanoseconds(fault["time"])]
            if any(sent <= time < sent + 15 * 10**9 for time in when[fault["interface"], fault["channel"], fault["frame"]])]


def main(capture, truth, framing="none", length="1115"):
    names, packets = blocks(capture)
    records = [json.loads(line) for line in open(truth)]
    assert records[0]["record"] == "run" and records[-1]["record"] == "end", "the truth begins and ends"
    faults = [record for record in records if record["record"] == "fault"]
    hits = {fault["output"]: fault for fault in faults if fault["kind"] == "bit-error" and fault["output"]}
    assert all(a[1] <= b[1] for a, b in zip(packets, packets[1:])), "times go up"
    reader = streams.Reader(framing, int(length))
    found_frames = list(reader.frames(packets))
    wrong = reader.problems
    arrivals = Arrivals()
    broken = 0
    for found in found_frames:
        name = names[found.interface]
        hit = hits.pop(found.number, None)
        isRight = crc(found.octets) == 0
        if hit:
            broken += 1
            place = (name, found.offset, len(found.octets), found.segments)
            assert place == (hit["interface"], hit["offset"], hit["octets"], hit.get("segments", 1)), (place, hit)
            mended = bytearray(found.octets)
            for bit in hit["bits"]:
                mended[bit // 8] ^= 0x80 >> bit % 8
            if isRight or crc(mended) != 0:
                wrong.append(f"packet {found.number} is not broken as it is told")
            continue
        if not isRight:
            wrong.append(f"packet {found.number} is broken, and nobody told")
            continue
        arrivals.add(name, found)
    wrong += [f"packet {number} of the truth is not in the capture" for number in hits]
    late, legs = lateness(arrivals, faults)
    wrong += late
    # A copy comes for each that is told of, and no other; of streams each segment of the frame.
    copies = collections.Counter()
    for fault in faults:
        if fault["kind"] == "duplicate" and fault.get("of") == "segments":
            copies[fault["interface"]] += -(-(len(reader.front) + int(length)) // 1460)
    if copies != collections.Counter({names[number]: count for number, count in reader.copies.items()}):
        wrong.append(f"copies of segments: told {copies}, found {reader.copies}")
    if not reader.isStream:
        wrong += copied(found_frames, names, faults)
    if reader.isStream and any(fault["kind"] == "reorder" for fault in faults):
        wrong.append("frames of a stream cannot pass each other")
    wrong += resurrected(arrivals, faults)
    arrived = collections.defaultdict(set)
    for name, channel, first, line in arrivals.lines():
        spacecraft = name.split(">")[0].split(".")[1]
        for apid, count, octets, place in packets_of(line, int(length)):
            arrived[spacecraft, apid, count].add((name, len(octets), arrivals.first[name, channel, first + place].time))
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
    reasons = collections.Counter(fault["reason"] for fault in faults if "reason" in fault)
    print(json.dumps({"packets": len(packets), "frames": len(found_frames), "broken": broken, "sent": sent, "invented": invented,
                      "wrong": wrong[:9], "faults": kinds, "reasons": reasons, "legs": legs,
                      "connections": {names[number]: count for number, count in reader.connections.items()},
                      "closed": reader.closed, "streams": reader.digests()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
