internal import Bytes
internal import Records

/// Fields whose values are lists, as the text of a JSON array in the table's arena.
extension RDSS4Decoder {
    /// Numbers of one octet each. Rows with the same numbers as the row before share its text.
    func beams(_ field: RDSS4Field, _ column: Column) {
        let lane = table.packets
        let packets = lane.span
        let text = Lane<UInt8>()
        var last: (numbers: UInt64, cell: UInt64)?
        for row in 0..<packets.count {
            let bytes = frame(packets, row)
            guard bytes.byteCount >= field.shortest else {
                column.mark(row, .beyondEnd)
                continue
            }
            column.rawCells[row] = OctetRange(start: field.place, count: field.width, isInArena: false).cell
            // Six octets, with the two in front, which do no harm.
            let numbers = bytes.u64(at: field.place + field.width - 8)
            if let last, last.numbers == numbers {
                column.valueCells[row] = last.cell
                continue
            }
            let cell = list(text, count: field.width) { index in
                Self.append(UInt32(bytes.u8(at: field.place + index)), to: text)
            }
            column.valueCells[row] = cell
            last = (numbers, cell)
        }
    }

    /// Cards of three octets each up to the check.
    func addresses(_ field: RDSS4Field, _ column: Column) {
        let lane = table.packets
        let packets = lane.span
        let text = Lane<UInt8>()
        for row in 0..<packets.count {
            let bytes = frame(packets, row)
            guard bytes.byteCount >= field.shortest else {
                column.mark(row, .beyondEnd)
                continue
            }
            let count = (bytes.byteCount - 1 - field.place) / 3
            column.rawCells[row] = OctetRange(start: field.place, count: count * 3, isInArena: false).cell
            column.valueCells[row] = list(text, count: count) { index in
                Self.append(bytes.u24(at: field.place + index * 3) & 0x1F_FFFF, to: text)
            }
        }
    }

    /// One of the two times of each receipt, `"08:49"`. A time that is none stands as its two numbers, `"25:61"`, and
    /// the value is marked.
    func receipts(_ field: RDSS4Field, _ column: Column, offset: Int) {
        let lane = table.packets
        let packets = lane.span
        let text = Lane<UInt8>()
        for row in 0..<packets.count {
            let bytes = frame(packets, row)
            guard bytes.byteCount >= field.shortest else {
                column.mark(row, .beyondEnd)
                continue
            }
            let count = Self.receiptCount(bytes)
            var isRight = true
            column.rawCells[row] = OctetRange(start: field.place, count: count * 4, isInArena: false).cell
            column.valueCells[row] = list(text, count: count) { index in
                let place = field.place + index * 4 + offset
                let (hour, minute) = (bytes.u8(at: place), bytes.u8(at: place + 1))
                if hour > 23 || minute > 59 { isRight = false }
                text.append(0x22)
                Self.appendTwo(hour, to: text)
                text.append(0x3A)
                Self.appendTwo(minute, to: text)
                text.append(0x22)
            }
            if !isRight { column.mark(row, .outOfRange) }
        }
    }

    /// How many whole receipts there are: as many as the count says, and no more than the frame holds.
    static func receiptCount(_ bytes: RawSpan) -> Int {
        bytes.byteCount < 15 ? 0 : min(Int(bytes.u8(at: 13)), (bytes.byteCount - 15) / 4)
    }

    private func list(_ text: Lane<UInt8>, count: Int, _ append: (Int) -> Void) -> UInt64 {
        text.removeAll()
        text.append(0x5B)
        for index in 0..<count {
            if index > 0 { text.append(0x2C) }
            append(index)
        }
        text.append(0x5D)
        let start = table.arena.count
        table.arena.append(text.span.octets)
        return OctetRange(start: start, count: text.count, isInArena: true).cell
    }

    private static func append(_ number: UInt32, to text: Lane<UInt8>) {
        var unit: UInt32 = 1
        while number / unit >= 10 { unit *= 10 }
        while unit > 0 {
            text.append(0x30 + UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }

    private static func appendTwo(_ number: UInt8, to text: Lane<UInt8>) {
        if number < 10 { text.append(0x30) }
        append(UInt32(number), to: text)
    }
}
