internal import BeiDou
internal import Bytes
internal import Records

/// What a command unit tells of: a message that came.
struct TerminalReport: BitwiseCopyable {
    var kind: WaitingMessage.Kind
    var isEmergency: Bool
    var part: UInt8
    var series: UInt8
    var text: UInt16
    var flow: UInt16
    /// The terminal's place among all.
    var terminal: Int32
    /// When it was sent, in nanoseconds since the scenario's start.
    var sent: Int64
    var place: Route.Place
    /// Satellites that the terminal sees.
    var satellites: UInt8
}

/// Puts messages together, octet by octet: what ``MessageFamily`` writes from named values, but many of them.
///
/// The tests hold its messages against those.
struct ReportWriter {
    /// The message at hand.
    var octets: [UInt8] = []

    /// A moment of the day.
    struct Clock {
        let year, month, day: Int
        let hour, minute, second, hundredths: Int

        /// - Parameter time: nanoseconds since 1970, in the zone that is meant.
        init(_ time: Int64) {
            let hundredth = time >= 0 ? time / 10_000_000 : (time - 9_999_999) / 10_000_000
            let days = hundredth >= 0 ? hundredth / 8_640_000 : (hundredth - 8_639_999) / 8_640_000
            let left = Int(hundredth - days * 8_640_000)
            (year, month, day) = StatedTime.date(daysSince1970: Int(days))
            (hour, minute) = (left / 360_000, left / 6000 % 60)
            (second, hundredths) = (left / 100 % 60, left % 100)
        }
    }

    mutating func append(_ text: StaticString) {
        unsafe octets.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ octet: UInt8) { octets.append(octet) }

    mutating func append(u16 value: Int) { octets.append(big: UInt16(truncatingIfNeeded: value)) }

    /// Adds a number of three octets.
    mutating func append(u24 value: UInt32) {
        octets.append(UInt8(truncatingIfNeeded: value >> 16))
        octets.append(big: UInt16(truncatingIfNeeded: value))
    }

    /// Adds decimal digits with zeros in front, at least `width` of them.
    mutating func append(decimal number: Int, width: Int = 1) {
        var (divisor, digits) = (1, 1)
        while number / divisor >= 10 || digits < width {
            divisor *= 10
            digits += 1
        }
        while divisor > 0 {
            octets.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// Adds a number with a point and so many digits behind it, rounded.
    mutating func append(_ number: Double, decimals: Int) {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((number.magnitude * Double(scale)).rounded())
        if number < 0, scaled > 0 { octets.append(0x2D) }
        append(decimal: scaled / scale)
        octets.append(0x2E)
        append(decimal: scaled % scale, width: decimals)
    }
}
