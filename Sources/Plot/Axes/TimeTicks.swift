/// Where a time axis has its lines: at whole units of time in UTC, and the date where it changes.
package struct TimeTicks: Sendable {
    /// One of them.
    package struct Tick: Sendable, Equatable {
        /// Nanoseconds since 1970, or packets.
        package var x: Int64
        /// What stands there.
        package var label: String
        /// What stands below it: the date, where it is another than at the tick before. Empty elsewhere.
        package var below: String
    }
    /// The ticks in order.
    package let ticks: [Tick]
    /// What stands at the end of the axis.
    package let caption: String

    /// Ticks of an axis that has room for labels of so many characters: `room` says how many of them.
    package init(_ range: ClosedRange<Int64>, axis: PlotAxis, room: (_ characters: Int) -> Int) {
        switch axis {
        case .time:
            caption = "UTC"
            ticks = Self.times(range, room)
        case .packets:
            caption = "packets"
            ticks = Self.numbers(range, room)
        }
    }

    private static func numbers(_ range: ClosedRange<Int64>, _ room: (Int) -> Int) -> [Tick] {
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        let ticks = Ticks(low...max(high, low + 1), most: room(10))
        return ticks.values.compactMap { Int64(exactly: $0) }.filter { range.contains($0) }.map {
            Tick(x: $0, label: NumberText.grouped(Int($0)), below: "")
        }
    }

    /// What a time axis can step by.
    private enum Step {
        case nanoseconds(Int64)
        case months(Int)

        /// About how long it is.
        var length: Double {
            switch self {
            case .nanoseconds(let count): Double(count)
            case .months(let count): Double(count) * 30.4 * Double(CalendarTime.day)
            }
        }

        /// Characters of a label.
        var characters: Int {
            switch self {
            case .nanoseconds(let step) where step < CalendarTime.second: 9 + TimeTicks.decimals(step)
            case .nanoseconds(let step) where step < 60 * CalendarTime.second: 8
            // Below it stands the date.
            case .nanoseconds(let step) where step < CalendarTime.day: 7
            case .nanoseconds: 7
            case .months: 5
            }
        }
    }

    private static let steps: [Step] = {
        var steps: [Step] = []
        var power: Int64 = 1
        while power < CalendarTime.second {
            steps += [power, power * 2, power * 5].map { .nanoseconds($0) }
            power *= 10
        }
        for seconds: Int64 in [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
            604_800,
        ] {
            steps.append(.nanoseconds(seconds * CalendarTime.second))
        }
        return steps + [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].map { .months($0) }
    }()

    /// Decimals of a second that a step needs.
    fileprivate static func decimals(_ step: Int64) -> Int {
        guard step < CalendarTime.second else { return 0 }
        var (decimals, power) = (9, Int64(1))
        while step % (power * 10) == 0 {
            power *= 10
            decimals -= 1
        }
        return decimals
    }

    private static func times(_ range: ClosedRange<Int64>, _ room: (Int) -> Int) -> [Tick] {
        let span = range.upperBound.distance(behind: range.lowerBound)
        let step = steps.first { span / $0.length <= Double(max(1, room($0.characters))) } ?? .months(1200)
        var ticks: [Tick] = []
        var date = ""
        for x in places(range, step) {
            let time = CalendarTime(x)
            let (label, below): (String, String)
            switch step {
            case .months(let count) where count >= 12: (label, below) = ("\(time.year)", "")
            case .months: (label, below) = (time.monthName, "\(time.year)")
            case .nanoseconds(let length) where length >= CalendarTime.day:
                (label, below) = (time.shortDate, "\(time.year)")
            case .nanoseconds(let length):
                label = time.clock(seconds: length < 60 * CalendarTime.second, decimals: decimals(length))
                below = time.date
            }
            ticks.append(Tick(x: x, label: label, below: below == date ? "" : below))
            date = below
        }
        return ticks
    }

    private static func places(_ range: ClosedRange<Int64>, _ step: Step) -> [Int64] {
        var places: [Int64] = []
        switch step {
        case .nanoseconds(let length):
            // Multiples of a week count from a Monday: 1970-01-05.
            let origin: Int64 = length == 7 * CalendarTime.day ? 4 * CalendarTime.day : 0
            let remainder = (range.lowerBound &- origin) % length
            let back = remainder < 0 ? remainder + length : remainder
            var (x, overflow) = (range.lowerBound, false)
            if back > 0 { (x, overflow) = x.addingReportingOverflow(length - back) }
            while !overflow, x <= range.upperBound, places.count < 1000 {
                places.append(x)
                (x, overflow) = x.addingReportingOverflow(length)
            }
        case .months(let count):
            let (first, last) = (CalendarTime(range.lowerBound), CalendarTime(range.upperBound))
            var month = (first.year * 12 + first.month - 1) / count * count
            while month <= last.year * 12 + last.month - 1 {
                if let x = CalendarTime.firstOf(year: month / 12, month: month % 12 + 1), range.contains(x) {
                    places.append(x)
                }
                month += count
            }
        }
        return places
    }
}
