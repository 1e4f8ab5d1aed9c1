import Bytes
import Records

/// From times as they were given to counts.
extension PacketEncoder {
    func timeCell(
        _ index: Int, _ value: PacketValue, _ plan: TimePlan, _ format: NumberFormat
    ) throws(PacketRefusal) -> UInt64 {
        let (time, decimals) = try time(index, value)
        var base: StatedTime?
        if case .field(let origin) = plan.origin {
            guard let column = table.fields[origin], column.states[0].hasValue else {
                throw refusal(index, "the time that it counts from is not known")
            }
            base = column.time(at: 0)
        }
        guard let elapsed = plan.elapsed(to: time, from: base) else {
            throw refusal(index, "\(value) is inside a leap second, and its clock counts none")
        }
        guard let integers = format.integers else {
            if let number = plan.number(elapsed), let cell = format.nearest(number) { return cell }
            throw refusal(index, "\(value) does not fit")
        }
        guard let first = plan.count(elapsed) else { throw refusal(index, "\(value) does not fit") }
        // A coarse part is cut down, so that the fine part counts on from it.
        let counts = given[index]?.isDerived == true ? [first] : [first, first + 1]
        let distances = counts.map { count in
            plan.scale.attoseconds(of: count).map { ($0 - elapsed).magnitude } ?? UInt128.max
        }
        var best = distances.count > 1 && distances[1] < distances[0] ? 1 : 0
        // What decoding prints is cut to so many decimals: of two counts the one that prints what was given.
        if let decimals, decimals == self.plan.fields[index].info.timeDigits, counts.count > 1 {
            let printed = counts.map { shown(index, $0, plan, base, decimals) }
            let wanted = time.text(digits: decimals)
            if printed[best] != wanted, printed[1 - best] == wanted { best = 1 - best }
        }
        guard integers.contains(counts[best]) else {
            let ends = [integers.lowerBound, integers.upperBound].map { end in
                shown(index, end, plan, base, min(3, self.plan.fields[index].info.timeDigits))
                    ?? (end == integers.lowerBound ? "the year 1" : "the year 9999")
            }
            throw refusal(
                index,
                "\(value) does not fit: \(ends[0]) to \(ends[1]) (raw \(integers.lowerBound) to \(integers.upperBound)) are "
                    + "allowed")
        }
        return NumberFormat.cell(counts[best])
    }

    /// The time of a count as it is printed; nil beyond all years.
    private func shown(
        _ index: Int, _ count: Int128, _ time: TimePlan, _ base: StatedTime?, _ digits: Int
    ) -> String? {
        guard let elapsed = time.scale.attoseconds(of: count) else { return nil }
        let second = StatedTime.attosecondsInSecond
        let sum: Int128
        switch time.origin {
        case .epoch(let epoch, isTAI: true):
            return LeapSeconds.time(fromTAI: elapsed + time.offset + epoch)?.text(digits: digits)
        case .epoch(let epoch, isTAI: false): sum = elapsed + time.offset + epoch
        case .field:
            guard let base else { return nil }
            sum = elapsed + time.offset + Int128(base.seconds) * second + Int128(base.attoseconds)
        }
        return StatedTime(utc: sum)?.text(digits: digits)
    }
}
