internal import Records

/// Which columns of a type of messages say where somebody was, found by their short names.
struct PositionColumns {
    /// A column that says whether the position, or a call for help, holds.
    struct Judge {
        let column: Int
        /// The cells that say so, a bit each.
        let mask: UInt64
    }

    let group: TerminalGroup
    /// Who is meant, the best last; none: the flow.
    let who: [Int]
    let latitude: Int?
    let longitude: Int?
    let height: Int?
    let speed: Int?
    let course: Int?
    let utc: Int?
    let timeOfDay: Int?
    /// Columns that can say that the position is none.
    let voids: [Judge]
    /// Columns whose cells say that somebody calls for help.
    let emergencies: [Judge]
    /// A word of alarm bits, the lowest of which is the call for help.
    let alarmBits: Int?
    /// A list of states, one of which can say that the place is encrypted.
    let states: Int?
    /// Whether every message of the type is a call for help.
    let isEmergency: Bool
    /// Messages that carry a position now and then: one without is no failure.
    let isCarrier: Bool
    /// Whether its full dates are those of the flow.
    let datesFlow: Bool

    /// The parameters that are looked at, for a decoder that needs to decode nothing else.
    static let names =
        ["latitude", "longitude", "height", "speed", "course", "utc", "time_of_day", "alarm", "emergency", "lead"]
        + ["status_flags"] + voidNames + whoNames
    private static let voidNames = ["status", "quality", "positioned", "fix"]
    /// The user machine itself, who was asked for, who sent it: the best last.
    private static let whoNames = ["address", "queried", "sender", "phone"]
    private static let voidLabels: Set<String> = [
        "void", "none", "no_fix", "invalid", "not_valid", "not_positioned", "false", "no",
    ]
    private static let emergencyLabels: Set<String> = ["emergency", "alarm", "true", "yes", "active", "valid"]

    /// Nil for a type that says nothing of positions and dates.
    ///
    /// - Parameters:
    ///   - name: the type's name, as the dialect writes it.
    ///   - parameters: the type's parameters, a column each.
    init?(name: String, dialect: Dialect, parameters: [ParameterInfo]) {
        // What a platform tells its terminals of places are borders of areas and the like.
        if dialect == .jtt808, let number = Self.number(name), number >= 0x8000 { return nil }
        // What a host tells a receiver of its place is no report of it.
        if dialect == .regional, name == "NPS" { return nil }
        // A message with a content has a time of its own in front of that of the position in it.
        let carries = parameters.contains { $0.shortName == "lead" }
        func find(_ short: String, _ kinds: Set<ValueKind>) -> Int? {
            let fits = { (info: ParameterInfo) in info.shortName == short && kinds.contains(info.kind) }
            return carries ? parameters.lastIndex(where: fits) : parameters.firstIndex(where: fits)
        }
        let numbers: Set<ValueKind> = [.float, .signed, .unsigned]
        group = TerminalGroup(dialect)
        who = dialect == .nmea ? [] : Self.whoNames.compactMap { find($0, [.string, .unsigned]) }
        latitude = find("latitude", numbers)
        longitude = find("longitude", numbers)
        height = find("height", numbers)
        speed = find("speed", numbers)
        course = find("course", numbers)
        utc = find("utc", [.time])
        timeOfDay = find("time_of_day", [.string])
        alarmBits = find("alarm", [.unsigned])
        states = find("status_flags", [.list, .string])
        isEmergency = dialect == .regional && name == "EPI"
        isCarrier = carries
        datesFlow = utc != nil && dialect != .jtt808
        voids = Self.voidNames.compactMap { name in
            find(name, [.enumeration, .boolean]).flatMap { Self.judge($0, parameters, Self.voidLabels, 0) }
        }
        emergencies = ["emergency", "alarm"].compactMap { name in
            find(name, [.enumeration, .boolean]).flatMap { Self.judge($0, parameters, Self.emergencyLabels, 1) }
        }
        guard latitude != nil && longitude != nil || datesFlow else { return nil }
    }

    /// The cells of a column with certain labels; of a boolean, what its labels are called does not matter.
    private static func judge(
        _ column: Int, _ parameters: [ParameterInfo], _ labels: Set<String>, _ boolean: UInt64
    ) -> Judge? {
        let info = parameters[column]
        if info.kind == .boolean { return Judge(column: column, mask: 1 << boolean) }
        // What is void or a call for help stands among the first labels of an enumeration.
        let cells = info.labels.indices.prefix(64).filter { labels.contains(info.labels[$0]) }
        return cells.isEmpty ? nil : Judge(column: column, mask: cells.reduce(0) { $0 | 1 << UInt64($1) })
    }

    private static func number(_ name: String) -> Int? {
        name.hasPrefix("0x") ? Int(name.dropFirst(2), radix: 16) : nil
    }

    /// Whether it can give positions, and not only dates.
    var isPositional: Bool { latitude != nil && longitude != nil }
}
