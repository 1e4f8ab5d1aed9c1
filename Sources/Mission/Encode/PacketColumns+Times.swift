import Bytes
import Records

/// Columns of times.
extension PacketColumns {
    func writeTimes(_ writer: FieldWriter, _ range: Range<Int>) {
        let lane = integerLanes[writer.column]
        let values = lane.span
        precondition(values.count >= range.upperBound, "each column has a value for each packet")
        let (low, high) = (writer.low >= 0 ? max(0, writer.lowInteger) : writer.lowInteger, writer.highInteger)
        var leap = self.leap
        merge(writer, range) { row in
            let time = unsafe values[unchecked: row]
            var ahead: Int64 = 0
            if writer.isTAI {
                if time < leap.from || time >= leap.until { leap = Self.leap(at: time) }
                ahead = leap.ahead
            }
            let (sum, overflow) = time.subtractingReportingOverflow(writer.origin &- ahead)
            guard !overflow else { return (UInt64(bitPattern: time < 0 ? low : high), false) }
            var count: Int64
            if writer.binary >= 0 {
                var second = sum >= 0 ? sum / 1_000_000_000 : (sum - 999_999_999) / 1_000_000_000
                let rest = sum - second * 1_000_000_000
                var fraction = (rest << writer.binary + 500_000_000) / 1_000_000_000
                if fraction == 1 << writer.binary { (second, fraction) = (second + 1, 0) }
                // Beyond these bits seconds and fractions are parts of their own.
                guard writer.binary <= FieldWriter.mostBinary else {
                    return Self.held(writer.divisor > 1 ? second : fraction, low, high)
                }
                count = second << writer.binary + fraction
            } else {
                let half = sum + writer.unit / 2
                count = half / writer.unit
                if half < 0, count * writer.unit != half { count -= 1 }
            }
            if writer.divisor > 1 {
                count = count >= 0 ? count / writer.divisor : (count - writer.divisor + 1) / writer.divisor
            }
            if writer.modulus > 0 {
                count %= writer.modulus
                if count < 0 { count += writer.modulus }
            }
            return Self.held(count, low, high)
        }
        self.leap = leap
    }

    @inline(__always)
    private static func held(_ count: Int64, _ low: Int64, _ high: Int64) -> (bits: UInt64, isInside: Bool) {
        let held = count < low ? low : count > high ? high : count
        return (UInt64(bitPattern: held), held == count)
    }

    /// How far TAI is ahead at a time, and from when until when: a day around it at most, so that this is seldom asked.
    private static func leap(at time: Int64) -> (from: Int64, until: Int64, ahead: Int64) {
        let day: Int64 = 86_400_000_000_000
        guard time > -9_000_000_000_000_000_000 else { return (.min, -9_000_000_000_000_000_000, 10_000_000_000) }
        let from = time >= 0 ? time / day * day : (time / day - 1) * day
        let tai = LeapSeconds.tai(fromUTC: Int128(from) * 1_000_000_000) / 1_000_000_000
        return (from, from.addingReportingOverflow(day).overflow ? .max : from + day, Int64(tai - Int128(from)))
    }
}
