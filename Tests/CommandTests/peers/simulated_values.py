"""Holds the values of a simulation's truth against what other programs read of its capture.

usage: simulated_values.py CAPTURE TRUTH SPACECRAFT DATABASE.xml [APID]        prints counts as JSON

Frames are cut into packets by simulated.py; space_packet_parser reads them by the mission database, ccsdspy splits them by APID.
"""

import collections
import datetime
import io
import json
import math
import re
import sys
import xml.etree.ElementTree as ElementTree
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


# Seconds from 1970 to where clocks begin, with the leap seconds that UTC has had since up to 2026.
EPOCHS = {"TAI": -378691200 - 37, "GPS": 315964800 - 18, "UNIX": 0}


def clocks(database):
    """For each time of a database what its number counts from: seconds since 1970, or the name of another time."""
    kinds, found = {}, {}
    for element in ElementTree.parse(database).getroot().iter():
        tag = element.tag.split("}")[-1]
        if tag == "AbsoluteTimeParameterType":
            for inner in element.iter():
                name = inner.tag.split("}")[-1]
                if name == "Epoch":
                    day = re.match(r"\d{4}-\d\d-\d\d", inner.text)
                    day = day and datetime.datetime.fromisoformat(day[0]).replace(tzinfo=datetime.timezone.utc)
                    kinds[element.get("name")] = day.timestamp() if day else EPOCHS[inner.text]
                elif name == "OffsetFrom":
                    kinds[element.get("name")] = inner.get("parameterRef")
        elif tag == "Parameter" and element.get("parameterTypeRef") in kinds:
            found[element.get("name")] = kinds[element.get("parameterTypeRef")]
    return found


def time_of(name, parsed, clock):
    start = clock[name]
    return float(parsed[name]) + (time_of(start, parsed, clock) if isinstance(start, str) else start)


def same_time(told, found):
    """Whether a time says the same to its last decimal."""
    decimals = len(told.rstrip("Z").partition(".")[2])
    second = datetime.datetime.fromisoformat(told[:19]).replace(tzinfo=datetime.timezone.utc).timestamp()
    # A double of seconds since 1958 has some 4e-7 s.
    return abs(second + float("0" + told[19:].rstrip("Z")) - found) < 10**-decimals + 1e-6


def same(told, found):
    if isinstance(found, bytes):
        return told == found.hex()
    if isinstance(told, bool):
        return told == (str(found) in ("True", "true") or found == 1)
    if isinstance(told, str):
        return told == str(found)
    return math.isclose(told, float(found), rel_tol=1e-12, abs_tol=1e-12)


def main(capture, truth, spacecraft, database, only=None):
    found = packets(capture, spacecraft)
    if only:
        found = {key: octets for key, octets in found.items() if key[0] == int(only)}
    definition, clock = spp.load_xtce(database), clocks(database)
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
            is_same = name in parsed and (
                same_time(value, time_of(name, parsed, clock)) if name in clock else same(value, parsed[name]))
            if not is_same:
                wrong.append(f"{key} {name}: told {value!r}, parsed {parsed.get(name)!r}")
    split = ccsdspy.utils.split_by_apid(io.BytesIO(b"".join(found.values())))
    counts = {apid: data.getvalue() for apid, data in split.items()}
    octets = sum(len(data) for data in counts.values()) == sum(map(len, found.values()))
    print(json.dumps({"packets": len(found), "values": values, "beyond": beyond, "wrong": wrong[:9], "apids": len(counts), "octets": octets}))


main(*sys.argv[1:])
