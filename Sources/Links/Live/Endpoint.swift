internal import Glibc

/// An address and a port of the Internet.
struct Endpoint: Hashable {
    var isIPv6 = false
    /// The address as a number; that of IPv4 stands in the low half.
    var high: UInt64 = 0
    var low: UInt64 = 0
    var port: UInt16 = 0

    init(isIPv6: Bool, high: UInt64, low: UInt64, port: UInt16) {
        (self.isIPv6, self.high, self.low, self.port) = (isIPv6, high, low, port)
    }

    /// What a C structure of an address says; an IPv4 address that is mapped to IPv6 is the IPv4 address.
    init?(_ address: SocketAddress) {
        let octets = address.octets
        func number(_ at: Int, _ count: Int) -> UInt64 { octets[at..<at + count].reduce(0) { $0 << 8 | UInt64($1) } }
        switch address.family {
        case AF_INET where octets.count >= 8:
            self.init(isIPv6: false, high: 0, low: number(4, 4), port: UInt16(number(2, 2)))
        case AF_INET6 where octets.count >= 24:
            let (high, low) = (number(8, 8), number(16, 8))
            if high == 0, low >> 32 == 0xFFFF {
                self.init(isIPv6: false, high: 0, low: low & 0xFFFF_FFFF, port: UInt16(number(2, 2)))
            } else {
                self.init(isIPv6: true, high: high, low: low, port: UInt16(number(2, 2)))
            }
        default: return nil
        }
    }

    /// Whether it is that of a multicast group.
    var isGroup: Bool { isIPv6 ? high >> 56 == 0xFF : low >> 28 == 0xE }
}

extension SocketAddress {
    /// The address that a call of the system writes: getsockname(2) and its kin. Nil when it refuses.
    init?(_ ask: (UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>) -> Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // The room is as long as the call is told; the system says how much of it it filled.
        let status = unsafe withUnsafeMutableBytes(of: &storage) { room in
            unsafe ask(room.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard status >= 0 else { return nil }
        let filled = Int(length)
        let octets = unsafe withUnsafeBytes(of: storage) { unsafe [UInt8]($0.prefix(filled)) }
        self.init(family: Int32(storage.ss_family), octets: octets)
    }
}
