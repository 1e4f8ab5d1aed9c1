internal import Bytes

/// Wraps octets into TCP, IPv4 and Ethernet: the connections from one place to another, one behind the other (RFC 9293).
///
/// It knows nothing of time: what is asked of it is written in the order in which it is asked.
struct SegmentWriter {
    /// Octets in front of what a segment carries: Ethernet's 14, IP's 20, TCP's 20.
    static let headSize = 54
    /// Octets that a segment carries at the most: what is left of the 1,500 of Ethernet.
    static let most = 1460

    /// Who a segment is from.
    enum End { case sender, receiver }

    /// What flags say (RFC 9293, 3.1).
    private enum Flag {
        static let finish: UInt8 = 1, synchronize: UInt8 = 2, push: UInt8 = 8, acknowledge: UInt8 = 16
    }

    /// One end of the connection that is there.
    private struct Side {
        /// Its segments' head without what differs from one to the next.
        var head: [UInt8]
        /// The number of its next octet.
        var next: UInt32 = 0
        var identification: UInt16 = 0
    }

    private var sender: Side, receiver: Side
    private let randoms: RandomSource
    private let place: Int
    /// How many there were, the one that is there among them.
    private(set) var connections = 0

    /// The most octets of a segment, and by how many bits windows are to be moved (RFC 9293, 3.7.1; RFC 7323, 2.2).
    private static let options: [UInt8] = [2, 4, UInt8(most >> 8), UInt8(most & 0xFF), 1, 3, 3, 7]
    /// The window of an opening, which is not moved, and of all else.
    private static let windows: (opening: UInt16, other: UInt16) = (64_240, 502)
    private static let nothing: [UInt8] = []
    /// Ports that a system gives away, and by how many the next one is further: beside those of the spacecraft next to it.
    private static let ports = (first: 32_768, count: 28_232, step: 9_973)

    /// - Parameters:
    ///   - source: an IPv4 address; each connection has a port of its own.
    ///   - destination: an IPv4 address, and a port.
    ///   - place: among those who send from the same address.
    ///   - randoms: what the first numbers of connections are made of.
    init(from source: UInt32, to destination: (address: UInt32, port: UInt16), place: Int, _ randoms: RandomSource) {
        func head(_ from: (address: UInt32, port: UInt16), _ to: (address: UInt32, port: UInt16)) -> Side {
            var head: [UInt8] = []
            head.append(ethernetFrom: from.address, to: to.address)
            head.append(internetFrom: from.address, to: to.address, protocolNumber: 6)
            head.append(big: from.port)
            head.append(big: to.port)
            return Side(head: head + [UInt8](repeating: 0, count: 16))
        }
        sender = head((source, 0), destination)
        receiver = head(destination, (source, 0))
        (self.place, self.randoms) = (place, randoms)
    }

    /// What is said without octets.
    enum Remark {
        /// Another connection, with a port and numbers of its own, is asked for, and taken by the receiver.
        case opens, accepts
        /// One end has got all that came.
        case acknowledges(End)
        /// One end sends nothing more.
        case finishes(End)
    }

    /// Adds a segment that carries nothing.
    mutating func say(_ remark: Remark, to out: ByteBuffer) {
        switch remark {
        case .opens:
            begin()
            append(.sender, Flag.synchronize, to: out)
        case .accepts: append(.receiver, Flag.synchronize | Flag.acknowledge, to: out)
        case .acknowledges(let end): append(end, Flag.acknowledge, to: out)
        case .finishes(let end): append(end, Flag.finish | Flag.acknowledge, to: out)
        }
    }

    private mutating func begin() {
        let port = Self.ports.first + (place + connections * Self.ports.step) % Self.ports.count
        let octets = (UInt8(port >> 8), UInt8(port & 0xFF))
        (sender.head[34], sender.head[35]) = octets
        (receiver.head[36], receiver.head[37]) = octets
        sender.next = UInt32(truncatingIfNeeded: randoms.bits(0, UInt64(connections)))
        receiver.next = UInt32(truncatingIfNeeded: randoms.bits(1, UInt64(connections)))
        connections += 1
    }

    /// A segment of the sender, with octets that are ``most`` at the most.
    ///
    /// - Parameter isLast: whether the receiver is to hand on what it has.
    mutating func carry(_ octets: RawSpan, behind front: RawSpan, isLast: Bool, to out: ByteBuffer) {
        append(.sender, isLast ? Flag.push | Flag.acknowledge : Flag.acknowledge, octets, behind: front, to: out)
    }

    private mutating func append(
        _ end: End, _ flags: UInt8, _ octets: RawSpan = RawSpan(), behind front: RawSpan = RawSpan(), to out: ByteBuffer
    ) {
        let start = out.count
        let opens = flags & Flag.synchronize != 0
        let (own, other) = end == .sender ? (sender.next, receiver.next) : (receiver.next, sender.next)
        let size = front.byteCount + octets.byteCount
        let taken = UInt32(size) + (flags & (Flag.synchronize | Flag.finish) != 0 ? 1 : 0)
        let identification: UInt16
        switch end {
        case .sender:
            out.append(sender.head.octets)
            identification = sender.identification
            sender.identification &+= 1
            sender.next &+= taken
        case .receiver:
            out.append(receiver.head.octets)
            identification = receiver.identification
            receiver.identification &+= 1
            receiver.next &+= taken
        }
        let acknowledged = flags & Flag.acknowledge != 0 ? other : 0
        let options = opens ? Self.options : Self.nothing
        out.append(options.octets)
        out.append(front)
        out.append(octets)
        let length = 20 + options.count + size
        out.store(UInt16(length + 20), at: start + 16)
        out.store(identification, at: start + 18)
        out.store(~out.bytes.internetSum(at: start + 14, count: 20), at: start + 24)
        out.store(UInt16(own >> 16), at: start + 38)
        out.store(UInt16(own & 0xFFFF), at: start + 40)
        out.store(UInt16(acknowledged >> 16), at: start + 42)
        out.store(UInt16(acknowledged & 0xFFFF), at: start + 44)
        out.store(UInt16((20 + options.count) / 4) << 12 | UInt16(flags), at: start + 46)
        out.store(opens ? Self.windows.opening : Self.windows.other, at: start + 48)
        // The pseudo-header, addresses, protocol and length, and all behind it.
        let sum = out.bytes.internetSum(at: start + 26, count: length + 8)
        out.store(~InternetChecksum.fold(UInt64(sum) + 6 + UInt64(length)), at: start + 50)
    }
}
