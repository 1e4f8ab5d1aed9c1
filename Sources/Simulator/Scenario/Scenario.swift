internal import Query
public import Settings

/// What is to be simulated, as a settings file says it (`Specs/simulation.md`).
public struct Scenario: Sendable {
    /// What people call it.
    public private(set) var title = ""
    /// When it begins, in nanoseconds since 1970-01-01, UTC.
    public let start: Int64
    /// How long it lasts, in nanoseconds.
    public let duration: Int64
    /// What all randomness hangs on.
    public var seed: UInt64 = 1
    /// How many times as fast as the clock it goes when it is sent.
    public private(set) var timeScale = 1.0
    /// The vehicles that fly.
    private(set) var spacecraft: [ScenarioCraft] = []
    /// The stations that listen; empty for all that are known.
    private(set) var stations: [Station] = []
    /// What is between spacecraft and stations.
    private(set) var link = LinkConditions()
    /// What frames travel in.
    private(set) var transport = FrameTransport()
    /// The fibres between stations.
    private(set) var legs: [FibreLeg] = []
    /// The stations whose traffic is written down; empty for all.
    private(set) var record: [(name: String, mark: SettingsMark)] = []
    /// What happens, in the order of time.
    private(set) var events: [ScenarioEvent] = []

    /// A station by its name, or with its place.
    struct Station: Sendable {
        let name: String
        let told: GroundStation?
        let mark: SettingsMark
    }

    /// The terminals that send, and their command unit; nil where there are none.
    private(set) var terminals: TerminalPlan?

    /// 2262-03-01, a month in front of the last nanosecond that has a number.
    private static let lastTime: Int64 = 9_219_744_000_000_000_000

    private static let keys = [
        "title", "start", "duration", "seed", "time-scale", "spacecraft", "stations", "link", "transport", "legs",
        "record", "events", "terminals", "command-unit",
    ]

    /// The scenario that a settings file describes: `start`, `duration` (`20 min`), `spacecraft`, and where they matter all else.
    public static func read(_ octets: [UInt8], file: String) throws(SettingsError) -> Scenario {
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(
                file: file, line: nil, key: nil,
                reason: "has nothing in it; start, duration, and spacecraft or terminals have to stand in it")
        }
        return try Scenario(root)
    }

    private init(_ root: SettingsPlace) throws(SettingsError) {
        let members = try root.members(Self.keys)
        var (start, duration): (Int64?, Int64?) = (nil, nil)
        for (key, place) in members {
            switch key {
            case "start": start = try place.time()
            case "duration": duration = try place.duration()
            default: break
            }
        }
        let (fleets, unit) = (members.first { $0.name == "terminals" }, members.first { $0.name == "command-unit" })
        guard let start, let duration, fleets != nil || members.contains(where: { $0.name == "spacecraft" }) else {
            let missing = [
                start == nil ? "start" : nil, duration == nil ? "duration" : nil,
                fleets == nil && !members.contains { $0.name == "spacecraft" } ? "spacecraft or terminals" : nil,
            ]
            throw root.failed("needs \(missing.compactMap { $0 }.joined(separator: ", and "))")
        }
        (self.start, self.duration) = (start, duration)
        for (key, place) in members { try read(key, place) }
        terminals = try TerminalPlan.read(fleets?.place, unit: unit?.place)
        // What is on its way at the end arrives behind it.
        let late = legs.reduce(0) { $0 + Double($1.delay) } + Double(terminals?.unit.longestDelay ?? 0)
        let end = Double(start) + Double(duration) + late
        guard start >= 0, end < Double(Self.lastTime) else {
            let place = members.first { $0.name == "start" }?.place ?? root
            throw place.failed(
                "scenarios lie between 1970-01-01 and 2262-03-01 (UTC), with their duration and the delays of legs and of the "
                    + "command unit behind it: nanoseconds are counted no further; found '\(try place.text().prefix(40))'"
            )
        }
        events.sort { $0.at < $1.at }
    }

    private mutating func read(_ key: String, _ place: SettingsPlace) throws(SettingsError) {
        switch key {
        case "title": title = try place.title()
        case "seed": seed = UInt64(try place.number(0...Int.max, "seeds"))
        case "time-scale": timeScale = try place.number(0.001...100_000, "times")
        case "spacecraft":
            spacecraft = try place.list().map { (item) throws(SettingsError) in try ScenarioCraft(item) }
            if spacecraft.isEmpty { throw place.failed("lists none: name vehicles, or leave it out") }
        case "stations":
            stations = try Self.stations(place)
            var seen: Set<String> = []
            for station in stations where !seen.insert(station.name).inserted {
                throw station.mark.failed("'\(station.name)' stands here twice: leave one of them out")
            }
        case "link": link = try LinkConditions(place)
        case "transport": transport = try FrameTransport(place)
        case "legs":
            legs = try place.members().map { (leg) throws(SettingsError) in try FibreLeg(leg.name, leg.place) }
        case "record":
            record = try place.list().map { (item) throws(SettingsError) in (try item.text(), item.mark) }
        case "events":
            let start = start
            events = try place.list().map { (item) throws(SettingsError) in try ScenarioEvent(item, start: start) }
        default: break
        }
    }

    /// Names in a list, or `NAME: {latitude, longitude, …}` for places of one's own; a list may hold both.
    private static func stations(_ place: SettingsPlace) throws(SettingsError) -> [Station] {
        guard place.isList || place.isScalar else { return try own(place) }
        var stations: [Station] = []
        for item in try place.list() {
            if item.isScalar {
                stations.append(Station(name: try item.text(), told: nil, mark: item.mark))
            } else {
                stations += try own(item)
            }
        }
        return stations
    }

    private static func own(_ place: SettingsPlace) throws(SettingsError) -> [Station] {
        try place.members().map { (member) throws(SettingsError) in
            Station(name: member.name, told: try GroundStation(member.name, member.place), mark: member.place.mark)
        }
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
