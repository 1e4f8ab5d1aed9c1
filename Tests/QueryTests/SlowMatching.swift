/// Patterns as the slow evaluator knows them: just those that its filters use, each written out.
enum SlowPattern {
    /// The patterns that filters may use.
    static let all = ["sos", "^A", "c$", "^$", "a.c", "[0-9]+", "^(a|sos)", "(?-i)SOS", "x*"]

    static func isFound(_ pattern: [UInt8], in octets: [UInt8]) -> Bool {
        let small = octets.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        func contains(_ text: String, in octets: [UInt8]) -> Bool {
            let part = Array(text.utf8)
            return octets.indices.contains { octets[$0...].starts(with: part) }
        }
        switch String(decoding: pattern, as: UTF8.self) {
        case "sos": return contains("sos", in: small)
        case "^A": return small.first == UInt8(ascii: "a")
        case "c$": return small.last == UInt8(ascii: "c")
        case "^$": return octets.isEmpty
        case "a.c":
            // The texts have nothing but single octets between an a and a c.
            for index in small.indices where index + 2 < small.count {
                let (first, second, third) = (small[index], small[index + 1], small[index + 2])
                if first == UInt8(ascii: "a"), second < 0x80, third == UInt8(ascii: "c") { return true }
            }
            return false
        case "[0-9]+": return octets.contains { (0x30...0x39).contains($0) }
        case "^(a|sos)": return small.first == 0x61 || small.starts(with: Array("sos".utf8))
        case "(?-i)SOS": return contains("SOS", in: octets)
        case "x*": return true
        default: fatalError("no such pattern")
        }
    }
}

/// Addresses as the slow evaluator reads them: bit by bit.
enum SlowAddress {
    static func isInside(_ address: [UInt8], _ text: String) -> Bool {
        let parts = text.split(separator: "/").map(String.init)
        let wanted = octets(parts[0])
        guard wanted.count == address.count else { return false }
        let count = parts.count > 1 ? Int(parts[1]) ?? 0 : wanted.count * 8
        return (0..<count).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address[bit / 8] & mask == wanted[bit / 8] & mask
        }
    }

    /// `10.0.0.1`, or an IPv6 address with at most one `::`.
    private static func octets(_ text: String) -> [UInt8] {
        if text.contains(".") { return text.split(separator: ".").compactMap { UInt8($0) } }
        func groups(_ text: Substring) -> [UInt8] {
            text.split(separator: ":").flatMap { part -> [UInt8] in
                let value = UInt16(part, radix: 16) ?? 0
                return [UInt8(value >> 8), UInt8(value & 255)]
            }
        }
        guard let gap = text.firstRange(of: "::") else { return groups(text[...]) }
        let (front, back) = (groups(text[..<gap.lowerBound]), groups(text[gap.upperBound...]))
        let zeros = [UInt8](repeating: 0, count: 16 - front.count - back.count)
        return [front, zeros, back].flatMap { $0 }
    }
}
