/// Reading values that were given.
extension JTT808Writer {
    static func whole(_ value: FieldValue, _ name: String, most: UInt64) throws(EncodingRefusal) -> UInt64 {
        switch value {
        case .integer(let number) where number >= 0 && UInt64(number) <= most: return UInt64(number)
        case .number(let number) where number >= 0 && number <= Double(most):
            if let whole = UInt64(exactly: number), whole <= most { return whole }
        default: break
        }
        throw EncodingRefusal(name, "\(words(value)) is no whole number from 0 to \(most)")
    }

    static func whole(_ value: FieldValue?, _ name: String, most: UInt64) throws(EncodingRefusal) -> UInt64? {
        guard let value else { return nil }
        let number: UInt64 = try whole(value, name, most: most)
        return number
    }

    /// A number times a factor, rounded, its size within a limit.
    static func scaled(
        _ value: FieldValue, _ name: String, by factor: Double, limit: Double
    ) throws(EncodingRefusal) -> Int64 {
        let number: Double
        switch value {
        case .integer(let whole): number = Double(whole)
        case .number(let double): number = double
        default: throw EncodingRefusal(name, "\(words(value)) is no number")
        }
        let scaled = (number * factor).rounded()
        guard scaled.isFinite, abs(scaled) <= limit else {
            throw EncodingRefusal(name, "\(number) is beyond \(limit / factor)")
        }
        return Int64(scaled)
    }

    /// A message id: a number, or as it is written.
    static func identifier(_ value: FieldValue, _ name: String) throws(EncodingRefusal) -> UInt16 {
        if case .text(let text) = value, text.hasPrefix("0x"), let id = UInt16(text.dropFirst(2), radix: 16) {
            return id
        }
        if case .integer = value { return UInt16(try whole(value, name, most: 0xFFFF)) }
        throw EncodingRefusal(name, "\(words(value)) is no message id such as 0x0200")
    }

    /// A value for the words of a refusal.
    static func words(_ value: FieldValue) -> String {
        switch value {
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let isTrue): "\(isTrue)"
        case .text(let text): "'\(text.prefix(40))'"
        case .octets(let octets): "a run of \(octets.count) octets"
        case .list(let values): "a list of \(values.count)"
        case .nothing: "nothing"
        }
    }
}
