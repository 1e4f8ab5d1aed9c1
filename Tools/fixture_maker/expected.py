"""What a decoder should find: a line of JSON for each packet, and the counts of the whole."""

import json
import math


def plain(value):
    """A value as JSON holds it: octets in hexadecimal, what is no number as a word."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def line(packet, framed: bool, captured: bool) -> str:
    raws, values, limits = {}, {}, {}
    for name in packet.database.containers[packet.kind].entries:
        value = packet.database.engineering(name, packet.raw)
        values[name] = plain(value)
        raw = plain(packet.raw[name])
        if raw != values[name] or isinstance(values[name], bool):
            raws[name] = raw
        if level := packet.database.level(name, value):
            limits[name] = level
    record = {"packet": packet.capture} if captured else {}
    if captured:
        record["captured"] = stamp(packet.captured)
    if framed:
        record |= {"spacecraft": packet.plan.spacecraft, "vcid": packet.channel}
    record |= {
        "apid": packet.raw["PKT_APID"],
        "sequence": packet.raw["SRC_SEQ_CTR"],
        "database": packet.database.name,
        "type": packet.kind,
        "octets": len(packet.octets),
        "parameters": values,
        "raw": raws,
        "limits": limits,
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def stamp(nanoseconds: int) -> str:
    from .database import utc
    from fractions import Fraction

    return utc(Fraction(nanoseconds, 10**9))


def gaps(counts, modulus: int):
    """(gaps, missing) of counts that should rise by one."""
    found = missing = 0
    for before, after in zip(counts, counts[1:]):
        if lost := (after - before - 1) % modulus:
            found, missing = found + 1, missing + lost
    return found, missing


def apids(packets, framed: bool):
    """A row for each APID, as `inspect --format json` has them."""
    rows = {}
    for packet in packets:
        where = (packet.plan.spacecraft, packet.channel) if framed else (None, None)
        rows.setdefault((*where, packet.raw["PKT_APID"]), []).append(packet)
    result = []
    for (spacecraft, channel, apid), group in sorted(
        rows.items(), key=lambda r: tuple(-1 if k is None else k for k in r[0])
    ):
        found, missing = gaps([p.raw["SRC_SEQ_CTR"] for p in group], 1 << 14)
        result.append(
            {
                "spacecraft": spacecraft,
                "vcid": channel,
                "apid": apid,
                "packets": len(group),
                "bytes": sum(len(p.octets) for p in group),
                "gaps": found,
                "missing": missing,
            }
        )
    return result


def channels(spacecraft: int, frames):
    """A row for each virtual channel, from the frames that came through."""
    rows = {}
    for frame in frames:
        rows.setdefault(frame.channel, []).append(frame.count)
    return [
        {
            "spacecraft": spacecraft,
            "vcid": channel,
            "frames": len(counts),
            "gaps": gaps(counts, 256)[0],
            "missing": gaps(counts, 256)[1],
        }
        for channel, counts in sorted(rows.items())
    ]
