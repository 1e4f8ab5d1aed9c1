internal import Glibc
internal import Settings

/// Where nothing gets through: a gorge, a tunnel, a stretch without sky.
struct CoverageGap: Sendable {
    /// What people call it.
    let name: String
    private let shape: Shape

    private enum Shape: Sendable {
        /// A circle: its middle, metres squared, and how much shorter a degree of longitude is there.
        case around(latitude: Double, longitude: Double, square: Double, shrink: Double)
        /// From south-west to north-east.
        case between(south: Double, west: Double, north: Double, east: Double)
        /// Kilometres along the route.
        case stretch(ClosedRange<Double>)
    }

    /// Metres of a degree of latitude, as good as a gap's edge is known.
    private static let degree = 111_200.0

    /// Where along the route it begins, in kilometres; nil where that is not how it lies.
    var stretchBegins: Double? { if case .stretch(let range) = shape { range.lowerBound } else { nil } }

    /// Reads `{name, around: [latitude, longitude], radius: metres}`, `{name, between: [[…], […]]}` or
    /// `{name, stretch: [km, km]}`.
    init(_ settings: SettingsPlace) throws(SettingsError) {
        var name = ""
        var (around, between, stretch, radius): (SettingsPlace?, SettingsPlace?, SettingsPlace?, Double?)
        for (key, place) in try settings.members(["name", "around", "radius", "between", "stretch"]) {
            switch key {
            case "name": name = try place.text()
            case "around": around = place
            case "radius": radius = try place.number(1.0...1_000_000, "metres")
            case "between": between = place
            default: stretch = place
            }
        }
        self.name = name
        let forms = [around, between, stretch].compactMap { $0 }
        guard forms.count == 1, (around == nil) == (radius == nil) else {
            throw settings.failed("needs one of around with radius, between, and stretch")
        }
        if let around, let radius {
            let middle = try around.coordinates(2...2)
            shape = .around(
                latitude: middle[0], longitude: middle[1], square: radius * radius,
                shrink: cos(middle[0] * .pi / 180))
        } else if let between {
            let corners = try between.list()
            guard corners.count == 2 else { throw between.failed("needs two corners, [[30.1, 119.2], [30.2, 119.4]]") }
            let (one, other) = (try corners[0].coordinates(2...2), try corners[1].coordinates(2...2))
            shape = .between(
                south: min(one[0], other[0]), west: min(one[1], other[1]), north: max(one[0], other[0]),
                east: max(one[1], other[1]))
        } else {
            let ends = try forms[0].list()
            guard ends.count == 2 else { throw forms[0].failed("needs where it begins and ends, [3.2, 4.1] in km") }
            let (from, to) = (
                try ends[0].number(0.0...100_000, "kilometres"), try ends[1].number(0.0...100_000, "kilometres")
            )
            guard from < to else { throw ends[1].failed("the end has to lie behind the beginning, \(from) km") }
            shape = .stretch(from...to)
        }
    }

    /// Whether a place lies in it.
    func holds(_ place: Route.Place) -> Bool {
        switch shape {
        case .around(let latitude, let longitude, let square, let shrink):
            let north = (place.latitude - latitude) * Self.degree
            let east = (place.longitude - longitude).remainder(dividingBy: 360) * Self.degree * shrink
            return north * north + east * east <= square
        case .between(let south, let west, let north, let east):
            return (south...north).contains(place.latitude) && (west...east).contains(place.longitude)
        case .stretch(let range): return range.contains(place.distance)
        }
    }
}

extension SettingsPlace {
    /// Latitude, longitude and perhaps a height: degrees, degrees, metres.
    func coordinates(_ counts: ClosedRange<Int>) throws(SettingsError) -> [Double] {
        let places = try list()
        guard counts.contains(places.count) else {
            throw failed(
                "needs latitude and longitude in degrees\(counts.upperBound > 2 ? ", and perhaps metres of height" : ""), "
                    + "[30.2411, 120.1489]")
        }
        var numbers: [Double] = []
        for (place, allowed) in zip(places, [-90.0...90.0, -180.0...180.0, -500.0...9000.0]) {
            numbers.append(try place.number(allowed, numbers.count < 2 ? "degrees" : "metres"))
        }
        return numbers
    }
}
