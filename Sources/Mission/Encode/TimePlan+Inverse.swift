package import Records

/// Times backwards: from a point in time to the count in a packet.
extension TimePlan {
    /// Attoseconds that lie between the origin and a time, the offset taken off; nil inside a leap second of a clock that
    /// counts none. `base` is the time of the field that it counts from.
    func elapsed(to time: StatedTime, from base: StatedTime?) -> Int128? {
        let second = StatedTime.attosecondsInSecond
        switch origin {
        case .epoch(let epoch, isTAI: true):
            // Leap seconds are those in front of the whole second, inside a leap second too.
            let tai = LeapSeconds.tai(fromUTC: Int128(time.seconds) * second) + Int128(time.attoseconds)
            return tai - epoch - offset
        case .epoch(let epoch, isTAI: false):
            guard Int128(time.attoseconds) < second else { return nil }
            return Int128(time.seconds) * second + Int128(time.attoseconds) - epoch - offset
        case .field:
            guard let base else { return nil }
            func whole(_ time: StatedTime) -> Int128 { Int128(time.seconds) * second + Int128(time.attoseconds) }
            return whole(time) - whole(base) - offset
        }
    }

    /// The count of whole units that begins at or before so many attoseconds.
    func count(_ elapsed: Int128) -> Int128? {
        switch scale {
        case .attoseconds(let unit):
            let quotient = elapsed / unit
            return elapsed % unit != 0 && (elapsed < 0) != (unit < 0) ? quotient - 1 : quotient
        case .binary(let bits):
            let second = StatedTime.attosecondsInSecond
            var whole = elapsed / second
            var rest = elapsed % second
            if rest < 0 {
                whole -= 1
                rest += second
            }
            guard whole.magnitude < 1 << 60 else { return nil }
            return whole << Int128(bits) + rest << Int128(bits) / second
        }
    }

    /// The count as a number with a fraction, for times that stand in a packet as floats.
    func number(_ elapsed: Int128) -> Double? {
        guard let whole = count(elapsed), let start = scale.attoseconds(of: whole), let unit = scale.attoseconds(of: 1),
            unit != 0
        else { return nil }
        return Double(whole) + Double(elapsed - start) / Double(unit)
    }
}

extension StatedTime {
    /// A time as ISO 8601 writes it, with a `Z`, an offset or nothing for UTC, leap seconds too, and how many decimals its
    /// seconds have; nil when it is none.
    package static func read(_ text: String) -> (time: StatedTime, decimals: Int)? {
        var words = text
        var extra: UInt64 = 0
        // The second 60 is the one behind second 59.
        if let leap = words.range(of: ":60", afterColons: 1) {
            words.replaceSubrange(leap, with: ":59")
            extra = UInt64(attosecondsInSecond)
        }
        guard let whole = parse(words), var time = StatedTime(utc: whole) else { return nil }
        time.attoseconds += extra
        let fraction = words.split(separator: ".", maxSplits: 1).dropFirst().first ?? ""
        return (time, fraction.prefix { $0.isNumber }.count)
    }
}

extension String {
    /// Where a colon and two digits stand behind so many colons of the time of day.
    fileprivate func range(of part: String, afterColons count: Int) -> Range<Index>? {
        guard let clock = firstIndex(of: "T") else { return nil }
        let colons = indices[clock...].filter { self[$0] == ":" }
        guard colons.count > count, self[colons[count]...].hasPrefix(part) else { return nil }
        return colons[count]..<index(colons[count], offsetBy: part.count)
    }
}
