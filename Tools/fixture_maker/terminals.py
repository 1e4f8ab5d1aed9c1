"""Messages of BeiDou terminals, an encoder for each protocol: RDSS 2.1, BeiDou-3 regional, RDSS 4.0.

Written from what is published of the protocols alone. Each function gives a message with the values that a decoder
should find in it: those that follow from the protocol without doubt, by the short names that Starlane gives them.
"""

import time
from dataclasses import dataclass, field
from functools import reduce


@dataclass
class Message:
    """A message as it goes over the line."""

    octets: bytes
    dialect: str
    type: str
    parameters: dict
    end: bytes = b""  # what a sentence has behind it
    entries: list = field(default_factory=list)  # what a decoder should find inside of it, besides
    defect: str = ""  # why a decoder should refuse it
    packet: int = 0  # the capture packet that completes it
    captured: int = 0  # nanoseconds
    size: int = 0  # octets of the message itself, where that is not what goes over the line

    def __post_init__(self):
        self.size = self.size or len(self.octets)

    @property
    def line(self) -> bytes:
        return self.octets + self.end


@dataclass
class Fix:
    """Where a receiver is, and how well it knows."""

    time: float  # seconds since 1970
    latitude: float
    longitude: float
    height: float = 6.0  # m above sea level
    separation: float = 9.8  # m of the geoid above the ellipsoid
    speed: float = 0.0  # km/h
    course: float = 0.0
    satellites: int = 18
    hdop: float = 0.8
    valid: bool = True


def xor(octets: bytes) -> int:
    return reduce(lambda a, b: a ^ b, octets, 0)


def clock(seconds: float, decimals: int = 2) -> str:
    """hhmmss.ss of a time; decimals are cut off, as receivers do."""
    whole, part = divmod(round(seconds * 100), 100)
    text = time.strftime("%H%M%S", time.gmtime(whole))
    return f"{text}.{part:02}" if decimals else text


def spoken(digits: str) -> str:
    """hhmmss.ss as people write it."""
    return ":".join([digits[:2], digits[2:4], digits[4:]]) if len(digits) > 4 else f"{digits[:2]}:{digits[2:]}"


def stamp(seconds: float) -> str:
    whole, part = divmod(round(seconds * 100), 100)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{part:02}0000000Z"


def angle(degrees: float, width: int, decimals: int):
    """ddmm.mmmm of an angle, and the angle that this says."""
    parts = round(abs(degrees) * 60 * 10**decimals)
    whole, rest = divmod(parts, 60 * 10**decimals)
    text = f"{whole:0{width}}{rest // 10**decimals:02}.{rest % 10**decimals:0{decimals}}"
    value = parts / (60 * 10**decimals)
    return text, -value if degrees < 0 else value


def sentence(dialect: str, talker: str, name: str, fields: list, parameters: dict) -> Message:
    """A sentence of its fields: text, or octets as they are."""
    body = b",".join(f if isinstance(f, bytes) else str(f).encode("ascii") for f in [talker + name, *fields])
    # What is None stands in no sentence.
    known = {k: v for k, v in parameters.items() if v is not None}
    return Message(b"$" + body + b"*%02X" % xor(body), dialect, name, known, b"\r\n")


def packed(digits: str) -> bytes:
    """Digits two an octet; an odd one is filled up with F."""
    return bytes.fromhex(digits + "F" * (len(digits) % 2))


@dataclass
class Content:
    """What a short message carries: `form` 0 Chinese, 1 code, 2 mixed; `bits` of `octets` count."""

    form: int
    octets: bytes
    bits: int
    values: dict

    @staticmethod
    def chinese(text: str, coding: str = "gb2312") -> "Content":
        octets = text.encode(coding)
        values = {"text": text, "content": octets.hex(), "form": "chinese"}
        return Content(0, octets, 8 * len(octets), values)

    @staticmethod
    def code(digits: str) -> "Content":
        return Content(1, packed(digits), 4 * len(digits), {"text": digits, "form": "code"})

    @staticmethod
    def mixed(text: str) -> "Content":
        octets = text.encode("gbk")
        values = {"text": text, "content": octets.hex(), "lead": 0xA4, "form": "mixed"}
        return Content(2, b"\xa4" + octets, 8 + 8 * len(octets), values)

    @staticmethod
    def position(seconds: float, latitude: float, longitude: float, height: int, anomaly: int) -> "Content":
        """Payload A0: 104 bits."""
        hundredths = round(seconds * 100) % 8_640_000
        fields = [(0xA0, 8), (hundredths // 360_000, 5), (hundredths // 6000 % 60, 6), (hundredths // 100 % 60, 6)]
        fields.append((hundredths % 100, 7))
        values = {"lead": 0xA0, "time_of_day": spoken(clock(seconds))}
        for name, value, width in (("longitude", longitude, 8), ("latitude", latitude, 6)):
            tenths = round(value * 36_000)
            fields += [(tenths // 36_000, width), (tenths // 600 % 60, 6), (tenths // 10 % 60, 6), (tenths % 10, 4)]
            values[name] = tenths / 36_000
        fields += [(0, 2), (height < 0, 1), (abs(height), 14), (anomaly < 0, 1), (abs(anomaly), 8)]
        values |= {"height": height, "height_anomaly": anomaly}
        word = 0
        for value, width in fields:
            word = word << width | int(value)
        octets = word.to_bytes(13, "big")
        return Content(1, octets, 104, values | {"content": octets.hex()})

    @property
    def written(self) -> bytes:
        """As it stands in a sentence."""
        if self.form == 0:
            return self.octets
        return self.octets.hex().upper()[: self.bits // 4].encode()


class Rdss2:
    """RDSS terminal protocol 2.1: CC from a peripheral, BD from a terminal."""

    @staticmethod
    def say(name, fields, parameters) -> Message:
        asks = name in ("ICA", "RMO", "TXA", "DWA", "BSS", "CXA")
        return sentence("rdss-2.1", "CC" if asks else "BD", name, fields, parameters)

    def ica(self) -> Message:
        return self.say("ICA", ["0", "00"], {"kind": "own_card", "frame": 0})

    def ici(self, card: int, serial: str, broadcast: int, kind: int, frequency: int, level: int, below: int) -> Message:
        fields = [f"{card:07}", serial, f"{broadcast:07}", kind, frequency, level, "N", f"{below:03}"]
        values = {"address": card, "serial": serial, "broadcast": broadcast, "service_frequency": frequency}
        return self.say("ICI", fields, values | {"level": level, "encrypted": False, "subordinates": below})

    def rmo(self, name: str, mode: int, seconds: int) -> Message:
        label = ["close", "open", "close_all", "open_all"][mode - 1]
        return self.say("RMO", [name, mode, seconds], {"sentence": name, "mode": label, "frequency": seconds})

    def bsi(self, beam: int, difference: int, powers: list) -> Message:
        fields = [f"{beam:02}", f"{difference:02}", *powers]
        return self.say("BSI", fields, {"response_beam": beam, "difference_beam": difference, "powers": powers})

    def txa(self, receiver: int, content: Content, express: bool = False) -> Message:
        fields = [f"{receiver:07}", 0 if express else 1, content.form, content.written]
        kind = "express" if express else "ordinary"
        return self.say("TXA", fields, {"receiver": receiver, "kind": kind} | content.values)

    def txr(self, sender: int, content: Content, kind: int = 1, sent: str = "") -> Message:
        label = ["ordinary", "express", "broadcast", "newest_stored", "by_sender"][kind - 1]
        values = {"sender": sender, "kind": label, "time_sent": spoken(sent) if sent else None}
        return self.say("TXR", [kind, f"{sender:07}", content.form, sent, content.written], values | content.values)

    def fki(self, name: str, done: bool, wait: int = 0) -> Message:
        fields = [name, "Y" if done else "N", "Y", 0, f"{wait // 60:02}{wait % 60:02}"]
        values = {"sentence": name, "executed": done, "frequency_set": True, "suppression": "none", "wait": wait}
        return self.say("FKI", fields, values)

    def dwa(self, card: int, emergency: bool = False) -> Message:
        fields = [f"{card:07}", "A" if emergency else "V", 1, "L", "", 0, "", "", 0]
        return self.say("DWA", fields, {"address": card, "emergency": emergency, "height_mode": "none", "frequency": 0})

    def dwr(self, card: int, fix: Fix, anomaly: int, emergency: bool = False, kind: int = 1) -> Message:
        now, (latitude, north), (longitude, east) = (
            clock(fix.time),
            angle(fix.latitude, 2, 4),
            angle(fix.longitude, 3, 4),
        )
        fields = [kind, f"{card:07}", now, latitude, "N", longitude, "E", f"{fix.height:.0f}", "M", anomaly, "M", 1]
        values = {"address": card, "time_of_day": spoken(now), "latitude": north, "longitude": east}
        values |= {"height": round(fix.height), "height_anomaly": anomaly, "emergency": emergency}
        values |= {"kind": ["own", "subordinate", "report"][kind - 1], "multi_valued": False, "height_kind": "ordinary"}
        return self.say("DWR", [*fields, "A" if emergency else "V", "V", "L"], values)

    def waa(self, card: int, fix: Fix) -> Message:
        now, (latitude, north), (longitude, east) = (
            clock(fix.time),
            angle(fix.latitude, 2, 5),
            angle(fix.longitude, 3, 5),
        )
        fields = [0, "", f"{card:07}", now, latitude, "N", longitude, "E", f"{fix.height:.0f}", "M"]
        values = {"address": card, "time_of_day": spoken(now), "latitude": north, "longitude": east}
        return self.say("WAA", fields, values | {"height": round(fix.height), "direction": "received"})

    def hzr(self, receiver: int, pairs: list) -> Message:
        """Receipts: (HHMM sent, HHMM received)."""
        values = {"receiver": receiver, "count": len(pairs)}
        return self.say("HZR", [f"{receiver:07}", len(pairs), *(t for pair in pairs for t in pair)], values)

    def zda(self, seconds: float) -> Message:
        now, date = clock(seconds), time.strftime("%d %m %Y", time.gmtime(int(seconds))).split()
        values = {"mode": 3, "time_of_day": spoken(now), "utc": stamp(seconds), "locked": True}
        return self.say("ZDA", [3, now, *date, "00", "00", "00", "00", "00", "Y"], values)


class Regional:
    """The regional short-message service of BeiDou-3."""

    @staticmethod
    def say(name, fields, parameters) -> Message:
        return sentence("bds-3", "CC" if name in ("ICR", "TCQ") else "BD", name, fields, parameters)

    def icr(self) -> Message:
        return self.say("ICR", ["0", "00"], {"kind": 0, "frame": 0})

    def icp(self, card: int, broadcast: int, frequency: int, level: int) -> Message:
        fields = [card, broadcast, 1, 3, 0, "N", 1, "Y", 1, 0, 0, 3, 1, frequency, level, 1, 1, 2, 2, 500, 100, 10, 10]
        values = {"address": card, "broadcast": broadcast, "service_frequency": frequency, "level": level}
        return self.say("ICP", fields, values | {"confidential": False, "rescue": True, "subordinates": 500})

    def pwi(self, seconds: float, beams: list) -> Message:
        """The beams of BeiDou-3: (number, C/N0 of the data branch, of the pilot branch)."""
        now = clock(seconds)
        fields = [now, "00", f"{len(beams):02}", *(v for beam in beams for v in (*beam, 0))]
        return self.say("PWI", fields, {"time_of_day": spoken(now), "rdss_beam_count": 0, "beam_count": len(beams)})

    def tcq(self, receiver: int, point: int, content: Content, confirm: bool = False) -> Message:
        fields = [receiver, point, 2 if confirm else 1, content.form + 1, content.written, 0]
        values = {"receiver": receiver, "frequency_point": f"lf{point - 1}", "repeat": 0}
        return self.say(
            "TCQ", fields, values | {"confirmation": "needed" if confirm else "not_needed"} | content.values
        )

    def tci(self, sender: int, receiver: int, point: int, seconds: float, content: Content) -> Message:
        now = clock(seconds, 0)
        fields = [f"{sender:08}", receiver, point, now, content.form + 1, 0, content.written]
        values = {"sender": sender, "receiver": receiver, "frequency_point": f"lf{point - 1}", "time_sent": spoken(now)}
        return self.say("TCI", fields, values | content.values)

    def fki(self, seconds: float, name: str, done: bool, reason: int = 0, wait: int = 0) -> Message:
        now = clock(seconds, 0)
        values = {"time_of_day": spoken(now), "sentence": name, "executed": done, "wait": wait}
        return self.say("FKI", [now, name, "Y" if done else "N", reason, wait], values)

    def snr(self, strengths: list) -> Message:
        return self.say("SNR", strengths, {"cn0": strengths})


def sign_magnitude(value: int, sign: int) -> int:
    return abs(value) | (value < 0) << sign


class Rdss4:
    """RDSS terminal protocol 4.0: frames of a terminal with a card, and of its peripheral."""

    def __init__(self, card: int):
        self.card = card

    def frame(self, name: str, body: bytes, parameters: dict) -> Message:
        whole = b"$" + name.encode() + (11 + len(body)).to_bytes(2, "big") + self.card.to_bytes(3, "big") + body
        known = {k: v for k, v in parameters.items() if v is not None}
        return Message(whole + bytes([xor(whole)]), "rdss-4.0", name, {"address": self.card} | known)

    def icjc(self) -> Message:
        return self.frame("ICJC", b"\x00", {"frame": 0})

    def icxx(self, broadcast: int, kind: int, frequency: int, level: int, below: int) -> Message:
        body = b"\x00" + broadcast.to_bytes(3, "big") + bytes([kind]) + frequency.to_bytes(2, "big")
        values = {"frame": 0, "broadcast": broadcast, "user_kind": kind, "service_frequency": frequency, "level": level}
        body += bytes([level, 0]) + below.to_bytes(2, "big")
        return self.frame("ICXX", body, values | {"encryption": 0, "subordinate_count": below})

    def gljc(self, frequency: int) -> Message:
        return self.frame("GLJC", bytes([frequency]), {"frequency": frequency})

    def glzk(self, powers: list) -> Message:
        return self.frame("GLZK", bytes(powers), {"powers": powers})

    def xtzj(self, frequency: int) -> Message:
        return self.frame("XTZJ", frequency.to_bytes(2, "big"), {"frequency": frequency})

    def zjxx(self, battery: int, powers: list) -> Message:
        return self.frame("ZJXX", bytes([1, 0, battery, 2, *powers]), {"ic": 1, "battery": battery, "powers": powers})

    def txsq(self, receiver: int, content: Content, express: bool = False) -> Message:
        category = 0x40 | (0 if express else 4) | (2 if content.form else 0)
        body = bytes([category]) + receiver.to_bytes(3, "big") + content.bits.to_bytes(2, "big") + b"\x00"
        values = {"receiver": receiver, "kind": "communication", "class": "express" if express else "ordinary"}
        return self.frame("TXSQ", body + content.octets, values | content.values)

    def txxx(self, sender: int, content: Content) -> Message:
        body = bytes([0x60 if content.form else 0x40]) + sender.to_bytes(3, "big") + b"\x00\x00"
        body += content.bits.to_bytes(2, "big") + content.octets + b"\x00"
        return self.frame("TXXX", body, {"sender": sender, "crc": "good"} | content.values)

    def receipt_query(self, receiver: int) -> Message:
        values = {"query": "receipt", "queried": receiver}
        return self.frame("TXSQ", b"\x78" + receiver.to_bytes(3, "big"), values)

    def txhz(self, receiver: int, pairs: list) -> Message:
        body = receiver.to_bytes(3, "big") + bytes([len(pairs)])
        body += bytes(int(t[i : i + 2]) for pair in pairs for t in pair for i in (0, 2))
        return self.frame("TXHZ", body, {"receiver": receiver, "count": len(pairs)})

    def dwsq(self, emergency: bool = False) -> Message:
        return self.frame("DWSQ", bytes([0x24 if emergency else 0x04]) + bytes(10), {"emergency": emergency})

    def dwxx(self, fix: Fix, anomaly: int, emergency: bool = False) -> Message:
        now, place = clock(fix.time), {}
        body = bytes([0x08 | (4 if emergency else 0)]) + self.card.to_bytes(3, "big")
        body += bytes(int(now[i : i + 2]) for i in (0, 2, 4, 7))
        for name, value in (("longitude", fix.longitude), ("latitude", fix.latitude)):
            tenths = round(value * 36_000)
            body += bytes([tenths // 36_000, tenths // 600 % 60, tenths // 10 % 60, tenths % 10])
            place[name] = tenths / 36_000
        height = round(fix.height)
        body += sign_magnitude(height, 14).to_bytes(2, "big") + sign_magnitude(anomaly, 8).to_bytes(2, "big")
        values = {"queried": self.card, "time_of_day": spoken(now), "emergency": emergency, "multi_valued": False}
        values |= {"height": height, "height_anomaly": anomaly, "height_kind": "ordinary"}
        return self.frame("DWXX", body, values | place)

    def fkxx(self, kind: int, detail) -> Message:
        """Feedback: 0 success and 1 failure of a sentence, 4 a time to wait, 3, 5, 7, 8 without a detail."""
        label = "success failure signal_not_locked battery_low frequency_not_reached encryption_error crc_error"
        label = (label + " suppressed suppression_lifted").split()[kind]
        octets = detail.to_bytes(4, "big") if isinstance(detail, int) else detail.encode()
        values = {"kind": label, "wait": detail if kind == 4 else None}
        if kind in (0, 1, 6):
            values["sentence"] = detail
        return self.frame("FKXX", bytes([kind]) + octets, values)

    def sjsc(self, frequency: int) -> Message:
        return self.frame("SJSC", frequency.to_bytes(2, "big"), {"frequency": frequency})

    def sjxx(self, seconds: float) -> Message:
        now = time.gmtime(int(seconds))
        body = now.tm_year.to_bytes(2, "big") + bytes([now.tm_mon, now.tm_mday, now.tm_hour, now.tm_min, now.tm_sec])
        return self.frame("SJXX", body, {"utc": stamp(int(seconds))})

    def named(self, name: str, body: bytes) -> Message:
        """A sentence that has a name and no published layout."""
        return self.frame(name, body, {})


def damaged(message: Message, why: str, at: int = None, cut: int = None) -> Message:
    """The message with a wrong bit at an octet, or only its first octets."""
    octets = message.octets[:cut]
    if at is not None:
        octets = octets[:at] + bytes([octets[at] ^ 0x04]) + octets[at + 1 :]
    return Message(octets, message.dialect, message.type, {}, message.end if cut is None else b"", defect=why)
