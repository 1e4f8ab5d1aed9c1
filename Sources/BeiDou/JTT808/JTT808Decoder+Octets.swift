internal import Bytes
internal import Records

/// Columns of texts and octets.
extension JTT808Decoder {
    /// Where a field's octets stand in a message: from its place to its width, or to the tail or end; nil when the
    /// message ends before.
    @inline(__always)
    func range(_ field: JTT808Field, _ row: Int, _ bytes: RawSpan) -> Range<Int>? {
        let start = Int(places.lane[field.slot &* rows &+ row]) &+ field.offset
        guard start <= bytes.byteCount else { return nil }
        guard field.width == 0 else {
            return start &+ field.width <= bytes.byteCount ? start..<start &+ field.width : nil
        }
        if isOpen { return start..<bytes.byteCount }
        let tail = Int(places.lane[JTT808Slot.tail &* rows &+ row])
        return start..<(tail >= start && field.slot != JTT808Slot.tail ? tail : bytes.byteCount)
    }

    /// Octets as they stand. Where there are none, there is no value.
    func fillOctets(_ column: Column, _ field: JTT808Field) {
        let isEverywhere = begin(column, field.slot)
        guard places.present[field.slot] > 0 else { return }
        let isShared = column.valueCells === column.rawCells
        let packetLane = table.packets
        let packets = packetLane.span
        for row in 0..<rows where places.lane[field.slot * rows + row] >= 0 {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard let range = range(field, row, bytes) else {
                column.mark(row, .beyondEnd)
                continue
            }
            let cell = OctetRange(start: range.lowerBound, count: range.count, isInArena: false).cell
            column.rawCells[row] = cell
            if !isShared { column.valueCells[row] = cell }
            if range.isEmpty {
                column.mark(row, .notIncluded)
            } else if !isEverywhere {
                column.states[row] = .valid
            }
        }
    }

    /// Texts in GBK. Of one with a fixed length the 00 behind it are no part; raw is all of it.
    func fillText(_ column: Column, _ field: JTT808Field) {
        column.prepare(rows, filler: .valid)
        let packetLane = table.packets
        let packets = packetLane.span
        for row in 0..<rows {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard let range = textRange(field, row, bytes) else {
                column.mark(row, .beyondEnd)
                continue
            }
            column.rawCells[row] = OctetRange(start: range.lowerBound, count: range.count, isInArena: false).cell
            var end = range.upperBound
            if field.width > 0 { while end > range.lowerBound, bytes.u8(at: end - 1) == 0 { end -= 1 } }
            if end == range.lowerBound, field.width == 0 {
                column.mark(row, .notIncluded)
            } else {
                setText(column, row, range.lowerBound..<end, bytes)
            }
        }
    }

    private func textRange(_ field: JTT808Field, _ row: Int, _ bytes: RawSpan) -> Range<Int>? {
        guard case .countedText = field.coding else { return range(field, row, bytes) }
        let start = Int(places.lane[row]) + 1
        guard start <= bytes.byteCount, start + Int(bytes.u8(at: start - 1)) <= bytes.byteCount else { return nil }
        return start..<start + Int(bytes.u8(at: start - 1))
    }

    /// Writes a text that stands in the message.
    private func setText(_ column: Column, _ row: Int, _ range: Range<Int>, _ bytes: RawSpan) {
        let octets = bytes.slice(at: range.lowerBound, count: range.count)
        guard !octets.isASCII else {
            column.valueCells[row] = OctetRange(start: range.lowerBound, count: range.count, isInArena: false).cell
            return
        }
        let start = table.arena.count
        if !GBK.append(octets, to: table.arena) {
            column.mark(row, .badText)
            for index in 0..<octets.byteCount {
                if octets.u8(at: index) < 0x80 {
                    table.arena.append(octets.slice(at: index, count: 1))
                } else {
                    table.arena.append(octets: Self.replacement)
                }
            }
        }
        let count = table.arena.count - start
        column.valueCells[row] = OctetRange(start: start, count: count, isInArena: true).cell
    }

    /// U+FFFD in UTF-8.
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// What the content of a transparent message says. Leads are told in the user's own kinds only; a text is what has
    /// nothing but characters, behind the lead A4 or without a lead.
    func fillContent(_ column: Column, _ field: JTT808Field) {
        column.prepare(rows, filler: .notIncluded)
        let packetLane = table.packets
        let packets = packetLane.span
        for row in 0..<rows {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            let start = Int(places.lane[row]) + 1
            guard start < bytes.byteCount else { continue }
            let octet = bytes.u8(at: start)
            let isLed = JTT808Labels.isUsers(kind: bytes.u8(at: start - 1)) && JTT808Labels.isLead(octet)
            if case .lead = field.coding {
                guard isLed else { continue }
                column.rawCells[row] = UInt64(octet)
                column.valueCells[row] = UInt64(octet)
                column.mark(row, .valid)
                continue
            }
            let textStart = start + (isLed ? 1 : 0)
            guard !isLed || octet == 0xA4, textStart < bytes.byteCount else { continue }
            let text = bytes.slice(at: textStart, count: bytes.byteCount - textStart)
            guard Self.isPrintable(text) else { continue }
            column.rawCells[row] = OctetRange(start: textStart, count: text.byteCount, isInArena: false).cell
            let before = table.arena.count
            guard GBK.append(text, to: table.arena) else { continue }
            let count = table.arena.count - before
            column.valueCells[row] = OctetRange(start: before, count: count, isInArena: true).cell
            column.mark(row, .valid)
        }
    }

    /// Whether there is no control character but tabulator and ends of lines.
    private static func isPrintable(_ octets: RawSpan) -> Bool {
        for index in 0..<octets.byteCount {
            switch octets.u8(at: index) {
            case 9, 10, 13: continue
            case 0..<0x20, 0x7F: return false
            default: continue
            }
        }
        return true
    }
}
