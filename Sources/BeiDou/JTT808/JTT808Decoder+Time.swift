internal import Bytes
internal import Records

/// Columns of times and of bits.
extension JTT808Decoder {
    /// Six octets of digits by a clock ahead of UTC. What is no digit is not written as it must be; what is no date or
    /// no time of day cannot be told.
    func fillTime(_ column: Column, _ field: JTT808Field, hoursAhead: Int) {
        var day = (digits: UInt64.max, seconds: 0)
        each(column, field, width: 6) { bytes, at in
            let raw = OctetRange(start: at, count: 6, isInArena: false).cell
            let digits = UInt64(bytes.u16(at: at)) << 32 | UInt64(bytes.u32(at: at &+ 2))
            guard Self.isDecimal(digits) else { return (raw, 0, .malformed) }
            let date = digits >> 24
            if date != day.digits {
                guard let seconds = Self.seconds(date: date, hoursAhead: hoursAhead) else { return (raw, 0, .noTime) }
                day = (date, seconds)
            }
            let (hour, minute, second) = (
                Self.pair(digits >> 16), Self.pair(digits >> 8), Self.pair(digits)
            )
            guard hour < 24, minute < 60, second < 60 else { return (raw, 0, .noTime) }
            let value = Int64(day.seconds &+ hour &* 3600 &+ minute &* 60 &+ second)
            return (raw, UInt64(bitPattern: value), .valid)
        }
        column.fractions.fill(0)
    }

    /// Two digits as a number.
    @inline(__always)
    private static func pair(_ digits: UInt64) -> Int { Int(digits >> 4 & 15) &* 10 &+ Int(digits & 15) }

    /// When a day of six digits begins by a clock ahead of UTC; nil when there is no such day.
    private static func seconds(date: UInt64, hoursAhead: Int) -> Int? {
        let (year, month, day) = (2000 + pair(date >> 16), pair(date >> 8), pair(date))
        guard JTT808Time.isDate(year: year, month: month, day: day) else { return nil }
        return StatedTime.days(year: year, month: month, day: day) * 86_400 - hoursAhead * 3600
    }

    /// The names of the bits that are set, as a list. Words come again and again: the texts of some are kept.
    func fillFlags(_ column: Column, _ field: JTT808Field, _ flags: JTT808Flags) {
        let keys = Lane<UInt64>()
        let cells = Lane<UInt64>()
        keys.resize(to: 64, filler: .max)
        cells.resize(to: 64, filler: 0)
        var text = TextBuffer(capacity: 1024)
        let width = field.width
        each(column, field, width: width) { bytes, at in
            let raw = Self.word(bytes, at, width)
            let is2019 = bytes.u8(at: 2) & 0x40 != 0
            let key = raw & flags.mask | (is2019 ? 1 << 32 : 0)
            let place = Int((key &* 0x9E37_79B9_7F4A_7C15) >> 58)
            if keys[place] != key {
                text.removeAll()
                Self.append(flags, raw & flags.mask, is2019: is2019, to: &text)
                keys[place] = key
                cells[place] = append(text)
            }
            return (raw, cells[place], .valid)
        }
    }

    private static func append(_ flags: JTT808Flags, _ word: UInt64, is2019: Bool, to text: inout TextBuffer) {
        text.append(UInt8(ascii: "["))
        var left = word
        while left != 0 {
            if left != word { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "\""))
            text.append(flags.name(left.trailingZeroBitCount, is2019: is2019))
            text.append(UInt8(ascii: "\""))
            left &= left - 1
        }
        text.append(UInt8(ascii: "]"))
    }

    /// Puts a text into the arena; gives its cell.
    func append(_ text: borrowing TextBuffer) -> UInt64 {
        let start = table.arena.count
        table.arena.append(text.bytes)
        return OctetRange(start: start, count: text.count, isInArena: true).cell
    }
}
