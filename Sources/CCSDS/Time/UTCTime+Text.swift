internal import Bytes

/// ASCII time codes A and B (301.0-B-4, 3.5).
///
///     A   YYYY-MM-DDThh:mm:ss.d…dZ
///     B   YYYY-DDDThh:mm:ss.d…dZ
///
/// The fraction may have any number of digits or be absent with its point; the Z may be absent.
extension UTCTime {
    /// The time as code A, rounded to so many decimals (0 … 18).
    public func text(decimals: Int) -> String {
        var octets: [UInt8] = []
        append(to: &octets, decimals: decimals)
        return String(decoding: octets, as: UTF8.self)
    }

    /// The time as code B, rounded to so many decimals (0 … 18).
    public func dayOfYearText(decimals: Int) -> String {
        var octets: [UInt8] = []
        append(to: &octets, decimals: decimals, withDayOfYear: true)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Adds the time as code A (or B) at the end, rounded to so many decimals (0 … 18).
    public func append(to octets: inout [UInt8], decimals: Int, withDayOfYear: Bool = false) {
        let decimals = max(0, min(18, decimals))
        let time = rounded(toDecimals: decimals)
        let date = time.date
        if date.year < 0 { octets.append(UInt8(ascii: "-")) }
        Self.append(UInt64(date.year.magnitude), digits: 4, to: &octets)
        octets.append(UInt8(ascii: "-"))
        if withDayOfYear {
            Self.append(UInt64(time.dayOfYear), digits: 3, to: &octets)
        } else {
            Self.append(UInt64(date.month), digits: 2, to: &octets)
            octets.append(UInt8(ascii: "-"))
            Self.append(UInt64(date.day), digits: 2, to: &octets)
        }
        octets.append(UInt8(ascii: "T"))
        // A leap second is 23:59:60.
        let second = min(time.second, 86399)
        Self.append(UInt64(second / 3600), digits: 2, to: &octets)
        octets.append(UInt8(ascii: ":"))
        Self.append(UInt64(second / 60 % 60), digits: 2, to: &octets)
        octets.append(UInt8(ascii: ":"))
        Self.append(UInt64(second % 60 + time.second - second), digits: 2, to: &octets)
        if decimals > 0 {
            octets.append(UInt8(ascii: "."))
            Self.append(time.attoseconds / Self.powers[18 - decimals], digits: decimals, to: &octets)
        }
        octets.append(UInt8(ascii: "Z"))
    }

    /// Adds a number with at least so many digits.
    private static func append(_ value: UInt64, digits: Int, to octets: inout [UInt8]) {
        var (rest, count) = (value, 0)
        let start = octets.count
        while rest > 0 || count < digits {
            octets.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
            count += 1
        }
        octets[start...].reverse()
    }

    /// Reads code A or B; throws when it is neither. Digits behind the eighteenth are cut.
    ///
    /// - Returns: the time, and how many decimals it carried (18 at most).
    public static func read(ascii bytes: RawSpan) throws(TimeCodeError) -> (time: UTCTime, decimals: Int) {
        var reader = Reader(bytes: bytes)
        let year = try reader.number(digits: 4, "year")
        try reader.expect("-")
        let field = reader.digitRun
        let isDayOfYear = field == 3
        let first = try reader.number(digits: isDayOfYear ? 3 : 2, isDayOfYear ? "day of year" : "month")
        var day = 0
        if !isDayOfYear {
            try reader.expect("-")
            day = try reader.number(digits: 2, "day")
        }
        try reader.expect("T")
        let hour = try reader.number(digits: 2, "hour")
        try reader.expect(":")
        let minute = try reader.number(digits: 2, "minute")
        try reader.expect(":")
        let second = try reader.number(digits: 2, "second")
        var (attoseconds, decimals): (UInt64, Int) = (0, 0)
        if reader.take(".") {
            let digits = reader.digitRun
            guard digits > 0 else { throw .field("fraction of a second") }
            decimals = min(18, digits)
            attoseconds = UInt64(try reader.number(digits: decimals, "fraction of a second")) * powers[18 - decimals]
            reader.at += digits - decimals
        }
        _ = reader.take("Z")
        guard reader.at == bytes.byteCount else { throw .field("octets behind the time") }
        let time =
            isDayOfYear
            ? UTCTime(
                year: year, dayOfYear: first, hour: hour, minute: minute, second: second, attoseconds: attoseconds)
            : UTCTime(
                year: year, month: first, day: day, hour: hour, minute: minute, second: second, attoseconds: attoseconds
            )
        guard let time else { throw .field("a date or time of day that there is not") }
        return (time, decimals)
    }

    /// A position in the text.
    private struct Reader: ~Escapable {
        let bytes: RawSpan
        var at = 0

        @_lifetime(copy bytes)
        init(bytes: RawSpan) { self.bytes = bytes }

        /// How many digits follow.
        var digitRun: Int {
            var count = 0
            while at + count < bytes.byteCount, (0x30...0x39).contains(bytes.u8(at: at + count)) { count += 1 }
            return count
        }

        /// A number of just so many digits, 18 at most.
        mutating func number(digits: Int, _ field: String) throws(TimeCodeError) -> Int {
            guard digitRun >= digits else { throw .field(field) }
            var value = 0
            for _ in 0..<digits {
                value = value * 10 + Int(bytes.u8(at: at) - 0x30)
                at += 1
            }
            return value
        }

        mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard at < bytes.byteCount, bytes.u8(at: at) == UInt8(ascii: mark) else { return false }
            at += 1
            return true
        }

        mutating func expect(_ mark: Unicode.Scalar) throws(TimeCodeError) {
            guard take(mark) else { throw .field("separator") }
        }
    }
}
