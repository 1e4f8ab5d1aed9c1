internal import Bytes
internal import Records

/// Fields whose values are texts or octets.
extension RDSS4Decoder {
    /// `08:49` or `08:49:36.50`. Rows with the same time as the row before share its text.
    func clocks(_ field: RDSS4Field, _ column: Column) {
        let isLong = field.width == 4
        let length = isLong ? 11 : 5
        // Texts are put into the arena at once: each change of it costs a check of exclusive access.
        let texts = Lane<UInt8>()
        texts.resize(to: table.count * length, filler: 0x3A)
        let start = table.arena.count
        var filled = 0
        var lastRaw = UInt64.max
        var last: (UInt64, Validity) = (0, .valid)
        do {
            var text = texts.writable
            each(field, column) { raw in
                if raw == lastRaw { return last }
                lastRaw = raw
                let parts = isLong ? raw : raw << 16
                guard parts >> 24 < 24, parts >> 16 & 0xFF < 60, parts >> 8 & 0xFF < 60, parts & 0xFF < 100 else {
                    last = (0, .malformed)
                    return last
                }
                Self.write(parts >> 24, &text, filled)
                Self.write(parts >> 16 & 0xFF, &text, filled &+ 3)
                if isLong {
                    Self.write(parts >> 8 & 0xFF, &text, filled &+ 6)
                    text[filled &+ 8] = 0x2E
                    Self.write(parts & 0xFF, &text, filled &+ 9)
                }
                last = (OctetRange(start: start &+ filled, count: length, isInArena: true).cell, .valid)
                filled &+= length
                return last
            }
        }
        table.arena.append(texts.span.octets.slice(at: 0, count: filled))
    }

    /// Two digits of a number below 100.
    @inline(__always)
    private static func write(_ number: UInt64, _ text: inout MutableSpan<UInt8>, _ index: Int) {
        let number = UInt32(truncatingIfNeeded: number)
        let tens = (number &* 103) &>> 10
        text[index] = 0x30 | UInt8(truncatingIfNeeded: tens)
        text[index &+ 1] = 0x30 | UInt8(truncatingIfNeeded: number &- tens &* 10)
    }

    /// Writes for every row where its value stands in the frame, or why it does not.
    @inline(__always)
    private func eachRun(
        _ column: Column, shortest: Int, _ range: (RawSpan) -> (start: Int, count: Int, validity: Validity)
    ) {
        eachRow(column, shortest: shortest) { bytes, _ in
            let (start, count, validity) = range(bytes)
            let cell = OctetRange(start: start, count: count, isInArena: false).cell
            return (cell, cell, validity)
        }
    }

    /// Octets that stand in the frame as they are.
    func runs(_ field: RDSS4Field, _ column: Column, upToCheck: Bool) {
        let (place, width) = (field.place, field.width)
        if case .letters = field.meaning {
            eachRun(column, shortest: field.shortest) { bytes in
                (place, 4, RDSS4Framing.areCapitals(bytes.u32(at: place)) ? .valid : .malformed)
            }
        } else {
            eachRun(column, shortest: field.shortest) { bytes in
                (place, upToCheck ? bytes.byteCount &- place &- 1 : width, .valid)
            }
        }
    }

    /// What stands behind the last octet that the layout knows.
    func extras(_ column: Column) {
        let (variable, length) = (layout.variable, layout.length)
        eachRun(column, shortest: 0) { bytes in
            let room = bytes.byteCount &- length
            guard room > 0 else { return (0, 0, .notIncluded) }
            let known =
                switch variable {
                case .receipts: Self.receiptCount(bytes) &* 4
                case .addresses: room - room % 3
                case .none, .rest, .content: 0
                }
            guard room > known else { return (0, 0, .notIncluded) }
            return (length &- 1 &+ known, room &- known, .valid)
        }
    }

    /// Text to the check: GBK, of which ASCII is a part and stays where it stands.
    func texts(_ field: RDSS4Field, _ column: Column) {
        runs(field, column, upToCheck: true)
        for row in 0..<table.count where column.states[row] == .valid {
            let range = OctetRange(cell: column.rawCells[row])
            // The table keeps its packets until its next batch.
            let text = unsafe table.packets[row].slice(at: range.start, count: range.count).bytes(keptBy: table)
            guard !text.isASCII else { continue }
            let start = table.arena.count
            if !GBK.append(text, to: table.arena) {
                GBK.appendForgiving(text, to: table.arena)
                column.mark(row, .badText)
            }
            column.valueCells[row] =
                OctetRange(start: start, count: table.arena.count - start, isInArena: true).cell
        }
    }

    /// The letters that FKXX repeats: kinds 0, 1 and 6 have them, kind 2 may.
    func feedbackSentences(_ field: RDSS4Field, _ column: Column) {
        let place = field.place
        eachRun(column, shortest: field.shortest) { bytes in
            let isName = RDSS4Framing.areCapitals(bytes.u32(at: place))
            switch bytes.u8(at: 10) {
            case 0, 1, 6: return (place, 4, isName ? .valid : .malformed)
            case 2 where isName: return (place, 4, .valid)
            default: return (0, 0, .notIncluded)
            }
        }
    }

    /// The seconds of FKXX 4: four octets, high one first; one maker writes the low one first, which shows when the
    /// other reading is more than a day.
    func feedbackWaits(_ field: RDSS4Field, _ column: Column) {
        each(field, column) { raw, bytes, _ in
            guard bytes.u8(at: 10) == 4 else { return (0, .notIncluded) }
            let swapped = UInt64(UInt32(truncatingIfNeeded: raw).byteSwapped)
            if raw <= 86_400 { return (raw, .valid) }
            return swapped <= 86_400 ? (swapped, .valid) : (raw, .outOfRange)
        }
    }
}
