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
        switch written(index) {
        case nil: return (raw, "")
        case .number(let number): return (raw, "\(number)")
        case .integer(let number): return (raw, "\(number)")
        case .unsigned(let number): return (raw, "\(number)")
        case .truth(let isTrue): return (raw, column.info.labels[isTrue ? 1 : 0])
        case .text(let text): return (raw, text)
        case .time(let time, let digits): return (raw, time.text(digits: digits))
        }
    }

    /// The engineering value of a field of the packet that was made last; nil where the raw one stands for nothing.
    func written(_ index: Int) -> WrittenValue? {
        guard let column = table.fields[index], column.states[0].hasValue else { return nil }
        let cell = column.valueCells[0]
        switch column.info.kind {
        case .unsigned: return .unsigned(cell)
        case .signed: return .integer(Int64(bitPattern: cell))
        case .float: return .number(Double(bitPattern: cell))
        case .enumeration: return .text(column.info.labels[Int(cell)])
        case .boolean: return .truth(cell != 0)
        case .string, .list: return .text(String(decoding: column.text(at: 0).copied(), as: UTF8.self))
        case .binary: return .text(column.bytes(at: 0).copied().hexadecimal)
        case .time: return .time(column.time(at: 0), digits: column.info.timeDigits)
        }
    }
}
