internal import Glibc

/// Addresses that begin with the same bits.
package struct AddressRange: Equatable {
    /// 4 octets or 16.
    package let octets: [UInt8]
    /// How many bits count.
    package let bits: Int

    /// `10.0.0.0/8`, `10.0.0.1`, `fe80::/10`; nil for what is no address.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let found = Self.octets(of: parts[0]) else { return nil }
        octets = found
        guard parts.count == 2 else {
            bits = found.count * 8
            return
        }
        guard let given = Int(parts[1]), (0...found.count * 8).contains(given) else { return nil }
        bits = given
    }

    private static func octets(of text: String) -> [UInt8]? {
        var address = [UInt8](repeating: 0, count: 16)
        // inet_pton writes 4 octets or 16 into an array of 16.
        if unsafe inet_pton(AF_INET, text, &address) == 1 { return Array(address.prefix(4)) }
        return unsafe inet_pton(AF_INET6, text, &address) == 1 ? address : nil
    }

    /// Whether an address is one of them.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == octets.count else { return false }
        for index in 0..<bits / 8 where address[index] != octets[index] { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return address[bits / 8] & mask == octets[bits / 8] & mask
    }
}
