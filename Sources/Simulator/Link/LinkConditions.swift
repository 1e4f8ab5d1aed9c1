internal import Glibc
internal import Settings

/// What is between spacecraft and stations: the part `link` of a scenario.
struct LinkConditions: Sendable {
    /// Fades, which come and go.
    struct Fades: Sendable {
        /// Seconds between two of them, and that one lasts, on average.
        let every: Double, last: Double
        /// The probability of each bit to be turned over while one lasts.
        let bitError: Double
    }

    /// Degrees of elevation, ascending, and the natural logarithms of the probability of each bit to be turned over.
    private var elevations: [Double] = [], logarithms: [Double] = []
    private(set) var fades: Fades?
    /// The probability of bit errors from which on a station finds no frames; above 1 where it always does.
    private(set) var lock = 2.0

    /// A link without faults.
    init() {}

    private static let keys = ["bit-errors", "fades", "lock"]

    init(_ settings: SettingsPlace) throws(SettingsError) {
        for (key, place) in try settings.members(Self.keys) {
            switch key {
            case "bit-errors": try read(errors: place)
            case "fades": fades = try Self.fades(place)
            default: lock = try place.number(1e-9...1, "probabilities")
            }
        }
    }

    /// `{10: 1e-5, 30: 1e-7}`, or one probability for all elevations.
    private mutating func read(errors place: SettingsPlace) throws(SettingsError) {
        guard !place.isScalar else {
            let rate = try place.number(0.0...0.5, "probabilities a bit")
            if rate > 0 { (elevations, logarithms) = ([0], [Glibc.log(rate)]) }
            return
        }
        for (name, member) in try place.members() {
            guard let elevation = Double(name), (-10...90).contains(elevation) else {
                throw member.failed(
                    "elevations are degrees from -10 to 90, with the probability a bit: {10: 1e-5, 30: 1e-7}")
            }
            guard elevations.last.map({ $0 < elevation }) ?? true else { throw member.failed("elevations go up") }
            elevations.append(elevation)
            logarithms.append(Glibc.log(try member.number(1e-15...0.5, "probabilities a bit")))
        }
    }

    private static func fades(_ settings: SettingsPlace) throws(SettingsError) -> Fades {
        var (every, last, bitError): (Int64?, Int64?, Double) = (nil, nil, 0.01)
        for (key, place) in try settings.members(["every", "last", "bit-error"]) {
            switch key {
            case "every": every = try time(place)
            case "last": last = try time(place)
            default: bitError = try place.number(1e-12...0.5, "probabilities a bit")
            }
        }
        guard let every, let last else {
            throw settings.failed("needs every and last, as in {every: 3 min, last: 5 s}")
        }
        return Fades(every: Double(every) / 1e9, last: Double(last) / 1e9, bitError: bitError)
    }

    /// Fades shorter than that are bit errors.
    private static func time(_ place: SettingsPlace) throws(SettingsError) -> Int64 {
        let time = try place.duration()
        guard time >= 1_000_000 else { throw place.failed("1 ms and more allowed, found '\(try place.text())'") }
        return time
    }

    /// Whether nothing is hit at any elevation.
    var isClear: Bool { elevations.isEmpty }

    /// The probability of each bit to be turned over at an elevation in degrees: between two that are told its logarithm lies on
    /// a straight line, beyond them it is theirs.
    func bitError(at elevation: Double) -> Double {
        guard let next = elevations.firstIndex(where: { $0 > elevation }) else {
            return logarithms.last.map { exp($0) } ?? 0
        }
        guard next > 0 else { return exp(logarithms[0]) }
        let share = (elevation - elevations[next - 1]) / (elevations[next] - elevations[next - 1])
        return exp(logarithms[next - 1] + (logarithms[next] - logarithms[next - 1]) * share)
    }
}

/// Stretches of time, each with a number.
struct Spells {
    private var spells: [(from: Int64, until: Int64, value: Double)] = []

    /// Adds one; nanoseconds since 1970.
    mutating func add(from: Int64, until: Int64, value: Double = 1) { spells.append((from, until, value)) }

    /// Ends those that are under way at a time, and takes back those that were to come.
    mutating func end(at time: Int64) {
        for index in spells.indices where spells[index].until > time {
            spells[index].until = max(time, spells[index].from)
        }
    }

    /// When one begins or ends next behind a time.
    func change(behind time: Int64) -> Int64 {
        spells.reduce(.max) { next, spell in
            min(next, spell.from > time ? spell.from : spell.until > time ? spell.until : .max)
        }
    }

    /// The greatest number of those that are under way at a time; nil where none is.
    func value(at time: Int64) -> Double? {
        guard !spells.isEmpty else { return nil }
        return spells.lazy.filter { $0.from <= time && time < $0.until }.map(\.value).max()
    }
}
