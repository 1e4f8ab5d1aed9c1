/// What an engineering value is, and so how the cells of a column are read.
@frozen
public enum ValueKind: UInt8, Sendable, Hashable {
    /// UInt64.
    case unsigned
    /// Int64.
    case signed
    /// Double.
    case float
    /// An index into ``ParameterInfo/labels``.
    case enumeration
    /// 0 or 1; their names are the two ``ParameterInfo/labels``.
    case boolean
    /// Text in UTF-8.
    case string
    /// Octets.
    case binary
    /// A point in time.
    case time
    /// Several numbers or texts, as the text of a JSON array in UTF-8.
    case list
}

/// What a raw value is: what stands in the packet, before calibration.
@frozen
public enum RawKind: UInt8, Sendable, Hashable {
    /// UInt64.
    case unsigned
    /// Int64.
    case signed
    /// Double.
    case float
    /// Octets: the whole buffer of a string with its size tag and terminator, or a binary.
    case bytes
    /// The octets of a field of a sentence as they stand, nearly always text.
    case text
}

/// How a value stands to its alarm limits, from harmless to severe (XTCE concern levels).
@frozen
public enum LimitState: UInt8, BitwiseCopyable, Sendable, Hashable, Comparable, CaseIterable {
    case nominal, watch, warning, distress, critical, severe

    /// The less severe first.
    public static func < (a: LimitState, b: LimitState) -> Bool { a.rawValue < b.rawValue }

    /// The word that sinks print.
    public var name: String {
        switch self {
        case .nominal: "nominal"
        case .watch: "watch"
        case .warning: "warning"
        case .distress: "distress"
        case .critical: "critical"
        case .severe: "severe"
        }
    }
}

/// Whether a value is there, and why not.
@frozen
public enum Validity: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
    /// Raw and engineering value are there.
    case valid
    /// The packet does not have this parameter: the condition of its entry does not hold. Neither value is there, but
    /// for the raw value of columns of a sentence that hold nothing.
    case notIncluded
    /// The packet ends before it. Neither value is there.
    case beyondEnd
    /// Its size, or that of something in front of it, is not known, negative, or no whole number of bits. Neither value
    /// is there.
    case badSize
    /// A string without its terminator, or with a size tag that does not fit its buffer. The raw value is there.
    case badString
    /// The text is not in its character set. The raw value is there, and the text with U+FFFD where it is wrong.
    case badText
    /// The enumeration has no label for the raw value. The raw value is there.
    case noLabel
    /// The calibrator does not reach the raw value. The raw value is there.
    case notCalibrated
    /// The time that it counts from is not there, or it lies outside the years 1 to 9999. The raw value is there.
    case noTime
    /// Both values are there, and the definition says that this value is not to be trusted (`ValidRange`).
    case outOfRange
    /// A field of a message that is not written as its message writes it. The raw value is there.
    case malformed

    /// Whether the raw value is there.
    @inlinable public var hasRaw: Bool {
        switch self {
        case .notIncluded, .beyondEnd, .badSize: false
        default: true
        }
    }

    /// Whether the raw value of a cell is there. The columns of a sentence may be there and hold nothing: then the raw
    /// value is their commas, and the cell says where; it is 0 where the sentence ends in front of them.
    @inlinable package func hasRaw(cell: UInt64, _ kind: RawKind) -> Bool {
        hasRaw || self == .notIncluded && kind == .text && cell != 0
    }

    /// Whether the engineering value is there.
    @inlinable public var hasValue: Bool { self == .valid || self == .outOfRange || self == .badText }

    /// What the ledger says, for those that should have decoded; nil for the others.
    public var reason: StaticString? {
        switch self {
        case .valid, .notIncluded, .outOfRange: nil
        case .beyondEnd: "packet ends before a parameter of its type"
        case .badSize: "size of a parameter is not known or not possible"
        case .badString: "string has no terminator or does not fit its buffer"
        case .badText: "text is not in its character set"
        case .noLabel: "enumeration has no label for the value"
        case .notCalibrated: "value is outside the range of its calibrator"
        case .noTime: "time cannot be told"
        case .malformed: "field is not written as its message writes it"
        }
    }
}

/// What there is to know about one column: one parameter of one packet type.
public struct ParameterInfo: Sendable, Hashable {
    /// The name that users type: space systems and parameter with dots, `songjiang.eps.battery_voltage`.
    ///
    /// Where a packet type has a parameter several times, the last one has the plain name, since that is the
    /// parameter's value after the packet; those before are `name#1`, `name#2` and so on.
    public let name: String
    /// The last part of the name.
    public let shortName: String
    /// Other names that the database gives it (`AliasSet`), with dots: they can be asked for like the name.
    public let aliases: [String]
    /// The short description of the database, often empty.
    public let description: String
    /// The unit, often empty; factors of a compound unit are joined with a space.
    public let unit: String
    /// What the engineering value is.
    public let kind: ValueKind
    /// What the raw value is.
    public let rawKind: RawKind
    /// The labels of an enumeration (cells are indexes into it), or the names of false and true.
    public let labels: [String]
    /// Decimals of a second that a time carries, 0 to 12; 0 for everything else.
    public let timeDigits: Int
    /// Whether the definition gives alarm limits for it.
    public let hasLimits: Bool
    /// The alarm limits of a number where they are the same for every packet; empty where they depend on other values.
    public let limitRanges: [LimitRange]

    /// An info from its parts.
    public init(
        name: String, shortName: String, aliases: [String] = [], description: String = "", unit: String = "",
        kind: ValueKind, rawKind: RawKind, labels: [String] = [], timeDigits: Int = 0, hasLimits: Bool = false,
        limitRanges: [LimitRange] = []
    ) {
        self.name = name
        self.shortName = shortName
        self.aliases = aliases
        self.description = description
        self.unit = unit
        self.kind = kind
        self.rawKind = rawKind
        self.labels = labels
        self.timeDigits = timeDigits
        self.hasLimits = hasLimits
        self.limitRanges = limitRanges
    }
}

extension ParameterInfo {
    /// Whether a name that a user typed means it: its name or one of its aliases, or the last parts of one.
    public func isMeant(by typed: String) -> Bool {
        Names.matches(name, tail: typed) || aliases.contains { Names.matches($0, tail: typed) }
    }
}
