internal import Bytes
internal import Records

/// Columns of what the header says.
extension JTT808Decoder {
    func fillHeader(_ column: Column, _ field: JTT808Field) {
        if case .phone = field.coding { return fillPhone(column) }
        if case .messageID = field.coding { return fillMessageID(column) }
        column.prepare(rows, filler: .valid)
        let isShared = column.valueCells === column.rawCells
        let packetLane = table.packets
        let packets = packetLane.span
        let rawCells = column.rawCells
        var raws = rawCells.writable
        let valueCells = column.valueCells
        var values = valueCells.writable
        let is2011 = layout.edition == .only2011
        for row in 0..<rows {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard let header = JTT808Header(bytes) else {
                column.mark(row, .beyondEnd)
                continue
            }
            let raw: UInt64
            var value: UInt64
            switch field.coding {
            case .flowNumber:
                raw = UInt64(header.flowNumber)
                value = raw
            case .version:
                raw = UInt64(header.version)
                value = header.is2019 ? 2 : is2011 ? 0 : 1
            case .encryption:
                raw = UInt64(header.encryption)
                value = raw
                if raw > 1 { column.mark(row, .noLabel) }
            case .total, .index:
                if case .total = field.coding { raw = UInt64(header.total) } else { raw = UInt64(header.index) }
                value = raw
                if !header.isPart { column.mark(row, .notIncluded) }
            default:
                raw = UInt64(header.properties)
                value = raw
            }
            if !isShared { raws[row] = raw }
            values[row] = value
        }
    }

    private func fillPhone(_ column: Column) {
        column.prepare(rows, filler: .valid)
        let packetLane = table.packets
        let packets = packetLane.span
        let rawCells = column.rawCells
        var raws = rawCells.writable
        let valueCells = column.valueCells
        var values = valueCells.writable
        let base = table.arena.count
        var text = TextBuffer(capacity: 20 * rows)
        // The next message is often of the same sender.
        var last = (top: UInt64.max, rest: UInt64.max, cell: UInt64(0))
        for row in 0..<rows {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard let header = JTT808Header(bytes) else {
                column.mark(row, .beyondEnd)
                continue
            }
            let at = header.phoneRange.lowerBound
            raws[row] = OctetRange(start: at, count: header.phoneRange.count, isInArena: false).cell
            // All digits behind 16 or 12 zeros: two octets on top, eight below.
            let top: UInt64
            let rest: UInt64
            if header.is2019 {
                top = UInt64(bytes.u16(at: at))
                rest = bytes.u64(at: at + 2)
            } else {
                top = 0
                rest = UInt64(bytes.u16(at: at)) << 32 | UInt64(bytes.u32(at: at + 2))
            }
            if top != last.top || rest != last.rest {
                let digits: InlineArray<3, UInt64> = [
                    Self.spread(UInt32(truncatingIfNeeded: top)).bigEndian,
                    Self.spread(UInt32(truncatingIfNeeded: rest >> 32)).bigEndian,
                    Self.spread(UInt32(truncatingIfNeeded: rest)).bigEndian,
                ]
                let zeros =
                    top == 0 ? min(8 + rest.leadingZeroBitCount / 4, 23) : (top.leadingZeroBitCount - 32) / 4
                guard Self.isDecimal(top), Self.isDecimal(rest) else {
                    column.mark(row, .malformed)
                    continue
                }
                let start = base &+ text.count
                text.append(digits.span.octets.slice(at: zeros, count: 24 - zeros))
                last = (top, rest, OctetRange(start: start, count: 24 - zeros, isInArena: true).cell)
            }
            values[row] = last.cell
        }
        table.arena.append(text.bytes)
    }

    /// Eight digits of four bits as characters.
    @inline(__always)
    private static func spread(_ digits: UInt32) -> UInt64 {
        var wide = UInt64(digits)
        wide = (wide | wide << 16) & 0x0000_FFFF_0000_FFFF
        wide = (wide | wide << 8) & 0x00FF_00FF_00FF_00FF
        wide = (wide | wide << 4) & 0x0F0F_0F0F_0F0F_0F0F
        return wide | 0x3030_3030_3030_3030
    }

    /// Whether every four bits are a digit.
    @inline(__always)
    static func isDecimal(_ digits: UInt64) -> Bool {
        digits >> 3 & (digits >> 2 | digits >> 1) & 0x1111_1111_1111_1111 == 0
    }

    private func fillMessageID(_ column: Column) {
        column.prepare(rows, filler: .valid)
        let packetLane = table.packets
        let packets = packetLane.span
        for row in 0..<rows {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard bytes.byteCount >= 2 else {
                column.mark(row, .beyondEnd)
                continue
            }
            setIdentifier(column, row, bytes.u16(at: 0))
        }
    }

    /// The column of a message id that stands in the body.
    func fillIdentifier(_ column: Column, _ field: JTT808Field) {
        column.prepare(rows, filler: .valid)
        let packetLane = table.packets
        let packets = packetLane.span
        for row in 0..<rows {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            let at = Int(places.lane[row]) + field.offset
            guard at + 2 <= bytes.byteCount else {
                column.mark(row, .beyondEnd)
                continue
            }
            setIdentifier(column, row, bytes.u16(at: at))
        }
    }

    private func setIdentifier(_ column: Column, _ row: Int, _ id: UInt16) {
        let digits: InlineArray<6, UInt8> = [
            0x30, 0x78, ASCII.hexDigit(UInt8(id >> 12)), ASCII.hexDigit(UInt8(id >> 8 & 15)),
            ASCII.hexDigit(UInt8(id >> 4 & 15)), ASCII.hexDigit(UInt8(id & 15)),
        ]
        let start = table.arena.count
        table.arena.append(digits.span.octets)
        column.rawCells[row] = UInt64(id)
        column.valueCells[row] = OctetRange(start: start, count: 6, isInArena: true).cell
    }
}
