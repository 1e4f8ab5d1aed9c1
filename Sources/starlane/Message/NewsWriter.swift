import ArgumentParser
import BeiDou
import Bytes
import Pipeline

/// What listening brings: messages, positions and receipts to standard output, the rest of it to people.
struct NewsWriter {
    let format: MessageFormat
    /// Whether powers and other sentences are written too.
    let showsAll: Bool
    let output: Output
    /// Milliseconds since 1970 of a time on the session's clock.
    let utc: (Int64) -> Int64

    /// Writes news, and says whether it counts: a message, a position or a receipt.
    func write(_ news: ListenSession.News, at time: Int64) throws -> Bool {
        let counts = counts(news)
        switch format {
        case .json: if counts || isShown(news) { try output.write { line(news, time, &$0) } }
        case .text:
            guard let words = words(news) else { return counts }
            let line = "\(clock(utc(time)))  \(words.word.left(8))  \(words.rest)"
            if counts { try output.write { $0.append(line + "\n") } } else { Console.say(Style.error.dim(line)) }
        }
        return counts
    }

    private func counts(_ news: ListenSession.News) -> Bool {
        switch news {
        case .whole, .heard(.message), .heard(.position), .heard(.receipts): true
        default: false
        }
    }

    private func isShown(_ news: ListenSession.News) -> Bool {
        switch news {
        case .heard(.power), .heard(.other): showsAll
        default: true
        }
    }

    private func words(_ news: ListenSession.News) -> (word: String, rest: String)? {
        switch news {
        case .heard(.power(let bars)):
            return showsAll ? ("power", bars.map(String.init).joined(separator: " ")) : nil
        case .heard(.other(let name)): return showsAll ? ("other", name) : nil
        case .heard(let event): return StepWords.words(event).map { ($0.0, $0.2) }
        case .part(let sender, let id, let have, let total):
            return ("part", "of text \(id) from \(StepWords.address(sender)): \(have) of \(total) are there")
        case .whole(let sender, let id, let text):
            return ("message", "from \(StepWords.address(sender)): \(ReceivedText.visible(text))  (text \(id), joined)")
        case .odd(let sender, let id, let reason):
            return ("part", "of text \(id) from \(StepWords.address(sender)): \(reason)")
        case .reply(let receiver, let state):
            guard let step = StepWords(state, clock: { clock(utc($0)) }) else { return nil }
            let to = receiver.map { "to \(StepWords.address($0)) " } ?? ""
            return ("reply", "\(to)\(step.word): \(step.rest)")
        }
    }

    private func line(_ news: ListenSession.News, _ time: Int64, _ line: inout TextBuffer) {
        line.append("{")
        line.member("time", utc: utc(time))
        func text(_ state: String, _ sender: UInt32, _ id: SegmentID, _ line: inout TextBuffer) {
            line.member("state", state)
            line.member("sender", Int(sender))
            line.member("segments", id.description)
        }
        switch news {
        case .heard(let event): EventJSON.write(event, to: &line)
        case .part(let sender, let id, let have, let total):
            text("part", sender, id, &line)
            line.member("have", have)
            line.member("parts", total)
        case .whole(let sender, let id, let whole):
            text("message", sender, id, &line)
            line.member("text", whole)
        case .odd(let sender, let id, let reason):
            text("part_odd", sender, id, &line)
            line.member("words", reason)
        case .reply(let receiver, let state):
            line.member("state", "reply")
            line.member("receiver", receiver.map { Int($0) })
            line.member("reply", state.label)
        }
        line.append("}\n")
    }
}
