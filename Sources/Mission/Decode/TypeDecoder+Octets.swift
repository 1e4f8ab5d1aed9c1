import Bytes
import Records

/// Strings and binaries: cells that say where the octets are.
extension TypeDecoder {
    /// A run of bits as octets: where they stand when they are octets of the packet, else a copy in the arena. Nil when
    /// the arena is full.
    private func range(
        bits: Int, at position: Int, aligned: ByteBuffer.BitAlignment, _ table: DecodedTable, _ row: Int
    ) -> OctetRange? {
        if position % 8 == 0, bits % 8 == 0, position / 8 + bits / 8 <= OctetRange.largest {
            return OctetRange(start: position / 8, count: bits / 8, isInArena: false)
        }
        let start = table.arena.count
        guard start + bits / 8 + 1 <= OctetRange.largest else { return nil }
        table.arena.append(
            bitsOf: unsafe table.packets[row].bytes(keptBy: table), at: position, count: bits, aligned: aligned)
        return OctetRange(start: start, count: table.arena.count - start, isInArena: true)
    }

    /// A binary of so many bits. Bits that do not fill their octets stand at the end, as those of a number.
    func storeBinary(
        _ conversion: FieldPlan.Conversion, bits: Int, at position: Int, _ column: Column, _ table: DecodedTable,
        _ row: Int
    ) {
        guard let range = range(bits: bits, at: position, aligned: .end, table, row) else {
            return mark(column, row, .badSize)
        }
        column.rawCells[row] = range.cell
        guard case .binaryTruth = conversion else { return }
        let octets = column.rawBytes(at: row)
        var isZero = true
        for index in 0..<octets.byteCount where octets.u8(at: index) != 0 { isZero = false }
        column.valueCells[row] = isZero ? 0 : 1
    }

    /// A string in a buffer of so many bits.
    func readString(
        _ string: StringPlan, _ conversion: FieldPlan.Conversion, bits: Int, at position: Int, _ column: Column,
        _ table: DecodedTable, _ row: Int
    ) {
        guard let buffer = range(bits: bits, at: position, aligned: .front, table, row) else {
            return mark(column, row, .badSize)
        }
        column.rawCells[row] = buffer.cell
        var start = 0
        var length = bits / 8 * 8
        if string.tagBits > 0 {
            let bytes = unsafe table.packets[row].bytes(keptBy: table)
            guard string.tagBits <= bits else { return mark(column, row, .badString) }
            let tag = bytes.bits(at: position, count: string.tagBits)
            guard tag <= UInt64(bits - string.tagBits) / UInt64(string.tagUnit), Int(tag) * string.tagUnit % 8 == 0
            else {
                return mark(column, row, .badString)
            }
            start = string.tagBits
            length = Int(tag) * string.tagUnit
        } else if !string.terminator.isEmpty {
            let bytes = unsafe table.packets[row].bytes(keptBy: table)
            guard let end = terminator(string, in: bytes, at: position, bits: length) else {
                return mark(column, row, .badString)
            }
            length = end
        }
        let text =
            start % 8 == 0
            ? OctetRange(start: buffer.start + start / 8, count: length / 8, isInArena: buffer.isInArena)
            : range(bits: length, at: position + start, aligned: .front, table, row)
        guard let text else { return mark(column, row, .badSize) }
        storeText(text, string.charset, conversion, column, table, row)
    }

    /// The text as UTF-8, and what else becomes of it.
    private func storeText(
        _ text: OctetRange, _ charset: StringModel.Charset, _ conversion: FieldPlan.Conversion, _ column: Column,
        _ table: DecodedTable, _ row: Int
    ) {
        let octets = column.octets(text.cell, row)
        var cell = text.cell
        let isPlain =
            switch charset {
            case .ascii, .latin1, .windows1252: octets.isASCII
            case .utf8: octets.isUTF8
            default: false
            }
        if !isPlain {
            let (scratch, isRight) = Transcoder.utf8(octets, charset)
            if !isRight { mark(column, row, .badText) }
            let start = table.arena.count
            guard start + scratch.count <= OctetRange.largest else { return mark(column, row, .badSize) }
            table.arena.append(octets: scratch)
            cell = OctetRange(start: start, count: scratch.count, isInArena: true).cell
        }
        switch conversion {
        case .textTruth(let zero):
            let value = column.octets(cell, row)
            column.valueCells[row] = value.byteCount == 0 || value.equals(zero) ? 0 : 1
        case .textLabels(let labels):
            let value = column.octets(cell, row)
            for entry in labels.texts where value.equals(entry.text) {
                column.valueCells[row] = UInt64(entry.label)
                return
            }
            mark(column, row, .noLabel)
        default: column.valueCells[row] = cell
        }
    }
}

extension RawSpan {
    func equals(_ octets: [UInt8]) -> Bool {
        guard byteCount == octets.count else { return false }
        for index in octets.indices where u8(at: index) != octets[index] { return false }
        return true
    }
}
