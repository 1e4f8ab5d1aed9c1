internal import Bytes
internal import Records

/// Columns of lists, as texts of JSON arrays.
extension JTT808Decoder {
    func fillList(_ column: Column, _ field: JTT808Field) {
        let isEverywhere = begin(column, field.slot)
        guard places.present[field.slot] > 0 else { return }
        let packetLane = table.packets
        let packets = packetLane.span
        var text = TextBuffer(capacity: 4096)
        let scratch = ByteBuffer()
        text.append("[]")
        let empty = append(text)
        for row in 0..<rows where places.lane[field.slot * rows + row] >= 0 {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            guard let range = range(field, row, bytes) else {
                column.mark(row, .beyondEnd)
                continue
            }
            if !isEverywhere { column.states[row] = .valid }
            column.rawCells[row] = OctetRange(start: range.lowerBound, count: range.count, isInArena: false).cell
            if case .items = field.coding, places.lane[JTT808Slot.unlisted * rows + row] == 0 {
                column.valueCells[row] = empty
                continue
            }
            text.removeAll()
            text.append(UInt8(ascii: "["))
            switch field.coding {
            case .numbers: Self.appendNumbers(bytes, range, width: 1, to: &text)
            case .indices: Self.appendNumbers(bytes, range, width: 2, to: &text)
            case .settings: Self.appendSettings(bytes, range, to: &text, through: scratch)
            default: appendItems(bytes, range, row, to: &text)
            }
            text.append(UInt8(ascii: "]"))
            column.valueCells[row] = append(text)
        }
    }

    private static func separate(_ text: inout TextBuffer) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
    }

    private static func appendNumbers(_ bytes: RawSpan, _ range: Range<Int>, width: Int, to text: inout TextBuffer) {
        var at = range.lowerBound
        while at + width <= range.upperBound {
            separate(&text)
            text.append(word(bytes, at, width))
            at += width
        }
    }

    private static func appendSettings(
        _ bytes: RawSpan, _ range: Range<Int>, to text: inout TextBuffer, through scratch: ByteBuffer
    ) {
        var at = range.lowerBound
        while at + 5 <= range.upperBound {
            let length = Int(bytes.u8(at: at + 4))
            guard at + 5 + length <= range.upperBound else { return }
            separate(&text)
            let value = bytes.slice(at: at + 5, count: length)
            JTT808Settings.append(bytes.u32(at: at), value, to: &text, through: scratch)
            at += 5 + length
        }
    }

    /// The items that no slot points at: `"E1:0A0B"`.
    private func appendItems(_ bytes: RawSpan, _ range: Range<Int>, _ row: Int, to text: inout TextBuffer) {
        var at = range.lowerBound
        while at + 2 <= range.upperBound {
            let id = bytes.u8(at: at)
            let value = at + 2
            let length = Int(bytes.u8(at: at + 1))
            guard value + length <= range.upperBound else { return }
            at = value + length
            let slot = Int(JTT808Items.slots[Int(id)])
            if slot != 0, Int(places.lane[slot * rows + row]) == value { continue }
            Self.separate(&text)
            text.append(UInt8(ascii: "\""))
            text.append(ASCII.hexDigit(id >> 4))
            text.append(ASCII.hexDigit(id & 15))
            text.append(UInt8(ascii: ":"))
            JTT808Text.appendHex(bytes.slice(at: value, count: length), to: &text)
            text.append(UInt8(ascii: "\""))
        }
    }
}
