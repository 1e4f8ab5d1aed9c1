"""Frames in what UDP and TCP carry, by a reader that knows nothing of Starlane's: for `simulated.py`.

Each segment is checked as strictly as it can be: checksums of IP and TCP, options of the opening, numbers that go on, copies that are
what came before, answers to every second segment and to all of a frame, and the closing.
"""
import collections
import hashlib
import struct

Frame = collections.namedtuple("Frame", "number time interface octets offset segments connection")
FIN, SYN, PSH, ACK = 1, 2, 8, 16


def total(octets):
    """The ones' complement sum of RFC 1071."""
    octets += bytes(len(octets) % 2)
    value = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while value > 0xFFFF:
        value = (value & 0xFFFF) + (value >> 16)
    return value


class Connection:
    """One connection, from its opening to its end."""

    def __init__(self, sequence):
        self.next = sequence + 1 & 0xFFFFFFFF
        self.other = None
        self.octets = bytearray()
        # Where each segment begins in the stream, with its packet: number, time, interface.
        self.segments = []
        self.unanswered = 0
        self.isAccepted = self.isPushed = False
        self.closed = set()
        self.last = None


class Reader:
    def __init__(self, framing, length):
        kind, _, rest = framing.partition(":")
        options = dict(part.split("=") for part in rest.split(",")[1:])
        if kind == "marker":
            self.front = bytes.fromhex(rest)
        elif kind == "length":
            value = length - int(options.get("adjust", 0))
            self.front = bytes(int(options.get("offset", 0))) + value.to_bytes(int(rest.split(",")[0]), "big")
        else:
            self.front = b""
        self.length = length
        self.problems = []
        self.copies, self.connections = collections.Counter(), collections.Counter()
        self.open = {}
        self.all = []
        self.isStream = False
        self.closed = 0

    def wrong(self, number, words):
        self.problems.append(f"packet {number}: {words}")

    def digests(self):
        """Of each stream, in the order of opening."""
        return [hashlib.sha256(connection.octets).hexdigest() for connection in self.all]

    def piece(self, number, octets):
        """A frame behind what stands in front of it."""
        if octets[:len(self.front)] != self.front:
            self.wrong(number, f"{octets[:len(self.front)].hex()} stands in front of a frame")
        return bytes(octets[len(self.front):])

    def frames(self, packets):
        for number, (interface, time, octets) in enumerate(packets, 1):
            if total(octets[14:34]) != 0xFFFF or struct.unpack_from(">H", octets, 16)[0] != len(octets) - 14:
                self.wrong(number, "the head of IP is wrong")
            ends = octets[26:34] + bytes([0, octets[23]]) + struct.pack(">H", len(octets) - 34)
            if total(ends + octets[34:]) != 0xFFFF:
                self.wrong(number, "the checksum of UDP or TCP is wrong")
            if octets[23] == 17:
                frame = self.piece(number, octets[42:])
                if len(frame) != self.length:
                    self.wrong(number, f"a frame of {len(frame)} octets")
                yield Frame(number, time, interface, frame, 42 + len(self.front), 1, None)
            elif self.segment(number, time, interface, octets):
                self.isStream = True
        for connection in self.all:
            self.closed += len(connection.closed) == 2
            if connection.unanswered:
                self.problems.append("the last segment of a connection is not answered")
            yield from self.cut(connection)

    def cut(self, connection):
        size = len(self.front) + self.length
        if len(connection.octets) % size:
            self.problems.append(f"{len(connection.octets)} octets of a stream are no whole frames")
        starts = {start: index for index, (start, *_) in enumerate(connection.segments)}
        for start in range(0, len(connection.octets) - size + 1, size):
            index = starts.get(start)
            if index is None:
                self.problems.append("a frame begins inside a segment")
                continue
            _, number, time, interface = connection.segments[index]
            count = sum(start <= begin < start + size for begin, *_ in connection.segments[index:index + 8])
            frame = self.piece(number, connection.octets[start:start + size])
            yield Frame(number, time, interface, frame, 54 + len(self.front), count, id(connection))

    def segment(self, number, time, interface, octets):
        source, destination, sequence, acknowledged, control = struct.unpack_from(">HHIIH", octets, 34)
        head, flags, carried = control >> 12, control & 0x3F, octets[34 + (control >> 12) * 4:]
        ends = (interface, octets[26:30], source, octets[30:34], destination)
        other = (interface, octets[30:34], destination, octets[26:30], source)
        if len(octets) > 1514:
            self.wrong(number, "a segment is too long for Ethernet")
        if flags & SYN:
            if octets[54:34 + head * 4] != bytes([2, 4, 5, 180, 1, 3, 3, 7]):
                self.wrong(number, f"options {octets[54:34 + head * 4].hex()}")
            if flags == SYN:
                if ends in self.open:
                    self.wrong(number, "a port is used again")
                self.open[ends] = Connection(sequence)
                self.all.append(self.open[ends])
                self.connections[interface] += 1
            else:
                self.answer(number, self.open[other], acknowledged).other = sequence + 1 & 0xFFFFFFFF
            return True
        if ends in self.open:
            connection = self.open[ends]
            if acknowledged != connection.other:
                self.wrong(number, "the sender acknowledges something else")
            connection.isAccepted = True
            if carried and sequence != connection.next:
                # A copy is what came right before.
                if (sequence, carried) != connection.last:
                    self.wrong(number, "a segment is out of its place")
                self.copies[interface] += 1
                connection.unanswered += 1
                return True
            if sequence != connection.next:
                self.wrong(number, "a number is out of its place")
            if carried:
                if connection.unanswered >= 2 or connection.isPushed:
                    self.wrong(number, "what came before is not answered")
                connection.segments.append((len(connection.octets), number, time, interface))
                connection.octets += carried
                connection.unanswered += 1
                connection.isPushed = bool(flags & PSH)
                connection.last = (sequence, carried)
            connection.next = sequence + len(carried) + bool(flags & FIN) & 0xFFFFFFFF
            if flags & FIN:
                connection.closed.add("sender")
            return True
        connection = self.answer(number, self.open[other], acknowledged)
        if carried or sequence != connection.other or flags & ~(ACK | FIN):
            self.wrong(number, "the receiver says something else than that it got all")
        if flags & FIN:
            connection.closed.add("receiver")
            connection.other = sequence + 1 & 0xFFFFFFFF
        return True

    def answer(self, number, connection, acknowledged):
        if acknowledged != connection.next:
            self.wrong(number, "an answer to something else than all that came")
        connection.unanswered, connection.isPushed = 0, False
        return connection
