"""The part of Tools/bench that is about archives: what runs, what is compared, what proves equal work."""

import json
import re
import shutil
import subprocess
from datetime import datetime

from filters import AS_PACKETS
from telemetry import make

SHARE = 100  # one part of so many is the slice
COPIES = 6  # of the archive make the large one
PEERS = {"gzip -6": ["gzip", "-6", "-c"], "pigz -6": ["pigz", "-6", "-c"], "zstd -3": ["zstd", "-3", "-q", "-c"]}
ONE, TWO = "one core", "two cores"
DUMP, APID_AT = 1000, 58  # the APID of one part of so many in the middle, and where it stands in a record of the pcap
ONE_APID, TSHARK_APID = "starlane decode, 1 % by APID", "tshark -Y, 1 % by APID, .pcapng.gz"
SLICE, EDITCAP, TSHARK = "starlane export, 1 % by time", "editcap -A -B, .pcapng.gz", "tshark -Y, .pcapng.gz"
OPEN, HOP = "starlane archive info, 1 GB", "starlane archive info, 1 GB without its index"


class Archives:
    """Rows of the benchmark for archives: writing, slices by time, opening."""

    title = "archives"

    def __init__(self, bench, chosen, starlane, python, rivals):
        self.bench, self.total, self.rounds = bench, chosen.packets, min(3, chosen.rounds)
        self.starlane, self.rivals = starlane, rivals
        names = ("bench.pcap", "bench.pcapng", "bench.pcapng.gz", "archive.gz", "large.gz", "hopped.gz")
        files = (bench.folder / name for name in names)
        self.pcap, self.capture, self.gzip, self.archive, self.large, self.hopped = files
        self.sizes = {}

    def rename_middle(self):
        """Gives the packets in the middle an APID of their own: a recorder that is emptied."""
        with open(self.pcap, "r+b") as file:
            size = (self.pcap.stat().st_size - 24) // self.total
            for number in range(self.total // 2, self.total // 2 + self.total // SHARE):
                file.seek(24 + number * size + APID_AT)
                word = int.from_bytes(file.read(2), "big") & 0xF800 | DUMP
                file.seek(-2, 1)
                file.write(word.to_bytes(2, "big"))

    def output(self, name):
        return self.bench.folder / (name.replace(" ", "-").replace("/", "") + ".out")

    def prepare(self):
        """Makes the input and says what is to run on it."""
        if not self.starlane.exists():
            return
        make(self.bench.folder, self.rivals, self.total)
        self.rename_middle()

        def run(*command):
            return subprocess.run(command, check=True, capture_output=True, text=True)

        run(self.starlane, "export", self.pcap, "-o", self.capture)
        with open(self.gzip, "wb") as file:
            subprocess.run(["gzip", "-6", "-c", self.capture], check=True, stdout=file)
        run(self.starlane, "archive", self.capture, "-o", self.archive)
        whole = json.loads(run(self.starlane, "archive", "info", "--format", "json", self.archive).stdout)
        first, last = (datetime.fromisoformat(whole[key][:26] + "+00:00") for key in ("first", "last"))
        self.begin = first + (last - first) / 2
        self.end = self.begin + (last - first) / SHARE
        with open(self.large, "wb") as file:
            for _ in range(COPIES):
                with open(self.archive, "rb") as part:
                    shutil.copyfileobj(part, file)
        # One archive of all of them: members are copied as they stand.
        run(self.starlane, "archive", "repair", self.large, "-o", self.hopped)
        self.hopped.replace(self.large)
        shutil.copyfile(self.large, self.hopped)
        with open(self.hopped, "ab") as file:
            file.truncate(self.hopped.stat().st_size - 1)

        def add(name, command, group, packets=self.total, octets=self.capture.stat().st_size, rounds=self.rounds):
            self.bench.add(name, command, packets, octets, rounds, group, self)

        for cores, places in ((ONE, "0"), (TWO, "0,1")):
            bound = ["taskset", "-c", places]
            archive = [*bound, self.starlane, "archive", self.capture, "-o"]
            add(f"starlane archive, {cores}", [*archive, self.output(f"starlane {cores}")], "starlane")
            for name, command in PEERS.items():
                if name == "gzip -6" and cores == TWO:
                    continue
                threads = {"pigz -6": ["-p", str(places.count(",") + 1)], "zstd -3": [f"-T{places.count(',') + 1}"]}
                words = " ".join(map(str, [*bound, *command, *threads.get(name, []), self.capture]))
                add(f"{name}, {cores}", ["sh", "-c", f"{words} > {self.output(f'{name} {cores}')}"], "peer")
        stamps = [t.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z" for t in (self.begin, self.end)]
        times = ["--from", stamps[0], "--until", stamps[1]]
        add(SLICE, [self.starlane, "export", self.archive, *times, "-o", self.output(SLICE)], "starlane")
        add(EDITCAP, ["editcap", "-A", stamps[0], "-B", stamps[1], self.gzip, self.output(EDITCAP)], "peer")
        epochs = [f"{t.timestamp():.6f}" for t in (self.begin, self.end)]
        chosen = f"frame.time_epoch >= {epochs[0]} && frame.time_epoch < {epochs[1]}"
        add(TSHARK, ["tshark", "-r", self.gzip, "-Y", chosen, "-w", self.output(TSHARK)], "peer", rounds=1)
        add(ONE_APID, [self.starlane, "decode", self.archive, "-Y", f"apid == {DUMP}", "-o", self.output(ONE_APID),
                       "--format", "pcapng"], "starlane")
        condition = ["-Y", f"ccsds.apid == {DUMP}", "-w", self.output(TSHARK_APID)]
        add(TSHARK_APID, ["tshark", *AS_PACKETS, "-r", self.gzip, *condition], "peer", rounds=1)
        size = self.large.stat().st_size
        add(OPEN, [self.starlane, "archive", "info", self.large], "starlane", COPIES * self.total, size)
        add(HOP, [self.starlane, "archive", "info", self.hopped], "starlane", COPIES * self.total, size)

    def about(self) -> str:
        size, large = (path.stat().st_size / 1e6 if path.exists() else 0 for path in (self.capture, self.large))
        return f"{self.total:,} packets, a pcapng of {size:.1f} MB; the large archive has {large:,.0f} MB."

    def goals(self):
        """(this, beside, how many times faster it should be)."""
        for cores in (ONE, TWO):
            yield f"starlane archive, {cores}", f"pigz -6, {cores}", 2.5
            yield f"starlane archive, {cores}", f"zstd -3, {cores}", None
        yield f"starlane archive, {ONE}", f"gzip -6, {ONE}", None
        yield SLICE, EDITCAP, 50
        yield SLICE, TSHARK, 50
        yield ONE_APID, TSHARK_APID, 50
        yield OPEN, HOP, None

    def values(self):
        """Sizes, how much of the archive a slice reads, and how long opening takes."""
        if not self.archive.exists():
            return
        gzip = self.gzip.stat().st_size
        for name in (f"starlane {TWO}", f"pigz -6 {TWO}", f"zstd -3 {TWO}"):
            if (path := self.output(name)).exists():
                more = 100 * (path.stat().st_size / gzip - 1)
                verdict = "" if not name.startswith("starlane") else f"1 %: {'met' if more <= 1 else 'missed'}"
                yield f"| {name} | size against gzip -6 | {more:+.2f} % | | {verdict} |"
        begin, end = (t.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z" for t in (self.begin, self.end))
        for name, chosen in ((SLICE, ["--from", begin, "--until", end]), (ONE_APID, ["-Y", f"apid == {DUMP}"])):
            command = [self.starlane, "decode", self.archive, "--format", "null", "--explain", *chosen]
            words = subprocess.run(command, capture_output=True, text=True).stderr
            share = float(re.search(r"([0-9.]+) % of its octets", words)[1])
            yield f"| {name} | octets of the file read | {share:.2f} % | | 3 %: {'met' if share <= 3 else 'missed'} |"
        if took := self.bench.median(OPEN):
            verdict = "met" if took < 1e7 else "missed"
            yield f"| {OPEN} | milliseconds of the whole process | {took / 1e6:.1f} | | 10: {verdict} |"

    def unequal(self):
        """What shows that one did not do the work that the others did."""
        for cores in (ONE, TWO):
            path = self.output(f"starlane {cores}")
            if path.exists():
                with open(self.capture, "rb") as capture:
                    unpacked = subprocess.run(["gzip", "-dc", path], capture_output=True).stdout
                    if unpacked != capture.read():
                        yield f"the archive of {cores} does not unpack to the capture"
        for names in ((SLICE, EDITCAP, TSHARK), (ONE_APID, TSHARK_APID)):
            counts = {}
            for name in names:
                if (path := self.output(name)).exists():
                    command = ["capinfos", "-M", "-c", "-T", "-r", path]
                    found = subprocess.run(command, capture_output=True, text=True).stdout.split()
                    counts[name] = found[-1] if found else "none"
            if len(set(counts.values())) > 1:
                yield f"slices have other counts of packets: {counts}"
