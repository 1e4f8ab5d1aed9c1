"""Conversations on links: which packets carry which messages, in datagrams and in streams that are cut anywhere."""

import json

from . import captures
from .expected import stamp

FIN, SYN, PUSH, ACK = 0x01, 0x02, 0x08, 0x10


class Network:
    """Packets on numbered links, and the messages that each completes."""

    def __init__(self, start: int):
        self.start, self.packets, self.hosts, self.last = start, [], {}, 0

    def host(self, ip: str) -> captures.Host:
        return self.hosts.setdefault(ip, captures.Host(ip))

    def put(self, seconds: float, link: int, wire: bytes, flow: str = "", done=(), comment: str = ""):
        """A packet at that time, or a little later where another one has it."""
        micros = round(seconds * 1e6)
        self.packets.append([micros, link, wire, flow, list(done), comment])

    def sorted(self):
        """Rows (nanoseconds, link, octets, flow, messages, comment), no two of one time. Messages get their packets."""
        rows, last = [], -1
        for micros, link, wire, flow, done, comment in sorted(self.packets, key=lambda p: p[0]):
            last = max(micros, last + 1)
            time = self.start * 10**9 + last * 1000
            for message in done:
                message.packet, message.captured = len(rows) + 1, time
            rows.append((time, link, wire, flow, done, comment))
        return rows


class Datagrams:
    """One way of a UDP conversation."""

    def __init__(self, network: Network, link: int, source, target):
        self.network, self.link, self.source, self.target = network, link, source, target
        self.flow = f"udp {source[0]}:{source[1]} > {target[0]}:{target[1]}"

    def send(self, seconds: float, *messages, cut: int = 0, comment: str = ""):
        """The messages in one datagram; with `cut` the last octets wait for a second one, 20 ms later."""
        octets = b"".join(m.line for m in messages)
        pieces = [(octets, messages)]
        if cut:
            pieces = [(octets[:-cut], messages[:-1]), (octets[-cut:], messages[-1:])]
        for number, (piece, done) in enumerate(pieces):
            wire = self.network.host(self.source[0]).udp(self.source[1], self.target[0], self.target[1], piece)
            self.network.put(seconds + 0.02 * number, self.link, wire, self.flow, done, comment)


class Connection:
    """A TCP connection: what either side says is one stream each, which is cut into segments by chance."""

    def __init__(self, network: Network, link: int, client, server, rng):
        self.network, self.link, self.rng, self.now = network, link, rng, 0.0
        self.ends = (client, server)
        self.sequence = [rng.randrange(1 << 32), rng.randrange(1 << 32)]
        self.held = [b"", b""]
        self.waiting = [[], []]  # messages that are not whole yet, each with the octets up to its end
        self.acknowledged = list(self.sequence)
        self.flows = [f"tcp {a[0]}:{a[1]} > {b[0]}:{b[1]}" for a, b in ((client, server), (server, client))]

    def packet(self, seconds: float, side: int, flags: int, octets: bytes = b"", done=()):
        self.now = max(seconds, self.now + 0.0004)
        (ip, port), (other, target) = self.ends[side], self.ends[1 - side]
        acknowledge = self.sequence[1 - side] if flags & ACK else 0
        wire = self.network.host(ip).tcp(port, other, target, self.sequence[side], acknowledge, flags, octets)
        self.network.put(self.now, self.link, wire, self.flows[side], done)
        self.sequence[side] = (self.sequence[side] + len(octets) + bool(flags & (SYN | FIN))) & 0xFFFFFFFF

    def open(self, seconds: float):
        self.packet(seconds, 0, SYN)
        self.packet(seconds + 0.012, 1, SYN | ACK)
        self.packet(seconds + 0.013, 0, ACK)

    def say(self, seconds: float, side: int, *messages, whole: bool = False):
        """Adds messages to a side's stream and sends what is there; now and then the last octets wait for the next."""
        for message in messages:
            self.waiting[side].append((message, len(self.held[side]) + len(message.octets)))
            self.held[side] += message.line
        keep = 0 if whole or self.rng.random() < 0.6 else self.rng.randint(1, 45)
        self.flush(seconds, side, min(keep, len(self.held[side]) - 1))

    def flush(self, seconds: float, side: int, keep: int = 0):
        while len(self.held[side]) > keep:
            size = min(len(self.held[side]) - keep, self.rng.choice((536, 1400, self.rng.randint(30, 500))))
            piece, self.held[side] = self.held[side][:size], self.held[side][size:]
            done = [m for m, end in self.waiting[side] if end <= size]
            self.waiting[side] = [(m, end - size) for m, end in self.waiting[side] if end > size]
            self.packet(seconds, side, PUSH | ACK, piece, done)
        # The other side has nothing to say for a while: it acknowledges.
        if self.rng.random() < 0.25:
            self.packet(self.now + 0.03, 1 - side, ACK)

    def close(self, seconds: float):
        for side in (0, 1):
            if self.held[side]:
                self.flush(seconds, side)
        self.packet(seconds + 0.01, 0, FIN | ACK)
        self.packet(seconds + 0.02, 1, FIN | ACK)
        self.packet(seconds + 0.03, 0, ACK)


def lines(messages) -> str:
    """A line of JSON for each (message, what says where it stands)."""
    result = []
    for message, place in messages:
        for found in [message, *message.entries]:
            record = dict(place)
            if message.captured:
                record["captured"] = stamp(message.captured)
            record |= {"dialect": found.dialect, "type": found.type}
            if found.size:
                record["octets"] = found.size
            record["parameters"] = found.parameters
            result.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(result)


def damages(messages) -> list:
    """Where a decoder should find what is no good, and why, of (message, what says where it stands)."""
    return [
        place | {"dialect": m.dialect, "type": m.type, "octets": len(m.octets), "why": m.defect}
        for m, place in messages
        if m.defect
    ]


def counts(messages) -> list:
    """How many there are of each type, for each flow, of (message, what says where it stands)."""
    rows = {}
    for message, place in messages:
        for found in [message, *message.entries]:
            rows.setdefault((place.get("flow", ""), found.dialect, found.type), []).append(found.size)
    result = []
    for (flow, dialect, kind), sizes in sorted(rows.items()):
        row = ({"flow": flow} if flow else {}) | {"dialect": dialect, "type": kind, "messages": len(sizes)}
        # What octets a report inside of another message has is for its reader to say.
        result.append(row | ({"octets": sum(sizes)} if sum(sizes) else {}))
    return result
