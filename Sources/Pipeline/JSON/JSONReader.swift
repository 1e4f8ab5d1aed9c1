internal import Bytes

/// Reads JSON (RFC 8259) octet by octet. False is: it is none.
struct JSONReader: ~Escapable {
    private let bytes: RawSpan
    /// Where it is, or where it ended since this is none.
    private(set) var at = 0
    /// What was read.
    var values: [ValueTape.Value] = []
    /// How many objects are open.
    private var depth: UInt8 = 0
    /// Whether texts have escapes, which are not looked at here.
    private(set) var hasEscapes = false

    /// Values nested deeper than that are refused.
    private static let deepest = 32

    /// Whether numbers that are not finite are read, too, as programs write them that know no better: `NaN`, `-Infinity`.
    private let allowsNotFinite: Bool

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, allowsNotFinite: Bool = false) {
        self.bytes = bytes
        self.allowsNotFinite = allowsNotFinite
    }

    /// Reads one value, behind which nothing but blanks stands.
    mutating func isWhole() -> Bool {
        skipBlanks()
        guard value(ValueTape.Place(), 0) else { return false }
        skipBlanks()
        return at == bytes.byteCount
    }

    @inline(__always)
    private var next: UInt8 {
        // The place was just looked at.
        at < bytes.byteCount ? unsafe bytes.unsafeLoad(fromUncheckedByteOffset: at, as: UInt8.self) : 0
    }

    @inline(__always)
    private mutating func skipBlanks() {
        // Most have none.
        while next <= 0x20, next == 0x20 || next == 0x0A || next == 0x09 || next == 0x0D { at &+= 1 }
    }

    /// Goes over a sign and the blanks around it.
    @inline(__always)
    private mutating func take(_ octet: UInt8) -> Bool {
        skipBlanks()
        guard next == octet else { return false }
        at &+= 1
        skipBlanks()
        return true
    }

    private mutating func value(_ name: ValueTape.Place, _ nesting: Int) -> Bool {
        guard nesting < Self.deepest else { return false }
        let (start, place) = (at, values.count)
        var kind = ValueTape.Kind.number
        var isRead = true
        switch next {
        case UInt8(ascii: "\""):
            guard let text = text() else { return false }
            values.append(make(.text, name, text, next: place &+ 1))
            return true
        case UInt8(ascii: "{"): (kind, isRead) = (.object, object(name, nesting))
        case UInt8(ascii: "["): (kind, isRead) = (.list, list(name, nesting))
        case UInt8(ascii: "t"): (kind, isRead) = (.boolean, word("true"))
        case UInt8(ascii: "f"): (kind, isRead) = (.boolean, word("false"))
        case UInt8(ascii: "n"): (kind, isRead) = (.null, word("null"))
        case UInt8(ascii: "N") where allowsNotFinite: isRead = word("NaN")
        default: isRead = number()
        }
        guard isRead else { return false }
        let octets = ValueTape.Place(start: Int32(start), end: Int32(at))
        if place == values.count {
            values.append(make(kind, name, octets, next: place &+ 1))
        } else {
            (values[place].octets, values[place].next) = (octets, Int32(values.count))
        }
        return true
    }

    @inline(__always)
    private func make(
        _ kind: ValueTape.Kind, _ name: ValueTape.Place, _ octets: ValueTape.Place, next: Int
    ) -> ValueTape.Value {
        ValueTape.Value(kind: kind, depth: depth, name: name, octets: octets, next: Int32(next))
    }

    /// Reads what an object holds behind a place for itself.
    private mutating func object(_ name: ValueTape.Place, _ nesting: Int) -> Bool {
        values.append(make(.object, name, ValueTape.Place(), next: 0))
        _ = take(UInt8(ascii: "{"))
        depth += 1
        defer { depth -= 1 }
        guard !take(UInt8(ascii: "}")) else { return true }
        repeat {
            guard let name = text(), take(UInt8(ascii: ":")), value(name, nesting + 1) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    /// Reads what a list holds behind a place for itself.
    private mutating func list(_ name: ValueTape.Place, _ nesting: Int) -> Bool {
        values.append(make(.list, name, ValueTape.Place(), next: 0))
        _ = take(UInt8(ascii: "["))
        guard !take(UInt8(ascii: "]")) else { return true }
        repeat {
            guard value(ValueTape.Place(), nesting + 1) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func word(_ word: String) -> Bool {
        for octet in word.utf8 {
            guard next == octet else { return false }
            at += 1
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = at
        var place = at
        while place < bytes.byteCount {
            // The place was just looked at.
            let octet = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: place, as: UInt8.self)
            guard octet &- 0x30 < 10 else { break }
            place &+= 1
        }
        at = place
        return place > start
    }

    private mutating func number() -> Bool {
        if next == UInt8(ascii: "-") { at += 1 }
        if next == UInt8(ascii: "I"), allowsNotFinite { return word("Infinity") }
        let (whole, isZero) = (at, next == 0x30)
        guard digits(), !isZero || at == whole + 1 else { return false }
        if next == UInt8(ascii: ".") {
            at += 1
            guard digits() else { return false }
        }
        if next | 0x20 == UInt8(ascii: "e") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            guard digits() else { return false }
        }
        return true
    }

    /// What stands between quotes; nil where there are none.
    private mutating func text() -> ValueTape.Place? {
        guard next == UInt8(ascii: "\"") else { return nil }
        at &+= 1
        let start = at
        while true {
            skipPlain()
            switch next {
            case UInt8(ascii: "\""):
                at &+= 1
                return ValueTape.Place(start: Int32(start), end: Int32(at &- 1))
            case UInt8(ascii: "\\"):
                hasEscapes = true
                at += 2
            default: return nil
            }
        }
    }

    /// Goes on to a quote, a backslash or a control character: eight octets at a time, as long as none of them is one.
    @inline(__always)
    private mutating func skipPlain() {
        let (ones, tops) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        var place = at
        while place &+ 8 <= bytes.byteCount {
            // So many were just looked at.
            let word = UInt64(
                littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self))
            let (quotes, slashes) = (word ^ 0x22 &* ones, word ^ 0x5C &* ones)
            // An octet that goes below zero sets its top bit; what it borrows falsifies only those behind it.
            let hits =
                ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- 0x20 &* ones) & ~word) & tops
            guard hits == 0 else {
                at = place &+ hits.trailingZeroBitCount / 8
                return
            }
            place &+= 8
        }
        at = place
        while at < bytes.byteCount, next >= 0x20, next != 0x22, next != 0x5C { at += 1 }
    }
}
