package import Records

/// Bands of alarming values.
package struct Zone: Equatable {
    /// The lower end, minus infinity where there is none; the upper end.
    package var low: Double
    package var high: Double
    /// How severe a value inside is; at least watch.
    package var state: LimitState

    /// A band from its parts.
    package init(low: Double, high: Double, state: LimitState) {
        self.low = low
        self.high = high
        self.state = state
    }

    /// The bands that ranges of limits make, from low to high.
    package static func zones(_ ranges: [LimitRange]) -> [Zone] {
        let ends = Set(ranges.flatMap { [$0.minimum, $0.maximum] }.filter(\.isFinite)).sorted()
        var zones: [Zone] = []
        for index in 0...ends.count where !ends.isEmpty {
            let low = index == 0 ? -Double.infinity : ends[index - 1]
            let high = index == ends.count ? Double.infinity : ends[index]
            let inside = index == 0 ? high - max(1, high.magnitude) : low + min(high - low, max(1, low.magnitude)) / 2
            let state = ranges.filter { $0.alarms(inside) }.map(\.level).max() ?? .nominal
            guard state > .nominal else { continue }
            if let last = zones.last, last.high == low, last.state == state {
                zones[zones.count - 1].high = high
            } else {
                zones.append(Zone(low: low, high: high, state: state))
            }
        }
        return zones
    }

    /// Where a value becomes more severe, and as what.
    package static func edges(_ zones: [Zone]) -> [(value: Double, state: LimitState)] {
        var edges: [(value: Double, state: LimitState)] = []
        for (index, zone) in zones.enumerated() {
            let below = index > 0 && zones[index - 1].high == zone.low ? zones[index - 1].state : .nominal
            let above = index + 1 < zones.count && zones[index + 1].low == zone.high ? zones[index + 1].state : .nominal
            if zone.low.isFinite, zone.state > below { edges.append((zone.low, zone.state)) }
            if zone.high.isFinite, zone.state > above { edges.append((zone.high, zone.state)) }
        }
        return edges
    }

    /// Where a value stops being nominal.
    package static func nominalEdges(_ zones: [Zone]) -> [Double] {
        zones.indices.flatMap { index in
            let isAlone = (
                below: index == 0 || zones[index - 1].high != zones[index].low,
                above: index + 1 == zones.count || zones[index + 1].low != zones[index].high
            )
            return (isAlone.below ? [zones[index].low] : []) + (isAlone.above ? [zones[index].high] : [])
        }
        .filter(\.isFinite)
    }

    /// The range of values to show: data, and limits where that leaves the data a quarter of the height.
    package static func range(of data: ClosedRange<Double>, _ zones: [Zone]) -> ClosedRange<Double> {
        let ends = zones.flatMap { [$0.low, $0.high] }.filter(\.isFinite)
        let span = data.upperBound - data.lowerBound
        var (low, high) = (data.lowerBound, data.upperBound)
        if let below = ends.filter({ $0 <= low }).max(), span == 0 || high - below <= span * 3 { low = below }
        if let above = ends.filter({ $0 >= high }).min(), span == 0 || above - data.lowerBound <= span * 3 {
            high = above
        }
        return Ticks.range(of: low...high)
    }

    /// What is to be said of limits that lie outside of what is shown.
    package static func words(_ zones: [Zone], outside range: ClosedRange<Double>) -> String {
        var words: [String] = []
        if let below = zones.last(where: { $0.high <= range.lowerBound }) {
            words.append("\(below.state.name) below \(NumberText.plain(below.high))")
        }
        if let above = zones.first(where: { $0.low >= range.upperBound }) {
            words.append("\(above.state.name) above \(NumberText.plain(above.low))")
        }
        return words.joined(separator: " · ")
    }
}

extension NumberText {
    /// A number in its shortest digits, none behind the point where it is whole.
    static func plain(_ value: Double) -> String {
        let text = value.magnitude.description
        return (value < 0 ? minus : "") + (text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }
}
