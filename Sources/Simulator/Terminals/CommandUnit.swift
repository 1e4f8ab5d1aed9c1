internal import BeiDou
internal import Settings

/// The one place that all terminals of a scenario send to, and its link to a host (`Specs/simulation.md`).
struct CommandUnit: Sendable {
    /// What it answers.
    enum Answers: String, CaseIterable, Sendable {
        case nothing, emergencies, texts
    }

    /// The protocol that it tells its host of all cards in; nil: of each in the card's own.
    var dialect: Dialect?
    /// The number of its own card.
    var card: UInt32 = 200_001
    /// Seconds between two messages of its own.
    var frequency = 1
    /// Nanoseconds from a terminal by the satellite and the network to it: at the least, and by how much it may be more.
    var delay: Int64 = 700_000_000
    var jitter: Int64 = 600_000_000
    var answers = Answers.emergencies
    /// What it answers with: 收到, received.
    var content = MessageContent(form: .chinese, octets: [0xCA, 0xD5, 0xB5, 0xBD])
    /// Nanoseconds between two reports of its beams.
    var beams: Int64 = 60_000_000_000

    /// Nanoseconds that something is under way to it at the most.
    var longestDelay: Int64 { delay + jitter }

    init() {}

    init(_ settings: SettingsPlace) throws(SettingsError) {
        let keys = ["protocol", "card", "every", "delay", "jitter", "answers", "text", "beams"]
        for (key, place) in try settings.members(keys) {
            switch key {
            case "protocol":
                let dialect = try place.word(Dialect.self)
                guard Dialect.ofTerminals.contains(dialect) else {
                    throw place.failed("cards are told of in rdss-4.0, rdss-2.1 or bds-3")
                }
                self.dialect = dialect
            case "card": card = UInt32(try place.number(1...Limits.standard.lastCard2, "numbers"))
            case "every": frequency = try place.statedSeconds()
            case "delay": delay = try place.duration()
            case "jitter": jitter = try place.duration()
            case "answers": answers = try place.word(Answers.self)
            case "beams":
                beams = try place.duration()
                guard beams >= 100_000_000 else { throw place.failed("0.1 s and more allowed") }
            default:
                let text = try place.message()
                let encoded: EncodedContent
                do throws(EncodingRefusal) { encoded = try ContentCoding.encode(text) } catch {
                    throw place.failed(error.reason)
                }
                guard encoded.airBits <= Limits.standard.plainBits[3] else {
                    throw place.failed(
                        "\(encoded.airBits) bits, a message of the unit has \(Limits.standard.plainBits[3])")
                }
                content = MessageContent(form: encoded.form, octets: encoded.octets, bits: encoded.wireBits)
            }
        }
    }
}

extension SettingsPlace {
    /// The time from one message of a card to the next, in seconds: cards state whole ones, in 16 bits (ICXX, ICI, ICP).
    func statedSeconds() throws(SettingsError) -> Int {
        let length = try duration()
        guard length % 1_000_000_000 == 0, (1...65_535).contains(length / 1_000_000_000) else {
            throw failed("cards state 1 to 65535 whole seconds, found '\(try text().prefix(40))'")
        }
        return Int(length / 1_000_000_000)
    }

    /// A text that is sent: without characters that steer terminals and printers, which no keyboard of a terminal has.
    func message() throws(SettingsError) -> String {
        let text = try text()
        if let found = text.unicodeScalars.first(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
            let digits = String(found.value, radix: 16, uppercase: true)
            throw failed(
                "has the control character U+\(String(repeating: "0", count: 4 - digits.count))\(digits); letters, digits and "
                    + "signs may stand in a text")
        }
        return text
    }
}

/// The fleets of a scenario and their command unit, as its keys `terminals` and `command-unit` say it.
struct TerminalPlan: Sendable {
    /// A fleet by its name or file, and how many terminals it has instead of what the file says.
    struct Entry: Sendable {
        var name: String
        var count: Int?
        /// Where it stands in the scenario.
        var mark: SettingsMark
    }

    var entries: [Entry] = []
    var unit = CommandUnit()

    /// What the places of both keys hold; nil where there are no terminals.
    static func read(_ terminals: SettingsPlace?, unit: SettingsPlace?) throws(SettingsError) -> TerminalPlan? {
        guard let terminals else {
            if let unit { throw unit.failed("has nobody to command; terminals have to stand in the scenario") }
            return nil
        }
        return try TerminalPlan(terminals, unit: unit)
    }

    private init(_ terminals: SettingsPlace, unit: SettingsPlace?) throws(SettingsError) {
        for place in try terminals.list() {
            var entry = Entry(name: "", count: nil, mark: place.mark)
            if place.isScalar {
                entry.name = try place.text()
            } else {
                for (key, member) in try place.members(["fleet", "count"]) {
                    if key == "fleet" {
                        entry.name = try member.text()
                    } else {
                        entry.count = try member.number(1...TerminalFleet.mostTerminals, "terminals")
                    }
                }
            }
            guard !entry.name.isEmpty else { throw place.failed("needs fleet, a name or a file") }
            entries.append(entry)
        }
        guard !entries.isEmpty else { throw terminals.failed("lists no fleet") }
        if let unit { self.unit = try CommandUnit(unit) }
    }
}
