package import Bytes

/// How fast the frames of a virtual channel follow one another, to tell whether so many can have been sent meanwhile.
///
/// Counts of eight bits are ambiguous: 250 missing frames look like six steps back. A gap takes the time of its frames; a
/// late frame comes soon behind those that overtook it.
package struct FramePace: Sendable, Equatable {
    /// When a frame came, and its place on the line of counts.
    package struct Mark: Sendable, Equatable {
        /// When it came.
        package var time: CaptureTime
        /// Its ``CountLine/place``.
        package var place: Int

        /// A mark from its parts.
        package init(time: CaptureTime, place: Int) { (self.time, self.place) = (time, place) }
    }

    /// Counts between two marks, and those that tell a pace.
    private static var span: Int { 64 }
    private static var enough: Int { 32 }

    /// When the last frame in order came; unknown where there are no times.
    package var last = CaptureTime.unknown
    /// What the pace is measured from, and what it is to be measured from later.
    package var older: Mark
    package var newer: Mark

    /// No pace yet.
    package init() {
        older = Mark(time: .unknown, place: 0)
        newer = older
    }

    /// A frame in order came.
    @inline(__always)
    mutating func step(to place: Int, at time: CaptureTime) {
        last = time
        if place &- newer.place >= Self.span || !newer.time.isKnown { turn(place, time) }
    }

    private mutating func turn(_ place: Int, _ time: CaptureTime) {
        let fresh = Mark(time: time, place: place)
        older = newer.time.isKnown ? newer : fresh
        newer = fresh
    }

    /// Whether `count` frames behind the one at `place` can have been sent by then: in a quarter of their usual time they
    /// can, in a sixteenth they cannot; nil where it is not known.
    ///
    /// The usual time may be too long by some times where whole rounds of counts were lost meanwhile.
    func allows(_ count: Int, behind place: Int, at time: CaptureTime) -> Bool? {
        guard time.isKnown, last.isKnown, older.time.isKnown, place - older.place >= Self.enough else { return nil }
        // Floating point: the times of a damaged capture may lie centuries apart.
        let taken = Double(last.nanoseconds) - Double(older.time.nanoseconds)
        let passed = Double(time.nanoseconds) - Double(last.nanoseconds)
        guard taken > 0, passed >= 0 else { return nil }
        let usual = taken / Double(place - older.place) * Double(count)
        return passed * 4 >= usual ? true : passed * 16 < usual ? false : nil
    }

    /// The same with `place` as place 0, as it is kept.
    package func kept(_ place: Int) -> FramePace {
        var pace = self
        pace.older.place -= place
        pace.newer.place -= place
        return pace
    }
}
