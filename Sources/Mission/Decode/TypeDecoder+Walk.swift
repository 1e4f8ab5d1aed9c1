import Bytes
import Records

/// Fields that are found by walking through a packet, because something in front of them varies.
extension TypeDecoder {
    /// Walks through every packet of the table. Says where the last one ended, in bits; nil when that cannot be told.
    @discardableResult
    func decodeWalked(_ table: DecodedTable) -> Int? {
        guard !walk.isEmpty else { return nil }
        for index in plan.fields.indices where plan.fields[index].place == .walked {
            if let column = table.fields[index] { column.prepare(table.count, filler: .notIncluded) }
        }
        var end: Int?
        for row in 0..<table.count { end = walkRow(table, row) }
        return end
    }

    /// Walks through one packet and says where it ended, in bits; nil when that cannot be told.
    private func walkRow(_ table: DecodedTable, _ row: Int) -> Int? {
        let bytes = unsafe table.packets[row].bytes(keptBy: table)
        // The position is lost behind a field whose size is not known, until a step sets it again.
        var position: Int? = 0
        var step = 0
        var furthest = 0
        while step < walk.count {
            switch walk[step] {
            case .set(let bit): position = bit
            case .skip(let bits): position = position.map { $0 + bits }
            case .seek(let register, let offset):
                let start = table.registers[register]
                position = start == .min ? nil : start + offset
            case .mark(let register): table.registers[register] = position ?? .min
            case .field(let index): position = readField(index, at: position, bytes, table, row)
            case .branch(let criteria, let otherwise):
                if !holds(criteria, bytes, table, row) {
                    step = otherwise
                    continue
                }
            }
            if let position { furthest = max(furthest, position) }
            step += 1
        }
        return position.map { max($0, furthest) }
    }

    /// Reads a field and returns the position behind it.
    private func readField(
        _ index: Int, at position: Int?, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int
    ) -> Int? {
        let column = table.fields[index]
        guard let position else {
            if let column { mark(column, row, .badSize) }
            return nil
        }
        let end = bytes.byteCount * 8
        let bits: Int?
        switch plan.fields[index].encoding {
        case .number(let format): bits = format.bits
        case .binary(let size): bits = self.bits(size, bytes, table, row)
        case .string(let string):
            guard let buffer = string.buffer else {
                return readUnbounded(string, index, at: position, bytes, table, row)
            }
            bits = self.bits(buffer, bytes, table, row)
        }
        guard let bits else {
            if let column { mark(column, row, .badSize) }
            return nil
        }
        guard position >= 0, bits <= end, position <= end - bits else {
            if let column { mark(column, row, position < 0 ? .badSize : .beyondEnd) }
            return position + bits
        }
        guard let column else { return position + bits }
        column.states[row] = .valid
        switch plan.fields[index].encoding {
        case .number(let format):
            column.rawCells[row] = format.read(bytes, at: position)
            convert(plan.fields[index].conversion, format, column, table, row)
        case .binary: storeBinary(plan.fields[index].conversion, bits: bits, at: position, column, table, row)
        case .string(let string):
            readString(string, plan.fields[index].conversion, bits: bits, at: position, column, table, row)
        }
        return position + bits
    }

    /// A string whose tag or terminator alone says how long it is.
    private func readUnbounded(
        _ string: StringPlan, _ index: Int, at position: Int, _ bytes: RawSpan, _ table: DecodedTable, _ row: Int
    ) -> Int? {
        let column = table.fields[index]
        let end = bytes.byteCount * 8
        func lose(_ validity: Validity) -> Int? {
            if let column { mark(column, row, validity) }
            return nil
        }
        guard position >= 0, position <= end else { return lose(.beyondEnd) }
        var bits = 0
        if string.tagBits > 0 {
            guard string.tagBits <= end - position else { return lose(.beyondEnd) }
            let tag = bytes.bits(at: position, count: string.tagBits)
            guard tag <= UInt64(end) / UInt64(string.tagUnit) else { return lose(.badSize) }
            bits = string.tagBits + Int(tag) * string.tagUnit
        } else {
            let room = min(end - position, string.maximumBits) / 8 * 8
            guard let found = terminator(string, in: bytes, at: position, bits: room) else { return lose(.badSize) }
            bits = found + string.terminator.count * 8
        }
        guard bits <= end - position, bits <= string.maximumBits else { return lose(.badSize) }
        if let column {
            column.states[row] = .valid
            readString(string, plan.fields[index].conversion, bits: bits, at: position, column, table, row)
        }
        return position + bits
    }

    /// Where the terminator begins, in bits behind `position`; nil when there is none among `bits`.
    func terminator(_ string: StringPlan, in bytes: RawSpan, at position: Int, bits: Int) -> Int? {
        let unit = string.charset.unit
        if position % 8 == 0 {
            let window = bytes.slice(at: position / 8, count: bits / 8)
            return window.firstIndex(of: string.terminator, from: 0, stride: unit).map { $0 * 8 }
        }
        let width = string.terminator.count * 8
        var offset = 0
        while offset + width <= bits {
            var step = 0
            while step < string.terminator.count,
                bytes.bits(at: position + offset + step * 8, count: 8) == UInt64(string.terminator[step])
            {
                step += 1
            }
            if step == string.terminator.count { return offset }
            offset += unit * 8
        }
        return nil
    }
}
