"""The files themselves: which spacecraft, how wrapped, and what is wrong with the bad twins."""

import gzip
import json
import random
from pathlib import Path

from . import captures, emergency, expected, links, logs
from .frames import LENGTH, MARKER, delivered
from .spacecraft import G60, SEED, SONGJIANG, START, fly

CENTRE = "10.21.0.10"
SHANGHAI, HANGZHOU = "10.21.1.20", "10.21.2.20"
NAMES = {CENTRE: "mission-control.example", SHANGHAI: "songjiang-station.example", HANGZHOU: "hangzhou-station.example"}
PASS = 200  # seconds


class Folder:
    """Writes files and remembers what it wrote."""

    def __init__(self, path: Path):
        self.path, self.written = path, []
        path.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, octets: bytes):
        (self.path / name).write_bytes(octets)
        self.written.append((name, len(octets)))

    def expect(self, name: str, packets, framed=False, captured=True, **facts):
        """The two files that say what is in `name`."""
        lines = "".join(expected.line(p, framed, captured) + "\n" for p in packets)
        self.write(name + ".expected.jsonl", lines.encode())
        facts = {"packets": len(packets), "apids": expected.apids(packets, framed)} | facts
        self.write(name + ".facts.json", (json.dumps(facts, indent=1) + "\n").encode())


def write_all(path: Path):
    folder = Folder(path)
    whole_pass(folder)
    packet_captures(folder)
    marked_stream(folder)
    bare_files(folder)
    terminals(folder)
    return folder.written


def nanoseconds(seconds: float, delay: int) -> int:
    return START * 10**9 + round(seconds * 1000) * 10**6 + delay


def whole_pass(folder: Folder):
    """Both spacecraft over two stations, frames in UDP, in a pcapng file, with foreign traffic and trouble."""
    rng = random.Random(f"{SEED}/pass")
    links = {0: captures.Host(SHANGHAI), 1: captures.Host(HANGZHOU)}
    centre = captures.Host(CENTRE)
    packets = []  # nanoseconds, interface, octets, comment, packets it completes or None
    facts = {"channels": [], "frames_sent": 0, "frames_lost": 0, "frames_bad_fecf": 0}
    for link, (plan, port) in enumerate(((SONGJIANG, 50421), (G60, 50710))):
        _, framer = fly(plan, PASS)
        frames = framer.frames
        busy = [i for i, f in enumerate(frames) if f.channel != 7]
        # Two frames in a row, one alone, and one that arrives damaged.
        lost = (
            {busy[len(busy) // 3], busy[len(busy) // 3] + 1, busy[len(busy) * 4 // 5]}
            if link == 0
            else {busy[len(busy) // 2]}
        )
        damaged = {busy[len(busy) * 3 // 5]} if link == 0 else set()
        came = delivered(frames, lost, damaged)
        facts["channels"] += expected.channels(plan.spacecraft, [f for f, done in came if done is not None])
        facts["frames_sent"] += len(frames)
        facts["frames_lost"] += len(lost)
        facts["frames_bad_fecf"] += len(damaged)
        last = 0
        for frame, done in came:
            octets, comment = frame.octets, ""
            if done is None:
                octets = octets[:600] + bytes([octets[600] ^ 0x24]) + octets[601:]
                comment = "this frame was damaged on the way: its FECF does not hold"
            time = max(nanoseconds(frame.time, rng.randint(7_200_000, 9_800_000)), last + 120_000)
            last = time
            wire = links[link].udp(41000 + link, CENTRE, port, octets)
            packets.append((time, link, wire, comment, done))
    foreign = [
        (0.4, 0, captures.arp(SHANGHAI, CENTRE, False)),
        (0.401, 0, captures.arp(SHANGHAI, CENTRE, True)),
        (0.9, 1, links[1].udp(5353 + 40000, CENTRE, 53, captures.dns("mission-control.example", 4711))),
        (0.903, 1, centre.udp(53, HANGZHOU, 5353 + 40000, captures.dns("mission-control.example", 4711, CENTRE))),
        (75.2, 0, links[0].udp(45111, CENTRE, 53, captures.dns("ntp.example", 812))),
        (75.206, 0, centre.udp(53, SHANGHAI, 45111, captures.dns("ntp.example", 812, "10.21.0.3"))),
    ]
    packets += [(nanoseconds(s, 0), link, octets, "", []) for s, link, octets in foreign]
    packets.sort(key=lambda p: p[0])
    blocks = [
        captures.section("A pass of Songjiang and G60 over two stations; made by Tools/fixtures"),
        captures.interface("shanghai", "Songjiang station, Shanghai: downlink of Songjiang", 9),
        captures.interface("hangzhou", "Hangzhou station: downlink of G60", 6),
        captures.names(NAMES),
    ]
    whole = []
    for number, (time, link, octets, comment, done) in enumerate(packets, 1):
        ticks = time if link == 0 else time // 1000
        blocks.append(
            captures.enhanced(link, ticks, octets, comment or ("acquisition of signal" if number == 1 else ""))
        )
        for packet in done or []:
            packet.capture, packet.captured = number, time if link == 0 else time // 1000 * 1000
            whole.append(packet)
        if done is None:
            facts["bad_fecf_at_packet"] = number
    for link, pace in ((0, 1), (1, 1000)):
        blocks.append(captures.statistics(link, packets[-1][0] // pace, sum(p[1] == link for p in packets), 0))
    file = b"".join(blocks)
    facts |= {
        "capture_packets": len(packets),
        "foreign_packets": len(foreign),
        "bytes": len(file),
        "foreign_bytes": sum(len(o) for _, _, o in foreign),
    }
    folder.write("songjiang-pass.pcapng", file)
    folder.expect("songjiang-pass.pcapng", whole, framed=True, **facts)
    # Bad twins: the capture ends inside a block; a block says that it is longer than the file.
    folder.write("songjiang-pass-capture-cut.pcapng", b"".join(blocks[:40])[:-333])
    wrong = bytearray(b"".join(blocks[:40]))
    at = sum(len(b) for b in blocks[:30])
    wrong[at + 4 : at + 8] = (0x7FFFFFF0).to_bytes(4, "little")
    folder.write("songjiang-pass-block-length-wrong.pcapng", bytes(wrong))


def packet_captures(folder: Folder):
    """Space packets without frames: one a datagram, and raw on a link of private use."""
    packets, _ = fly(SONGJIANG, 45)
    host, rows = captures.Host(SHANGHAI), []
    for number, packet in enumerate(packets, 1):
        # Two packets of one instant still come one behind the other.
        packet.capture, packet.captured = number, nanoseconds(packet.time, 3_150_000) + number * 1000
        rows.append((packet.captured, host.udp(41007, CENTRE, 50007, packet.octets)))
    file = captures.pcap(rows)
    folder.write("songjiang-packets.pcap", file)
    folder.expect("songjiang-packets.pcap", packets, capture_packets=len(rows), bytes=len(file))
    # The same file in gzip members that end anywhere.
    cuts = [0, 24, 1000, 1016, 9001, len(file)]
    members = b"".join(gzip.compress(file[a:b], 9, mtime=0) for a, b in zip(cuts, cuts[1:]))
    folder.write("songjiang-packets-members.pcap.gz", members)
    folder.write("songjiang-packets-member-cut.pcap.gz", members[:-200])
    raw = [(p.captured, p.octets) for p in packets[:40]]
    file = captures.pcap(raw, link=147, order=">", nano=True)
    folder.write("songjiang-user0.pcap", file)
    folder.expect("songjiang-user0.pcap", packets[:40], capture_packets=40, bytes=len(file))


def marked_stream(folder: Folder):
    """Frames with sync markers in a TCP stream that is cut anywhere: a segment comes twice, two change places."""
    packets, framer = fly(G60, 40)
    stream = b"".join(MARKER + f.octets for f in framer.frames)
    rng = random.Random(f"{SEED}/cadu")
    station, centre = captures.Host(HANGZHOU), captures.Host(CENTRE)
    first, other, port, target = 0xFFFFE000, 77_000_000, 40710, 50711  # the sequence number wraps on the way
    segments, at = [], 0
    while at < len(stream):
        size = min(rng.randint(150, 1460), len(stream) - at)
        segments.append((at, at + size))
        at += size
    sent = list(range(len(segments)))
    sent[20], sent[21] = sent[21], sent[20]
    sent.insert(12, 10)
    ends, position = [], 0
    for frame in framer.frames:
        position += len(MARKER) + LENGTH
        ends.append(position)

    def build(order):
        """The capture packets, and when the octets up to each place were all there."""
        syn = station.tcp(port, CENTRE, target, first, 0, 0x02)
        rows = [syn, centre.tcp(target, HANGZHOU, port, other, first + 1, 0x12)]
        rows.append(station.tcp(port, CENTRE, target, first + 1, other + 1, 0x10))
        there, have, reached = [], set(), 0
        for index in order:
            a, b = segments[index]
            rows.append(station.tcp(port, CENTRE, target, first + 1 + a, other + 1, 0x18, stream[a:b]))
            have.add(index)
            while reached in have:
                reached += 1
            there.append((len(rows), segments[reached - 1][1] if reached else 0))
            if len(rows) % 8 == 0:
                rows.append(centre.tcp(target, HANGZHOU, port, other + 1, first + 1 + there[-1][1], 0x10))
        rows.append(station.tcp(port, CENTRE, target, first + 1 + len(stream), other + 1, 0x11))
        rows.append(centre.tcp(target, HANGZHOU, port, other + 1, first + 2 + len(stream), 0x11))
        times = [nanoseconds(0, 2_000_000 + 17_300_123 * i) for i in range(len(rows))]
        return list(zip(times, rows)), there

    rows, there = build(sent)
    for frame, end in zip(framer.frames, ends):
        number = next(n for n, reached in there if reached >= end)
        for packet in frame.ends:
            if packet is not None:
                packet.capture, packet.captured = number, rows[number - 1][0]
    file = captures.pcap(rows, order=">", nano=True)
    folder.write("g60-cadu.pcap", file)
    done = [p for f in framer.frames for p in f.ends if p is not None]
    folder.expect(
        "g60-cadu.pcap",
        done,
        framed=True,
        capture_packets=len(rows),
        bytes=len(file),
        channels=expected.channels(G60.spacecraft, framer.frames),
        frames=len(framer.frames),
    )
    # Bad twin: a segment never comes, so the stream has a hole.
    rows, _ = build([i for i in range(len(segments)) if i != 15])
    folder.write("g60-cadu-segment-lost.pcap", captures.pcap(rows, order=">", nano=True))


def bare_files(folder: Folder):
    """Streams without any capture around them."""
    packets, framer = fly(SONGJIANG, 45)
    frames = framer.frames
    octets = b"".join(f.octets for f in frames)
    facts = dict(
        frames=len(frames),
        frame_length=LENGTH,
        bytes=len(octets),
        channels=expected.channels(SONGJIANG.spacecraft, frames),
    )
    folder.write("songjiang.frames", octets)
    folder.expect(
        "songjiang.frames", [p for f in frames for p in f.ends if p is not None], framed=True, captured=False, **facts
    )
    busy = [i for i, f in enumerate(frames) if f.channel != 7]
    bad = busy[len(busy) // 2]
    broken = bytearray(octets)
    broken[bad * LENGTH + 700] ^= 0x10
    for name, data, lost, damaged in (
        ("songjiang-frame-bad-fecf.frames", bytes(broken), set(), {bad}),
        ("songjiang-frame-lost.frames", octets[: bad * LENGTH] + octets[(bad + 1) * LENGTH :], {bad}, set()),
    ):
        came = delivered(frames, lost, damaged)
        good = [f for f, done in came if done is not None]
        folder.write(name, data)
        folder.expect(
            name,
            [p for _, done in came for p in done or []],
            framed=True,
            captured=False,
            frames=len(good),
            frame_length=LENGTH,
            bytes=len(data),
            channels=expected.channels(SONGJIANG.spacecraft, good),
        )
    packets, _ = fly(G60, 30)
    octets = b"".join(p.octets for p in packets)
    folder.write("g60.packets", octets)
    folder.expect("g60.packets", packets, captured=False, bytes=len(octets))
    skipped = b"".join(b"\xf0\x0d" + i.to_bytes(2, "big") + p.octets for i, p in enumerate(packets))
    folder.write("g60-skip4.packets", skipped)
    folder.expect("g60-skip4.packets", packets, captured=False, bytes=len(skipped), skip=4)
    folder.write("g60-packet-truncated.packets", octets[: len(octets) - len(packets[-1].octets) // 2])
    middle = len(packets) // 2
    wrong = [p.octets for p in packets]
    wrong[middle] = wrong[middle][:4] + b"\xff\xf0" + wrong[middle][6:]
    folder.write("g60-packet-length-wrong.packets", b"".join(wrong))


def terminals(folder: Folder):
    """Messages of terminals: a capture of three links, and serial logs."""
    file, rows = emergency.capture()
    # A part of a sub-packaged message has no type: only the last one makes a message.
    all_messages = [(m, {"packet": m.packet, "flow": row[3]}) for row in rows for m in row[4] if m.type]
    messages = [(m, place) for m, place in all_messages if not m.defect]
    folder.write("terminals.pcapng", file)
    folder.write("terminals.pcapng.messages.jsonl", links.lines(messages).encode())
    facts = {"apids": [], "capture_packets": len(rows), "bytes": len(file), "messages": links.counts(messages)}
    facts["parts"] = sum(not m.type for row in rows for m in row[4])
    facts["damaged"] = links.damages(all_messages)
    folder.write("terminals.pcapng.facts.json", (json.dumps(facts, indent=1) + "\n").encode())
    for name, (log, known) in (
        ("receiver-serial.log", logs.serial_drive()),
        ("receiver-plain.nmea", logs.plain_drive()),
        ("terminal-2.1.log", logs.session()),
    ):
        folder.write(name, log.file)
        folder.write(name + ".messages.jsonl", links.lines(log.good).encode())
        facts = {"apids": [], "bytes": len(log.file), "messages": links.counts(log.good)}
        facts["damaged"] = links.damages(log.messages)
        folder.write(name + ".facts.json", (json.dumps(facts | known, indent=1) + "\n").encode())
