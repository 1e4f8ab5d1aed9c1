"""Holds the values of a simulation's truth against what other programs read of its capture.

usage: simulated_values.py CAPTURE TRUTH SPACECRAFT DATABASE.xml        prints counts as JSON

Frames are cut into packets by simulated.py; space_packet_parser reads them by the mission database, ccsdspy splits them by APID.
"""

import collections
import io
import json
import math
import sys
from pathlib import Path

import ccsdspy.utils
import space_packet_parser as spp

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.dont_write_bytecode = True
import simulated  # noqa: E402


def packets(capture, spacecraft):
    """The octets of each packet of a spacecraft, of the interface that heard most, by APID and count."""
    names, captured = simulated.blocks(capture)
    frames = collections.defaultdict(list)
    for interface, _, octets in captured:
        if names[interface].split(".")[1] == spacecraft:
            frames[interface, octets[43] >> 1 & 7].append(octets[42:])
    best = max({interface for interface, _ in frames}, key=lambda i: sum(len(v) for k, v in frames.items() if k[0] == i))
    found = {}
    for (interface, channel), sequence in frames.items():
        if interface == best and channel != 7:
            for apid, count, octets, _ in simulated.packets_of([(frame, None) for frame in sequence], len(sequence[0])):
                found[apid, count] = octets
    return found


def same(told, found):
    if isinstance(told, bool):
        return told == (str(found) in ("True", "true") or found == 1)
    if isinstance(told, str):
        return told == str(found)
    return math.isclose(told, float(found), rel_tol=1e-12, abs_tol=1e-12)


def main(capture, truth, spacecraft, database):
    found = packets(capture, spacecraft)
    definition = spp.load_xtce(database)
    told = {}
    for line in open(truth):
        record = json.loads(line)
        if record["record"] == "packet" and record["spacecraft"] == spacecraft:
            told[record["apid"], record["count"]] = record["values"]
    values, beyond, wrong = 0, 0, []
    for key, octets in found.items():
        try:
            parsed = definition.parse_bytes(octets)
        except ValueError:
            # It finds no value for the last point of a spline.
            beyond += 1
            continue
        for name, value in told[key].items():
            values += 1
            if name not in parsed or not same(value, parsed[name]):
                wrong.append(f"{key} {name}: told {value!r}, parsed {parsed.get(name)!r}")
    split = ccsdspy.utils.split_by_apid(io.BytesIO(b"".join(found.values())))
    counts = {apid: data.getvalue() for apid, data in split.items()}
    octets = sum(len(data) for data in counts.values()) == sum(map(len, found.values()))
    print(json.dumps({"packets": len(found), "values": values, "beyond": beyond, "wrong": wrong[:9], "apids": len(counts), "octets": octets}))


main(*sys.argv[1:])
