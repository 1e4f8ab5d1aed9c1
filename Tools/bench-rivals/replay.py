#!/usr/bin/env python3
"""The part of Tools/bench that is about replay: what runs, and what it comes to at the receiver.

usage: replay.py DATAGRAMS udp|veth COUNT RATE COMMAND…     runs a sender against a receiver, and says what that says

PORT and INTERFACE in the command stand for where to send to; veth is a pair of interfaces in a network namespace of its
own.
"""

import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
from pathlib import Path

RATES = (1_000, 10_000, 100_000)
SECONDS = 3  # of each capture with a rate
SIZE = 200  # octets of a datagram
HEADERS = 42
P99_GOALS = {("plain", 10_000): 20, ("realtime", 10_000): 10}  # microseconds
TOP_GOAL = 350_000  # datagrams a second

TOP, PLAIN_C = "starlane replay --asap, UDP", "C sendmmsg, UDP"
TOP_LINK, TCPREPLAY = "starlane replay --asap, veth", "tcpreplay --topspeed, veth"


def make(path, count, rate):
    """A capture of so many datagrams of 200 octets at even distances; each begins with its number."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + SIZE, 0, 0x4000, 64, 17, 0, b"\x0a\x09\0\1", b"\x0a\x09\0\2")
    total = sum(struct.unpack(">10H", ip))
    total = (total & 0xFFFF) + (total >> 16)
    ip = ip[:10] + struct.pack(">H", ~total & 0xFFFF) + ip[12:]
    front = b"\xff" * 6 + b"\2\0\0\0\0\1\x08\0" + ip + struct.pack(">HHHH", 40000, 14010, 8 + SIZE, 0)
    length, start = HEADERS + SIZE, 1_773_450_000_000_000_000
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for number in range(count):
            time = start + number * 1_000_000_000 // rate
            header = struct.pack("<IIII", time // 1_000_000_000, time % 1_000_000_000, length, length)
            file.write(header + front + struct.pack(">I", number) + bytes(SIZE - 4))


def can_make_interfaces():
    words = ["unshare", "-n", "ip", "link", "add", "b0", "type", "veth", "peer", "name", "b1"]
    try:
        return subprocess.run(words, capture_output=True).returncode == 0
    except OSError:
        return False


class Replay:
    """Rows of the benchmark for replay."""

    title = "replay"

    def __init__(self, bench, chosen, starlane, python, rivals):
        self.bench, self.total, self.rounds = bench, chosen.packets, min(3, chosen.rounds)
        self.starlane, self.rivals = starlane, rivals
        self.datagrams = bench.folder / "datagrams"
        self.missing = []
        self.lateness = []  # (row, kind, rate)

    def prepare(self):
        """Makes the captures and says what is to run on them."""
        source = self.rivals / "datagrams.c"
        subprocess.run(["gcc", "-O3", "-Wall", "-o", self.datagrams, source], check=True)
        for rate in RATES:
            make(self.capture(rate), rate * SECONDS, rate)
        make(self.capture("top"), self.total, RATES[1])
        peers = [("tcpreplay", shutil.which("tcpreplay")), ("'unshare -n' with ip(8)", can_make_interfaces())]
        self.missing = [name for name, there in peers if not there]
        has_veth = can_make_interfaces()

        def add(name, way, rate, command, count):
            words = [sys.executable, self.rivals / "replay.py", self.datagrams, way, count, rate or 0, *command]
            self.bench.add(name, words, count, count * SIZE, self.rounds, "C", self)

        ours = [self.starlane, "replay"]
        udp, link = ["--to", "udp://127.0.0.1:PORT"], ["--to", "pcap://INTERFACE"]
        add(PLAIN_C, "udp", None, [self.datagrams, "send", "PORT", self.total, SIZE], self.total)
        if self.starlane.exists():
            add(TOP, "udp", None, [*ours, self.capture("top"), "--asap", *udp], self.total)
        if has_veth and self.starlane.exists():
            add(TOP_LINK, "veth", None, [*ours, self.capture("top"), "--asap", *link], self.total)
        if not self.missing:
            words = ["tcpreplay", "-q", "--topspeed", "-i", "INTERFACE", self.capture("top")]
            add(TCPREPLAY, "veth", None, words, self.total)
        for rate in RATES:
            rows = []
            if self.starlane.exists():
                rows.append(("plain", "starlane replay, UDP", "udp", [*ours, self.capture(rate), *udp]))
                rows.append(("realtime", "starlane replay --realtime, UDP", "udp", [*rows[0][3], "--realtime"]))
            if has_veth and self.starlane.exists():
                rows.append(("link", "starlane replay, veth", "veth", [*ours, self.capture(rate), *link]))
            if not self.missing:
                words = ["tcpreplay", "-q", "-i", "INTERFACE", self.capture(rate)]
                rows.append(("tcpreplay", "tcpreplay, veth", "veth", words))
            for kind, name, way, command in rows:
                add(f"{name}, {rate:,}/s", way, rate, command, rate * SECONDS)
                self.lateness.append((f"{name}, {rate:,}/s", kind, rate))

    def capture(self, name):
        return self.bench.folder / f"replay-{name}.pcap"

    def about(self):
        words = (
            f"Datagrams of {SIZE} octets; {self.total:,} as fast as can be, {SECONDS} s at each rate. Seconds are those"
            " between the first and the last by the receiver's kernel, CPU seconds those of sender and receiver. Lateness"
            " is by the stamps of the receiver's kernel too, less what is due, the earliest one in time."
        )
        words += f" The machine had {os.getloadavg()[2]:.1f} programs to run at a time in the last 15 minutes."
        if self.missing:
            words += f" Not measured beside tcpreplay: {' and '.join(self.missing)} is not to be had here."
        return words

    def goals(self):
        """(this, beside, how many times faster it should be)."""
        return [(TOP, PLAIN_C, None), (TOP_LINK, TCPREPLAY, 1)]

    def late(self, row):
        """Medians of the rounds: (median, 99th percentile, worst), in microseconds."""
        found = [s["result"] for s in self.bench.samples.get(row, []) if "p99_us" in s.get("result", {})]
        if not found:
            return None
        return [statistics.median(f[key] for f in found) for key in ("median_us", "p99_us", "worst_us")]

    def values(self):
        """How fast, and how late."""
        if took := self.bench.median(TOP):
            pace = self.total / took * 1e9
            verdict = "met" if pace >= TOP_GOAL else "missed"
            yield f"| {TOP} | datagrams a second | {pace:,.0f} | | {TOP_GOAL:,}: {verdict} |"
        peers = {rate: self.late(row) for row, kind, rate in self.lateness if kind == "tcpreplay"}
        for row, kind, rate in self.lateness:
            if not (late := self.late(row)):
                continue
            goal = P99_GOALS.get((kind, rate))
            if kind == "link" and peers.get(rate):
                goal = peers[rate][1]
            verdict = "" if goal is None else f"{goal:,.1f}: {'met' if late[1] <= goal else 'missed'}"
            found = f"{late[0]:,.1f}, {late[1]:,.1f}, {late[2]:,.0f}"
            yield f"| {row} | us late: median, 99 of 100, worst | {found} | | {verdict} |"

    def unequal(self):
        """What shows that one did not send what the others did."""
        for name, row in self.bench.rows.items():
            if row["part"] != self.title or "result" not in row:
                continue
            if row["result"]["packets"] != row["packets"]:
                yield f"{name}: {row['result']['packets']:,} of {row['packets']:,} datagrams arrived"


def run(datagrams, way, count, rate, command):
    """Runs a sender against a receiver."""
    if way == "veth" and "IN_NAMESPACE" not in os.environ:
        os.environ["IN_NAMESPACE"] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])
    if way == "veth":
        for words in ("add b0 type veth peer name b1", "set b0 up", "set b1 up"):
            subprocess.run(["ip", "link", *words.split()], check=True)
        place, where = {"INTERFACE": "b0"}, ["packets", "b1"]
    else:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            place, where = {"PORT": str(probe.getsockname()[1])}, ["receive", str(probe.getsockname()[1])]
    receiver = subprocess.Popen([datagrams, *where, count, rate], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    receiver.stderr.readline()
    for word, value in place.items():
        command = [part.replace(word, value) for part in command]
    sender = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    out, _ = receiver.communicate()
    sys.stdout.buffer.write(out)
    if sender.returncode:
        sys.stderr.buffer.write(sender.stderr)
    return sender.returncode


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:5], sys.argv[5:]))
