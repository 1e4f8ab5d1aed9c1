internal import Query
public import Settings

/// What is to be simulated, as a settings file says it (`Specs/simulation.md`).
public struct Scenario: Sendable {
    /// What people call it.
    public let title: String
    /// When it begins, in nanoseconds since 1970-01-01, UTC.
    public let start: Int64
    /// How long it lasts, in nanoseconds.
    public let duration: Int64
    /// What all randomness hangs on.
    public var seed: UInt64
    /// The vehicles that fly, by name.
    public let spacecraft: [String]
    /// The stations that listen, by name; empty for all that are known.
    public let stations: [String]

    private static let keys = ["title", "start", "duration", "seed", "spacecraft", "stations"]

    /// The scenario that a settings file describes: `start`, `duration` (`20 min`), `spacecraft`, and where they matter `title`,
    /// `seed` and `stations`.
    public static func read(_ octets: [UInt8], file: String) throws(SettingsError) -> Scenario {
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(
                file: file, line: nil, key: nil,
                reason: "has nothing in it; start, duration and spacecraft have to stand in it")
        }
        return try Scenario(root)
    }

    private init(_ root: SettingsPlace) throws(SettingsError) {
        var (title, seed): (String, UInt64) = ("", 1)
        var (start, duration): (Int64?, Int64?) = (nil, nil)
        var (spacecraft, stations): ([String], [String]) = ([], [])
        for (key, place) in try root.members(Self.keys) {
            switch key {
            case "title": title = try place.text()
            case "start": start = try place.time()
            case "duration": duration = try place.duration()
            case "seed": seed = UInt64(try place.number(0...Int.max, "seeds"))
            case "spacecraft": spacecraft = try place.list().map { (name) throws(SettingsError) in try name.text() }
            default: stations = try place.list().map { (name) throws(SettingsError) in try name.text() }
            }
        }
        guard let start, let duration, !spacecraft.isEmpty else {
            throw root.failed("needs start, duration and spacecraft")
        }
        (self.title, self.start, self.duration, self.seed) = (title, start, duration, seed)
        (self.spacecraft, self.stations) = (spacecraft, stations)
    }
}

extension SettingsPlace {
    /// A length of time above zero and up to a year, in nanoseconds: a number of seconds, or with a unit, `20 min`.
    func duration() throws(SettingsError) -> Int64 {
        let text = try text()
        let parts = text.split(separator: " ")
        let unit = parts.count == 2 ? String(parts[1]) : "s"
        guard (1...2).contains(parts.count), let number = Double(parts[0]), let measure = MeasureUnit(unit),
            let seconds = MeasureUnit("s"), measure.dimension == seconds.dimension
        else { throw failed("'\(text.prefix(40))' is no length of time: 90 s, 20 min, 6 h or 2 d are some") }
        let value = measure.convert(number, to: seconds)
        guard value > 0, value <= 366 * 86_400 else {
            throw failed("more than 0 s and up to 366 d allowed, found '\(text)'")
        }
        return Int64((value * 1e9).rounded())
    }
}
