"""The part of Tools/bench that is about filters: what runs, what is compared, what proves equal work."""

import json
import subprocess

from telemetry import FIELDS, FIRST_APID, make

APID = FIRST_APID + 3
MIDDLE = -11.25  # half of the values of p0 are above it
HEADER = 24  # octets in front of the first packet of a classic pcap
EQUAL_PACKETS = 5_000  # what is looked at where lines are compared
AS_PACKETS = ["-n", "-d", "udp.port==50100,ccsds"]  # tshark's words for what the datagrams hold
BOTH = {  # fields by our name and by tshark's
    "time": "frame.time_epoch",
    "apid": "ccsds.apid",
    "sequence": "ccsds.seqnum",
    "ccsds.length": "ccsds.length",
}

OURS, TCPDUMP, TSHARK = "starlane decode -Y, one APID", "tcpdump, one APID", "tshark -Y, one APID"
PLAIN, CHOSEN, OCTET = "starlane decode, p0", "starlane decode, p0, -Y on p0", "tshark -Y, an octet"
LINES, EK = "starlane decode, JSON lines of 4 fields", "tshark -T ek, 4 fields"
ALL_LINES = "starlane decode, JSON lines, all"


class Filters:
    """Rows of the benchmark for filters and what comes behind them."""

    title = "filters"

    def __init__(self, bench, chosen, starlane, python, rivals):
        self.bench, self.total, self.rounds = bench, chosen.packets, chosen.rounds
        self.starlane, self.rivals = starlane, rivals
        names = ("bench.pcap", "tenth.pcap", "bench.xml", "ours.pcap", "tcpdump.pcap", "tshark.pcap", "few.pcap")
        files = (bench.folder / name for name in names)
        self.capture, self.tenth, self.spec, self.ours, self.tcpdump, self.tshark, self.few = files

    def decode(self, file, *words):
        return [self.starlane, "decode", file, "--spec", self.spec, *words]

    def prepare(self):
        """Makes the input and says what is to run on it."""
        make(self.bench.folder, self.rivals, self.total)
        with open(self.capture, "rb") as whole:
            self.few.write_bytes(whole.read(HEADER + EQUAL_PACKETS * 225))
        few, tenth = min(3, self.rounds), self.total // 10

        def add(name, command, group, file=self.capture, packets=self.total, rounds=self.rounds):
            self.bench.add(name, command, packets, file.stat().st_size, rounds, group, self)

        def slow(name, command):
            add(name, command, "peer", self.tenth, tenth, 1)

        if self.starlane.exists():
            add(OURS, self.decode(self.capture, "-Y", f"apid == {APID}", "-o", self.ours), "starlane")
        # The packet stands behind the UDP header of eight octets.
        condition = f"udp[8:2] & 0x7ff = {APID}"
        add(TCPDUMP, ["tcpdump", "-r", self.capture, "-w", self.tcpdump, condition], "peer")
        into = ["-F", "pcap", "-w", self.tshark]
        condition = ["-Y", f"ccsds.apid == {APID}"]
        add(TSHARK, ["tshark", *AS_PACKETS, "-r", self.capture, *condition, *into], "peer", rounds=1)
        if self.starlane.exists():
            null = self.decode(self.capture, "--fields", "p0", "--format", "null")
            add(PLAIN, null, "starlane")
            add(CHOSEN, [*null, "-Y", f"p0 > {MIDDLE}"], "starlane")
            lines = self.decode(self.capture, "--format", "jsonl")
            add(LINES, [*lines, "--fields", ",".join(BOTH)], "starlane", rounds=few)
            parameters = ",".join(f"p{i}" for i in range(FIELDS))
            add(ALL_LINES, [*lines, "--fields", parameters], "starlane", rounds=few)
        slow(OCTET, ["tshark", "-n", "-r", self.tenth, "-Y", "frame[54:1] > 7f"])
        slow(EK, self.ek(self.tenth))

    def ek(self, file):
        fields = [word for field in BOTH.values() for word in ("-e", field)]
        return ["tshark", *AS_PACKETS, "-r", file, "-T", "ek", *fields]

    def about(self) -> str:
        size = self.capture.stat().st_size / 1e6
        return f"{self.total:,} packets, {size:.1f} MB; tshark reads a tenth of them where it writes no file."

    def goals(self):
        """(this, beside, how many times faster it should be)."""
        return [(OURS, TCPDUMP, 1), (OURS, TSHARK, 100), (CHOSEN, OCTET, None), (LINES, EK, None)]

    def values(self):
        """What the filter costs, and how many values a second one core writes."""
        bench = self.bench
        if bench.median(PLAIN) and bench.median(CHOSEN):
            wall, cpu = (bench.pace(CHOSEN, t) - bench.pace(PLAIN, t) for t in (bench.median, bench.cpu))
            verdict = "met" if wall < 5 else "missed"
            yield f"| {CHOSEN} | ns a packet more than without | {wall:.1f} | {cpu:.1f} | 5: {verdict} |"
        if cpu := bench.cpu(ALL_LINES):
            wall, cpu = (self.total * FIELDS / t * 1e9 for t in (bench.median(ALL_LINES), cpu))
            verdict = "met" if cpu >= 1e7 else "missed"
            yield (
                f"| {ALL_LINES} | values a second | {wall / 1e6:,.1f} million | {cpu / 1e6:,.1f} million |"
                f" 10 million a core: {verdict} |"
            )

    def unequal(self):
        """What shows that one did not do the work that the others did: other packets, or other values."""
        files = ((OURS, self.ours), (TCPDUMP, self.tcpdump), (TSHARK, self.tshark))
        found = {name: file.read_bytes()[HEADER:] for name, file in files if self.bench.median(name)}
        if len(set(found.values())) > 1 or b"" in found.values():
            yield f"the packets of one APID differ: {', '.join(f'{n} {len(o)} octets' for n, o in found.items())}"
        try:
            yield from self.other_lines()
        except (ValueError, LookupError, TypeError) as error:
            yield f"lines of JSON are not as they should be: {error!r}"

    def other_lines(self):
        """The same with lines of JSON, on some packets."""

        def lines(command):
            run = subprocess.run(command, capture_output=True, text=True)
            return [json.loads(line) for line in run.stdout.splitlines()]

        jsonl = self.decode(self.few, "--format", "jsonl")
        ours = [(l["apid"], l["sequence"], l["ccsds.length"]) for l in lines([*jsonl, "--fields", ",".join(BOTH)])]
        layers = [l["layers"] for l in lines(self.ek(self.few)) if "layers" in l]
        theirs = [tuple(int(l[f"ccsds_{name}"][0]) for name in ("apid", "seqnum", "length")) for l in layers]
        if not ours or ours != theirs:
            yield f"JSON lines say other values than tshark -T ek of {len(ours)} and {len(theirs)} packets"
        values = [l["parameters"]["p0"] for l in lines([*jsonl, "--fields", "p0"])]
        chosen = [l["parameters"]["p0"] for l in lines([*jsonl, "--fields", "p0", "-Y", f"p0 > {MIDDLE}"])]
        if not chosen or chosen != [value for value in values if value > MIDDLE]:
            yield f"-Y chooses {len(chosen)} of {len(values)} packets by p0, and not those above {MIDDLE}"
