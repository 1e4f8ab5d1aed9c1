import ArgumentParser
import BeiDou
import Bytes
import Links
import Settings

/// How a terminal is reached and what it speaks.
struct LinkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The terminal or gateway: udp://HOST:PORT, tcp://HOST:PORT or serial:/dev/DEVICE?baud=19200. The UDP host "
                + "0.0.0.0 waits for whoever speaks first.",
            valueName: "link"),
        transform: { text in
            do throws(LinkAddress.Refusal) { return try LinkAddress(text) } catch {
                throw ValidationError(error.description)
            }
        })
    var via: LinkAddress

    @Option(help: "What the terminal speaks; it is asked in all of them where this is not told.")
    var dialect: TerminalDialect?

    @Option(
        help: ArgumentHelp(
            "Limits of cards, waits and the meaning of feedback, in place of the usual ones (Specs/limits.yaml).",
            valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var limits: String?

    @Option(help: "Steps and messages as text for people, or as a line of JSON each.")
    var format = MessageFormat.text

    /// The dialects to ask in.
    var dialects: [Dialect] { dialect.map { [$0.dialect] } ?? Dialect.ofTerminals }

    /// The limits that were told, or the usual ones; says what is wrong with a file and ends with 2.
    func readLimits() throws -> Limits {
        guard let limits else { return .standard }
        return try Console.orEnd {
            let settings = try WholeFile.octets(limits, atMost: SettingsPlace.largestFile)
            return try Limits(settings: settings, file: limits)
        }
    }

    /// Opens the link, or says why not and ends with 2.
    func open() throws -> any Link {
        do throws(LinkError) { return try via.open() } catch {
            Console.say("starlane: \(error)")
            throw ExitCode(Interruption.isAsked ? 1 : 2)
        }
    }
}

/// How steps and messages are written.
enum MessageFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}

/// A dialect that terminals speak with who sends through them.
enum TerminalDialect: String, CaseIterable, ExpressibleByArgument {
    case rdss4 = "rdss-4.0"
    case rdss2 = "rdss-2.1"
    case regional = "bds-3"

    var dialect: Dialect {
        switch self {
        case .rdss4: .rdss4
        case .rdss2: .rdss2
        case .regional: .regional
        }
    }
}
