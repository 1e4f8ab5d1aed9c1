"""Simulates scenarios whose files are broken at random: `mutations.py STARLANE SPECS FOLDER SEED COUNT`.

A number becomes an extreme one, a line is lost, doubled or moved, in the scenario, a vehicle, its behaviour or a fleet. Whatever stands
there, the program ends by itself: refused, done, or (after some seconds) stopped. Prints as JSON how often it was what, and what of
the files made it end otherwise.
"""
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

EXTREMES = ["0", "-1", "1e308", "-1e308", "nan", "inf", "9223372036854775807", "1e-300", "99999", "90", "-90", "''", "true",
            "[1, 2]", "{a: b}", "~", "0 s", "366 d", "1e9 s", "x", "65535", "-0.0"]
SCENARIOS = {
    "storm": ["songjiang.yaml", "g60.yaml", "songjiang.behaviour.yaml", "g60.behaviour.yaml"],
    "emergency": ["walkers.yaml", "boats.yaml", "vehicles.yaml", "field-teams.yaml", "drones.yaml"],
    "zhuque2": ["zhuque2.yaml", "zhuque2.behaviour.yaml", "zhuque2.path.csv"],
}


def mutate(text, numbers):
    kind = numbers.randrange(6)
    found = list(re.finditer(r"-?\d+(\.\d+)?(e-?\d+)?", text))
    if kind < 3 and found:
        place = numbers.choice(found)
        return text[:place.start()] + numbers.choice(EXTREMES) + text[place.end():]
    lines = text.split("\n")
    first, second = numbers.randrange(len(lines)), numbers.randrange(len(lines))
    if kind == 3:
        del lines[first]
    elif kind == 4:
        lines.insert(first, lines[second])
    else:
        lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def main(starlane, specs, folder, seed, count):
    numbers, specs, folder = random.Random(int(seed)), Path(specs), Path(folder)
    ends, wrong = {}, []
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))  # noqa: E731
    environment = dict(os.environ, STARLANE_SPECS=str(specs), SWIFT_BACKTRACE="enable=no")
    for number in range(int(count)):
        name = numbers.choice(list(SCENARIOS))
        texts = {path.name: path.read_text() for kind in ("vehicles", "terminals") for path in (specs / kind).iterdir()}
        scenario = (specs / f"scenarios/{name}.yaml").read_text()
        scenario += numbers.choice(["", "transport: tcp\n", "transport: {over: tcp, framing: \"length:2,offset=3\"}\n"])
        # Names become files beside the scenario, which are the ones that are broken.
        for key in ("spacecraft", "terminals"):
            scenario = re.sub(rf"^{key}: \[(.*)\]$", lambda m: f"{key}: [" + re.sub(r"[\w-]+", r"\g<0>.yaml", m[1]) + "]",
                              scenario, flags=re.M)
        target = numbers.choice(["scenario", *SCENARIOS[name]])
        for _ in range(numbers.randrange(1, 4)):
            if target == "scenario":
                scenario = mutate(scenario, numbers)
            else:
                texts[target] = mutate(texts[target], numbers)
        place = folder / f"{seed}-{number}"
        place.mkdir()
        for file, text in {**texts, "scenario.yaml": scenario}.items():
            (place / file).write_text(text)
        command = [starlane, "simulate", place / "scenario.yaml", "-o", "-", "--truth", place / "truth.jsonl"]
        try:
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=20, env=environment,
                                  preexec_fn=limit)
            end = done.returncode
        except subprocess.TimeoutExpired:
            end = "stopped"
        ends[str(end)] = ends.get(str(end), 0) + 1
        if end in (0, 1, 2, "stopped"):
            shutil.rmtree(place)
        else:
            wrong.append(f"{name}, {target}, {place}: {end}: {done.stderr[-300:].decode(errors='replace')}")
    print(json.dumps({"ends": ends, "wrong": wrong}))


main(*sys.argv[1:])
