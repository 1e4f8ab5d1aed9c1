internal import Settings

/// Something that happens in a scenario at a time.
struct ScenarioEvent: Sendable {
    /// What happens.
    enum Happening: Sendable {
        /// States of a spacecraft become other ones, and go on from there.
        case set(String, [(name: String, word: String)])
        /// States and parameters are what they are told to be, whatever their models say.
        case hold(String, [(name: String, word: String)])
        /// They follow their models again.
        case release(String, [String])
        /// So many packets of a type are made a second.
        case rates(String, [(type: String, rate: Double)])
        /// A spacecraft sends nothing for so many nanoseconds.
        case silence(String, Int64)
        /// A station hears nothing for so many nanoseconds.
        case outage(String, Int64)
        /// What a station hears has bit errors for so many nanoseconds.
        case fade(String, Int64, bitError: Double)
        /// A leg is cut for so many nanoseconds.
        case cut(String, Int64)
        /// A leg is whole again.
        case repair(String)
    }

    /// Nanoseconds since the start.
    let at: Int64
    let what: Happening
    /// Where it stands in the file, for errors.
    let mark: SettingsMark

    /// Until it is taken back.
    static let always = Int64.max / 4

    private static let keys = [
        "at", "spacecraft", "set", "hold", "release", "rate", "silent", "station", "down", "fade", "bit-error", "leg",
        "cut",
        "repair",
    ]

    /// - Parameters:
    ///   - start: of the scenario, where an event stands with a time.
    ///   - now: when it happens, where that is not told by itself; nanoseconds since the start.
    init(_ settings: SettingsPlace, start: Int64, now: Int64? = nil) throws(SettingsError) {
        var found: [String: SettingsPlace] = [:]
        for (key, place) in try settings.members(Self.keys) { found[key] = place }
        mark = settings.mark
        if let now {
            if let at = found["at"] { throw at.failed("is for events of a scenario: this one happens at once") }
            at = now
        } else {
            guard let when = found["at"] else {
                throw settings.failed("needs at: a length of time from the start on, or a time")
            }
            at = try Self.moment(when, start)
        }
        let names = ["spacecraft", "station", "leg"].filter { found[$0] != nil }
        guard names.count == 1, let owner = names.first, let name = try found[owner]?.text() else {
            throw settings.failed("needs one of spacecraft, station and leg, which says what it happens to")
        }
        let allowed: [String: [String]] = [
            "spacecraft": ["set", "hold", "release", "rate", "silent"], "station": ["down", "fade", "bit-error"],
            "leg": ["cut", "repair"],
        ]
        let actions = found.keys.filter { $0 != "at" && $0 != owner }.sorted()
        let here = allowed[owner] ?? []
        if let other = actions.first(where: { !here.contains($0) }) {
            throw (found[other] ?? settings).failed("is not for a \(owner); here stand \(here.joined(separator: ", "))")
        }
        guard let action = actions.first(where: { $0 != "bit-error" }),
            actions.count == 1 || actions == ["bit-error", "fade"],
            let value = found[action]
        else { throw settings.failed("needs one of \(here.joined(separator: ", ")), which says what happens") }
        switch action {
        case "set": what = .set(name, try Self.words(value))
        case "hold": what = .hold(name, try Self.words(value))
        case "release": what = .release(name, try value.list().map { (item) throws(SettingsError) in try item.text() })
        case "rate":
            what = .rates(
                name,
                try value.members().map { (member) throws(SettingsError) in
                    (member.name, try member.place.number(0.0...1e6, "packets a second"))
                })
        case "silent": what = .silence(name, try Self.length(value))
        case "down": what = .outage(name, try Self.length(value))
        case "fade":
            let rate = try found["bit-error"].map { (place) throws(SettingsError) in
                try place.number(1e-12...0.5, "probabilities a bit")
            }
            what = .fade(name, try Self.length(value), bitError: rate ?? 0.01)
        case "cut": what = .cut(name, try Self.length(value))
        default:
            guard try value.boolean() else { throw value.failed("is true where a leg is repaired") }
            what = .repair(name)
        }
    }

    /// A length of time from the start on, or a time.
    private static func moment(_ place: SettingsPlace, _ start: Int64) throws(SettingsError) -> Int64 {
        let text = try place.text()
        if text == "0" || text == "0 s" { return 0 }
        guard text.contains("T") || text.contains("-") else { return try place.duration() }
        let time = try place.time() - start
        guard time >= 0 else { throw place.failed("lies in front of the start") }
        return time
    }

    /// A length of time, or `true`, which is until it is taken back.
    private static func length(_ place: SettingsPlace) throws(SettingsError) -> Int64 {
        try place.text() == "true" ? always : try place.duration()
    }

    private static func words(_ place: SettingsPlace) throws(SettingsError) -> [(name: String, word: String)] {
        let members = try place.members()
        guard !members.isEmpty else { throw place.failed("names nothing: {charge: 20} would set charge to 20") }
        return try members.map { (member) throws(SettingsError) in (member.name, try member.place.text()) }
    }
}

extension ScenarioEvent {
    /// The spacecraft, station or leg that it happens to.
    var owner: String {
        switch what {
        case .set(let name, _), .hold(let name, _), .release(let name, _), .rates(let name, _),
            .silence(let name, _), .outage(let name, _), .fade(let name, _, _), .cut(let name, _), .repair(let name):
            name
        }
    }
}
