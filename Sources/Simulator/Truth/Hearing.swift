/// The links of a spacecraft on which something arrived whole, and when the last of it did.
struct Hearing {
    /// By their places among those that are recorded.
    private(set) var links = LinkSet()
    /// When, in nanoseconds since 1970-01-01, by places; of the others it says nothing.
    private var times: [Int64] = []

    /// It arrived on one.
    mutating func insert(_ place: Int, at time: Int64) {
        links.insert(place)
        while times.count <= place { times.append(.min) }
        times[place] = max(times[place], time)
    }

    mutating func remove(_ place: Int) { links.remove(place) }

    /// Leaves those on which something else arrived, too.
    mutating func join(_ other: Hearing) {
        links.formIntersection(other.links)
        for place in times.indices where place < other.times.count {
            times[place] = max(times[place], other.times[place])
        }
    }

    /// When it had arrived on all of them; the least number for none.
    var latest: Int64 {
        times.indices.reduce(Int64.min) { links.contains($1) ? max($0, times[$1]) : $0 }
    }

    /// Leaves those on which it arrived up to some arrival.
    ///
    /// - Parameter taps: the numbers of the taps of all places.
    mutating func leave(upTo last: ArrivalKey, taps: [Int]) {
        for place in times.indices where links.contains(place) {
            if last < ArrivalKey(time: times[place], tap: taps[place]) { links.remove(place) }
        }
    }
}

/// Where an arrival stands among all others: they are handed on in the order of their times and taps.
struct ArrivalKey: Comparable, BitwiseCopyable {
    /// Nanoseconds since 1970-01-01.
    let time: Int64
    let tap: Int

    /// In front of all, and behind all.
    static let first = ArrivalKey(time: .min, tap: 0), last = ArrivalKey(time: .max, tap: .max)

    static func < (one: ArrivalKey, other: ArrivalKey) -> Bool { (one.time, one.tap) < (other.time, other.tap) }
}
