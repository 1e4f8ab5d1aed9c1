internal import Records

/// The messages that are laid out, forms of one id apart; the raw value is the number of the type.
enum JTT808Kind: Int, CaseIterable {
    case terminalAnswer, platformAnswer, heartbeat, logOut
    case registration2011, registration2013, registration2019, registrationAnswer
    case authentication2013, authentication2019
    case location, locationAnswer, batch, batchEntry
    case text2013, text2019, transparentUp, transparentDown
    case timeQuery, timeAnswer
    case setParameters, queryParameters, parameterAnswer
    case resendParts, resendParts16, terminalResendParts, terminalResendParts16
    case unknown

    /// What a form is bound to.
    enum Edition { case any, only2011, only2013, only2019 }

    /// How the places of a message are found that depend on what stands in it.
    enum Walk {
        /// The body has so many octets.
        case fixed(Int)
        /// The last field takes the rest.
        case open
        /// A text with its length in front, then so many octets.
        case counted(Int)
        /// A location report behind so many octets.
        case location(Int)
        /// Terminal parameters behind so many octets, the last of which is their count.
        case settings(Int)
        /// Numbers of two octets behind so many octets, the last one or two of which are their count.
        case indices(Int, countWidth: Int)
        /// Location reports with their lengths behind count and kind.
        case entries
    }

    /// All there is to know of a kind.
    struct Layout {
        let id: UInt16
        let name: String
        let title: String
        var edition = Edition.any
        let walk: Walk
        let fields: [JTT808Field]

        init(
            _ id: UInt16, _ title: String, _ walk: Walk, _ body: [JTT808Field], edition: Edition = .any,
            name: String? = nil
        ) {
            self.id = id
            self.name = name ?? JTT808Text.identifier(id)
            self.title = title
            self.edition = edition
            self.walk = walk
            var hasTail = true
            if case .open = walk { hasTail = false }
            fields = JTT808Field.header + body + (hasTail ? [.extra] : [])
        }

        /// The type with its parameters.
        var type: MessageType {
            let path = name.replacing(" ", with: "_")
            return MessageType(
                name: name, dialect: .jtt808, title: title,
                parameters: fields.map { field in
                    ParameterInfo(
                        name: "jtt808.\(path).\(field.name)", shortName: field.name,
                        aliases: ["\(Self.group(field.name)).\(field.name)"],
                        description: field.description.isEmpty ? ParameterWords.of(field.name) : field.description,
                        unit: field.unit, kind: field.kind, rawKind: field.rawKind, labels: field.labels)
                })
        }

        private static func group(_ name: String) -> String {
            switch name {
            case "latitude", "longitude", "height", "speed", "course", "utc": "position"
            case "text", "content", "lead": "message"
            default: "jtt808"
            }
        }
    }

    /// For each kind its layout.
    static let layouts: [Layout] = allCases.map(\.layout)

    private var layout: Layout {
        switch self {
        case .terminalAnswer: Self.answer(0x0001, "answer of a terminal", [])
        case .platformAnswer: Self.answer(0x8001, "answer of the platform", [(4, "alarm_confirmed")])
        case .heartbeat: Layout(0x0002, "heartbeat", .fixed(0), [])
        case .logOut: Layout(0x0003, "terminal logs out", .fixed(0), [])
        case .registration2011: Self.registration(.only2011, maker: 5, model: 8, terminal: 7)
        case .registration2013: Self.registration(.only2013, maker: 5, model: 20, terminal: 7)
        case .registration2019: Self.registration(.only2019, maker: 11, model: 30, terminal: 30)
        case .registrationAnswer: Self.registrationAnswerLayout
        case .authentication2013:
            Layout(
                0x0102, "terminal authenticates, 2013", .open, [.text("code", at: 0)], edition: .only2013)
        case .authentication2019: Self.authentication2019Layout
        case .location: Layout(0x0200, "location report", .location(0), Self.position)
        case .locationAnswer:
            Layout(
                0x0201, "location on request", .location(2),
                [.number("answered_flow", at: 0, 2, isRequired: true)] + Self.position)
        case .batch:
            Layout(
                0x0704, "location reports, several", .entries, Self.batchHead + [.octets("entries", at: 3, .entries)])
        case .batchEntry:
            Layout(
                0x0704, "one of several location reports", .location(5), Self.batchHead + Self.position,
                name: "0x0704 entry")
        case .text2013: Self.text2013Layout
        case .text2019: Self.text2019Layout
        case .transparentUp: Self.transparent(0x0900, "octets to the platform")
        case .transparentDown: Self.transparent(0x8900, "octets to a terminal")
        case .timeQuery: Layout(0x0004, "terminal asks for the time", .fixed(0), [])
        case .timeAnswer:
            Layout(0x8004, "time from the platform", .fixed(6), [.time("utc", at: 0, hoursAhead: 0)])
        case .setParameters: Layout(0x8103, "parameters to a terminal", .settings(1), Self.settings(at: 0))
        case .queryParameters: Layout(0x8104, "platform asks for parameters", .fixed(0), [])
        case .parameterAnswer:
            Layout(
                0x0104, "parameters of a terminal", .settings(3),
                [.number("answered_flow", at: 0, 2, isRequired: true)] + Self.settings(at: 2))
        case .resendParts: Self.resend(0x8003, "platform asks for parts again", countWidth: 1)
        case .resendParts16: Self.resend(0x8003, "platform asks for parts again, 16-bit count", countWidth: 2)
        case .terminalResendParts: Self.resend(0x0005, "terminal asks for parts again", countWidth: 1)
        case .terminalResendParts16: Self.resend(0x0005, "terminal asks for parts again, 16-bit count", countWidth: 2)
        case .unknown: Self.unlisted
        }
    }
}
