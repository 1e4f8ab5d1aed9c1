#!/usr/bin/env python3
"""Makes random traffic, archives it in small members, and compares what conditions choose of the archive, of which members
are passed, with what they choose of the same blocks unpacked, for SliceTests.

usage: slices.py FOLDER PROGRAM SEED COUNT

Writes a line of JSON: how many comparisons were made, how many members were passed in all, and what differed.
"""
import json, os, random, re, shutil, struct, subprocess, sys, tempfile, zlib

folder, program, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
chance = random.Random(seed)
START = 1_800_000_000 * 10**9


def crc16(octets):
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def space_packet(apid, sequence, size):
    body = bytes(chance.randrange(256) for _ in range(size))
    return struct.pack(">HHH", apid, 3 << 14 | sequence & 0x3FFF, len(body) - 1) + body


class Packets:
    """A flow of space packets in datagrams, some of which are lost, late or repeated."""

    def __init__(self):
        self.apids = [chance.randrange(1, 2000) for _ in range(chance.randrange(1, 7))]
        # Some come seldom.
        self.weights = [chance.choice([1, 5, 40]) for _ in self.apids]
        self.counts = {apid: chance.randrange(16384) for apid in self.apids}
        self.loss = chance.choice([0, 0.002, 0.05])
        self.sizes = chance.choice([(4, 40), (20, 300), (1400, 3000)])
        self.late = None

    def payloads(self):
        apid = chance.choices(self.apids, self.weights)[0]
        self.counts[apid] += 1
        packet = space_packet(apid, self.counts[apid], chance.randrange(*self.sizes))
        if chance.random() < self.loss:
            self.late = packet if chance.random() < 0.3 else None
            return []
        found = [packet]
        if self.late and chance.random() < 0.3:
            found.append(self.late)
            self.late = None
        if chance.random() < self.loss / 4:
            found.append(packet)
        return found


class Frames:
    """A flow of TM frames, whose packets span them; some frames are lost, late or repeated."""

    def __init__(self):
        self.size = chance.choice([128, 220, 512])
        self.spacecraft = chance.randrange(1, 1000)
        self.channels = [{"vcid": v, "count": chance.randrange(256), "rest": b"", "source": Packets()}
                         for v in chance.sample(range(7), chance.randrange(1, 4))]
        for channel in self.channels:
            channel["source"].loss = 0
            channel["source"].sizes = chance.choice([(4, 40), (20, 300), (300, 900)])
        self.master = 0
        self.loss = chance.choice([0, 0.005, 0.03])
        self.held = None

    def payloads(self):
        channel = chance.choices(self.channels, range(len(self.channels), 0, -1))[0]
        room = self.size - 6 - 2
        pointer = len(channel["rest"])
        while len(channel["rest"]) < room:
            channel["rest"] += channel["source"].payloads()[0]
        if pointer >= room:
            pointer = 0x7FF
        field, channel["rest"] = channel["rest"][:room], channel["rest"][room:]
        header = struct.pack(">HBBH", self.spacecraft << 4 | channel["vcid"] << 1, self.master & 255,
                             channel["count"] & 255, 0x1800 | pointer)
        self.master += 1
        channel["count"] += 1
        frame = header + field
        frame += struct.pack(">H", crc16(frame))
        if chance.random() < self.loss:
            self.held = frame if chance.random() < 0.3 else None
            return []
        found = [frame]
        if self.held and chance.random() < 0.2:
            found.append(self.held)
            self.held = None
        if chance.random() < self.loss / 2:
            found.append(frame)
        return found


class Sentences:
    """A receiver's sentences, some of which are split over two datagrams."""

    def __init__(self):
        self.rest = b""

    def payloads(self):
        second = chance.randrange(60)
        body = chance.choice([
            f"GPGGA,0235{second:02}.00,3101.2345,N,12113.6789,E,1,08,1.0,12.5,M,8.0,M,,",
            f"BDGLL,3101.2345,N,12113.6789,E,0235{second:02}.00,A,A",
            f"GNRMC,0235{second:02}.00,A,3101.2345,N,12113.6789,E,1.5,90.0,150326,,,A"])
        check = 0
        for octet in body.encode():
            check ^= octet
        text = self.rest + f"${body}*{check:02X}\r\n".encode()
        cut = chance.randrange(1, len(text)) if chance.random() < 0.1 else len(text)
        self.rest = text[cut:]
        return [text[:cut]]


class Noise:
    """Traffic of others."""

    def payloads(self):
        return [bytes(chance.randrange(256) for _ in range(chance.randrange(1, 200)))]


def ip(payload, kind, port, sequence):
    source, target = bytes([10, 0, 0, port % 250]), bytes([10, 0, 1, 1])
    if kind == "tcp":
        segment = struct.pack(">HHIIBBHHH", 20000 + port, port, sequence & 0xFFFFFFFF, 1, 5 << 4, 0x18, 8192, 0, 0) + payload
        protocol = 6
    else:
        segment = struct.pack(">HHHH", 20000 + port, port, 8 + len(payload), 0) + payload
        protocol = 17
    number = chance.randrange(65536)
    pieces = []
    step = 1480 if len(segment) > 1480 else max(8, len(segment))
    for at in range(0, len(segment), step):
        part = segment[at:at + step]
        flags = (0x2000 if at + step < len(segment) else 0) | at // 8
        pieces.append(struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(part), number, flags, 64, protocol, 0, source, target)
                      + part)
    if len(pieces) > 1 and chance.random() < 0.2:
        chance.shuffle(pieces)
    return pieces


def make(path):
    flows = []
    for index in range(chance.randrange(1, 6)):
        source = chance.choice([Packets, Packets, Frames, Frames, Sentences, Noise])()
        kind = "tcp" if chance.random() < 0.3 else "udp"
        flows.append({"source": source, "kind": kind, "port": 10000 + index * 7, "sequence": 1000,
                      "weight": chance.choice([1, 3, 10]), "from": chance.choice([0, 0, 0, 0.3, 0.7])})
    time, total = START, chance.randrange(400, 2500)
    times = []
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 101))
        for index in range(total):
            there = [f for f in flows if f["from"] <= index / total]
            if not there:
                continue
            flow = chance.choices(there, [f["weight"] for f in there])[0]
            for payload in flow["source"].payloads():
                for packet in ip(payload, flow["kind"], flow["port"], flow["sequence"]):
                    time += chance.randrange(1, 20_000_000)
                    times.append(time)
                    file.write(struct.pack("<IIII", time // 10**9, time % 10**9, len(packet), len(packet)) + packet)
                flow["sequence"] += len(payload)
    return flows, times or [START]


def text(time):
    import datetime
    whole = datetime.datetime.fromtimestamp(time // 10**9, datetime.timezone.utc)
    return whole.strftime("%Y-%m-%dT%H:%M:%S") + f".{time % 10**9:09}Z"


def conditions(flows, times):
    apids = [a for f in flows for s in ([f["source"]] + [c["source"] for c in getattr(f["source"], "channels", [])])
             for a in getattr(s, "apids", [])]
    apid = chance.choice(apids + [77])
    port = chance.choice(flows)["port"]
    first = chance.choice(times)
    last = first + chance.choice([10**7, 10**9, 5 * 10**9, 10**10])
    span = ["--from", text(first), "--until", text(last)]
    filters = [f"apid == {apid}", f"apid in {{{apid}, {chance.choice(apids + [78])}}}", f"udp.dstport == {port}",
               f"vcid == {chance.randrange(7)}", f"not apid == {apid}", f"apid == {apid} and sequence % 3 == 0", "message",
               'type == "GGA"', f"apid == {apid} or message", f"frame.quality != good and apid == {apid}",
               f"tcp.port == {port}", f"ip.src == 10.0.0.{port % 250}", f'time < "{text(first)}" and apid >= {apid}',
               "latitude > 0", "frame.number > 100"]
    chosen = chance.choice([[], [], ["-Y", chance.choice(filters)], ["-Y", chance.choice(filters)]])
    return span + chosen if not chosen or chance.random() < 0.3 else chosen


def decode(file, condition):
    run = subprocess.run([program, "decode", file, "--explain", "--format", "csv", "--fields",
                          "time,packet,flow,spacecraft,vcid,apid,sequence,frame.quality,length"] + condition,
                         capture_output=True, timeout=60)
    words = run.stderr.decode()
    found = re.search(r"([0-9,]+) of ([0-9,]+) members (?:is|are) unpacked", words)
    passed = int(found[2].replace(",", "")) - int(found[1].replace(",", "")) if found else 0
    return run.stdout, passed, words


def verified(archive):
    run = subprocess.run([program, "archive", "verify", archive], capture_output=True)
    return run.returncode, run.stderr.decode()


def forge(archive):
    """Changes what a member tells of its packets, with a check that agrees; says whether there was one to change."""
    octets = bytearray(open(archive, "rb").read())
    at = 0
    while at < len(octets):
        length, = struct.unpack_from("<H", octets, at + 14)
        kind, size, interfaces = octets[at + 17], *struct.unpack_from("<I", octets, at + 20), *struct.unpack_from(
            "<I", octets, at + 72)
        summary = at + 16 + 64 + 16 * interfaces
        if kind == 0 and length > 64 + 16 * interfaces + 40:
            octets[summary + 20] ^= 1
            octets[at + 76:at + 80] = bytes(4)
            octets[at + 76:at + 80] = struct.pack("<I", zlib.crc32(octets[at + 16:at + 16 + length]))
            # Without the closing index, which has it as it was.
            open(archive, "wb").write(octets[:octets.rindex(b"\x1f\x8b\x08\x04")])
            return True
        at += size
    return False


made, passed, wrong = 0, 0, []
kept = folder
folder = tempfile.mkdtemp(dir=folder)
for number in range(count):
    capture, archive = os.path.join(folder, "c.pcap"), os.path.join(folder, "c.pcapng.gz")
    flows, times = make(capture)
    size = chance.choice([2048, 8192, 30000])
    run = subprocess.run([program, "archive", capture, "-o", archive, "--member-size", str(size)], capture_output=True)
    if run.returncode:
        wrong.append({"capture": number, "words": run.stderr.decode()})
    # The archive's blocks as they stand, as a file that cannot be jumped about in.
    plain = os.path.join(folder, "c.pcapng")
    subprocess.run([program, "export", archive, "-o", plain], capture_output=True)
    status, words = verified(archive)
    if status:
        wrong.append({"capture": number, "verify": words})
    for _ in range(8):
        condition = conditions(flows, times)
        whole, _, _ = decode(plain, condition)
        part, left, words = decode(archive, condition)
        made += 1
        passed += left
        if whole != part:
            name = os.path.join(kept, f"wrong-{seed}-{number}.pcap")
            shutil.copy(capture, name)
            wrong.append({"capture": name, "size": size, "condition": condition, "words": words,
                          "lines": [whole.count(b"\n"), part.count(b"\n")]})
isForged = forge(archive)
forged = verified(archive)[1] if isForged else ""
shutil.rmtree(folder)
print(json.dumps({"made": made, "passed": passed, "wrong": wrong, "forged": forged}))
