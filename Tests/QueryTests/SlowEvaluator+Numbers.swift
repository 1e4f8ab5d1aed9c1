import Query
import Records

/// What is reckoned, in doubles.
extension SlowEvaluator {
    // MARK: Constants

    /// The word or text of a constant.
    static func word(_ constant: FilterExpression) -> String? {
        switch constant.kind {
        case .name(let word), .text(let word): word
        default: nil
        }
    }

    /// The unit behind a constant.
    static func unit(_ constant: FilterExpression) -> String? {
        switch constant.kind {
        case .number(_, let unit): unit
        case .minus(let inner): unit(inner)
        case .arithmetic(_, let a, let b): unit(a) ?? unit(b)
        default: nil
        }
    }

    /// A whole number as it is written.
    static func whole(_ constant: FilterExpression) -> Int128? {
        switch constant.kind {
        case .number(let digits, _):
            digits.hasPrefix("0x") ? Int128(digits.dropFirst(2), radix: 16) : Int128(digits)
        case .minus(let inner): whole(inner).map { -$0 }
        default: nil
        }
    }

    /// A number as it is written, as a double.
    static func number(_ constant: FilterExpression) -> Double? {
        if let whole = whole(constant) { return Double(whole) }
        switch constant.kind {
        case .number(let digits, _): return Double(digits)
        case .minus(let inner): return number(inner).map { -$0 }
        case .arithmetic(let operation, let a, let b):
            guard let x = number(a), let y = number(b) else { return nil }
            return reckon(operation, x, y)
        default: return nil
        }
    }

    // MARK: Trees

    private static func reckon(_ operation: FilterExpression.Arithmetic, _ a: Double, _ b: Double) -> Double? {
        let result: Double
        switch operation {
        case .plus: result = a + b
        case .minus: result = a - b
        case .times: result = a * b
        case .divided:
            if b == 0 { return nil }
            result = a / b
        case .modulo:
            if b == 0 { return nil }
            result = a.truncatingRemainder(dividingBy: b)
        case .bits:
            guard a.magnitude <= 0x1p53, b.magnitude <= 0x1p53, a.rounded() == a, b.rounded() == b else { return nil }
            result = Double(Int(a) & Int(b))
        }
        return result.isNaN ? nil : result
    }

    /// The unit of what an expression gives.
    func unit(_ expression: FilterExpression) -> String {
        switch expression.kind {
        case .name(let name):
            if name == "length" { return "octets" }
            for type in types {
                guard let info = type.parameters.first(where: { $0.name == name || $0.name.hasSuffix("." + name) })
                else { continue }
                switch info.kind {
                case .unsigned, .signed, .float: return info.unit
                default: return ""
                }
            }
            return ""
        case .number(_, let unit): return unit ?? ""
        case .minus(let inner): return unit(inner)
        case .call("abs", let arguments): return unit(arguments[0])
        case .call("delta", let arguments):
            let unit = unit(arguments[0])
            return unit == "degC" ? "" : unit
        case .call("rate", let arguments):
            let unit = unit(arguments[0])
            return unit == "degC" ? "" : unit + "/s"
        case .arithmetic(let operation, let a, let b):
            if case .minus = operation, isTime(a) { return "s" }
            let (x, y) = (unit(a), unit(b))
            switch operation {
            case .plus, .minus: return x.isEmpty ? y : x
            case .bits: return ""
            case .times where x.isEmpty: return y == "degC" ? "" : y
            case .times, .divided, .modulo: return y.isEmpty && x != "degC" ? x : ""
            }
        default: return ""
        }
    }

    private func isTime(_ expression: FilterExpression) -> Bool {
        guard case .name(let name) = expression.kind else { return false }
        if name == "time" || name == "frame.time" { return true }
        return types.contains { type in
            type.parameters.contains { ($0.name == name || $0.name.hasSuffix("." + name)) && $0.kind == .time }
        }
    }

    /// The number that an expression gives for a packet; nil where it gives none.
    func number(_ expression: FilterExpression, _ packet: Int) -> Double? {
        guard let value = reckoned(expression, packet), !value.isNaN else { return nil }
        return value
    }

    /// The same in a unit of the same quantity. What a packet holds goes there without a stop.
    func number(_ expression: FilterExpression, _ packet: Int, in other: String) -> Double? {
        switch expression.kind {
        case .number:
            return Self.number(expression).map { SlowUnit.constant($0, unit(expression), to: other) }
        case .name:
            guard let number = numberValue(expression, packet).number else { return number(expression, packet) }
            if isLabelled(expression) { return number }
            return SlowUnit.number(number, ownUnit(expression, packet), to: other)
        default: return number(expression, packet).map { SlowUnit.number($0, unit(expression), to: other) }
        }
    }

    private func isLabelled(_ expression: FilterExpression) -> Bool { unit(expression).isEmpty }

    private func reckoned(_ expression: FilterExpression, _ packet: Int) -> Double? {
        switch expression.kind {
        case .number: return Self.number(expression)
        case .minus(let inner): return number(inner, packet).map { -$0 }
        case .name, .slice, .call("raw", _): return plain(expression, packet)
        case .call("abs", let arguments): return number(arguments[0], packet).map(abs)
        case .call("len", let arguments): return length(arguments[0], packet)
        case .call(let function, let arguments) where function == "delta" || function == "rate":
            guard let now = number(arguments[0], packet),
                let before = last(packet, where: { number(arguments[0], $0) != nil }),
                let then = number(arguments[0], before)
            else { return nil }
            guard function == "rate" else { return now - then }
            guard let a = packets[packet].time, let b = packets[before].time, a != b else { return nil }
            return (now - then) / (Double(Int128(a) - Int128(b)) / 1e9)
        case .arithmetic(.minus, let a, let b) where isTime(a):
            guard let x = time(a, packet), let y = time(b, packet) else { return nil }
            return Double(x - y) / 1e18
        case .arithmetic(let operation, let a, let b):
            let isSum = (operation == .plus || operation == .minus) && !unit(a).isEmpty && !unit(b).isEmpty
            guard let x = number(a, packet), var y = number(b, packet, in: isSum ? unit(a) : unit(b)) else {
                return nil
            }
            if isSum, case .number = b.kind, let from = SlowUnit.known[unit(b)], let to = SlowUnit.known[unit(a)] {
                // What is added is a difference: 5 K more are 5 °C more.
                y = Self.number(b) ?? .nan
                if unit(a) != unit(b) { y = SlowUnit.digits(y * from.factor / to.factor) }
            }
            return Self.reckon(operation, x, y)
        default: return nil
        }
    }

    private func last(_ packet: Int, where isThere: (Int) -> Bool) -> Int? {
        let this = packets[packet]
        return packets[..<packet].indices.reversed().first {
            packets[$0].type == this.type && packets[$0].origin == this.origin && !packets[$0].isIdle && isThere($0)
        }
    }

    /// The number of a field, in the unit of the first that its name means.
    private func plain(_ expression: FilterExpression, _ packet: Int) -> Double? {
        switch numberValue(expression, packet) {
        case .label(let label): return label == "good" ? 0 : label == "gap" ? 1 : 2
        case .octets(let octets):
            guard (1...8).contains(octets.count) else { return nil }
            return Double(octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        case let value:
            guard let number = value.number else { return nil }
            return SlowUnit.number(number, ownUnit(expression, packet), to: unit(expression))
        }
    }
}
