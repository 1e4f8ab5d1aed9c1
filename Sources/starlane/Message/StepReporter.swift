import BeiDou
import Bytes
import Links
import Pipeline

/// Steps of a session: lines for people on standard error, or lines of JSON on standard output.
struct StepReporter {
    let format: MessageFormat
    let output: Output
    /// Milliseconds since 1970 of a time on the session's clock.
    let utc: (Int64) -> Int64

    /// Tells a step.
    func tell(_ report: SessionReport) throws {
        switch format {
        case .json: try output.write { write(report, to: &$0) }
        case .text:
            guard let words = StepWords(report.state, clock: { clock(utc($0)) }) else { return }
            say(report, words)
        }
    }

    /// Tells what is known of a message in the end.
    func conclude(
        _ number: Int, _ standing: MessageStanding, goal: SessionGoal, hasReached: Bool, at now: Int64
    ) throws {
        switch format {
        case .json:
            try output.write { line in
                line.append("{")
                line.member("time", utc: utc(now))
                line.member("message", number)
                line.member("state", "result")
                line.member("goal", goal.rawValue)
                line.member("is_reached", hasReached)
                line.member("known", standing.best?.rawValue)
                line.member("parts", standing.parts)
                line.member("parts_sent", standing.sent)
                line.member("parts_unknown", standing.unknown)
                line.member("reason", standing.failure?.label)
                line.member("words", ConclusionWords.of(standing))
                line.append("}\n")
            }
        case .text:
            let words = "message \(number): \(ConclusionWords.of(standing))"
            Console.say(hasReached ? Style.error.good(words) : Style.error.bad(words))
        }
    }

    private func say(_ report: SessionReport, _ words: StepWords) {
        let style = Style.error
        var place = report.message.map(String.init) ?? ""
        if let part = report.part, let parts = report.parts, parts > 1 { place += ".\(part)/\(parts)" }
        let word = words.word.left(8)
        let painted =
            switch words.mood {
            case .plain: style.name(word)
            case .good: style.good(word)
            case .doubtful: style.doubtful(word)
            case .bad: style.bad(word)
            }
        Console.say("\(style.dim(clock(utc(report.at))))  \(place.left(5))  \(painted)  \(words.rest)")
    }

    private func write(_ report: SessionReport, to line: inout TextBuffer) {
        line.append("{")
        line.member("time", utc: utc(report.at))
        line.member("message", report.message)
        line.member("part", report.part)
        line.member("parts", report.parts)
        write(report.state, to: &line)
        line.append("}\n")
    }

    private func write(_ state: SessionState, to line: inout TextBuffer) {
        switch state {
        // What the terminal said brings its own name.
        case .card, .heard: break
        default: line.member("state", state.label)
        }
        switch state {
        case .asking(let dialect, let round):
            line.member("dialect", dialect.rawValue)
            line.member("round", round)
        case .otherDialect(let dialect):
            line.member("dialect", dialect.rawValue)
        case .card(let card): EventJSON.write(.card(card), to: &line)
        case .queued(let part, let position, let count, let at):
            line.member("position", position)
            line.member("of", count)
            line.member("goes_at", utc: utc(at))
            line.member("form", part.content.form.label)
            line.member("text", part.text)
            line.member("bits", part.usedBits)
            line.member("bits_allowed", part.allowedBits)
            line.member("bits_left", part.leftBits)
            line.member("characters_left", part.leftCharacters)
        case .handed(let attempt, let octets):
            line.member("attempt", attempt)
            line.member("octets", octets)
        case .sent(let wait):
            line.member("wait", wait)
        case .retrying(let why, let at):
            line.member("reason", why.label)
            line.member("words", why.words)
            line.member("goes_at", utc: utc(at))
        case .receiptAsked, .acknowledged: break
        case .receipt(let pairs):
            EventJSON.write(pairs, to: &line)
        case .partsMissing(let parts):
            line.member("missing", parts) { $1.append($0) }
        case .answered(let message):
            EventJSON.write(message, to: &line)
        case .failed(let why):
            line.member("reason", why.label)
            line.member("words", why.words)
        case .heard(let event): EventJSON.write(event, to: &line)
        }
    }
}
