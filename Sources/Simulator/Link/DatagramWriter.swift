internal import Bytes

/// Wraps octets into UDP, IPv4 and Ethernet for one flow (RFC 768, RFC 791).
struct DatagramWriter {
    /// Octets in front of what is wrapped.
    static let headerSize = 42
    private let head: [UInt8]
    private var identification: UInt16 = 0

    /// - Parameters:
    ///   - source, destination: IPv4 addresses, and ports.
    init(from source: (address: UInt32, port: UInt16), to destination: (address: UInt32, port: UInt16)) {
        func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> UInt32($0) & 0xFF) } }
        func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
        // Addresses of Ethernet that were never sold, made of those of IP.
        let ethernet = [0x02, 0x00] + big(destination.address) + [0x02, 0x00] + big(source.address) + [0x08, 0x00]
        let ip: [UInt8] = [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0] + big(source.address) + big(destination.address)
        head = ethernet + ip + big(source.port) + big(destination.port) + [0, 0, 0, 0]
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
        set(Self.checksum(Self.sum(head[14..<34])), at: 24)
        // The pseudo-header: both addresses, the protocol, and the length once more.
        var sum = Self.sum(head[26..<34]) + 17 + UInt64(length) + Self.sum(head[34..<42])
        sum += Self.sum(octets)
        let check = Self.checksum(sum)
        set(check == 0 ? 0xFFFF : check, at: 40)
        out.append(octets: head)
        out.append(octets)
    }

    private static func sum(_ octets: ArraySlice<UInt8>) -> UInt64 {
        stride(from: octets.startIndex, to: octets.endIndex, by: 2).reduce(0) {
            $0 + UInt64(octets[$1]) << 8 + UInt64(octets[$1 + 1])
        }
    }

    private static func sum(_ octets: RawSpan) -> UInt64 {
        var (sum, index): (UInt64, Int) = (0, 0)
        while index + 4 <= octets.byteCount {
            sum &+= UInt64(octets.u32(at: index))
            index += 4
        }
        sum = (sum & 0xFFFF) &+ (sum &>> 16)
        if index + 2 <= octets.byteCount {
            sum += UInt64(octets.u16(at: index))
            index += 2
        }
        if index < octets.byteCount { sum += UInt64(octets.u8(at: index)) << 8 }
        return sum
    }

    private static func checksum(_ sum: UInt64) -> Int {
        var sum = sum
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + sum >> 16 }
        return Int(~sum & 0xFFFF)
    }
}
