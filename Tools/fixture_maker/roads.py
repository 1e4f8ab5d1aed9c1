"""Roads of the delta as chains of places, and distances on the ellipsoid."""

import math
import random
from bisect import bisect_right

MAJOR, FLATTENING = 6_378_137.0, 1 / 298.257223563  # WGS 84; CGCS2000 differs by a tenth of a millimetre
SQUARE = FLATTENING * (2 - FLATTENING)  # of the first eccentricity

# Along the motorway from Songjiang to Hangzhou, roughly: latitude and longitude.
MOTORWAY = [
    (31.0668, 121.3216),
    (31.0205, 121.2470),
    (30.9850, 121.2000),
    (30.9310, 121.1030),
    (30.8880, 121.0160),
    (30.8370, 120.9420),
    (30.7890, 120.8560),
    (30.7290, 120.7700),
    (30.6810, 120.6750),
    (30.6210, 120.5720),
    (30.5380, 120.4630),
    (30.4750, 120.3780),
    (30.4200, 120.3000),
    (30.3640, 120.2860),
    (30.3070, 120.2690),
]


def point(latitude: float, longitude: float):
    """A place on the ellipsoid in metres from the centre of the earth."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    normal = MAJOR / math.sqrt(1 - SQUARE * math.sin(phi) ** 2)
    across = normal * math.cos(phi)
    return across * math.cos(lam), across * math.sin(lam), normal * (1 - SQUARE) * math.sin(phi)


def distance(a, b) -> float:
    """Metres along the ellipsoid between two places (degrees) that are at most some 100 km apart.

    The chord between them, bent to the curvature that the ellipsoid has midway in their direction: within a micrometre
    of the series for geodesics, which is not used so that a program that does has something to be compared with.
    """
    chord = math.dist(point(*a), point(*b))
    if chord == 0:
        return 0.0
    phi, azimuth = math.radians((a[0] + b[0]) / 2), bearing(a, b)
    root = math.sqrt(1 - SQUARE * math.sin(phi) ** 2)
    normal, meridian = MAJOR / root, MAJOR * (1 - SQUARE) / root**3
    radius = 1 / (math.cos(azimuth) ** 2 / meridian + math.sin(azimuth) ** 2 / normal)
    return 2 * radius * math.asin(chord / (2 * radius))


def bearing(a, b) -> float:
    """The direction from one place to another near it, at the middle of the way: radians clockwise from north."""
    phi = math.radians((a[0] + b[0]) / 2)
    root = 1 - SQUARE * math.sin(phi) ** 2
    north = math.radians(b[0] - a[0]) * (1 - SQUARE) / root
    east = math.radians(b[1] - a[1]) * math.cos(phi)
    return math.atan2(east, north) % (2 * math.pi)


class Road:
    """A road with bends, known by the metres from its beginning."""

    def __init__(self, chain, seed: str):
        rng = random.Random(seed)
        self.places, self.metres = [], []
        for (a, b), (c, d) in zip(chain, chain[1:]):
            # A bend of up to 250 m to one side, in steps.
            side = rng.uniform(-250, 250) / 111_000
            for i in range(24):
                t = i / 24
                bend = side * math.sin(math.pi * t) ** 2
                self.places.append((a + (c - a) * t + bend, b + (d - b) * t + bend))
        self.places.append(chain[-1])
        total = 0.0
        for before, after in zip([self.places[0], *self.places], self.places):
            total += distance(before, after)
            self.metres.append(total)

    @property
    def length(self) -> float:
        return self.metres[-1]

    def at(self, metres: float, backwards: bool = False):
        """(latitude, longitude, course in degrees)."""
        metres = min(max(metres, 0.0), self.length)
        index = min(max(bisect_right(self.metres, metres) - 1, 0), len(self.places) - 2)
        a, b = self.places[index], self.places[index + 1]
        t = (metres - self.metres[index]) / (self.metres[index + 1] - self.metres[index])
        course = math.degrees(bearing(a, b)) + (180 if backwards else 0)
        return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, course % 360


def part(road: Road, metres: float) -> Road:
    """The first metres of a road, as a road."""
    result = Road.__new__(Road)
    index = bisect_right(road.metres, metres)
    result.places = [*road.places[:index], road.at(metres)[:2]]
    result.metres = [*road.metres[:index], metres]
    return result
