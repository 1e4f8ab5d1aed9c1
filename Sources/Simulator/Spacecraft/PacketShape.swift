internal import Bytes
internal import Mission
internal import Records

/// Packets of one type that differ in their columns alone: what decides of their size, their calibrators and what stands in them is
/// the same in all of them.
final class PacketShape {
    /// The columns, made last.
    let columns: PacketColumns
    /// Of each column its name in front of a colon, the lane of values that goes into it (-1: the time), and whether these are truths.
    private let inputs: [(member: [UInt8], lane: Int, isTruth: Bool)]
    /// What is the same in all packets, as members of JSON.
    private let constants: [UInt8]

    /// - Parameters:
    ///   - inputs: the parameters that are columns, and the lanes of their values; -1: the time.
    ///   - others: what the others hold, in the order in which they are told.
    /// - Throws: which value the packets cannot hold.
    init(
        _ encoder: PacketEncoder, inputs: [(parameter: ParameterInfo, lane: Int)],
        others: [(parameter: ParameterInfo, value: PacketValue)]
    ) throws(PacketRefusal) {
        var values = PacketValues()
        for (parameter, value) in others {
            values.set(parameter.name, to: value, isRaw: encoder.isLabelled(parameter.name))
        }
        columns = try PacketColumns(
            encoder, inputs.map { encoder.modelled($0.parameter) }, others: values, whereThere: true)
        self.inputs = inputs.map { input in
            var text = TextBuffer()
            text.appendJSON(input.parameter.shortName)
            text.append(":")
            return (text.bytes.copied(), input.lane, input.parameter.kind == .boolean)
        }
        var text = TextBuffer()
        for (parameter, _) in others {
            guard let value = encoder.written(parameter.name) else { continue }
            if text.count > 0 { text.append(",") }
            text.appendJSON(parameter.shortName)
            text.append(":")
            text.append(value)
        }
        constants = text.bytes.copied()
    }

    /// Makes packets of rows of values.
    ///
    /// - Parameters:
    ///   - lanes: the values of models.
    ///   - times: seconds since a start in nanoseconds since 1970-01-01.
    func make(_ rows: Range<Int>, of lanes: [Lane<Double>], _ times: Lane<Double>, from start: Int64) {
        columns.resize(to: rows.count)
        for (column, input) in inputs.enumerated() {
            let lane = input.lane < 0 ? times : lanes[input.lane]
            let values = lane.span
            let first = rows.lowerBound
            guard columns.kinds[column] == .integers else {
                let numbers = columns.numbers(column)
                var out = numbers.writable
                for index in out.indices { out[index] = values[first + index] }
                continue
            }
            let integers = columns.integers(column)
            var out = integers.writable
            if columns.isTime(column) {
                for index in out.indices { out[index] = Self.time(values[first + index], from: start) }
            } else if input.isTruth {
                for index in out.indices { out[index] = values[first + index] != 0 ? 1 : 0 }
            } else if columns.isUnsigned(column) {
                for index in out.indices { out[index] = Int64(bitPattern: UInt64(nearest: values[first + index])) }
            } else {
                for index in out.indices { out[index] = Int64(nearest: values[first + index]) }
            }
        }
        columns.encode()
    }

    /// A time in seconds since a start as nanoseconds since 1970-01-01, the nearest that there is.
    static func time(_ seconds: Double, from start: Int64) -> Int64 {
        let nanoseconds = Int64(nearest: seconds * 1e9)
        let (sum, overflow) = start.addingReportingOverflow(nanoseconds)
        return overflow ? (nanoseconds > 0 ? .max : .min) : sum
    }

    /// What a packet that was made last holds, as members of JSON.
    func write(values index: Int, to text: inout TextBuffer) {
        let constants = constants
        text.append(constants.octets)
        var isFirst = constants.isEmpty
        for (column, input) in inputs.enumerated() {
            guard let value = columns.written(column, index) else { continue }
            if !isFirst { text.append(",") }
            isFirst = false
            let member = input.member
            text.append(member.octets)
            text.append(value)
        }
    }
}

extension PacketEncoder {
    /// What the number of a model is, as columns are called: of enumerations of whole numbers it is the raw value.
    func modelled(_ parameter: ParameterInfo) -> String { (isLabelled(parameter.name) ? "raw." : "") + parameter.name }
}

extension Int64 {
    /// The nearest whole number; 0 where there is none.
    init(nearest value: Double) {
        let whole = value.rounded()
        self = Int64(exactly: whole) ?? (whole > 0 ? .max : whole < 0 ? .min : 0)
    }
}

extension UInt64 {
    /// The nearest whole number; 0 where there is none.
    init(nearest value: Double) {
        let whole = value.rounded()
        self = UInt64(exactly: whole) ?? (whole > 0 ? .max : 0)
    }
}

extension TextBuffer {
    /// A value as JSON.
    fileprivate mutating func append(_ value: WrittenValue) {
        switch value {
        case .number(let number): appendJSON(number)
        case .integer(let number): append(number)
        case .unsigned(let number): append(number)
        case .truth(let truth): append(truth ? "true" : "false")
        case .text(let words): appendJSON(words)
        case .time(let time, let digits): appendJSON(time.text(digits: digits))
        }
    }
}
