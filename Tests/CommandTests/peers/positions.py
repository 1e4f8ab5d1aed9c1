"""Holds the positions that a receiver in orbit told against sgp4 and skyfield.   usage: positions.py VEHICLE TRUTH"""

import datetime
import json
import math
import sys

from sgp4.api import WGS72, Satrec
from skyfield.api import EarthSatellite, load
from skyfield.framelib import itrs


def orbit(path):
    """The elements of a vehicle, whose file has a key a line."""
    told = dict(line.strip().split(": ", 1) for line in open(path) if line.startswith("  ") and ": " in line)
    value = {key: float(told.get(key, 0)) for key in ("altitude", "inclination", "node", "perigee", "anomaly", "drag", "eccentricity")}
    epoch = datetime.datetime.fromisoformat(told["epoch"].rstrip("Z"))
    days = (epoch - datetime.datetime(1949, 12, 31)).total_seconds() / 86400
    # Radians a minute, with the constants of WGS 72.
    motion = 60 / math.sqrt(6378.135**3 / 398600.8) / ((6378.135 + value["altitude"]) / 6378.135) ** 1.5
    satellite, radians = Satrec(), math.pi / 180
    satellite.sgp4init(
        WGS72, "i", 1, days, value["drag"], 0, 0, value["eccentricity"], value["perigee"] * radians,
        value["inclination"] * radians, value["anomaly"] * radians, motion, value["node"] * radians)
    return satellite


def main():
    vehicle, truth = sys.argv[1:]
    scale = load.timescale(builtin=True)
    satellite = EarthSatellite.from_satrec(orbit(vehicle), scale)
    compared, metres, speed = 0, 0, 0
    for record in map(json.loads, open(truth)):
        if record.get("type") != "gnss_fix":
            continue
        text = record["time"]
        time = scale.utc(*map(int, (text[:4], text[5:7], text[8:10], text[11:13], text[14:16])), float(text[17:-1]))
        position, velocity = satellite.at(time).frame_xyz_and_velocity(itrs)
        for axis, place, rate in zip("xyz", position.m, velocity.m_per_s):
            metres = max(metres, abs(record["values"][f"gnss_position_{axis}"] - place))
            speed = max(speed, abs(record["values"][f"gnss_velocity_{axis}"] - rate))
        compared += 1
    print(json.dumps({"compared": compared, "metres": metres, "speed": speed}))


main()
