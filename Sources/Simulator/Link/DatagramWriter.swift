internal import Bytes

/// Wraps octets into UDP, IPv4 and Ethernet for one flow (RFC 768, RFC 791).
struct DatagramWriter {
    /// Octets in front of what a datagram carries: Ethernet's 14, IP's 20, UDP's 8.
    static let headSize = 42

    private let head: [UInt8]
    private var identification: UInt16 = 0

    /// - Parameters:
    ///   - source, destination: IPv4 addresses, and ports.
    init(from source: (address: UInt32, port: UInt16), to destination: (address: UInt32, port: UInt16)) {
        // Addresses of Ethernet that were never sold, made of those of IP.
        var head: [UInt8] = [0x02, 0x00]
        head.append(big: destination.address)
        head += [0x02, 0x00]
        head.append(big: source.address)
        head += [0x08, 0x00, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0]
        head.append(big: source.address)
        head.append(big: destination.address)
        head.append(big: source.port)
        head.append(big: destination.port)
        self.head = head + [0, 0, 0, 0]
    }

    /// Adds octets, wrapped; they are fewer than 65,508.
    mutating func append(_ octets: RawSpan, to out: ByteBuffer) {
        var head = head
        func set(_ value: Int, at place: Int) {
            (head[place], head[place + 1]) = (UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
        }
        let length = octets.byteCount + 8
        set(length + 20, at: 16)
        set(Int(identification), at: 18)
        identification &+= 1
        set(length, at: 38)
        set(Int(~head.octets.internetSum(at: 14, count: 20)), at: 24)
        // The pseudo-header: both addresses, the protocol, and the length once more; then what is checked.
        let ends = UInt64(head.octets.internetSum(at: 26, count: 16))
        let carried = UInt64(octets.internetSum(at: 0, count: octets.byteCount))
        let check = ~InternetChecksum.fold(ends + 17 + UInt64(length) + carried)
        set(check == 0 ? 0xFFFF : Int(check), at: 40)
        out.append(octets: head)
        out.append(octets)
    }
}
