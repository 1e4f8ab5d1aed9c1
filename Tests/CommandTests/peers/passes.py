"""Holds `starlane passes` against skyfield and a shadow of its own.   usage: passes.py PROGRAM TLE FROM DAYS MASK"""

import json
import math
import subprocess
import sys

import erfa
from skyfield.api import EarthSatellite, load, wgs84

PLACES = [(31.0303, 121.2277, 4), (31.8206, 117.2272, 30), (-54.8, -68.3, 20), (78.23, 15.4, 450), (0.1, -51.0, 0)]


def passes(program, file, number, start, days, mask, place):
    command = [program, "passes", file, number, "--from", start, "--days", days, "--mask", mask, "--format", "json"]
    done = subprocess.run([*command, "--station", ",".join(map(str, place))], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def moment(scale, text):
    return scale.utc(int(text[:4]), int(text[5:7]), int(text[8:10]), int(text[11:13]), int(text[14:16]), float(text[17:-1]))


def sun(t):
    """The Sun as its light arrives at the Earth, in the true equator and mean equinox of the date, in km: by ERFA."""
    helio, _ = erfa.epv00(t.whole, t.tdb_fraction)
    place, speed = -helio["p"], helio["v"]
    distance = math.sqrt(sum(place**2))
    # Aberration: the Earth's speed in parts of that of light, 173.1446 au a day.
    seen = erfa.rxp(erfa.pnm80(t.whole, t.tt_fraction), place + speed / 173.1446326846693 * distance)
    turn = -erfa.eqeq94(t.whole, t.tt_fraction)
    x, y, z = seen
    mean = (x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn), z)
    return [149597870.7 * v for v in mean]


def shade(satellite, sol):
    """(penumbra, umbra) by the cones behind a sphere: how far the satellite is inside each, in km; negative outside."""
    length = math.sqrt(sum(v * v for v in sol))
    along = -sum(a * b for a, b in zip(satellite, sol)) / length
    if along <= 0:
        return -1e9, -1e9
    off = math.sqrt(max(0, sum(v * v for v in satellite) - along * along))
    earth, star = 6378.137, 695700.0
    narrow, wide = math.asin((star - earth) / length), math.asin((star + earth) / length)
    umbra = (earth / math.sin(narrow) - along) * math.tan(narrow)
    penumbra = (earth / math.sin(wide) + along) * math.tan(wide)
    return penumbra - off, umbra - off


def main():
    program, file, start, days, mask = sys.argv[1:]
    scale = load.timescale(builtin=True)
    lines = [line.rstrip() for line in open(file) if line[:2] in ("1 ", "2 ")]
    compared, worst = 0, {"seconds": 0, "degrees": 0, "azimuth": 0}
    shadows = 0
    for one, two in zip(lines[::2], lines[1::2]):
        satellite = EarthSatellite(one, two, "x", scale)
        number = one[2:7].strip()
        begin = moment(scale, start)
        end = scale.tt_jd(begin.tt + float(days))
        for place in PLACES:
            theirs = wgs84.latlon(place[0], place[1], elevation_m=place[2])
            times, events = satellite.find_events(theirs, begin, end, altitude_degrees=float(mask))
            ours = passes(program, file, number, start, days, mask, place)
            rises = [t for t, e in zip(times, events) if e == 0]
            sets = [t for t, e in zip(times, events) if e == 2]
            for kind, found, cut in (("rise", rises, "isUpBefore"), ("set", sets, "isUpAfter")):
                mine = [moment(scale, p[kind]["time"]) for p in ours if not p.get(cut)]
                for t in found:
                    near = min((abs(m.tt - t.tt) * 86400 for m in mine), default=1e9)
                    assert near < 1, f"{number} {place} {kind} at {t.utc_iso()}: nearest of ours {near:.1f} s away"
                    worst["seconds"] = max(worst["seconds"], near)
                    compared += 1
            for p in ours:
                for kind in ("rise", "peak", "set"):
                    t = moment(scale, p[kind]["time"])
                    height, azimuth, distance = (satellite - theirs).at(t).altaz()
                    worst["degrees"] = max(worst["degrees"], abs(height.degrees - p[kind]["elevation"]))
                    turned = abs((azimuth.degrees - p[kind]["azimuth"] + 180) % 360 - 180)
                    worst["azimuth"] = max(worst["azimuth"], turned * math.cos(height.radians))
                    assert abs(distance.km - p[kind]["range"]) < 1, (number, place, kind)
                # Nobody else's peak is higher.
                for t, e in zip(times, events):
                    if e == 1 and p["rise"]["time"] < t.utc_strftime("%Y-%m-%dT%H:%M:%S.%fZ") < p["set"]["time"]:
                        height = (satellite - theirs).at(t).altaz()[0].degrees
                        assert height < p["peak"]["elevation"] + 0.05, (number, place, height, p["peak"])
        done = subprocess.run([program, "passes", file, number, "--from", start, "--days", days, "--eclipses", "--format", "json"],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        for row in map(json.loads, done.stdout.splitlines()):
            for kind, place in (("penumbra", 0), ("umbra", 1)):
                for edge, sign in (("from", 1), ("until", -1)):
                    text = row.get(kind, {}).get(edge)
                    if not text or text[:16] in (start[:16], end.utc_strftime("%Y-%m-%dT%H:%M")):
                        continue
                    at = moment(scale, text)

                    def inside(seconds):
                        t = scale.tt_jd(at.tt + seconds / 86400)
                        position = satellite._position_and_velocity_TEME_km(t)[0]
                        return shade(list(position), sun(t))[place]

                    # Two seconds before it is on one side of the edge, two seconds behind on the other.
                    assert inside(-2 * sign) < 0 < inside(2 * sign), (number, row, kind, edge, inside(-2), inside(2))
                    shadows += 1
    print(json.dumps({"compared": compared, "shadows": shadows, **{key: round(value, 4) for key, value in worst.items()}}))


main()
