import Records

/// Times forwards: from the count in a packet to a point in time.
extension TimePlan {
    /// Raw x scale + offset in attoseconds; nil when it is beyond all years.
    func elapsed(_ cell: UInt64, _ kind: RawKind) -> Int128? {
        let elapsed: Int128?
        switch kind {
        case .unsigned: elapsed = scale.attoseconds(of: Int128(cell))
        case .signed: elapsed = scale.attoseconds(of: Int128(Int64(bitPattern: cell)))
        case .float, .bytes, .text:
            let number = Double(bitPattern: cell)
            guard number.magnitude < 1e15 else { return nil }
            // The whole part is exact; the fraction has the digits that a double carries.
            let whole = number.rounded(.down)
            guard let seconds = scale.attoseconds(of: Int128(whole)) else { return nil }
            let unit = Double(scale.attoseconds(of: 1) ?? 0)
            let fraction = (number - whole) * unit
            guard fraction.magnitude < 1e36 else { return nil }
            elapsed = seconds.addingReportingOverflow(Int128(fraction)).partialValue
        }
        guard let elapsed else { return nil }
        let (sum, overflow) = elapsed.addingReportingOverflow(offset)
        return overflow ? nil : sum
    }

    /// The time of a raw value; nil when it is beyond all years.
    ///
    /// - Parameter base: the time of the field that it counts from, where it counts from one.
    func time(_ cell: UInt64, _ kind: RawKind, from base: StatedTime?) -> StatedTime? {
        guard let elapsed = elapsed(cell, kind) else { return nil }
        let second = StatedTime.attosecondsInSecond
        switch origin {
        case .epoch(let epoch, let isTAI):
            let (sum, overflow) = elapsed.addingReportingOverflow(epoch)
            return overflow ? nil : isTAI ? LeapSeconds.time(fromTAI: sum) : StatedTime(utc: sum)
        case .field:
            // The parts of a time are seconds of one clock, which leap seconds do not change in between.
            guard let base else { return nil }
            let (sum, overflow) = elapsed.addingReportingOverflow(
                Int128(base.seconds) * second + Int128(base.attoseconds))
            guard !overflow, var whole = StatedTime(utc: sum) else { return nil }
            if base.attoseconds >= UInt64(second), whole.seconds == base.seconds + 1 {
                whole.seconds -= 1
                whole.attoseconds += UInt64(second)
            }
            return whole
        }
    }
}
