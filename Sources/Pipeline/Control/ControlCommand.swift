internal import Records

/// What may be asked of something that goes on in time, by keys or by the lines of a script.
public enum ControlCommand: Sendable, Equatable {
    /// Nothing goes out until it goes on.
    case pause
    case resume
    /// Whichever of both it is time for.
    case toggle
    /// On to another time, given in nanoseconds: from where it is, or since 1970.
    case seekBy(Int64)
    case seekTo(Int64)
    /// Another pace, or so many times the one that it has.
    case pace(Schedule.Pace)
    case faster(Double)
    /// So many packets at once; and then, as if it had not gone on before, a pause.
    case step(Int)
    /// Only what this filter chooses from now on; nil: everything.
    case filter(String?)
    /// Something happens in what is simulated, in words of its own.
    case event(String)
    /// How far it has come.
    case status
    /// The end.
    case quit

    /// Why something is not done, in words for people.
    public struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String

        /// A refusal in words.
        public init(_ description: String) { self.description = description }
    }

    /// What is steered.
    public enum Kind: Sendable {
        /// Captures that are sent once more.
        case captures
        /// What is made while it is sent.
        case simulation

        /// What lines may say.
        public var shapes: String {
            switch self {
            case .captures:
                "pause, resume, seek +SECONDS, seek -SECONDS, seek TIME, speed FACTOR, rate PACKETS, bitrate BITS, asap, "
                    + "step [NUMBER], filter [EXPRESSION], status and quit"
            case .simulation:
                "pause, resume, speed FACTOR, rate PACKETS, bitrate BITS, asap, step [NUMBER], event {…}, status and quit"
            }
        }

        fileprivate var words: [String] {
            ["pause", "resume", "speed", "rate", "bitrate", "asap", "step", "status", "quit"]
                + (self == .captures ? ["seek", "filter"] : ["event"])
        }
    }

    /// Octets that a line may have.
    public static let longest = 1 << 14

    /// Reads a line.
    public init(_ line: String, for kind: Kind = .captures) throws(Refusal) {
        guard line.utf8.count <= Self.longest else {
            throw Refusal("the line is too long: at most \(Self.longest) octets are taken")
        }
        let parts = line.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
        let word = parts.first ?? ""
        let rest = parts.count > 1 ? parts[1].trimmed : ""
        switch word {
        case "seek" where kind == .simulation, "filter" where kind == .simulation: throw Self.onward
        case "event" where kind == .captures:
            throw Refusal("captures are as they are: events are for 'starlane simulate'")
        case "seek": self = try Self.seek(rest)
        case "speed", "rate", "bitrate": self = .pace(try Schedule.Pace(word, rest))
        case "filter": self = .filter(rest.isEmpty ? nil : rest)
        case "event": self = .event(rest)
        case "step":
            guard let count = rest.isEmpty ? 1 : Int(rest), (1...1_000_000_000).contains(count) else {
                throw Refusal("step takes a number of packets from 1 to 1000000000, not '\(rest)'")
            }
            self = .step(count)
        case "pause", "resume", "asap", "status", "quit":
            guard rest.isEmpty else { throw Refusal("\(word) takes nothing, not '\(rest)'") }
            self = Self.plain[word] ?? .status
        default:
            let near = Names.nearest(to: word.lowercased(), in: kind.words).first.map { ", near it is \($0)" } ?? ""
            throw Refusal("'\(word.prefix(40))' is no command\(near); allowed are \(kind.shapes)")
        }
    }

    /// Why nothing is sought in what is simulated.
    static let onward = Refusal("what is simulated goes on and never back: seek and filter are for captures")

    private static let plain: [String: ControlCommand] = [
        "pause": .pause, "resume": .resume, "asap": .pace(.asSoonAsPossible), "status": .status, "quit": .quit,
    ]

    private static func seek(_ text: String) throws(Refusal) -> ControlCommand {
        if let sign = text.first, sign == "+" || sign == "-" {
            guard let seconds = Double(text), seconds.magnitude <= 1e9 else {
                throw Refusal("seek '\(text)' is no number of seconds up to 1000000000, as in +10 or -0.5")
            }
            return .seekBy(Int64(seconds * 1e9))
        }
        guard let time = Conditions.time(text) else {
            throw Refusal(
                "seek '\(text)' is neither seconds from here, as in +10 or -0.5, nor a time from 1678 to 2262: "
                    + "times are written \(Conditions.timeExamples)")
        }
        return .seekTo(time)
    }
}

extension Schedule.Pace {
    /// What paces may be: the least of each, and the most.
    public static let least = 1e-6
    public static let mostSpeed = 1e6, mostRate = 1e9, mostBitrate = 1e12

    /// A pace by its word and a number: `speed 2`, `rate 5000`, `bitrate 1000000`.
    init(_ word: String, _ number: String) throws(ControlCommand.Refusal) {
        let most = word == "speed" ? Self.mostSpeed : word == "rate" ? Self.mostRate : Self.mostBitrate
        guard let value = Double(number), value >= Self.least, value <= most else {
            throw ControlCommand.Refusal("\(word) takes 0.000001 to \(Int(most)), not '\(number)'")
        }
        switch word {
        case "speed": self = .original(speed: value)
        case "rate": self = .packets(perSecond: value)
        default: self = .bits(perSecond: value)
        }
    }

    /// So many times as fast, as far as paces go; nil where nothing is waited for.
    func times(_ factor: Double) -> Schedule.Pace? {
        func held(_ value: Double, _ most: Double) -> Double { min(most, max(Self.least, value * factor)) }
        return switch self {
        case .original(let speed): .original(speed: held(speed, Self.mostSpeed))
        case .packets(let rate): .packets(perSecond: held(rate, Self.mostRate))
        case .bits(let rate): .bits(perSecond: held(rate, Self.mostBitrate))
        case .asSoonAsPossible: nil
        }
    }

    /// The command that asks for it.
    public var words: String {
        func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? String(value) }
        return switch self {
        case .original(let speed): "speed \(number(speed))"
        case .packets(let rate): "rate \(number(rate))"
        case .bits(let rate): "bitrate \(number(rate))"
        case .asSoonAsPossible: "asap"
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(reversed().drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace))
    }
}
