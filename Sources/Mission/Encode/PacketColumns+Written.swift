import Bytes
import Records

extension PacketColumns {
    /// What stands in a packet.
    public enum Written: Sendable, Equatable {
        /// An engineering value with a fraction.
        case number(Double)
        /// A whole number.
        case integer(Int64)
        case unsigned(UInt64)
        case truth(Bool)
        case label(String)
    }

    /// What a packet that was made last holds of a column: the value that the raw one in its octets stands for, with which a
    /// decoder's is to agree. Nil for times, and for raw values that stand for nothing.
    public func written(_ column: Int, _ row: Int) -> Written? {
        let field = fields[column]
        guard case .number(let format) = field.encoding, case .fixed(let place) = field.place else { return nil }
        let cell = format.read(packet(row), at: place)
        switch field.conversion {
        case .none: return Self.raw(cell, format)
        case .calibrated(nil, _): return Self.raw(cell, format)
        case .number: return .number(Self.double(cell, format))
        case .calibrated(let calibrator?, _): return calibrator.value(Self.double(cell, format)).map { .number($0) }
        case .labels:
            let labels = field.info.labels
            let index = integers(column)[row]
            return index >= 0 && index < labels.count ? .label(labels[Int(index)]) : nil
        case .truth: return .truth(cell != 0)
        case .text, .textTruth, .textLabels, .binaryTruth, .time: return nil
        }
    }

    private static func raw(_ cell: UInt64, _ format: NumberFormat) -> Written {
        switch format.rawKind {
        case .signed: .integer(Int64(bitPattern: cell))
        case .float: .number(Double(bitPattern: cell))
        default: .unsigned(cell)
        }
    }

    private static func double(_ cell: UInt64, _ format: NumberFormat) -> Double {
        switch format.rawKind {
        case .signed: Double(Int64(bitPattern: cell))
        case .float: Double(bitPattern: cell)
        default: Double(cell)
        }
    }
}
