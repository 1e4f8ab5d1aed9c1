public import Records

/// A value that is to stand in a packet, as whoever gives it has it: ``PacketEncoder`` reads it by what the parameter is.
public enum PacketValue: Sendable, Hashable {
    /// A whole number.
    case integer(Int128)
    /// A number.
    case number(Double)
    /// True or false.
    case truth(Bool)
    /// A text; of any other parameter its value in words, as a person types it: digits, a label, a time by ISO 8601,
    /// hexadecimal octets.
    case text(String)
    /// Octets of a binary, or of a whole string buffer as a raw value.
    case octets([UInt8])
    /// A point in time.
    case time(StatedTime)
}

extension PacketValue: CustomStringConvertible {
    /// The value as a person would type it; long ones are cut.
    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .truth(let value): "\(value)"
        case .text(let text): text.count > 60 ? text.prefix(60) + "…" : text
        case .octets(let octets): octets.count > 30 ? "\(octets.count) octets" : octets.hexadecimal
        case .time(let time): time.text(digits: 9)
        }
    }
}

/// The values that a packet is to be made of, by the names of parameters.
public struct PacketValues: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var name: String
        var value: PacketValue
        var isRaw: Bool
        var isTrusted: Bool
    }
    private(set) var entries: [Entry] = []
    /// Parameters that a packet which was cut off ends in front of: it is made as short as its length field says, and is
    /// refused where these would be inside.
    public var missing: [String] = []

    /// No values.
    public init() {}

    /// Gives a parameter a value; the same side of it once more in place of the one before.
    ///
    /// - Parameters:
    ///   - name: the qualified name or any tail of it that no other parameter of the packet type has.
    ///   - isRaw: whether it is the value as it stands in the packet, before calibration. A raw value goes before an
    ///     engineering value, which has to agree with it.
    ///   - isTrusted: false for a value of which it is known that the database's `ValidRange` does not hold it.
    public mutating func set(_ name: String, to value: PacketValue, isRaw: Bool = false, isTrusted: Bool = true) {
        entries.append(Entry(name: name, value: value, isRaw: isRaw, isTrusted: isTrusted))
    }

    /// Gives a value as it was given elsewhere.
    mutating func set(_ entry: Entry) { entries.append(entry) }

    /// Forgets all values.
    public mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        missing.removeAll(keepingCapacity: true)
    }
}

/// Why no packet was made: which packet type, which parameter with which value, what is allowed.
public struct PacketRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name of the packet type; nil where none was found.
    public let type: String?
    /// The name of the parameter, as it was given where it was; nil where it is about the whole packet.
    public let parameter: String?
    /// What was found, what is allowed, what to do.
    public let reason: String

    /// A refusal from its parts.
    package init(_ type: String?, _ parameter: String?, _ reason: String) {
        self.type = type
        self.parameter = parameter
        self.reason = reason
    }

    /// `songjiang.eps_housekeeping: eps_battery_voltage: 99 does not fit: …`
    public var description: String { ([type, parameter].compactMap { $0 } + [reason]).joined(separator: ": ") }
}

extension [UInt8] {
    /// Hexadecimal digits, two an octet.
    var hexadecimal: String {
        var out = ""
        for octet in self { out += (octet < 16 ? "0" : "") + String(octet, radix: 16) }
        return out
    }

    /// The octets that hexadecimal digits stand for, with `0x` in front or not; nil when they are no whole octets.
    init?(hexadecimal text: String) {
        let digits = (text.hasPrefix("0x") || text.hasPrefix("0X") ? text.dropFirst(2) : text[...]).filter {
            !$0.isWhitespace && $0 != ":"
        }
        let values = digits.compactMap(\.hexDigitValue)
        guard values.count == digits.count, values.count % 2 == 0 else { return nil }
        self = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
