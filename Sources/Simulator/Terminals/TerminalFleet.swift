package import BeiDou
package import Settings

/// Terminals of one kind that go the same way: walkers, boats or vehicles, as a file in `Specs/terminals` describes them
/// (`Specs/simulation.md`).
package struct TerminalFleet: Sendable {
    /// The name that it is known by.
    package let name: String
    /// What people call it.
    package let title: String
    /// What its terminals speak.
    package let dialect: Dialect
    /// How many there are.
    package let count: Int
    /// The cards in them.
    let card: Card
    /// The edition of JT/T 808; counts there alone.
    let edition: Edition
    let route: Route
    /// By how much terminals are faster or slower than the route says, as a share.
    let variation: Double
    /// Nanoseconds within which they start out.
    let startsWithin: Int64
    /// Nanoseconds between two positions; nil where none are sent.
    let positions: Int64?
    /// Whether positions of RDSS 4.0 travel as the content of messages.
    let positionsAreMessages: Bool
    let texts: Texts?
    let emergency: Emergency?
    /// The share of what is sent that is lost on the way.
    let loss: Double
    let gaps: [CoverageGap]
    /// How often something is tried that did not get through.
    let tries: Int

    /// Cards, or what has their place: the numbers of vehicles.
    struct Card: Sendable {
        /// The number of the first terminal; the others follow.
        var first: UInt64 = 0
        /// Nanoseconds from one message to the next, what is kept in reserve included.
        var pace: Int64 = 0
        /// Seconds that the card states.
        var frequency = 60
        var level: Int?
        var isEncrypted = false
    }

    enum Edition: String, CaseIterable, Sendable {
        case of2013 = "2013"
        case of2019 = "2019"
    }

    /// What is written now and then.
    struct Texts: Sendable {
        /// Nanoseconds between two occasions.
        var every: Int64
        /// The share of the occasions that are taken.
        var chance: Double
        var list: [String]
        /// The parts of each of them.
        var parts: [[OutgoingPart]] = []
    }

    /// Some terminals that call for help.
    struct Emergency: Sendable {
        /// Nanoseconds since the scenario's start.
        var at: Int64
        /// How many of the fleet.
        var terminals: Int
        /// How long they do, in nanoseconds; nil: up to the end.
        var lasts: Int64?
        var text: String?
        var parts: [OutgoingPart] = []
    }

    /// Terminals that one fleet has at the most.
    static let mostTerminals = 100_000

    /// The number of a terminal, counted from the first one of the fleet.
    func number(_ index: Int) -> UInt64 { card.first + UInt64(index) }

    /// The name of a terminal as messages and tracks have it.
    func terminalName(_ index: Int) -> String {
        guard dialect != .nmea else { return "\(name)-\(index + 1)" }
        let digits = String(number(index))
        let width = dialect == .jtt808 ? 0 : 7
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The fleet that a settings file describes.
    ///
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - name: what it is called in scenarios.
    ///   - file: the file's name, for errors.
    ///   - count: how many there are, instead of what the file says.
    package static func read(
        _ octets: [UInt8], name: String, file: String, count: Int? = nil
    ) throws(SettingsError) -> TerminalFleet {
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(
                file: file, line: nil, key: nil, reason: "has nothing in it; protocol and route have to stand in it")
        }
        return try TerminalFleet(FleetReading(root, name: name, count: count), root)
    }

    private init(_ read: FleetReading, _ root: SettingsPlace) throws(SettingsError) {
        guard let dialect = read.dialect, let route = read.route else { throw root.failed("needs protocol and route") }
        name = read.name
        title = read.title
        self.dialect = dialect
        count = read.count
        self.route = route
        edition = read.edition
        (variation, startsWithin) = (read.variation, read.startsWithin)
        (positions, positionsAreMessages) = (read.positions, read.positionsAreMessages)
        (loss, gaps, tries) = (read.loss, read.gaps, read.tries)
        card = read.card
        texts = read.texts
        emergency = read.emergency
        guard positions != nil || texts != nil || emergency != nil else {
            throw root.failed("sends nothing: positions, texts or emergency have to stand in it")
        }
    }

    /// Whether its terminals and those of another fleet are told apart by their numbers.
    private func isNamed(like other: TerminalFleet) -> Bool {
        let cards = Dialect.ofTerminals
        return cards.contains(dialect) && cards.contains(other.dialect)
            || dialect == .jtt808 && other.dialect == .jtt808
    }

    /// The protocol that a command unit tells of its messages in.
    func told(by unit: CommandUnit) -> Dialect {
        Dialect.ofTerminals.contains(dialect) ? unit.dialect ?? dialect : dialect
    }

    /// Why it cannot be in a scenario with others and a unit; nil when it can.
    func problem(beside others: [TerminalFleet], unit: CommandUnit) -> String? {
        let told = told(by: unit)
        if card.first > 0, card.first <= UInt64(unit.card), UInt64(unit.card) <= number(count - 1),
            dialect != .jtt808
        {
            return "\(name): the command unit's card, \(unit.card), is one of \(card.first) to \(number(count - 1))"
        }
        for other in others where isNamed(like: other) {
            guard card.first > other.number(other.count - 1) || number(count - 1) < other.card.first else {
                return "\(name): its numbers, \(card.first) to \(number(count - 1)), are those of \(other.name), "
                    + "\(other.card.first) to \(other.number(other.count - 1)), too"
            }
        }
        if told != dialect, number(count - 1) > UInt64(FleetReading.lastNumber(told, edition)) {
            return "\(name): its number \(number(count - 1)) has no room in \(told.rawValue)"
        }
        return positions == nil
            ? nil : Self.problem(route, told, asMessages: positionsAreMessages).map { "\(name): \($0)" }
    }

    /// Why positions of a route cannot be told of; nil when they can: RDSS 4.0 and position payloads have no hemispheres, and
    /// the latitude of payloads ends below 64 degrees.
    static func problem(_ route: Route, _ dialect: Dialect, asMessages: Bool) -> String? {
        guard dialect == .rdss4 || dialect == .regional else { return nil }
        let isPayload = asMessages || dialect == .regional
        guard route.bounds.south < 0 || route.bounds.west < 0 || route.bounds.north > (isPayload ? 63.9999 : 90) else {
            return nil
        }
        return "positions of \(dialect.rawValue) have no hemispheres: north and east are meant"
            + (isPayload ? ", up to 63.9999 degrees" : "") + "; the route lies outside"
    }
}
