import ArgumentParser
import Capture
import Links
import Pipeline
import Transport

/// How much of an input is read.
struct ReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("End after so long; what is live ends with Ctrl-C, too.", valueName: "seconds"))
    var duration: Double?

    @Option(
        help: ArgumentHelp(
            "End after so many packets as they come in: datagrams, captured packets, pieces of streams.",
            valueName: "number"))
    var count: Int?

    func validate() throws {
        if let duration, !(duration > 0 && duration <= 1e9) {
            throw ValidationError("--duration takes more than 0 and up to 1000000000 seconds, not \(duration).")
        }
        if let count, count < 1 { throw ValidationError("--count takes 1 or more, not \(count).") }
    }

    /// Refuses what is no address though it looks like one, and what would never be read.
    func check(_ inputs: [String]) throws {
        if inputs.dropLast().contains(where: SourceAddress.isMeant), duration == nil, count == nil {
            throw ValidationError(
                "What is live has no end, so nothing behind it would be read: name it last, or tell --duration or --count."
            )
        }
        for input in inputs where SourceAddress.isMeant(by: input) {
            do {
                let address = try SourceAddress(input)
                _ = try address.framing.map { try StreamFraming.read($0) }
            } catch { throw ValidationError("\(error)") }
        }
    }

    /// Whether it ends somewhere.
    var isLimited: Bool { duration != nil || count != nil }

    /// Why an input cannot be read.
    struct Refusal: Error { let words: String }

    /// Opens a file, standard input or what is live at an address.
    ///
    /// - Parameter choice: which members of an archive are read.
    func open(_ input: String, _ choice: MemberChoice = .all) throws(Refusal) -> any PacketSource {
        let source: any PacketSource
        if SourceAddress.isMeant(by: input) {
            do {
                source = try SourceAddress(input).open { error, seconds in
                    Console.say("starlane: \(error); tries again for \(seconds) s")
                }
            } catch { throw Refusal(words: "\(error)") }
        } else {
            do { source = try CaptureReader.open(input, choice) } catch {
                throw Refusal(words: error.description)
            }
        }
        guard duration != nil || count != nil else { return source }
        return LimitedSource(source, most: count.map { UInt64($0) }, seconds: duration)
    }
}
