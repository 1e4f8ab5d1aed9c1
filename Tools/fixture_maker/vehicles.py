"""Messages of JT/T 808: what vehicles and their platform say, in the forms of 2013 and 2019."""

import time

from .terminals import Fix, Message, stamp, xor


def escaped(octets: bytes) -> bytes:
    return b"\x7e" + octets.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


def bcd(digits: str, octets: int) -> bytes:
    return bytes.fromhex(digits.zfill(2 * octets))


class Speaker:
    """One end of a connection: counts its messages."""

    def __init__(self, phone: str, edition: int, flow: int = 0):
        self.phone, self.edition, self.flow = phone, edition, flow

    def head(self, number: int, body: bytes, part=None) -> bytes:
        properties = len(body) | (0x4000 if self.edition == 2019 else 0) | (0x2000 if part else 0)
        octets = number.to_bytes(2, "big") + properties.to_bytes(2, "big")
        octets += b"\x01" + bcd(self.phone, 10) if self.edition == 2019 else bcd(self.phone, 6)
        octets += (self.flow & 0xFFFF).to_bytes(2, "big")
        return octets + (part[0].to_bytes(2, "big") + part[1].to_bytes(2, "big") if part else b"")

    def say(self, number: int, body: bytes, parameters: dict, part=None) -> Message:
        whole = self.head(number, body, part) + body
        values = {"phone": self.phone.lstrip("0"), "flow_number": self.flow, "version": str(self.edition)}
        known = {k: v for k, v in parameters.items() if v is not None}
        self.flow = (self.flow + 1) & 0xFFFF
        octets = escaped(whole + bytes([xor(whole)]))
        return Message(octets, "jtt-808", f"0x{number:04X}", values | known, size=len(whole))

    def transparent(self, number: int, kind: int, content: bytes, label: str, parts: int = 1) -> list:
        """0x0900 or 0x8900; in `parts` sub-packages, the last of which makes it whole."""
        body = bytes([kind]) + content
        values = {"kind": label, "content": content.hex()}
        if parts == 1:
            return [self.say(number, body, values)]
        size = -(-len(body) // parts)
        result = []
        for index in range(parts):
            result.append(self.say(number, body[index * size : (index + 1) * size], {}, part=(parts, index + 1)))
        # The whole has the head of its first part; a part makes no message.
        result[-1].parameters = result[0].parameters | values
        result[-1].size = len(self.head(number, b"")) + len(body)
        for part in result[:-1]:
            part.type, part.parameters = "", {}
        return result


class Vehicle(Speaker):
    """A terminal in a vehicle."""

    def register(self, plate: str, terminal: str, province: int, city: int, colour: int) -> Message:
        maker, model, name = (11, 30, 30) if self.edition == 2019 else (5, 20, 7)
        body = province.to_bytes(2, "big") + city.to_bytes(2, "big")
        body += b"SJ808".ljust(maker, b"\0") + b"SJ-VT8".ljust(model, b"\0") + terminal.encode().ljust(name, b"\0")
        body += bytes([colour]) + plate.encode("gbk")
        label = {1: "blue", 2: "yellow", 3: "black", 4: "white"}[colour]
        values = {"province": province, "city": city, "maker": "SJ808", "model": "SJ-VT8", "terminal_id": terminal}
        return self.say(0x0100, body, values | {"plate_colour": label, "plate": plate})

    def authenticate(self, code: str) -> Message:
        body, values = code.encode(), {"code": code}
        if self.edition == 2019:
            body = bytes([len(body)]) + body + b"867330040012345" + b"SJ-VT8 2.4.1".ljust(20, b"\0")
            values |= {"imei": "867330040012345", "software_version": "SJ-VT8 2.4.1"}
        return self.say(0x0102, body, values)

    def heartbeat(self) -> Message:
        return self.say(0x0002, b"", {})

    def log_out(self) -> Message:
        return self.say(0x0003, b"", {})

    def answer(self, to: Message, result: int = 0) -> Message:
        return acknowledge(self, 0x0001, to, result)

    @staticmethod
    def report(fix: Fix, kilometres: float, fuel: float, emergency: bool = False, loaded: int = 0, far: bool = True):
        """(body, values) of a location report."""
        status = 0x1 | (2 if fix.valid else 0) | loaded << 8 | (0x80000 if fix.valid else 0)
        north, east = round(fix.latitude * 1e6), round(fix.longitude * 1e6)
        height, speed, course = round(fix.height), round(fix.speed * 10), round(fix.course) % 360
        body = int(emergency).to_bytes(4, "big") + status.to_bytes(4, "big")
        body += north.to_bytes(4, "big") + east.to_bytes(4, "big")
        body += b"".join(v.to_bytes(2, "big") for v in (height, speed, course))
        body += bytes.fromhex(time.strftime("%y%m%d%H%M%S", time.gmtime(int(fix.time) + 8 * 3600)))
        mileage, litres = round(kilometres * 10), round(fuel * 10)
        body += b"\x01\x04" + mileage.to_bytes(4, "big") + b"\x02\x02" + litres.to_bytes(2, "big")
        values = {
            "emergency": emergency,
            "acc_on": True,
            "positioned": fix.valid,
            "load": ("empty", "half", "", "full")[loaded],
        }
        values |= {"latitude": north / 1e6, "longitude": east / 1e6, "height": height, "speed": speed / 10}
        values |= {"course": course, "utc": stamp(int(fix.time)), "mileage": mileage / 10, "fuel": litres / 10}
        if far:  # further items, one of which only its maker knows
            body += b"\x30\x01\x1a\x31\x01" + bytes([fix.satellites]) + b"\xe1\x02\x09\xc4"
            values |= {"network_strength": 26, "satellites": fix.satellites}
        return body, values

    def locate(self, body: bytes, values: dict) -> Message:
        """0x0200 of what `report` gave."""
        return self.say(0x0200, body, values)

    def batch(self, reports: list, late: bool) -> Message:
        """0x0704 of what `report` gave."""
        body, kind = len(reports).to_bytes(2, "big") + bytes([late]), "late" if late else "ordinary"
        for octets, _ in reports:
            body += len(octets).to_bytes(2, "big") + octets
        head = {"count": len(reports), "kind": kind}
        message = self.say(0x0704, body, head)
        same = {k: message.parameters[k] for k in ("phone", "flow_number", "version")}
        message.entries = [Message(b"", "jtt-808", "0x0704 entry", same | head | values) for _, values in reports]
        return message


def acknowledge(speaker: Speaker, number: int, to: Message, result: int) -> Message:
    """0x0001 or 0x8001: the answer to a message."""
    flow, name = to.parameters["flow_number"], to.type
    body = flow.to_bytes(2, "big") + bytes.fromhex(name[2:]) + bytes([result])
    label = ("success", "failure", "bad_message", "not_supported", "alarm_confirmed")[result]
    return speaker.say(number, body, {"answered_flow": flow, "answered_id": name, "result": label})


class Platform(Speaker):
    """The platform's end of a vehicle's connection."""

    def registered(self, to: Message, code: str) -> Message:
        body = to.parameters["flow_number"].to_bytes(2, "big") + b"\x00" + code.encode()
        values = {"answered_flow": to.parameters["flow_number"], "result": "success", "code": code}
        return self.say(0x8100, body, values)

    def answer(self, to: Message, result: int = 0) -> Message:
        return acknowledge(self, 0x8001, to, result)

    def text(self, text: str, flags: int) -> Message:
        kind = b"\x01" if self.edition == 2019 else b""
        return self.say(0x8300, bytes([flags]) + kind + text.encode("gbk"), {"text": text})
