"""Steps SGP4 with the array call of the PyPI package sgp4 (its compiled code): `orbits.py STEPS`, as bench-orbits does."""

import json
import sys
import time

import numpy
from sgp4.api import Satrec, accelerated

steps = int(sys.argv[1])
satellite = Satrec.twoline2rv(
    "1 25544U 98067A   19343.69339541  .00001764  00000-0  38792-4 0  9991",
    "2 25544  51.6439 211.2001 0007417  17.6667  85.6398 15.50103472202482",
)
assert accelerated, "the package was installed without its compiled code"
days = numpy.full(steps, satellite.jdsatepoch)
parts = satellite.jdsatepochF + numpy.arange(steps) / 86400
began = time.perf_counter()
_, positions, _ = satellite.sgp4_array(days, parts)
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "sum": positions.sum(axis=0).tolist()}))
