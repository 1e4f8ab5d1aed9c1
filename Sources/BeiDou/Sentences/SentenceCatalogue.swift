internal import Bytes

/// All plans, and how a sentence finds its own by its name.
package final class SentenceCatalogue: Sendable {
    package static let shared = SentenceCatalogue()

    package let plans: [SentencePlan]
    /// The number behind those of the plans.
    var unknown: Int { plans.count }

    /// Numbers from here on are rules for names that several layouts have, and ``missing``.
    static let firstRule: UInt16 = 0xFF00
    private static let missing: UInt16 = 0xFFFF

    private enum Rule: UInt16, CaseIterable {
        case gsa = 0xFF00
        case zda, ici, fki

        var name: String {
            switch self {
            case .gsa: "GSA"
            case .zda: "ZDA"
            case .ici: "ICI"
            case .fki: "FKI"
            }
        }
    }

    /// A hash table of names packed in 24 bits: name above number.
    private let slots: [UInt64]
    private let gsa, longGSA, zda, rdssZDA, ici, queryNamedICI, fki, shortFKI, regionalFKI: Int

    private init() {
        let layouts = NMEALayouts.all + RDSSLayouts.all + RegionalLayouts.all
        plans = layouts.map { SentencePlan($0) }
        func number(_ dialect: Dialect, _ name: String, _ form: Int = 0) -> Int {
            let found = layouts.indices.filter { layouts[$0].dialect == dialect && layouts[$0].name == name }
            precondition(form < found.count, "a rule names a layout that is there")
            return found[form]
        }
        (gsa, longGSA) = (number(.nmea, "GSA"), number(.nmea, "GSA", 1))
        (zda, rdssZDA) = (number(.nmea, "ZDA"), number(.rdss2, "ZDA"))
        (ici, queryNamedICI) = (number(.rdss2, "ICI"), number(.rdss2, "ICI", 1))
        (fki, shortFKI, regionalFKI) = (number(.rdss2, "FKI"), number(.rdss2, "FKI", 1), number(.regional, "FKI"))
        var slots = [UInt64](repeating: UInt64(Self.missing), count: 512)
        func add(_ name: String, _ number: UInt16) {
            var key: UInt64 = 0
            for (index, letter) in name.utf8.enumerated() { key |= UInt64(letter) << (8 * UInt64(index)) }
            var slot = Self.slot(UInt32(truncatingIfNeeded: key))
            while slots[slot] != UInt64(Self.missing) { slot = (slot + 1) & 511 }
            slots[slot] = key << 16 | UInt64(number)
        }
        let ruled = Set(Rule.allCases.map(\.name))
        for rule in Rule.allCases { add(rule.name, rule.rawValue) }
        for (index, layout) in layouts.enumerated() where !ruled.contains(layout.name) {
            add(layout.name, UInt16(truncatingIfNeeded: index))
        }
        self.slots = slots
    }

    @inline(__always)
    private static func slot(_ key: UInt32) -> Int { Int((key &* 0x9E37_79B1) &>> 23) }

    /// The number of the plan or rule with this name, its first letter in the lowest octet.
    @inline(__always)
    func find(_ key: UInt32) -> UInt16 {
        var slot = Self.slot(key)
        while true {
            let entry = slots[slot]
            if entry &>> 16 == UInt64(key) || entry == UInt64(Self.missing) {
                return UInt16(truncatingIfNeeded: entry)
            }
            slot = (slot &+ 1) & 511
        }
    }

    /// The layout of a sentence whose name several have.
    func choose(_ rule: UInt16, _ message: RawSpan) -> Int {
        switch Rule(rawValue: rule) {
        // Twelve numbers more are twelve commas more.
        case .gsa: return message.byteCount > 40 && commas(message) >= 29 ? longGSA : gsa
        case .zda: return commas(message) >= 9 ? rdssZDA : zda
        // The card query under the answer's name has two columns.
        case .ici: return commas(message) <= 2 ? queryNamedICI : ici
        case .fki:
            // BeiDou-3 begins with a time, 2.1 with the name of a sentence.
            if message.byteCount > 10, !ASCII.isLetter(message.u8(at: 7)) { return regionalFKI }
            return commas(message) == 4 ? shortFKI : fki
        case nil: return unknown
        }
    }

    /// Commas of a sentence, and so columns behind its name.
    private func commas(_ message: RawSpan) -> Int {
        var count = 0
        var place = 0
        while place &+ 8 <= message.byteCount {
            // The sum of the marks, in the highest octet.
            let marks = Word.marks(of: ASCII.comma, in: message.u64le(at: place)) &>> 7
            count &+= Int(truncatingIfNeeded: (marks &* Word.ones) &>> 56)
            place &+= 8
        }
        while place < message.byteCount {
            if message.u8(at: place) == ASCII.comma { count &+= 1 }
            place &+= 1
        }
        return count
    }
}
