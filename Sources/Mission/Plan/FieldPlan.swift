import Records

/// One parameter of one packet type, compiled: where it stands, how it is read, what becomes of it.
struct FieldPlan: Sendable {
    enum Place: Sendable, Equatable {
        /// Its first bit, the same in every packet.
        case fixed(Int)
        /// Found by walking through the packet: something in front of it varies.
        case walked
    }
    enum Encoding: Sendable {
        case number(NumberFormat)
        case string(StringPlan)
        case binary(SizePlan)
    }
    /// How the engineering value comes out of the raw one.
    enum Conversion: Sendable {
        /// It is the raw value.
        case none
        /// A whole number becomes a Double.
        case number
        case calibrated(Calibrator?, contexts: [ContextPlan])
        case labels(LabelTable)
        /// False when the number is 0.
        case truth
        /// The text inside a string's buffer.
        case text
        /// False when the text is empty or is the name of false.
        case textTruth(zero: [UInt8])
        /// The label of a text.
        case textLabels(LabelTable)
        /// False when no octet is other than 0.
        case binaryTruth
        case time(TimePlan)
    }
    let parameter: Int
    var place: Place
    let encoding: Encoding
    var conversion: Conversion
    var limits: LimitsPlan?
    var validRange: RangeModel?
    var validRangeIsCalibrated = true
    /// The engineering value that the database gives it to begin with, as written.
    var initialValue: String?
    /// What is known of it but its name in a packet type that has it several times.
    var info: ParameterInfo

    /// Bits that it takes; nil where they vary.
    var fixedBits: Int? {
        switch encoding {
        case .number(let format): format.bits
        case .string(let string): if case .fixed(let bits) = string.buffer { bits } else { nil }
        case .binary(let size): if case .fixed(let bits) = size { bits } else { nil }
        }
    }
}

/// Where a string begins and ends, compiled.
struct StringPlan: Sendable {
    var charset: StringModel.Charset
    var buffer: SizePlan?
    var maximumBits: Int
    var terminator: [UInt8]
    var tagBits: Int
    /// Bits that one step of the size tag stands for.
    var tagUnit: Int
}

/// A length in bits, compiled.
enum SizePlan: Sendable {
    case fixed(Int)
    case dynamic(field: Int, calibrated: Bool, slope: Double, intercept: Double)
    case lookup([(criteria: CriteriaPlan, bits: Int)])
}

/// A calibrator and when it applies.
struct ContextPlan: Sendable {
    var criteria: CriteriaPlan
    var calibrator: Calibrator
}

/// A time, compiled.
struct TimePlan: Sendable {
    enum Origin: Sendable, Equatable {
        case epoch(Int128, isTAI: Bool)
        /// The time of another field of the packet.
        case field(Int)
    }
    var scale: TimeScale
    var offset: Int128
    var origin: Origin
}

/// Alarm limits, compiled.
struct LimitsPlan: Sendable {
    struct Alarm: Sendable {
        var ranges: [(level: LimitState, range: RangeModel)]
        var isInside: Bool
        /// The state of each label, for enumerations.
        var labels: [LimitState]
    }
    var standard: Alarm?
    var contexts: [(criteria: CriteriaPlan, alarm: Alarm)]

    /// The ranges that hold for every packet; none where a condition chooses others.
    var constant: [LimitRange] {
        guard contexts.isEmpty, let standard else { return [] }
        return standard.ranges.map {
            LimitRange(
                level: $0.level, minimum: $0.range.minimum, maximum: $0.range.maximum, isInside: standard.isInside)
        }
    }
}

/// From raw values to labels.
struct LabelTable: Sendable {
    /// Raw value less `base` to label index + 1, where the values lie close together; 0: no label.
    var dense: [UInt32] = []
    var base: UInt64 = 0
    /// Ranges in the order of the document, in the order-preserving form of ``biased(_:isSigned:)``.
    var ranges: [(low: UInt64, high: UInt64, label: UInt32)] = []
    var numbers: [(number: Double, label: UInt32)] = []
    var texts: [(text: [UInt8], label: UInt32)] = []
    var isSigned = false

    /// Signed and unsigned cells in one order: the sign bit is turned over for signed ones.
    @inline(__always)
    static func biased(_ cell: UInt64, isSigned: Bool) -> UInt64 { isSigned ? cell ^ (1 << 63) : cell }

    /// The index of the label of an integer cell.
    @inline(__always)
    func label(_ cell: UInt64) -> UInt32? {
        let value = Self.biased(cell, isSigned: isSigned)
        let index = value &- base
        if index < UInt64(dense.count) {
            let entry = dense[Int(index)]
            return entry == 0 ? nil : entry - 1
        }
        if !dense.isEmpty { return nil }
        for range in ranges where value >= range.low && value <= range.high { return range.label }
        return nil
    }

    func label(number: Double) -> UInt32? { numbers.first { $0.number == number }?.label }
}
