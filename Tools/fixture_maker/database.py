"""Reads an XTCE database as far as the databases in Specs/ go, packs raw values into packets, and says what they mean.

Packing, calibration, limits and times are worked out here with Python's own integers and fractions.
"""

import math
import struct
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fractions import Fraction

NAMESPACE = "{http://www.omg.org/spec/XTCE/20180204}"
LEVELS = ("watch", "warning", "distress", "critical", "severe")
# Seconds from 1970-01-01 UTC to the epoch, with the leap seconds that hold since 2017-01-01 taken off: TAI - UTC = 37.
EPOCHS = {"TAI": -378_691_200 - 37, "GPS": 315_964_800 - 18, "UNIX": 0}


@dataclass
class Type:
    """A parameter type with its encoding."""

    kind: str  # integer, float, enumerated, boolean, string, binary, time
    coding: str  # integer, float, string, binary
    bits: int = 0
    signed: bool = False
    little: bool = False
    calibrator: object = None
    contexts: list = field(default_factory=list)  # (parameter, value, calibrator)
    labels: dict = field(default_factory=dict)
    alarms: list = field(default_factory=list)  # (level, low, high)
    label_alarms: dict = field(default_factory=dict)
    charset: str = ""
    terminator: bytes = b""
    size_from: str = ""
    scale: Fraction = Fraction(1)
    epoch: str = ""
    offset_from: str = ""

    def value_of(self, label: str) -> int:
        return next(value for value, name in self.labels.items() if name == label)


@dataclass
class Container:
    """A packet type: its entries from the first bit on, and the values that tell it from others."""

    name: str
    entries: list
    criteria: list  # (parameter, text)
    abstract: bool


class Database:
    """One SpaceSystem."""

    def __init__(self, path):
        root = self.strip(ElementTree.parse(path).getroot())
        self.name = root.get("name")
        meta = root.find("TelemetryMetaData")
        types = {e.get("name"): read_type(e) for e in meta.find("ParameterTypeSet")}
        self.parameters = {e.get("name"): types[e.get("parameterTypeRef")] for e in meta.find("ParameterSet")}
        self.containers = {}
        for element in meta.find("ContainerSet"):
            base = element.find("BaseContainer")
            above = self.containers[base.get("containerRef")] if base is not None else None
            criteria = [(c.get("parameterRef"), c.get("value")) for c in base.iter("Comparison")] if above else []
            entries = [e.get("parameterRef") for e in element.find("EntryList")]
            self.containers[element.get("name")] = Container(
                element.get("name"),
                (above.entries if above else []) + entries,
                (above.criteria if above else []) + criteria,
                element.get("abstract") == "true",
            )

    @staticmethod
    def strip(root):
        for element in root.iter():
            element.tag = element.tag.removeprefix(NAMESPACE)
        return root

    def fixed_values(self, container: Container) -> dict:
        """The raw values that the criteria of a packet type ask for."""
        values = {}
        for name, text in container.criteria:
            kind = self.parameters[name]
            values[name] = kind.value_of(text) if text in kind.labels.values() else int(text)
        return values

    def pack(self, container: Container, raw: dict) -> bytes:
        """A whole packet; PKT_LEN is set from what came out."""
        bits, count = 0, 0
        for name in container.entries:
            kind, value = self.parameters[name], raw[name]
            if kind.coding in ("string", "binary"):
                size = 8 * len(value)
                if kind.bits and size != kind.bits:
                    raise ValueError(f"{name} holds {size} bits, not {kind.bits}")
                number = int.from_bytes(value, "big")
            else:
                size, number = kind.bits, as_bits(kind, value)
            bits, count = bits << size | number, count + size
        if count % 8:
            raise ValueError(f"{container.name} ends inside an octet")
        octets = bytearray(bits.to_bytes(count // 8, "big"))
        raw["PKT_LEN"] = len(octets) - 7
        octets[4:6] = raw["PKT_LEN"].to_bytes(2, "big")
        return bytes(octets)

    def engineering(self, name: str, raw: dict):
        """What a raw value means, by the values of the same packet."""
        kind, value = self.parameters[name], raw[name]
        if kind.kind == "enumerated":
            return kind.labels[value]
        if kind.kind == "boolean":
            return value != 0
        if kind.kind == "string":
            if kind.terminator and kind.terminator in value:
                value = value[: value.index(kind.terminator)]
            return value.decode(kind.charset)
        if kind.kind == "binary":
            return value
        if kind.kind == "time":
            return utc(self.unix_time(name, raw))
        for other, wanted, calibrator in kind.contexts:
            if str(self.engineering(other, raw)) == wanted:
                return calibrate(calibrator, value)
        return calibrate(kind.calibrator, value)

    def unix_time(self, name: str, raw: dict) -> Fraction:
        """Seconds since 1970 UTC, exact."""
        kind = self.parameters[name]
        seconds = raw[name] * kind.scale
        if kind.offset_from:
            return self.unix_time(kind.offset_from, raw) + seconds
        if kind.epoch in EPOCHS:
            return seconds + EPOCHS[kind.epoch]
        return seconds + int(datetime.fromisoformat(kind.epoch.replace("Z", "+00:00")).timestamp())

    def level(self, name: str, value) -> str:
        """The worst alarm level that an engineering value is in, or an empty text."""
        kind, worst = self.parameters[name], ""
        if kind.kind == "enumerated":
            return kind.label_alarms.get(value, "")
        for level, low, high in kind.alarms:
            if (low is not None and value < low) or (high is not None and value > high):
                worst = level
        return worst


def read_type(element) -> Type:
    kind = {"AbsoluteTime": "time"}.get(n := element.tag.removesuffix("ParameterType"), n.lower())
    encoding = next(e for e in element.iter() if e.tag.endswith("DataEncoding"))
    result = Type(kind, encoding.tag.removesuffix("DataEncoding").lower())
    result.bits = int(encoding.get("sizeInBits", 0))
    result.signed = encoding.get("encoding") == "twosComplement"
    result.little = encoding.get("byteOrder") == "leastSignificantByteFirst"
    if (fixed := encoding.find(".//FixedValue")) is not None:
        result.bits = int(fixed.text)
    if (reference := encoding.find(".//DynamicValue/ParameterInstanceRef")) is not None:
        result.size_from = reference.get("parameterRef")
    if result.coding == "string":
        result.charset = encoding.get("encoding")
        result.terminator = bytes.fromhex(encoding.findtext(".//TerminationChar", ""))
    result.calibrator = read_calibrator(encoding.find("DefaultCalibrator"))
    for context in encoding.iter("ContextCalibrator"):
        match = context.find("ContextMatch/Comparison")
        result.contexts.append(
            (match.get("parameterRef"), match.get("value"), read_calibrator(context.find("Calibrator")))
        )
    result.labels = {int(e.get("value")): e.get("label") for e in element.iter("Enumeration")}
    result.label_alarms = {e.get("enumerationLabel"): e.get("alarmLevel") for e in element.iter("EnumerationAlarm")}
    for level in LEVELS:
        if (band := element.find(f".//StaticAlarmRanges/{level.capitalize()}Range")) is not None:
            limits = [float(v) if (v := band.get(k)) is not None else None for k in ("minInclusive", "maxInclusive")]
            result.alarms.append((level, *limits))
    if kind == "time":
        result.scale = Fraction(element.find("Encoding").get("scale", "1"))
        result.epoch = element.findtext("ReferenceTime/Epoch", "")
        if (offset := element.find("ReferenceTime/OffsetFrom")) is not None:
            result.offset_from = offset.get("parameterRef")
    return result


def read_calibrator(element):
    if element is None:
        return None
    if (spline := element.find("SplineCalibrator")) is not None:
        return "spline", [(float(p.get("raw")), float(p.get("calibrated"))) for p in spline]
    return "polynomial", [(float(t.get("coefficient")), int(t.get("exponent"))) for t in element.iter("Term")]


def calibrate(calibrator, raw):
    if calibrator is None:
        return raw
    kind, table = calibrator
    if kind == "polynomial":
        return math.fsum(coefficient * raw**exponent for coefficient, exponent in table)
    # Outside the table its end segments go on.
    i = next((i for i in range(1, len(table) - 1) if raw < table[i][0]), len(table) - 1)
    (x0, y0), (x1, y1) = table[i - 1], table[i]
    return y0 + (y1 - y0) / (x1 - x0) * (raw - x0)


def as_bits(kind: Type, value) -> int:
    """The number whose bits stand in the packet, first bit first."""
    if kind.coding == "float":
        octets = struct.pack(">f" if kind.bits == 32 else ">d", value)
    else:
        low, high = (-(1 << kind.bits - 1), (1 << kind.bits - 1) - 1) if kind.signed else (0, (1 << kind.bits) - 1)
        if not low <= value <= high:
            raise ValueError(f"{value} does not fit {kind.bits} bits")
        if not kind.little:
            return value % (1 << kind.bits)
        octets = (value % (1 << kind.bits)).to_bytes(kind.bits // 8, "big")
    return int.from_bytes(octets[::-1] if kind.little else octets, "big")


def utc(seconds: Fraction) -> str:
    """ISO 8601 with nine decimals, what is finer cut off."""
    whole, part = divmod(math.floor(seconds * 10**9), 10**9)
    return datetime.fromtimestamp(whole, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{part:09d}Z"
