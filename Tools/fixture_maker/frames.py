"""Space packets into TM transfer frames of 1115 octets (132.0-B-3), and what is left of them when frames are lost."""

from dataclasses import dataclass, field

LENGTH = 1115
DATA = LENGTH - 6 - 4 - 2  # without primary header, OCF and FECF
IDLE_CHANNEL = 7
MARKER = bytes.fromhex("1acffc1d")


def crc16(octets: bytes) -> int:
    """FECF: x^16 + x^12 + x^5 + 1, preset to ones."""
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


@dataclass
class Frame:
    """A frame, the time it was complete, and the packets of which it holds a part."""

    octets: bytes
    time: float
    channel: int
    count: int
    parts: list  # packets, in order
    ends: list  # those of them that end here


@dataclass
class Channel:
    """What waits on one virtual channel."""

    waiting: bytearray = field(default_factory=bytearray)
    packets: list = field(default_factory=list)  # [packet or None for idle, start, end] as offsets into waiting
    count: int = 0
    since: float = 0.0


class Framer:
    """The master channel of one spacecraft."""

    def __init__(self, spacecraft: int, channels, counts: int):
        self.spacecraft = spacecraft
        self.channels = {v: Channel(count=counts + 37 * v & 255) for v in (*channels, IDLE_CHANNEL)}
        self.master = counts
        self.noise = 0xFFFFFFFF
        self.frames = []
        self.idle_packets = 0
        self.report = 17

    def add(self, channel: int, packet, octets: bytes, time: float):
        """A packet, whose frames are made as they fill."""
        queue = self.channels[channel]
        if not queue.waiting:
            queue.since = time
        start = len(queue.waiting)
        queue.waiting += octets
        queue.packets.append([packet, start, start + len(octets)])
        while len(queue.waiting) >= DATA:
            self.make(channel, time)

    def flush(self, channel: int, time: float):
        """Fills the frame that is begun with an idle packet and sends it."""
        queue = self.channels[channel]
        if not queue.waiting:
            return
        room = DATA - len(queue.waiting)
        if room < 7:
            room += DATA  # an idle packet cannot be so short: it goes on in the next frame
        header = (0x7FF).to_bytes(2, "big") + (0xC000 | self.idle_packets & 0x3FFF).to_bytes(2, "big")
        self.idle_packets += 1
        self.add(channel, None, header + (room - 7).to_bytes(2, "big") + bytes([0x55]) * (room - 6), time)

    def idle(self, time: float):
        """A frame of idle data only, on a channel of its own."""
        data = bytearray()
        while len(data) < DATA:
            octet = 0
            for _ in range(8):
                bit = (self.noise >> 31 ^ self.noise >> 21 ^ self.noise >> 1 ^ self.noise) & 1
                self.noise = (self.noise << 1 | bit) & 0xFFFFFFFF
                octet = octet << 1 | bit
            data.append(octet)
        self.emit(IDLE_CHANNEL, 0x7FE, bytes(data), time, [], [])

    def make(self, channel: int, time: float):
        queue = self.channels[channel]
        starts = [start for _, start, _ in queue.packets if 0 <= start < DATA]
        here = [p for p in queue.packets if p[1] < DATA]
        self.emit(
            channel,
            starts[0] if starts else 0x7FF,
            bytes(queue.waiting[:DATA]),
            time,
            [p for p, _, _ in here],
            [p for p, _, end in here if end <= DATA],
        )
        del queue.waiting[:DATA]
        queue.packets = [[p, start - DATA, end - DATA] for p, start, end in queue.packets if end > DATA]
        queue.since = time

    def emit(self, channel: int, pointer: int, data: bytes, time: float, parts, ends):
        queue = self.channels[channel]
        header = (self.spacecraft << 4 | channel << 1 | 1).to_bytes(2, "big")
        header += bytes([self.master & 255, queue.count & 255]) + (3 << 11 | pointer).to_bytes(2, "big")
        # CLCW of 232.0-B-4: COP-1, virtual channel 0, no flags, the FARM-B counter and the next frame expected.
        word = (1 << 24 | (self.report >> 2 & 3) << 9 | self.report & 255).to_bytes(4, "big")
        body = header + data + word
        self.frames.append(
            Frame(body + crc16(body).to_bytes(2, "big"), time, channel, queue.count & 255, list(parts), list(ends))
        )
        self.master += 1
        queue.count += 1
        if self.master % 9 == 0:
            self.report += 1


def delivered(frames, lost, damaged):
    """Of the frames that were sent: those a receiver can use, and for each the packets that are whole with it.

    A packet is whole when every frame that holds a part of it came through. Returns (frame, packets) for each frame
    that came, damaged ones with None.
    """
    needs = {}
    for index, frame in enumerate(frames):
        for packet in frame.parts:
            if packet is not None:
                needs.setdefault(id(packet), set()).add(index)
    bad = set(lost) | set(damaged)
    result = []
    for index, frame in enumerate(frames):
        if index in lost:
            continue
        if index in damaged:
            result.append((frame, None))
            continue
        result.append((frame, [p for p in frame.ends if p is not None and not needs[id(p)] & bad]))
    return result
