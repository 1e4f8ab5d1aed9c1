internal import BeiDou
internal import Settings

/// Reads the file of a fleet, key by key, and then what hangs on several keys.
struct FleetReading {
    let name: String
    private(set) var title: String
    private(set) var dialect: Dialect?
    private(set) var count = 1
    private(set) var card = TerminalFleet.Card()
    private(set) var edition = TerminalFleet.Edition.of2013
    private(set) var route: Route?
    private(set) var variation = 0.0
    private(set) var startsWithin: Int64 = 0
    private(set) var positions: Int64?
    private(set) var positionsAreMessages = false
    private(set) var texts: TerminalFleet.Texts?
    private(set) var emergency: TerminalFleet.Emergency?
    private(set) var loss = 0.0
    private(set) var gaps: [CoverageGap] = []
    private(set) var tries = Limits.standard.tries
    /// The heights of the points of the route, and where they and the gaps stand.
    private var heights: [(metres: Double, place: SettingsPlace)] = []
    private var gapPlaces: [SettingsPlace] = []

    private static let keys = [
        "title", "protocol", "edition", "count", "card", "route", "start-within", "positions", "texts", "emergency",
        "loss", "no-coverage", "tries",
    ]

    init(_ root: SettingsPlace, name: String, count: Int?) throws(SettingsError) {
        self.name = name
        title = name
        var places: [String: SettingsPlace] = [:]
        for (key, place) in try root.members(Self.keys) {
            places[key] = place
            switch key {
            case "title": title = try place.text()
            case "protocol": dialect = try place.word(Dialect.self)
            case "edition": edition = try place.word(TerminalFleet.Edition.self)
            case "count": self.count = try place.number(1...TerminalFleet.mostTerminals, "terminals")
            case "route": try readRoute(place)
            case "start-within": startsWithin = try place.duration()
            case "loss": loss = try place.number(0.0...1.0, "shares")
            case "no-coverage":
                for gap in try place.list() {
                    gaps.append(try CoverageGap(gap))
                    gapPlaces.append(gap)
                }
            case "tries": tries = try place.number(1...100, "tries")
            default: break
            }
        }
        if let count { self.count = count }
        guard let dialect else { return }
        try checkPlaces(dialect)
        if dialect != .jtt808, let place = places["edition"] {
            throw place.failed("counts for jtt-808 alone, the protocol is \(dialect.rawValue)")
        }
        try readCard(places["card"], dialect, root)
        if let place = places["positions"] { try readPositions(place, dialect) }
        if let place = places["texts"] { try readTexts(place, dialect) }
        if let place = places["emergency"] { try readEmergency(place, dialect) }
    }

    // MARK: The way

    private mutating func readRoute(_ settings: SettingsPlace) throws(SettingsError) {
        var (points, speed, turn): ([Route.Point], Double?, Route.Turn) = ([], nil, .once)
        var places: [SettingsPlace] = []
        for (key, place) in try settings.members(["points", "speed", "variation", "turn"]) {
            switch key {
            case "points":
                places = try place.list()
                for point in places { points.append(try Self.point(point)) }
                heights = zip(points, places).map { ($0.height, $1) }
            case "speed": speed = try place.number(0.1...2000, "kilometres an hour")
            case "variation": variation = try place.number(0.0...0.9, "shares")
            default: turn = try place.word(Route.Turn.self)
            }
        }
        guard !points.isEmpty, let speed else {
            throw settings.failed("needs points, [[latitude, longitude], …], and speed in km/h")
        }
        do throws(Route.Problem) { route = try Route(points, turn: turn, speed: speed) } catch {
            let place = places.indices.contains(error.point - 1) ? places[error.point - 1] : settings
            throw place.failed(error.reason)
        }
    }

    private static func point(_ settings: SettingsPlace) throws(SettingsError) -> Route.Point {
        func plain(_ place: SettingsPlace) throws(SettingsError) -> Route.Point {
            let numbers = try place.coordinates(2...3)
            return Route.Point(latitude: numbers[0], longitude: numbers[1], height: numbers.count > 2 ? numbers[2] : 0)
        }
        if settings.isList { return try plain(settings) }
        var (point, pause, speed): (Route.Point?, Double, Double?) = (nil, 0, nil)
        for (key, place) in try settings.members(["at", "pause", "speed"]) {
            switch key {
            case "at": point = try plain(place)
            case "pause": pause = Double(try place.duration()) / 1e9
            default: speed = try place.number(0.1...2000, "kilometres an hour")
            }
        }
        guard var point else { throw settings.failed("needs at: [latitude, longitude]") }
        (point.pause, point.speed) = ((pause * 1000).rounded() / 1000, speed)
        return point
    }

    /// Refuses what lies where nobody comes, and heights that a protocol cannot tell.
    private func checkPlaces(_ dialect: Dialect) throws(SettingsError) {
        if dialect == .jtt808 {
            for (metres, place) in heights where !(-0.5..<65_535.5).contains(metres) {
                throw place.failed("jtt-808 tells heights from 0 to 65535 m, found \(metres)")
            }
        }
        guard let route else { return }
        for (gap, place) in zip(gaps, gapPlaces) {
            guard let begins = gap.stretchBegins, begins >= route.length else { continue }
            throw place.failed(
                "begins at \(begins) km, and the route is \((route.length * 1000).rounded() / 1000) km long")
        }
    }

    // MARK: Cards

    private mutating func readCard(
        _ settings: SettingsPlace?, _ dialect: Dialect, _ root: SettingsPlace
    ) throws(SettingsError) {
        var (first, every): (Int?, Int64?) = (nil, nil)
        let last = FleetReading.lastNumber(dialect, edition)
        for (key, place) in try settings?.members(["first", "every", "level", "encrypted"]) ?? [] {
            if dialect == .nmea, key != "every" {
                throw place.failed("receivers of nmea-0183 have no cards; every alone may stand here")
            }
            if dialect == .jtt808, key == "level" || key == "encrypted" {
                throw place.failed("vehicles of jtt-808 have no such thing; first and every may stand here")
            }
            switch key {
            case "first": first = try place.number(1...last, "numbers")
            case "every":
                every =
                    Dialect.ofTerminals.contains(dialect)
                    ? Int64(try place.statedSeconds()) * 1_000_000_000 : try Self.interval(place)
            case "level": card.level = try place.number(1...(dialect == .regional ? 5 : 4), "levels")
            default: card.isEncrypted = try place.boolean()
            }
        }
        let isOfCards = Dialect.ofTerminals.contains(dialect)
        if dialect != .nmea {
            guard let first, let settings else {
                throw (settings ?? root).failed("needs \(settings == nil ? "card with " : "")first, the first number")
            }
            guard first + count - 1 <= last else {
                throw settings.failed("\(count) terminals from \(first) on go beyond \(last), the last number")
            }
            card.first = UInt64(first)
        }
        if isOfCards, card.level == nil { card.level = dialect == .regional ? 5 : 3 }
        let stated = every ?? Int64(isOfCards ? Limits.standard.serviceSeconds : 1) * 1_000_000_000
        card.frequency = Int(stated / 1_000_000_000)
        // Cards are held to the limits of all our senders; others have no reserve to keep.
        card.pace = stated + (isOfCards ? Int64(Limits.standard.reserveSeconds) * 1_000_000_000 : 0)
    }

    /// The last number that a terminal of a protocol may have.
    static func lastNumber(_ dialect: Dialect, _ edition: TerminalFleet.Edition) -> Int {
        switch dialect {
        case .rdss4, .rdss2: Limits.standard.lastCard2
        case .regional: Limits.standard.lastCard3
        case .jtt808: edition == .of2013 ? 999_999_999_999 : 99_999_999_999_999_999
        case .nmea: 0
        }
    }

    // MARK: What is sent

    /// Nanoseconds from one occasion to the next.
    private static func interval(_ place: SettingsPlace) throws(SettingsError) -> Int64 {
        let interval = try place.duration()
        guard interval >= 100_000_000 else { throw place.failed("0.1 s and more allowed, found '\(try place.text())'") }
        return interval
    }

    private mutating func readPositions(_ settings: SettingsPlace, _ dialect: Dialect) throws(SettingsError) {
        enum Form: String, CaseIterable { case fix, message }
        for (key, place) in try settings.members(["every", "as"]) {
            if key == "every" {
                positions = try Self.interval(place)
            } else {
                positionsAreMessages = try place.word(Form.self) == .message
                guard !positionsAreMessages || dialect == .rdss4 || dialect == .regional else {
                    throw place.failed("positions of \(dialect.rawValue) are sentences of their own, not messages")
                }
                guard positionsAreMessages || dialect != .regional else {
                    throw place.failed("bds-3 has no sentence for positions of others; they travel as messages")
                }
            }
        }
        guard positions != nil else { throw settings.failed("needs every, as 60 s") }
        if dialect == .regional { positionsAreMessages = true }
        if let route, let problem = TerminalFleet.problem(route, dialect, asMessages: positionsAreMessages) {
            throw settings.failed(problem)
        }
    }

    private mutating func readTexts(_ settings: SettingsPlace, _ dialect: Dialect) throws(SettingsError) {
        var texts = TerminalFleet.Texts(every: 0, chance: 1, list: [])
        for (key, place) in try settings.members(["every", "chance", "list"]) {
            switch key {
            case "every": texts.every = try Self.interval(place)
            case "chance": texts.chance = try place.number(0.0...1.0, "shares")
            default:
                for text in try place.list() {
                    texts.list.append(try text.text())
                    texts.parts.append(try parts(text, dialect, isEmergency: false))
                }
                guard (1...1000).contains(texts.list.count) else {
                    throw place.failed("1 to 1000 texts allowed, found \(texts.list.count)")
                }
            }
        }
        guard texts.every > 0, !texts.list.isEmpty else { throw settings.failed("needs every, as 10 min, and list") }
        self.texts = texts
    }

    private mutating func readEmergency(_ settings: SettingsPlace, _ dialect: Dialect) throws(SettingsError) {
        var (at, terminals): (Int64?, Int) = (nil, 1)
        var (lasts, text): (Int64?, SettingsPlace?) = (nil, nil)
        for (key, place) in try settings.members(["at", "terminals", "for", "text"]) {
            switch key {
            case "at": at = try place.duration()
            case "terminals": terminals = try place.number(1...count, "terminals of the fleet")
            case "for": lasts = try place.duration()
            default: text = place
            }
        }
        guard let at else { throw settings.failed("needs at, the time since the start, as 20 min") }
        guard dialect != .nmea else { throw settings.failed("sentences of nmea-0183 carry no call for help") }
        if dialect == .regional, text == nil {
            throw settings.failed("needs text: positions of bds-3 carry no call for help")
        }
        var emergency = TerminalFleet.Emergency(at: at, terminals: terminals, lasts: lasts, text: try text?.text())
        if let text { emergency.parts = try parts(text, dialect, isEmergency: true) }
        self.emergency = emergency
    }

    /// The parts of a text, as the card allows them.
    private func parts(
        _ place: SettingsPlace, _ dialect: Dialect, isEmergency: Bool
    ) throws(SettingsError) -> [OutgoingPart] {
        let text = try place.message()
        guard dialect != .nmea else { throw place.failed("sentences of nmea-0183 carry no messages") }
        guard !text.isEmpty else { throw place.failed("is empty") }
        do throws(EncodingRefusal) {
            if dialect == .jtt808 {
                let content = try ContentCoding.encode(text, form: .mixed)
                guard content.octets.count <= 1000 else {
                    throw EncodingRefusal("text", "\(content.octets.count) octets, a message has 1000")
                }
                let whole = MessageContent(form: .mixed, octets: content.octets)
                return [OutgoingPart(content: whole, text: text, usedBits: content.airBits, allowedBits: nil)]
            }
            let information = CardInformation(
                dialect: dialect, address: 1, broadcast: 0, frequency: card.frequency, level: card.level,
                isEncrypted: card.isEncrypted)
            let isExpress = isEmergency && dialect != .regional
            var plan = MessagePlan()
            let message = OutgoingMessage(
                receiver: 1, body: .text(text, form: nil), options: SendOptions(isExpress: isExpress))
            return try plan.parts(of: message, for: information)
        } catch { throw place.failed(error.reason) }
    }
}
