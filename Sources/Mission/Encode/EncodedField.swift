import Bytes
public import Records

/// One field of a packet that was made: where it stands, what it holds and why.
public struct EncodedField: Sendable, Hashable {
    /// Where its value comes from.
    public enum Source: Sendable, Hashable {
        /// It was given.
        case given
        /// The restriction criteria of its type demand it, or it decides that a given parameter stands in the packet.
        case criteria
        /// The length field of the primary header.
        case length
        /// The sequence count of the primary header.
        case count
        /// What primary headers mostly have: version 0, not segmented, a secondary header where a time begins one.
        case header
        /// It follows from what was given: the size of data, the coarse part of a time.
        case derived
        /// The initial value of the database.
        case initial
        /// Raw 0.
        case zero
    }
    /// The parameter.
    public let info: ParameterInfo
    /// Its first bit, counted from the packet's first.
    public let start: Int
    /// How many bits it takes.
    public let bits: Int
    /// The bits of a number as 0 and 1; empty for strings and binaries.
    public let pattern: String
    /// The raw value; hexadecimal octets of strings and binaries.
    public let raw: String
    /// The engineering value; empty where the raw value has none.
    public let value: String
    /// Where its value comes from.
    public let source: Source
}

extension PacketEncoder {
    func explain(_ index: Int, _ start: Int, _ bits: Int) -> EncodedField {
        let info = plan.fields[index].info
        var pattern = ""
        if case .number = plan.fields[index].encoding {
            let digits = String(self.bits(at: start, count: bits), radix: 2)
            pattern = String(repeating: "0", count: bits - digits.count) + digits
        }
        let (raw, value) = words(index)
        return EncodedField(
            info: info, start: start, bits: bits, pattern: pattern, raw: raw, value: value, source: sources[index])
    }

    /// Raw and engineering value of a field as the decoder has them.
    private func words(_ index: Int) -> (raw: String, value: String) {
        guard let column = table.fields[index] else { return ("", "") }
        let raw: String
        switch column.info.rawKind {
        case .unsigned: raw = "\(column.rawCells[0])"
        case .signed: raw = "\(Int64(bitPattern: column.rawCells[0]))"
        case .float: raw = "\(Double(bitPattern: column.rawCells[0]))"
        case .bytes, .text: raw = column.rawBytes(at: 0).copied().hexadecimal
        }
        guard column.states[0].hasValue else { return (raw, "") }
        let cell = column.valueCells[0]
        switch column.info.kind {
        case .unsigned: return (raw, "\(cell)")
        case .signed: return (raw, "\(Int64(bitPattern: cell))")
        case .float: return (raw, "\(Double(bitPattern: cell))")
        case .enumeration, .boolean: return (raw, column.info.labels[Int(cell)])
        case .string, .list: return (raw, String(decoding: column.text(at: 0).copied(), as: UTF8.self))
        case .binary: return (raw, column.bytes(at: 0).copied().hexadecimal)
        case .time: return (raw, column.time(at: 0).text(digits: column.info.timeDigits))
        }
    }
}
