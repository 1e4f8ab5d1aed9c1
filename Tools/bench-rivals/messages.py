"""The part of Tools/bench that is about messages of terminals: what runs, what is compared, what proves equal work."""

import json
import subprocess

KINDS = {  # what Tools/bench-rivals/messages makes: its title, the C reader's arguments
    "nmea": ("NMEA", ["lines"]),
    "rdss2": ("RDSS 2.1 and BeiDou-3", ["lines"]),
    "rdss4": ("RDSS 4.0", ["frames", "rdss4"]),
    "jtt808": ("JT/T 808", ["frames", "jtt808"]),
}
SLOW_LINES = 50_000  # what pynmeagps gets; its rate is scaled

PYNMEAGPS = """
import sys
from pynmeagps import ERR_IGNORE, NMEAReader
with open(sys.argv[1], "rb") as file:
    print(sum(message is not None for _, message in NMEAReader(file, quitonerror=ERR_IGNORE)))
"""


def part_of(source, target, lines: int):
    """The first lines of a file as a file."""
    with open(source, "rb") as whole, open(target, "wb") as part:
        part.writelines(line for _, line in zip(range(lines), whole))


class Messages:
    """Rows of the benchmark for the four protocols."""

    title = "messages of terminals"

    def __init__(self, bench, chosen, starlane, python, rivals):
        self.bench, self.total, self.rounds = bench, chosen.messages, chosen.rounds
        self.starlane, self.python, self.rivals = starlane, python, rivals

    def file(self, kind):
        return self.bench.folder / f"bench.{kind}"

    def prepare(self):
        """Makes the inputs and says what is to run on them."""
        folder, add = self.bench.folder, self.bench.add
        for name in ("messages", "lines", "frames"):
            command = ["gcc", "-O3", "-Wall", "-o", folder / name, self.rivals / f"{name}.c"]
            subprocess.run([*command, *(["-lm"] if name == "messages" else [])], check=True)
        for kind, (title, reader) in KINDS.items():
            file, n, rounds = self.file(kind), self.total, self.rounds
            subprocess.run([folder / "messages", kind, str(n), file], check=True)
            octets = file.stat().st_size
            if self.starlane.exists():
                decode, few = [self.starlane, "decode", file, "--format"], min(3, rounds)
                inspect = [self.starlane, "inspect", file]
                add(f"starlane inspect, {title}", inspect, n, octets, rounds, "starlane", self)
                add(f"starlane decode, {title}", [*decode, "null"], n, octets, rounds, "starlane", self)
                add(f"starlane decode, JSON lines, {title}", [*decode, "jsonl"], n, octets, few, "starlane", self)
            add(f"C over read(2), {title}", [folder / reader[0], *reader[1:], file], n, octets, rounds, "C", self)
        few, tenth = min(SLOW_LINES, self.total), max(1, self.total // 10)
        for name, lines in (("part.nmea", few), ("tenth.nmea", tenth)):
            part_of(self.file("nmea"), folder / name, lines)
        (folder / "pynmeagps.py.txt").write_text(PYNMEAGPS)
        sizes = [(folder / name).stat().st_size for name in ("part.nmea", "tenth.nmea")]
        read = [self.python, folder / "pynmeagps.py.txt", folder / "part.nmea"]
        add("pynmeagps, NMEA", read, few, sizes[0], 1, "peer", self)
        # It reads its standard input only.
        shell = ["sh", "-c", 'exec gpsdecode < "$0"', folder / "tenth.nmea"]
        add("gpsdecode, NMEA", shell, tenth, sizes[1], min(3, self.rounds), "peer", self)

    def about(self) -> str:
        sizes = ", ".join(f"{t} {self.file(k).stat().st_size / 1e6:.1f} MB" for k, (t, _) in KINDS.items())
        return (
            f"{self.total:,} messages of each protocol ({sizes}); pynmeagps reads {min(SLOW_LINES, self.total):,} lines"
            " of the NMEA, gpsdecode a tenth of them."
        )

    def goals(self):
        """(this, beside, how many times faster it should be)."""
        for what in ("inspect", "decode"):
            for title, _ in KINDS.values():
                yield f"starlane {what}, {title}", f"C over read(2), {title}", 1 / 1.2
        for what in ("decode", "decode, JSON lines"):
            yield f"starlane {what}, NMEA", "pynmeagps, NMEA", 500 if what == "decode" else None
            yield f"starlane {what}, NMEA", "gpsdecode, NMEA", 1

    def values(self):
        return ()

    def unequal(self):
        """What shows that Starlane did not do the work that the C readers did: other counts."""
        for kind, (title, _) in KINDS.items():
            known = self.bench.rows.get(f"C over read(2), {title}", {}).get("result")
            if known is None:
                continue
            command = [self.starlane, "inspect", "--format", "json", self.file(kind)]
            run = subprocess.run(command, capture_output=True, text=True)
            try:
                rows = json.loads(run.stdout.splitlines()[0])["messages"]
                # The reports inside of an 0x0704 are messages of their own to Starlane.
                rows = [row for row in rows if not row["type"].endswith(" entry")]
                found = [sum(row[k] for row in rows) for k in ("messages", "bytes")]
            except (ValueError, LookupError, TypeError) as error:
                yield f"inspect --format json gives no counts of {title}: {error!r}"
                continue
            if found != [known[k] for k in ("messages", "bytes")]:
                yield f"inspect counts {found} messages and octets of {title}, the C reader {known}"
            if any(row["type"] == "unknown" for row in rows):
                yield f"inspect finds messages of {title} without a known name"
