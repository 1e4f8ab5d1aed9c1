#!/usr/bin/env python3
"""Kills writers of archives at random moments, fills a disk under them, cuts archives anywhere, and holds what is left
against what was written, for ArchiveToolsTests. Says "ok", or why not.

usage: survival.py PROGRAM CAPTURE FOLDER [KILLS [SEED]]   CAPTURE is a pcapng that is made larger here

STARLANE_KILLS=300 in the environment of the tests makes it hundreds of kills; the seed is said, so that a run can be
had again.
"""
import gzip, json, os, random, socket, struct, subprocess, sys, time, zlib

sys.dont_write_bytecode = True
import waiting

program, capture, folder = sys.argv[1:4]
kills = int(sys.argv[4]) if len(sys.argv) > 4 else 12
seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
random.seed(seed)
os.chdir(folder)
env = dict(os.environ, NO_COLOR="1")


def fail(words):
    sys.exit(f"seed {seed}: {words}")


def run(*arguments, ok=(0,)):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=env)
    if done.returncode not in ok:
        fail(f"{arguments} ended with {done.returncode}: {done.stderr}")
    return done


def info(path):
    command = [program, "archive", "info", "--format", "json", path]
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    return json.loads(done.stdout) if done.returncode in (0, 1) else None


def packets(path):
    """Packet blocks of whatever zlib can unpack, by a reader that is not ours."""
    packed, parts = open(path, "rb").read(), []
    while packed[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(31)
        try:
            parts.append(member.decompress(packed))
        except zlib.error:
            break
        packed = member.unused_data
    octets = b"".join(parts)
    found, at = [], 0
    while at + 12 <= len(octets):
        kind, length = struct.unpack("<II", octets[at : at + 8])
        if length < 12 or at + length > len(octets):
            break
        if kind == 6:
            count = struct.unpack("<I", octets[at + 20 : at + 24])[0]
            found.append(octets[at + 28 : at + 28 + count])
        at += length
    return found


def check(path, before, expected, what):
    """What is left: at least `before` packets, all as `expected`, words that are true, and appending mends it."""
    left = info(path)
    size = os.path.getsize(path)
    if left is None:
        # Not one member: then nothing may have been promised.
        if before:
            fail(f"{what}: no archive is left of one that had {before} packets")
        return 0
    count = left["packets"]
    if count < before:
        fail(f"{what}: {count} packets are left of {before} that were written")
    torn = left["torn"]
    if torn and (torn["packet"] != count or torn["offset"] + torn["bytes"] != size):
        fail(f"{what}: words about the end are wrong: {torn} of {size} octets, {count} packets")
    if left["damage"]:
        fail(f"{what}: damage inside: {left['damage']}")
    found = packets(path)
    if found[:count] != expected[:count] or len(found) < count:
        fail(f"{what}: other packets than were written, {count} of {len(found)}")
    done = run("archive", "verify", path, ok=(0, 1))
    if (done.returncode == 1) != bool(torn):
        fail(f"{what}: verify says {done.returncode} {done.stderr}")
    words = run("archive", "append", path, capture, ok=(0, 1)).stderr
    if torn and f"{torn['bytes']:,} octets behind packet {count:,} are cut off" not in words:
        fail(f"{what}: append says {words}")
    mended = info(path)
    if mended["packets"] != count + single or mended["torn"] or not mended["indexed"]:
        fail(f"{what}: append left {mended}")
    run("archive", "verify", path)
    return size


# A capture of some megabytes: the packets many times, one section.
octets = open(capture, "rb").read()
with gzip.open("one.gz", "wb") as file:
    file.write(octets)
one = packets("one.gz")
single = len(one)
at, head, blocks = 0, b"", b""
while at < len(octets):
    kind, length = struct.unpack("<II", octets[at : at + 8])
    if kind == 6:
        blocks += octets[at : at + length]
    elif kind in (1, 0x0A0D0D0A):
        head += octets[at : at + length]
    at += length
times = 120
with open("large.pcapng", "wb") as file:
    file.write(head + blocks * times)
many = one * times

# A source that is a file, killed anywhere on its way.
start = time.time()
run("archive", "large.pcapng", "-o", "whole.pcapng.gz")
span = time.time() - start
torn = 0
for kill in range(kills):
    process = subprocess.Popen([program, "archive", "large.pcapng", "-o", "killed.gz"], env=env)
    time.sleep(random.uniform(0, span))
    # What is seen before is in the file.
    seen = info("killed.gz") if os.path.exists("killed.gz") else None
    time.sleep(random.uniform(0, span / 10))
    process.kill()
    process.wait()
    if os.path.exists("killed.gz"):
        if info("killed.gz") and info("killed.gz")["torn"]:
            torn += 1
        check("killed.gz", seen["packets"] if seen else 0, many, f"kill {kill}")
        os.remove("killed.gz")

# A live source: what came longer ago than the flush interval is in the file.
for kill in range(max(2, kills // 6)):
    port = waiting.free_port("udp")
    process = subprocess.Popen(
        [program, "archive", f"udp://127.0.0.1:{port}", "-o", "live.gz", "--flush-interval", "0.1"],
        stderr=subprocess.DEVNULL, env=env)
    waiting.bound(port)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sent, stop = [], time.time() + random.uniform(0.3, 1.5)
    while time.time() < stop:
        # However long it does nothing, there is room for what it is sent.
        waiting.until(lambda: waiting.queued(port)[0] < 1 << 15, "nothing is read")
        sender.sendto(b"packet %d " % len(sent) + os.urandom(100), ("127.0.0.1", port))
        sent.append(time.time())
        time.sleep(0.001)
    # Nothing more comes, and an interval passes: a writer may be late on a busy machine, so it is waited for.
    end = time.time() + waiting.PATIENCE
    while (info("live.gz") or {"packets": 0})["packets"] < len(sent):
        if time.time() > end:
            fail(f"{len(sent)} packets were sent, and {info('live.gz')} is in the file")
        time.sleep(0.05)
    for _ in range(20):
        sender.sendto(b"one more", ("127.0.0.1", port))
    time.sleep(random.uniform(0, 0.2))
    process.kill()
    process.wait()
    # Behind headers of the network that are made for them.
    found = packets("live.gz")[: len(sent)]
    if any(b"packet %d " % number not in packet for number, packet in enumerate(found)):
        fail("packets of a live source are not those that were sent")
    left = info("live.gz")
    if left["packets"] < len(sent):
        fail("a live source lost what was flushed")
    os.remove("live.gz")

# A disk that is full: a small file system where that is allowed, and else files that may not grow.
small = "mkdir -p disk && mount -t tmpfs -o size=1m tmpfs disk && "
there = subprocess.run(["unshare", "-rm", "sh", "-c", small + "true"], capture_output=True).returncode == 0
way = (["unshare", "-rm", "sh", "-c", small + '"$0" "$@"; s=$?; cp disk/* .; exit $s'] if there
       else ["sh", "-c", 'mkdir -p disk; ulimit -f 2000; "$0" "$@"; s=$?; cp disk/* .; exit $s'])
for case in ("archive large.pcapng -o disk/full.gz", "archive merge large.pcapng one.pcapng -o disk/full.gz",
             "archive repair whole.pcapng.gz -o disk/full.gz"):
    with open("one.pcapng", "wb") as file:
        file.write(octets)
    done = subprocess.run([*way, program, *case.split()], capture_output=True, text=True, env=env)
    if done.returncode != 2 or "disk/full.gz cannot be written: " not in done.stderr:
        fail(f"full disk: {case}: {done.returncode} {done.stderr}")
    left = info("full.gz")
    if left is None or left["torn"] or left["damage"] or left["packets"] == 0:
        fail(f"full disk: {case}: {left}")
    if case.startswith("archive large"):
        check("full.gz", left["packets"], many, "full disk")
    os.remove("full.gz")

# Cut anywhere, an archive is an archive, for us and for others.
whole = open("whole.pcapng.gz", "rb").read()
entries = json.loads(run("archive", "info", "--format", "json", "--members", "whole.pcapng.gz").stdout)["list"]
has_tshark = subprocess.run(["which", "tshark"], capture_output=True).returncode == 0
for number in range(max(6, kills // 4)):
    cut = random.randrange(200, len(whole))
    with open("cut.gz", "wb") as file:
        file.write(whole[:cut])
    least = max([e["before"] + e["packets"] for e in entries if e["offset"] + e["size"] <= cut], default=0)
    if has_tshark and number < 8:
        command = ["tshark", "-r", "cut.gz", "-T", "fields", "-e", "frame.number"]
        done = subprocess.run(command, capture_output=True, text=True)
        if len(done.stdout.split()) < least:
            fail(f"cut at {cut}: tshark reads {len(done.stdout.split())} packets of {least}")
        done = subprocess.run(["capinfos", "-c", "-M", "cut.gz"], capture_output=True, text=True)
        if "Number of packets" not in done.stdout:
            fail(f"cut at {cut}: capinfos says {done.stdout} {done.stderr}")
    check("cut.gz", least, many, f"cut at {cut}")

where = "a full tmpfs" if there else "a full file"
print(f"seed {seed}: {kills} kills of a writer that reads a file, {torn} with a torn end; {where}")
print("ok")
