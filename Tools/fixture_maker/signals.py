"""What a spacecraft's parameters do during a pass: a table says how each one moves, a value follows from it and the time.

The kinds of the tables songjiang.tsv, g60.tsv and zhuque2.tsv (parameter, kind, arguments):
  wave BASE SWING PERIOD NOISE      engineering value: a sine of PERIOD seconds, and noise
  rate START PER_SECOND             engineering value that grows evenly
  steps SECONDS A|B|C               each value in turn, that long
  const VALUE                       always the same: a label, a number, a text, or octets in hexadecimal
  count START STEP                  grows from packet to packet
  length OF, sum OF                 octets of another field; the sum of its octets
  media FEWEST MOST                 that many octets of made-up medium
  event WHAT                        a part of the event that is reported
  gps:+N, unix:N, gpsns, fraction32, since2020   times, from the time of the pass
  file, segment, offset, lastchunk  where a medium's piece stands in its file
  mostlynan                         a number now and then, else not a number
"""

import math
import random
import struct
from fractions import Fraction
from pathlib import Path

from .database import Database, calibrate

PIECES = 24  # of each file that a payload sends


class Signals:
    """The raw values of one spacecraft's packets."""

    def __init__(self, database: Database, table: str, start: Fraction, dips: list, seed: int):
        self.database, self.start, self.dips, self.seed = database, start, dips, seed
        self.rows = {}
        for line in Path(table).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                name, kind, *arguments = line.split("\t")
                self.rows[name] = (kind, arguments)
        self.pieces, self.position = 0, 0
        self.made = {}

    def raw(self, name: str, t: float, known: dict, event: dict):
        """The raw value of a parameter, `t` seconds into the pass; `known` are those of the same packet made so far."""
        kind, arguments = self.rows[name]
        number = self.made[name] = self.made.get(name, -1) + 1
        noise = random.Random(f"{self.seed}/{self.database.name}/{name}/{number}")
        data_type = self.database.parameters[name]
        if kind in ("wave", "rate", "steps", "const"):
            return self.encode(name, self.engineering(name, kind, arguments, t, noise), known)
        if kind == "count":
            return int(arguments[0]) + number * int(arguments[1])
        if kind == "media":
            octets = noise.randbytes(noise.randint(int(arguments[0]), int(arguments[1])))
            self.position = 0 if self.pieces % PIECES == PIECES - 1 else self.position + len(octets)
            self.pieces += 1
            return octets
        if kind == "event":
            return self.encode(name, event[arguments[0]], known)
        if kind == "mostlynan":
            return as_float(data_type.bits, noise.uniform(0.2, 0.9) if number % 4 == 2 else math.nan)
        if kind in ("file", "segment", "offset", "lastchunk"):
            file, piece = divmod(self.pieces, PIECES)
            return {
                "file": 7001 + file,
                "segment": piece,
                "offset": self.position,
                "lastchunk": int(piece == PIECES - 1),
            }[kind]
        now = self.start + Fraction(t).limit_denominator(1000)
        gps = now - 315_964_800 + 18
        if kind.startswith("gps:"):
            return math.floor(gps) + int(kind[4:])
        if kind.startswith("unix:"):
            return math.floor(now) + int(kind[5:])
        return {
            "gpsns": lambda: math.floor(gps * 10**9),
            "fraction32": lambda: math.floor(gps % 1 * 2**32),
            "since2020": lambda: math.floor((now - 1_577_836_800 - Fraction(number, 7)) * 256),
        }[kind]()

    def engineering(self, name, kind, arguments, t, noise):
        if kind == "const":
            value = arguments[0]
            value = (math.floor(self.start) + int(value[5:])) if value.startswith("unix:") else value
        elif kind == "steps":
            values = arguments[1].split("|")
            value = values[int(t / float(arguments[0])) % len(values)]
        elif kind == "rate":
            start, pace = (Fraction(a) for a in arguments)
            value = start + pace * Fraction(t).limit_denominator(1000)
        else:
            base, swing, period, spread = map(float, arguments)
            phase = random.Random(f"{self.seed}/{name}").uniform(0, 2 * math.pi)
            value = base + swing * math.sin(2 * math.pi * t / period + phase) + noise.gauss(0, 1) * spread
        for dip, begin, end, low in self.dips:
            if dip == name and begin <= t <= end:
                # Down in a fifth of the time, up again in the last fifth; labels change at once.
                share = min(1.0, 5 * (t - begin) / (end - begin), 5 * (end - t) / (end - begin))
                value = low if isinstance(low, str) else value + (low - value) * share
        return value

    def encode(self, name: str, value, known: dict):
        """The raw value that stands for an engineering value, as near as the encoding allows."""
        kind = self.database.parameters[name]
        if kind.coding == "string":
            octets = value.encode(kind.charset)
            if not kind.bits:
                return octets
            octets += kind.terminator
            return octets + (b"\x00" if kind.terminator else b" ") * (kind.bits // 8 - len(octets))
        if kind.coding == "binary":
            return bytes.fromhex(value)
        if kind.kind == "enumerated":
            return kind.value_of(value)
        if kind.coding == "float":
            # Twelve digits are the same on every machine, whatever its sine gives in the last place.
            return as_float(kind.bits, float(f"{float(value):.12g}"))
        calibrator = kind.calibrator
        for other, wanted, special in kind.contexts:
            if str(self.database.engineering(other, known)) == wanted:
                calibrator = special
        low, high = (-(1 << kind.bits - 1), (1 << kind.bits - 1) - 1) if kind.signed else (0, (1 << kind.bits) - 1)
        if calibrator is None:
            return min(high, max(low, math.floor(Fraction(value))))
        # Every calibration of the databases rises or falls all the way: halve the range until the value is met.
        value, rising = float(value), calibrate(calibrator, high) > calibrate(calibrator, low)
        while low < high:
            middle = (low + high) // 2
            if (calibrate(calibrator, middle) < value) == rising:
                low = middle + 1
            else:
                high = middle
        return low


def as_float(bits: int, value: float) -> float:
    """The value as that many bits hold it."""
    return struct.unpack(">f", struct.pack(">f", value))[0] if bits == 32 else value
