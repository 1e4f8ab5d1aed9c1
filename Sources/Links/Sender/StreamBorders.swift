/// Where packets end in a stream, of those that it may still lose.
struct StreamBorders {
    private struct Border: BitwiseCopyable {
        /// Octets of the stream up to the packet's end.
        let end: Int
        /// How many packets were sent before it, also such as this stream did not get.
        let number: Int
    }

    private var waiting: ArraySlice<Border> = []
    /// Octets of all packets so far.
    private(set) var offered = 0
    /// Packets that are through, and the octets up to the end of the last one.
    private(set) var through = 0, passed = 0

    /// Enters packets that go in one behind the other.
    ///
    /// - Parameters:
    ///   - ends: where each ends, counted from where the first begins less `start`.
    ///   - number: how many packets were sent before them.
    mutating func append(_ ends: Span<Int>, from start: Int, number: Int) {
        guard ends.count > 0 else { return }
        for place in 0..<ends.count {
            waiting.append(Border(end: offered + ends[place] - start, number: number + place))
        }
        offered += ends[ends.count - 1] - start
    }

    /// So many octets in all are through.
    mutating func pass(octets: Int) { pass { $0.end <= octets } }

    /// All of the first so many packets are through.
    mutating func pass(number: Int) { pass { $0.number < number } }

    private mutating func pass(_ isThrough: (Border) -> Bool) {
        while let first = waiting.first, isThrough(first) {
            waiting.removeFirst()
            (through, passed) = (through + 1, first.end)
        }
    }

    /// Octets up to the end of the packet in which a place is; the place itself where it is at an end.
    func end(around octets: Int) -> Int {
        if octets == passed { return octets }
        for border in waiting where border.end >= octets { return border.end }
        return offered
    }

    /// Of so many packets that were sent, how many in front of the first one that is not through.
    func settled(of total: Int) -> Int { waiting.first?.number ?? total }
}
