internal import Bytes

/// How single fields are read. Ranges are positions in a message; nil, or NaN, is a field that is not written as it must
/// be.
///
/// To a maintainer: a word of eight octets that ends with a field never begins in front of the message, since a field
/// begins behind `$`, five letters and a comma, and has at least one octet.
enum FieldParser {
    /// The eight octets that end in front of `end`, those in front of the last `count` (1 to 8) replaced by zeros.
    @inline(__always)
    static func word(_ message: RawSpan, end: Int, count: Int) -> UInt64 {
        let kept = ~0 &<< UInt64(truncatingIfNeeded: (8 &- count) &* 8)
        return (message.u64le(at: end &- 8) & kept) | (0x3030_3030_3030_3030 & ~kept)
    }

    /// A whole number of up to 19 digits.
    @inline(__always)
    static func unsigned(_ message: RawSpan, _ start: Int, _ end: Int) -> UInt64? {
        let count = end &- start
        if count &- 1 < 8, count > 0 { return Word.number(word(message, end: end, count: count)) }
        return longUnsigned(message, start, end)
    }

    private static func longUnsigned(_ message: RawSpan, _ start: Int, _ end: Int) -> UInt64? {
        guard start < end, end - start <= 19 else { return nil }
        var value: UInt64 = 0
        for place in start..<end {
            let digit = message.u8(at: place) &- ASCII.zero
            guard digit < 10 else { return nil }
            value = value * 10 + UInt64(digit)
        }
        return value
    }

    /// Up to 16 hexadecimal digits.
    static func hex(_ message: RawSpan, _ start: Int, _ end: Int) -> UInt64? {
        guard start < end, end - start <= 16 else { return nil }
        var value: UInt64 = 0
        for place in start..<end {
            let digit = ASCII.hexValue(message.u8(at: place))
            guard digit < 16 else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return value
    }

    /// A decimal number.
    @inline(__always)
    static func decimal(_ message: RawSpan, _ start: Int, _ end: Int) -> Double {
        var start = start
        let sign = message.u8(at: start)
        if sign == ASCII.minus || sign == ASCII.plus { start &+= 1 }
        let value = unsignedDecimal(message, start, end)
        return sign == ASCII.minus ? -value : value
    }

    @inline(__always)
    private static func unsignedDecimal(_ message: RawSpan, _ start: Int, _ end: Int) -> Double {
        let count = end &- start
        guard count &- 1 < 8, count > 0 else { return longDecimal(message, start, end) }
        let dropped = UInt64(truncatingIfNeeded: (8 &- count) &* 8)
        let kept = ~0 &<< dropped
        let word = message.u64le(at: end &- 8) & kept
        let points = Word.marks(of: ASCII.point, in: word)
        let filler = 0x3030_3030_3030_3030 & ~kept
        if points == 0 {
            guard let digits = Word.number(word | filler) else { return .nan }
            return Double(digits)
        }
        // The digits in front of the point move up to those behind it; a second point is no digit.
        let bit = UInt64(truncatingIfNeeded: points.trailingZeroBitCount & 56)
        let low = word & ((1 &<< bit) &- 1)
        let joined = (word & ((~0 &<< bit) &<< 8)) | (low &<< 8)
        guard count > 1, let digits = Word.number(joined | (filler &<< 8) | 0x30) else { return .nan }
        return Double(digits) / power(7 &- Int(truncatingIfNeeded: bit &>> 3))
    }

    private static func longDecimal(_ message: RawSpan, _ start: Int, _ end: Int) -> Double {
        guard let (digits, decimals) = digits(message, start, end) else { return .nan }
        return Double(digits) / power(decimals)
    }

    /// The digits of a decimal number without its point, at most 18, and how many stand behind the point. Digits that a
    /// double cannot hold are cut off behind the point.
    static func digits(_ message: RawSpan, _ start: Int, _ end: Int) -> (UInt64, decimals: Int)? {
        var value: UInt64 = 0
        var (seen, decimals) = (0, 0)
        var isBehind = false
        guard start < end, end - start <= 40 else { return nil }
        for place in start..<end {
            let octet = message.u8(at: place)
            if octet == ASCII.point, !isBehind {
                isBehind = true
                continue
            }
            let digit = octet &- ASCII.zero
            guard digit < 10 else { return nil }
            seen += 1
            if value >= 900_000_000_000_000 || decimals == 18 {
                guard isBehind else { return nil }
                continue
            }
            value = value * 10 + UInt64(digit)
            if isBehind { decimals += 1 }
        }
        return seen > 0 ? (value, decimals) : nil
    }

    /// 10 to a power of 0 to 22, which doubles hold exactly.
    @inline(__always)
    static func power(_ exponent: Int) -> Double {
        switch exponent {
        case 0: 1
        case 1: 1e1
        case 2: 1e2
        case 3: 1e3
        case 4: 1e4
        case 5: 1e5
        case 6: 1e6
        case 7: 1e7
        case 8: 1e8
        default: longPower(exponent)
        }
    }

    private static func longPower(_ exponent: Int) -> Double {
        var power = 1e8
        for _ in 8..<max(8, min(exponent, 22)) { power *= 10 }
        return power
    }

    /// Degrees and minutes with a hemisphere, `ddmm.mmmm,N`; the field has at least its letter. NaN: not so.
    @inline(__always)
    static func angle(
        _ message: RawSpan, _ start: Int, _ end: Int, degreeDigits: Int, _ positive: UInt8, _ negative: UInt8
    )
        -> Double
    {
        guard end &- start > 2, message.u8(at: end &- 2) == ASCII.comma else { return .nan }
        let letter = message.u8(at: end &- 1)
        guard letter == positive || letter == negative else { return .nan }
        let stop = end &- 2
        let point = start &+ degreeDigits &+ 2
        let limit: UInt64 = degreeDigits == 2 ? 90 : 180
        var value: Double
        let decimals = stop &- point &- 1
        if decimals > 0, decimals <= 8, message.u8(at: point) == ASCII.point {
            guard let whole = Word.number(word(message, end: point, count: degreeDigits &+ 2)),
                let fraction = Word.number(word(message, end: stop, count: decimals))
            else { return .nan }
            value = degrees(whole, fraction, decimals, limit: limit)
        } else {
            value = longAngle(message, start, stop, limit: limit)
        }
        return letter == negative ? -value : value
    }

    /// The quotient of two whole numbers, so that it is rounded once.
    @inline(__always)
    private static func degrees(_ whole: UInt64, _ fraction: UInt64, _ decimals: Int, limit: UInt64) -> Double {
        let degrees = whole / 100
        let minutes = whole &- degrees &* 100
        guard minutes < 60, degrees < limit || degrees == limit && minutes == 0 && fraction == 0 else { return .nan }
        let scale = power(decimals)
        return (Double(degrees &* 60 &+ minutes) * scale + Double(fraction)) / (60 * scale)
    }

    private static func longAngle(_ message: RawSpan, _ start: Int, _ end: Int, limit: UInt64) -> Double {
        guard let (digits, decimals) = digits(message, start, end) else { return .nan }
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale &*= 10 }
        return degrees(digits / scale, digits % scale, decimals, limit: limit)
    }

    /// Degrees with a direction, `10.5,W`.
    static func variation(_ message: RawSpan, _ start: Int, _ end: Int) -> Double {
        guard end - start > 2, message.u8(at: end - 2) == ASCII.comma else { return .nan }
        let value = decimal(message, start, end - 2)
        switch message.u8(at: end - 1) {
        case UInt8(ascii: "E"): return value
        case UInt8(ascii: "W"): return -value
        default: return .nan
        }
    }
}
