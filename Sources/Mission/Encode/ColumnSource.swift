import Bytes
public import Records

/// Where a column stands in its packets, and what its raw values mean there.
struct ColumnSource {
    /// How an engineering value comes out of the raw one.
    enum Meaning {
        case raw
        /// A whole number becomes a Double.
        case number
        case calibrated(Calibrator)
        case labels(LabelTable), truth
        /// The parts of a time, the coarsest first.
        case time([TimePart])
    }

    /// A part of a time.
    struct TimePart {
        let plan: TimePlan
        let format: NumberFormat
        let start: Int
    }

    let info: ParameterInfo
    let format: NumberFormat
    /// Its first bit.
    let start: Int
    let meaning: Meaning
}

/// What stands in a packet that was made.
public enum WrittenValue: Sendable, Equatable {
    /// An engineering value with a fraction.
    case number(Double)
    /// A whole number.
    case integer(Int64)
    case unsigned(UInt64)
    case truth(Bool)
    /// A label, a text, the hexadecimal digits of octets.
    case text(String)
    /// A time, and how many decimals of a second it tells.
    case time(StatedTime, digits: Int)
}

extension PacketColumns {
    /// What a packet that was made last holds of a column: the value that the raw one in its octets stands for, with which a
    /// decoder's is to agree. Nil for raw values that stand for nothing, and for columns that its packets do not have.
    public func written(_ column: Int, _ row: Int) -> WrittenValue? {
        guard let source = sources[column] else { return nil }
        let cell = source.format.read(packet(row), at: source.start)
        switch source.meaning {
        case .raw: return Self.raw(cell, source.format)
        case .number: return .number(TypeDecoder.number(cell, source.format.rawKind))
        case .calibrated(let calibrator):
            return calibrator.value(TypeDecoder.number(cell, source.format.rawKind)).map { .number($0) }
        case .labels(let table): return table.label(cell).map { .text(source.info.labels[Int($0)]) }
        case .truth: return .truth(cell != 0)
        case .time(let parts):
            var time: StatedTime?
            for part in parts {
                let cell = part.format.read(packet(row), at: part.start)
                time = part.plan.time(cell, part.format.rawKind, from: time)
                if time == nil { return nil }
            }
            return time.map { .time($0, digits: source.info.timeDigits) }
        }
    }

    private static func raw(_ cell: UInt64, _ format: NumberFormat) -> WrittenValue {
        switch format.rawKind {
        case .signed: .integer(Int64(bitPattern: cell))
        case .float: .number(Double(bitPattern: cell))
        default: .unsigned(cell)
        }
    }
}
