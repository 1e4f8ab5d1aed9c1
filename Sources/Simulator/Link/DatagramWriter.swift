internal import Bytes

/// Wraps octets into UDP, IPv4 and Ethernet for one flow (RFC 768, RFC 791).
struct DatagramWriter {
    /// Octets in front of what a datagram carries: Ethernet's 14, IP's 20, UDP's 8.
    static let headSize = 42

    /// The head without what differs from one datagram to the next.
    private let head: [UInt8]
    /// The sums of what it has: of IP's head, and of addresses, protocol and ports, which UDP's checksum covers.
    private let internetSum: UInt64, endsSum: UInt64
    private var identification: UInt16 = 0

    /// - Parameters:
    ///   - source, destination: IPv4 addresses, and ports.
    init(from source: (address: UInt32, port: UInt16), to destination: (address: UInt32, port: UInt16)) {
        var head: [UInt8] = []
        head.reserveCapacity(Self.headSize)
        head.append(ethernetFrom: source.address, to: destination.address)
        head.append(internetFrom: source.address, to: destination.address, protocolNumber: 17)
        head.append(big: source.port)
        head.append(big: destination.port)
        head.append(big: UInt32(0))
        self.head = head
        internetSum = UInt64(head.octets.internetSum(at: 14, count: 20))
        endsSum = UInt64(head.octets.internetSum(at: 26, count: 12)) + 17
    }

    /// Adds octets, with `front` in front of them, wrapped; together they are fewer than 65,508.
    mutating func append(_ octets: RawSpan, behind front: RawSpan = RawSpan(), to out: ByteBuffer) {
        let start = out.count
        let length = UInt16(truncatingIfNeeded: front.byteCount + octets.byteCount + 8)
        out.append(head.octets)
        out.append(front)
        out.append(octets)
        out.store(length + 20, at: start + 16)
        out.store(identification, at: start + 18)
        out.store(~InternetChecksum.fold(internetSum + UInt64(length + 20) + UInt64(identification)), at: start + 24)
        identification &+= 1
        out.store(length, at: start + 38)
        // The pseudo-header: both addresses, the protocol, and the length once more; then what is checked.
        let carried = out.bytes.internetSum(at: start + Self.headSize, count: Int(length) - 8)
        let check = ~InternetChecksum.fold(endsSum + 2 * UInt64(length) + UInt64(carried))
        out.store(check == 0 ? 0xFFFF : check, at: start + 40)
    }
}

extension [UInt8] {
    /// Adds Ethernet's head of IPv4, with addresses that were never sold, made of those of IP.
    mutating func append(ethernetFrom source: UInt32, to destination: UInt32) {
        self += [0x02, 0x00]
        append(big: destination)
        self += [0x02, 0x00]
        append(big: source)
        append(big: UInt16(0x0800))
    }

    /// Adds IP's head (RFC 791, 3.1) without length, identification and checksum; it is not to be cut.
    mutating func append(internetFrom source: UInt32, to destination: UInt32, protocolNumber: UInt8) {
        self += [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocolNumber, 0, 0]
        append(big: source)
        append(big: destination)
    }
}
