/// Attribute and text values: numbers, truth, and what to say when they are none.
extension Loader {
    /// The largest size or offset in bits that is taken: 128 MiB, far beyond any packet.
    static let largestBits = 1 << 30

    /// Whole numbers up to here are taken, so that sums of them need no second look.
    private static let largestInteger: UInt128 = 1 << 100

    /// A whole number as XTCE writes them, also in base 16, 8 and 2 with 0x, 0o and 0b.
    static func integer(_ text: String) -> Int128? {
        var digits = Substring(Element.trim(text))
        var negative = false
        if digits.first == "-" || digits.first == "+" { negative = digits.removeFirst() == "-" }
        var radix = 10
        for (prefix, base) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)]
        where digits.hasPrefix(prefix) {
            digits = digits.dropFirst(2)
            radix = base
        }
        guard let first = digits.first, first != "-", first != "+", let value = Int128(digits, radix: radix) else {
            return nil
        }
        guard value.magnitude <= largestInteger else { return nil }
        return negative ? -value : value
    }

    /// A number.
    static func number(_ text: String) -> Double? {
        let text = Element.trim(text)
        return Double(text) ?? integer(text).map(Double.init)
    }

    /// A number of bits within bounds.
    func bits(_ text: String?, _ what: String, _ position: Position, from least: Int = 0) -> Int? {
        guard let text else {
            fail(position, "\(what) is missing, a number of bits is needed: add it")
            return nil
        }
        guard let value = Self.integer(text), value >= Int128(least), value <= Int128(Self.largestBits) else {
            fail(
                position,
                "\(what) is \"\(Element.trim(text))\", \(least) to \(Self.largestBits) bits are allowed: correct it")
            return nil
        }
        return Int(value)
    }

    /// An attribute that holds a number.
    func number(_ element: Element, _ name: String, default standard: Double? = nil) -> Double? {
        guard let text = element[name] else {
            if standard == nil { fail(element.position, "\(element.name) has no \(name), a number is needed: add it") }
            return standard
        }
        guard let value = Self.number(text) else {
            fail(element.position, "\(name) of \(element.name) is \"\(text)\", a number is allowed: correct it")
            return nil
        }
        return value
    }

    /// An attribute that is true or false.
    func truth(_ element: Element, _ name: String, default standard: Bool) -> Bool {
        guard let text = element[name] else { return standard }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default:
            fail(element.position, "\(name) of \(element.name) is \"\(text)\", true or false are allowed: correct it")
            return standard
        }
    }

    /// An attribute that names one of several things.
    func choice<Value>(
        _ element: Element, _ name: String, _ choices: [(String, Value)], default standard: Value
    ) -> Value {
        guard let text = element[name] else { return standard }
        if let found = choices.first(where: { $0.0 == text }) { return found.1 }
        let allowed = choices.map(\.0).joined(separator: ", ")
        fail(element.position, "\(name) of \(element.name) is \"\(text)\", supported are \(allowed): use one of them")
        return standard
    }
}
