"""The part of Tools/bench that is about the simulator: what runs, what is compared, what proves equal work."""

import json
import re
import subprocess

# Packets of each type a second, 10,000 times as many as the satellite makes: every parameter of each is modelled.
TIMES, SECONDS = 100_000, 2
CAPTURE, ARCHIVE = "starlane simulate, to a capture", "starlane simulate, to an archive"
LOOP, SCRIPT = "C loop, the same frames", "spacepackets, packets alone"
SCRIPTED = 100_000
ORBIT, ARRAY, STEPS = "starlane, SGP4", "sgp4, array call", 2_000_000
NANOSECONDS = 1e9


class Simulator:
    """Rows of the benchmark for the simulator: packets made, to captures and archives, and steps of SGP4."""

    title = "simulator"

    def __init__(self, bench, chosen, starlane, python, rivals):
        self.bench, self.rounds, self.starlane = bench, min(5, chosen.rounds), starlane
        self.python, self.rivals, self.root = python, rivals, rivals.parent.parent
        self.scenario, self.packets = bench.folder / "load.yaml", 0

    def output(self, name):
        return self.bench.folder / (re.sub("[ ,]+", "-", name) + (".pcapng.gz" if name == ARCHIVE else ".pcapng"))

    def prepare(self):
        """Writes the scenario and says what is to run on it."""
        if not self.starlane.exists():
            return
        folder, vehicles = self.bench.folder, self.root / "Specs/vehicles"
        text = (vehicles / "songjiang.yaml").read_text()
        head, telemetry = re.sub(r"bit-rate: \d+", "bit-rate: 250000000", text).split("telemetry:\n")
        rates = re.findall(r"    (\w+): ([0-9.]+)\n", telemetry)
        made = sum(float(rate) * TIMES for _, rate in rates)
        lines = "".join(f"    {name}: {float(rate) * TIMES:.0f}\n" for name, rate in rates)
        (folder / "load-vehicle.yaml").write_text(f"{head}telemetry:\n  0:\n{lines}")
        behaviour = "songjiang.behaviour.yaml"
        (folder / behaviour).write_text((vehicles / behaviour).read_text())
        self.scenario.write_text(
            f"start: 2026-03-15T02:28:00Z\nduration: {SECONDS} s\nspacecraft: [load-vehicle.yaml]\nstations: [songjiang]\n"
        )
        self.packets = int(made * SECONDS)
        run = [self.starlane, "simulate", self.scenario, "-o"]
        subprocess.run([*run, self.output(CAPTURE)], check=True)
        size = self.output(CAPTURE).stat().st_size
        one = ["taskset", "-c", "0"]

        def add(name, command, group, packets=self.packets, octets=size):
            self.bench.add(name, command, packets, octets, self.rounds, group, self)

        add(CAPTURE, [*one, *run, self.output(CAPTURE)], "starlane")
        add(ARCHIVE, [*one, *run, self.output(ARCHIVE)], "starlane")
        loop = folder / "simulated"
        subprocess.run(["gcc", "-O3", "-Wall", "-o", loop, self.rivals / "simulated.c"], check=True)
        add(LOOP, [*one, loop, self.output(CAPTURE), self.output(LOOP)], "C")
        script = [*one, self.python, self.rivals / "spacepacketer.py", SCRIPTED, self.output(SCRIPT)]
        add(SCRIPT, script, "peer", SCRIPTED, SCRIPTED * 40)
        orbits = self.root / ".build/release/bench-orbits"
        build = ["swift", "build", "-c", "release", "--product", "bench-orbits"]
        subprocess.run(build, cwd=self.root, check=True, capture_output=True)
        add(ORBIT, [*one, orbits, STEPS], "C", STEPS, STEPS)
        add(ARRAY, [*one, self.python, self.rivals / "orbits.py", STEPS], "C", STEPS, STEPS)

    def about(self) -> str:
        return (
            f"{self.packets:,} packets of seven types with {TIMES:,} times the rates of `songjiang`, every parameter modelled, "
            f"on one core; steps of SGP4 are the calls alone."
        )

    def goals(self):
        """(this, beside, how many times faster it should be)."""
        yield CAPTURE, LOOP, None
        yield CAPTURE, SCRIPT, None
        yield ARCHIVE, SCRIPT, None
        yield ORBIT, ARRAY, 1

    def values(self):
        """Packets a second."""
        for name in (CAPTURE, ARCHIVE):
            if took := self.bench.median(name):
                rate = self.packets / took * NANOSECONDS
                verdict = "met" if rate >= 1e6 else "missed"
                yield f"| {name} | packets a second | {rate:,.0f} | | 1,000,000: {verdict} |"

    def unequal(self):
        """What shows that one did not do the work that the others did."""
        if self.output(LOOP).exists() and self.output(LOOP).read_bytes() != self.output(CAPTURE).read_bytes():
            yield "the C loop wrote other octets than the simulator"
        sums = [self.bench.rows[name].get("result", {}).get("sum") for name in (ORBIT, ARRAY) if name in self.bench.rows]
        if len(sums) == 2 and all(sums) and max(abs(a - b) for a, b in zip(*sums)) > 1:
            yield f"SGP4 came to other places: {json.dumps(sums)}"
