internal import Records

/// Points that lie close together, and what is kept of them: nothing that would be seen is lost.
struct Bucket: BitwiseCopyable, Sendable {
    /// The earliest and the latest.
    var first: PlotPoint
    var last: PlotPoint
    /// Those with the lowest and the highest value.
    var lowest: PlotPoint
    var highest: PlotPoint
    /// The first one of the most severe state.
    var worst: PlotPoint
    /// Whether something is missing in front of the first one, and between others.
    var gapBefore: Bool
    var gapInside = false

    init(_ point: PlotPoint, gapBefore: Bool) {
        (first, last, lowest, highest, worst) = (point, point, point, point, point)
        self.gapBefore = gapBefore
    }

    /// Takes in another one.
    mutating func join(_ other: Bucket) {
        if other.first.x < first.x {
            // What was first lies inside now.
            gapInside = gapInside || gapBefore || other.gapInside
            gapBefore = other.gapBefore
            first = other.first
        } else {
            gapInside = gapInside || other.gapBefore || other.gapInside
        }
        if other.last.x >= last.x { last = other.last }
        if other.lowest.value < lowest.value { lowest = other.lowest }
        if other.highest.value > highest.value { highest = other.highest }
        if other.worst.state > worst.state { worst = other.worst }
    }

    /// The points to draw a line through, in order: at most four, none twice.
    func forEach(_ body: (PlotPoint) -> Void) {
        body(first)
        let (a, b) = lowest.x <= highest.x ? (lowest, highest) : (highest, lowest)
        if a != first, a != last { body(a) }
        if b != first, b != last, b != a { body(b) }
        if last != first { body(last) }
    }
}
