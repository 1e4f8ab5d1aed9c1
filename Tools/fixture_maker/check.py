"""Holds the databases and the fixtures against space_packet_parser and pynmeagps, which share no code with either."""

import gzip
import json
import math
import sys
import tempfile
import warnings
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import pynmeagps  # noqa: E402
import space_packet_parser  # noqa: E402

from fixture_maker import check_vectors, expected, files, spacecraft  # noqa: E402

FIXTURES = Path(__file__).resolve().parent.parent.parent / "Fixtures"


def differs(kind, ours, theirs) -> bool:
    if isinstance(theirs, (bytes, bytearray)):
        theirs = theirs.hex()
    if isinstance(ours, str) and ours in ("NaN", "Infinity", "-Infinity") and isinstance(theirs, float):
        ours = float(ours)
    if isinstance(ours, float) or isinstance(theirs, float):
        return not (
            math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-15) or (math.isnan(ours) and math.isnan(theirs))
        )
    return ours != theirs


def values(plan, seconds: float):
    """(packets, values, what differs) of one spacecraft, every packet type, raw and engineering."""
    peer = space_packet_parser.load_xtce(str(spacecraft.SPECS / f"{plan.name}.xml"))
    packets, _ = spacecraft.fly(plan, seconds)
    database, count, wrong, seen = packets[0].database, 0, [], set()
    for number, packet in enumerate(packets):
        line = json.loads(expected.line(packet, framed=True, captured=False))
        found = peer.parse_bytes(packet.octets)
        seen.add(packet.kind)
        if set(found) != set(line["parameters"]):
            wrong.append(f"packet {number}: not the same parameters: {sorted(set(found) ^ set(line['parameters']))}")
        for name, theirs in found.items():
            kind = database.parameters[name]
            value = line["parameters"].get(name)
            raw = line["raw"].get(name, value)
            if kind.kind == "time":  # the peer gives seconds since the epoch
                value = float(packet.raw[name] * Fraction(kind.scale))
            elif kind.kind == "boolean":
                theirs_plain = bool(theirs)
            count += 2
            if differs(kind, raw, theirs.raw_value):
                wrong.append(f"packet {number} {name}: raw {raw!r}, the peer {theirs.raw_value!r}")
            if differs(kind, value, theirs_plain if kind.kind == "boolean" else theirs):
                wrong.append(f"packet {number} {name}: {value!r}, the peer {theirs!r}")
    missing = {name for name, c in database.containers.items() if not c.abstract} - seen
    if missing:
        wrong.append(f"no packet of {', '.join(sorted(missing))}")
    return len(packets), count, wrong


NMEA_NAMES = {  # ours, the peer's
    "latitude": "lat",
    "longitude": "lon",
    "height": "alt",
    "geoid_separation": "sep",
    "hdop": "HDOP",
    "satellites_used": "numSV",
    "in_view": "numSV",
    "number_1": "svid_01",
    "cn0_1": "cno_01",
    "latitude_sigma": "stdLat",
    "height_sigma": "stdAlt",
}


def sentences(name: str):
    """(sentences, values, what differs) of the NMEA in a log."""
    lines = (FIXTURES / name).read_bytes().splitlines()
    count = found = 0
    wrong = []
    for text in (FIXTURES / f"{name}.messages.jsonl").read_text().splitlines():
        line = json.loads(text)
        if line["dialect"] != "nmea-0183":
            continue
        octets = lines[line["line"] - 1]
        octets = octets[octets.rindex(b"$") :]
        message = pynmeagps.NMEAReader.parse(octets + b"\r\n", validate=pynmeagps.VALCKSUM)
        found += 1
        if (message.msgID, len(octets)) != (line["type"], line["octets"]):
            wrong.append(f"{name}, line {line['line']}: the peer finds {message.msgID}")
        ours = line["parameters"]
        theirs = {k: (getattr(message, peer, None), 1) for k, peer in NMEA_NAMES.items() if k in ours}
        if "speed" in ours:
            theirs["speed"] = (message.spd, 1.852) if line["type"] == "RMC" else (message.sogk, 1)
            theirs["course"] = (message.cog if line["type"] == "RMC" else message.cogt, 1)
        if "time_of_day" in ours:
            count += 1
            if not str(message.time).startswith(ours["time_of_day"].removesuffix(".00")):
                wrong.append(f"{name}, line {line['line']}: {ours['time_of_day']}, the peer {message.time}")
        for key, (value, factor) in theirs.items():
            count += 1
            if value in (None, "") or not math.isclose(ours[key], float(value) * factor, rel_tol=1e-9, abs_tol=1e-9):
                wrong.append(f"{name}, line {line['line']}: {key} {ours[key]}, the peer {value}")
    return found, count, wrong


def same_files():
    """Names of the fixtures that are not what Tools/fixtures writes."""
    with tempfile.TemporaryDirectory() as folder:
        wrong = []
        for name, _ in files.write_all(Path(folder)):
            fresh, kept = Path(folder) / name, FIXTURES / name
            if not kept.exists():
                wrong.append(f"{name} is missing")
            elif name.endswith("-members.pcap.gz"):  # another zlib may choose other codes
                if gzip.decompress(fresh.read_bytes()) != gzip.decompress(kept.read_bytes()):
                    wrong.append(name)
            elif not name.endswith(".gz") and fresh.read_bytes() != kept.read_bytes():
                wrong.append(name)
        return wrong


def main() -> int:
    warnings.simplefilter("error")  # the peer warns when a packet is not used up
    status = 0
    for plan in (spacecraft.SONGJIANG, spacecraft.G60, spacecraft.ZHUQUE2):
        packets, count, wrong = values(plan, files.PASS)
        print(f"{plan.name}: {packets} packets, {count} values as space_packet_parser has them, {len(wrong)} not")
        for line in wrong[:10]:
            print("  " + line)
        status |= bool(wrong)
    for name in ("receiver-serial.log", "receiver-plain.nmea"):
        found, count, wrong = sentences(name)
        print(f"{name}: {found} sentences, {count} values as pynmeagps has them, {len(wrong)} not")
        for line in wrong[:10]:
            print("  " + line)
        status |= bool(wrong)
    count, others = check_vectors.check()
    print(f"encoders of terminals: {count} messages made anew, {len(others)} not as others published them")
    for message in others:
        print(f"  {message.type}: {message.octets.hex()}")
    status |= bool(others)
    wrong = same_files()
    print(
        "Fixtures: "
        + ("as Tools/fixtures writes them" if not wrong else "not as Tools/fixtures writes them: " + ", ".join(wrong))
    )
    return status | bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
