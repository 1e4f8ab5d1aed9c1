"""Capture files: Ethernet, IPv4, UDP and TCP around a payload; classic pcap and pcapng around packets."""

import struct


def checksum(octets: bytes) -> int:
    if len(octets) % 2:
        octets += b"\x00"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address(text: str) -> bytes:
    return bytes(map(int, text.split(".")))


def hardware(text: str) -> bytes:
    """A locally administered hardware address made of an IPv4 address."""
    return b"\x02\x00" + address(text)


def ethernet(source: str, target: str, kind: int, body: bytes) -> bytes:
    return hardware(target) + hardware(source) + kind.to_bytes(2, "big") + body


class Host:
    """One end of the conversations; counts its IPv4 identifications."""

    def __init__(self, ip: str):
        self.ip, self.identification = ip, 1

    def ipv4(self, target: str, protocol: int, body: bytes) -> bytes:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), self.identification & 0xFFFF, 0x4000, 62, protocol, 0)
        self.identification += 1
        head += address(self.ip) + address(target)
        head = head[:10] + checksum(head).to_bytes(2, "big") + head[12:]
        return ethernet(self.ip, target, 0x0800, head + body)

    def pseudo(self, target: str, protocol: int, length: int) -> bytes:
        return address(self.ip) + address(target) + struct.pack(">BBH", 0, protocol, length)

    def udp(self, port: int, target: str, target_port: int, body: bytes) -> bytes:
        head = struct.pack(">HHHH", port, target_port, 8 + len(body), 0)
        total = checksum(self.pseudo(target, 17, 8 + len(body)) + head + body) or 0xFFFF
        return self.ipv4(target, 17, head[:6] + total.to_bytes(2, "big") + body)

    def tcp(
        self, port: int, target: str, target_port: int, sequence: int, acknowledge: int, flags: int, body=b""
    ) -> bytes:
        head = struct.pack(
            ">HHIIBBHHH", port, target_port, sequence & 0xFFFFFFFF, acknowledge & 0xFFFFFFFF, 5 << 4, flags, 64240, 0, 0
        )
        total = checksum(self.pseudo(target, 6, 20 + len(body)) + head + body)
        return self.ipv4(target, 6, head[:16] + total.to_bytes(2, "big") + head[18:] + body)


def arp(asks: str, wanted: str, answer: bool) -> bytes:
    """A request for a hardware address, or the reply to it."""
    sender, target = (wanted, asks) if answer else (asks, wanted)
    body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2 if answer else 1) + hardware(sender) + address(sender)
    body += (hardware(target) if answer else bytes(6)) + address(target)
    if answer:
        return ethernet(sender, target, 0x0806, body)
    return b"\xff" * 6 + hardware(sender) + b"\x08\x06" + body


def dns(name: str, number: int, answer: str = "") -> bytes:
    """A question for a name's address, or its answer."""
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\x00\x00\x01\x00\x01"
    head = struct.pack(">HHHHHH", number, 0x8180 if answer else 0x0100, 1, 1 if answer else 0, 0, 0)
    tail = struct.pack(">HHHIH", 0xC00C, 1, 1, 300, 4) + address(answer) if answer else b""
    return head + question + tail


def pcap(packets, link: int = 1, order: str = "<", nano: bool = False) -> bytes:
    """A classic file of (nanoseconds since 1970, octets)."""
    result = struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    for time, octets in packets:
        seconds, part = divmod(time, 10**9)
        result += (
            struct.pack(order + "IIII", seconds, part if nano else part // 1000, len(octets), len(octets)) + octets
        )
    return result


def padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)


def option(code: int, value) -> bytes:
    octets = value.encode() if isinstance(value, str) else value
    return struct.pack("<HH", code, len(octets)) + padded(octets)


def block(kind: int, body: bytes) -> bytes:
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


END = struct.pack("<I", 0)


def section(comment: str) -> bytes:
    options = option(1, comment) + option(2, "x86-64") + option(3, "Linux") + option(4, "Starlane fixtures") + END
    return block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + options)


def interface(name: str, description: str, digits: int) -> bytes:
    options = option(2, name) + option(3, description) + option(9, bytes([digits])) + END
    return block(1, struct.pack("<HHI", 1, 0, 262144) + options)


def names(table: dict) -> bytes:
    """A name resolution block."""
    body = b""
    for ip, name in table.items():
        body += option(1, address(ip) + name.encode() + b"\x00")
    return block(4, body + END)


def enhanced(number: int, ticks: int, octets: bytes, comment: str = "") -> bytes:
    body = struct.pack("<IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(octets), len(octets)) + padded(octets)
    return block(6, body + (option(1, comment) + END if comment else b""))


def statistics(number: int, ticks: int, received: int, dropped: int) -> bytes:
    body = struct.pack("<III", number, ticks >> 32, ticks & 0xFFFFFFFF)
    return block(5, body + option(4, struct.pack("<Q", received)) + option(5, struct.pack("<Q", dropped)) + END)
