import Records

/// A parameter type.
struct TypeModel {
    enum Category: String {
        case integer = "IntegerParameterType"
        case float = "FloatParameterType"
        case enumerated = "EnumeratedParameterType"
        case boolean = "BooleanParameterType"
        case string = "StringParameterType"
        case binary = "BinaryParameterType"
        case absoluteTime = "AbsoluteTimeParameterType"
        case relativeTime = "RelativeTimeParameterType"
        case array = "ArrayParameterType"
        case aggregate = "AggregateParameterType"
    }
    var name: String
    var category: Category
    var position: Position
    var unit = ""
    /// The engineering value of parameters that have none of their own, as written.
    var initialValue: String?
    var encoding: EncodingModel?
    var calibration = CalibrationModel()
    var labels: [LabelModel] = []
    var zeroLabel = "False"
    var oneLabel = "True"
    var validRange: RangeModel?
    var validRangeIsCalibrated = true
    var alarms = AlarmsModel()
    var time = TimeModel()
    /// What is wrong with it. It matters when a container that can be reached uses the type.
    var defects: [Diagnostic] = []
}

/// One label of an enumeration and the raw values that it stands for. Inclusive.
struct LabelModel {
    enum Key {
        case integers(Int128, Int128)
        case number(Double)
        case bytes([UInt8])
    }
    var key: Key
    var label: String
}

/// How a value stands in a packet.
struct EncodingModel {
    enum Kind {
        case number(NumberFormat)
        case string(StringModel)
        case binary(SizeModel)
    }
    var kind: Kind
    var position: Position
}

/// Where a string begins and ends.
struct StringModel {
    enum Charset: String {
        case ascii = "US-ASCII"
        case latin1 = "ISO-8859-1"
        case windows1252 = "Windows-1252"
        case utf8 = "UTF-8"
        case utf16LE = "UTF-16LE"
        case utf16BE = "UTF-16BE"
        case utf32LE = "UTF-32LE"
        case utf32BE = "UTF-32BE"

        /// Octets of its smallest piece: a terminator is sought at multiples of it.
        var unit: Int {
            switch self {
            case .ascii, .latin1, .windows1252, .utf8: 1
            case .utf16LE, .utf16BE: 2
            case .utf32LE, .utf32BE: 4
            }
        }
    }
    var charset = Charset.utf8
    /// The size of the buffer; nil where the tag or the terminator alone ends the string.
    var buffer: SizeModel?
    /// The most that an unbounded string may take.
    var maximumBits = Int.max
    var terminator: [UInt8] = []
    /// Bits of the size tag in front; 0: none.
    var tagBits = 0
}

/// An interval of numbers, each end open or closed.
struct RangeModel: Equatable {
    var minimum = -Double.infinity
    var minimumIsInside = true
    var maximum = Double.infinity
    var maximumIsInside = true

    /// Not a number lies in no range.
    func contains(_ value: Double) -> Bool {
        (minimumIsInside ? value >= minimum : value > minimum) && (maximumIsInside ? value <= maximum : value < maximum)
    }
}

/// From raw to engineering value.
struct CalibrationModel {
    var standard: Calibrator?
    /// The first whose condition holds goes before the standard one.
    var contexts: [(condition: ConditionModel, calibrator: Calibrator)] = []

    var isEmpty: Bool { standard == nil && contexts.isEmpty }
}

/// The alarms of a type.
struct AlarmsModel {
    var standard: AlarmModel?
    /// The first whose condition holds goes before the standard one.
    var contexts: [(condition: ConditionModel, alarm: AlarmModel)] = []

    var isEmpty: Bool { standard == nil && contexts.isEmpty }
}

/// One alarm definition.
struct AlarmModel {
    /// The most severe level first: the band of normal values (or, `inside`, that of alarming ones).
    var ranges: [(level: LimitState, range: RangeModel)] = []
    var isInside = false
    /// The level of each label that has one of its own.
    var labels: [String: LimitState] = [:]
    /// The level of every other label.
    var otherLabels = LimitState.nominal
}

/// How a number becomes a time.
struct TimeModel {
    enum Origin: Equatable {
        /// Nothing is said: the value stays a number of seconds.
        case none
        /// Attoseconds since 1970-01-01, on the scale that counts no leap seconds (UTC) or on TAI.
        case epoch(Int128, isTAI: Bool)
        /// Another parameter's time.
        case parameter(Int)
    }
    /// What one unit is worth.
    var scale = TimeScale.one
    /// Attoseconds to add.
    var offset: Int128 = 0
    var origin = Origin.none
    var position = Position(line: 1, column: 1)
    /// As written, for those that remain numbers.
    var scaleNumber = 1.0
    var offsetNumber = 0.0
    /// Whether a scale or an offset is written: without, a number stays as it is.
    var isScaled = false
    /// Decimals of a second that the scale can tell apart.
    var digits = 0
}
