internal import Bytes

/// Whose positions a track is made of.
public struct Terminal: Sendable, Hashable {
    /// The dialects in which it is named: names of one group name the same things.
    public let group: TerminalGroup
    /// Its card address, phone number or flow.
    public let name: String

    /// A terminal.
    public init(group: TerminalGroup, name: String) {
        self.group = group
        self.name = name
    }
}

/// Dialects that name terminals in one way.
public enum TerminalGroup: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
    /// Card addresses of 7 digits: RDSS 4.0 and 2.1, and the regional service.
    case rdss
    /// Receivers, which have no names: the flow is the name.
    case nmea
    /// Phone numbers, without zeros in front: versions of the protocol pad them differently.
    case jtt808

    init(_ dialect: Dialect) {
        switch dialect {
        case .rdss4, .rdss2, .regional: self = .rdss
        case .nmea: self = .nmea
        case .jtt808: self = .jtt808
        }
    }

    /// The word that people read: `rdss`, `nmea`, `jtt808`.
    public var word: String {
        switch self {
        case .rdss: "rdss"
        case .nmea: "nmea"
        case .jtt808: "jtt808"
        }
    }
}

/// What tells terminals apart, as a trivial value.
struct TerminalKey: Hashable, BitwiseCopyable {
    /// How the name is written.
    enum Form: UInt8, BitwiseCopyable {
        /// No name: the number of the flow.
        case flow
        /// Decimal digits, four bits each, without zeros in front.
        case digits
        /// The number of a text that is no digits.
        case text
    }

    var group: TerminalGroup
    var form: Form
    var high: UInt64 = 0
    var low: UInt64

    /// A terminal without a name of its own.
    init(flow: UInt32, _ group: TerminalGroup) {
        self.group = group
        form = .flow
        low = UInt64(flow)
    }

    /// A text that is no digits, by its number.
    init(text: Int, _ group: TerminalGroup) {
        self.group = group
        form = .text
        low = UInt64(text)
    }

    /// A number.
    init(number: UInt64, _ group: TerminalGroup) {
        self.group = group
        form = .digits
        low = 0
        var (rest, place) = (number, 0)
        while rest > 0 {
            set(digit: rest % 10, at: place)
            rest /= 10
            place += 1
        }
    }

    /// Up to 32 digits in ASCII; nil for any other text.
    init?(digits text: RawSpan, _ group: TerminalGroup) {
        guard text.byteCount > 0, text.byteCount <= 32 else { return nil }
        self.group = group
        form = .digits
        low = 0
        for index in 0..<text.byteCount {
            let octet = text.u8(at: index) &- 0x30
            guard octet < 10 else { return nil }
            high = high << 4 | low >> 60
            low = low << 4 | UInt64(octet)
        }
    }

    private mutating func set(digit: UInt64, at place: Int) {
        if place < 16 { low |= digit << UInt64(4 * place) } else { high |= digit << UInt64(4 * (place - 16)) }
    }

    /// The digits as text; card addresses have seven of them.
    var digits: String {
        let hex = high > 0 ? String(high, radix: 16) + padded(String(low, radix: 16), 16) : String(low, radix: 16)
        return group == .rdss ? padded(hex, 7) : hex
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
