/// Where a count that goes round stands, and which of its values were passed over: what tells one that comes late from a
/// counter that begins anew.
///
/// Frames of a virtual channel and packets of an APID are judged by it alike. Places on the line go up by one from count to
/// count and do not go round, so that what is missing for a whole round does not look like what comes next.
package struct CountLine: Sendable, Equatable {
    /// Counts in a row that are missing.
    package struct Hole: Sendable, Equatable {
        /// The place of the first one.
        package var from: Int
        /// The place behind the last one.
        package var to: Int

        /// A hole from its ends.
        package init(from: Int, to: Int) { (self.from, self.to) = (from, to) }
    }

    /// Holes that are kept, the newest ones: one that is forgotten is not filled any more.
    package static var mostHoles: Int { 64 }
    /// A longer hole is one that a damaged count made: nothing comes that fills it.
    private static var longest: Int { 1 << 16 }
    /// Late ones in a row that count on and are a restart: such as had come already, any that fill no hole, and any at all:
    /// what is merely overtaken does not come in order for so long, with nothing new in between.
    private static var restart: (again: UInt8, strange: UInt8, filling: UInt8) { (2, 4, 64) }
    /// What comes so little in front of the first one may have been overtaken by it.
    private static var overtaken: Int { 64 }

    /// The place of the last one in order.
    package var place = 0
    /// The place of the first one: none in front of it was ever missing.
    package var first = 0
    /// What is missing, the oldest first.
    package var holes: [Hole] = []
    /// Of the late ones in a row that count on: how many had come already, how many fill no hole, and how many do.
    package var again: UInt8 = 0
    package var strange: UInt8 = 0
    package var filling: UInt8 = 0

    /// A line at its first count.
    package init() {}

    /// The count goes ahead by more than one: those in between are missing until they come, if they do within `window`.
    mutating func jump(_ step: Int, window: Int) {
        if step <= Self.longest { holes.append(Hole(from: place + 1, to: place + step)) }
        place += step
        let kept = holes.suffix(Self.mostHoles).drop { $0.to <= place - window }
        if kept.count < holes.count { holes.removeFirst(holes.count - kept.count) }
    }

    /// The count goes on elsewhere: what was missing is not waited for.
    mutating func begin() {
        place += 1
        first = place
        holes.removeAll()
        (again, strange, filling) = (0, 0, 0)
    }

    /// The hole in which the count stands that is `back` behind the last one.
    private func hole(_ back: Int) -> Int? {
        let wanted = place - back
        var (low, high) = (0, holes.count)
        while low < high {
            let middle = (low + high) / 2
            if holes[middle].to <= wanted { low = middle + 1 } else { high = middle }
        }
        return low < holes.count && holes[low].from <= wanted ? low : nil
    }

    /// Whether the count `back` behind the last one is missing.
    func isMissing(_ back: Int) -> Bool { hole(back) != nil }

    /// What a count is that is behind the last one.
    enum Lateness {
        /// It was missing.
        case fills
        /// It was not: it comes again, or is one of a counter that began anew.
        case strange
        /// The counter began anew.
        case restart
    }

    /// Enters a count `back` behind the last one, which may be one behind the late one before it (`goesOn`).
    ///
    /// What fills a hole is late: it was passed over and comes now. What had come already cannot be, nor can what is far in
    /// front of the first one.
    mutating func late(back: Int, goesOn: Bool) -> Lateness {
        if !goesOn { (again, strange, filling) = (0, 0, 0) }
        let here = place - back
        if let hole = hole(back) {
            let (from, to) = (holes[hole].from, holes[hole].to)
            switch (here == from, here + 1 == to) {
            case (true, true): holes.remove(at: hole)
            case (true, false): holes[hole].from += 1
            case (false, true): holes[hole].to -= 1
            case (false, false):
                holes[hole].to = here
                holes.insert(Hole(from: here + 1, to: to), at: hole + 1)
                if holes.count > Self.mostHoles { holes.removeFirst() }
            }
            if filling < .max { filling += 1 }
            return filling >= Self.restart.filling ? .restart : .fills
        }
        if strange < .max { strange += 1 }
        if again < .max, here >= first || here < first - Self.overtaken { again += 1 }
        return again >= Self.restart.again || strange >= Self.restart.strange ? .restart : .strange
    }

    /// The same line with its last count at place 0, as it is kept.
    package var kept: CountLine {
        var line = self
        line.first -= place
        for index in holes.indices {
            line.holes[index].from -= place
            line.holes[index].to -= place
        }
        line.place = 0
        return line
    }
}
