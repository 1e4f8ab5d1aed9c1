import BeiDou
import Bytes
import Pipeline

/// What a terminal said, as members of a JSON object; `state` says what it is.
enum EventJSON {
    static func write(_ event: TerminalEvent, to line: inout TextBuffer) {
        switch event {
        case .card(let card):
            line.member("state", "card")
            line.member("dialect", card.dialect.rawValue)
            line.member("address", Int(card.address))
            line.member("broadcast", Int(card.broadcast))
            line.member("frequency", card.frequency)
            line.member("level", card.level)
            line.member("is_encrypted", card.isEncrypted)
        case .message(let message):
            line.member("state", "message")
            write(message, to: &line)
        case .receipts(let receiver, let pairs):
            line.member("state", "receipts")
            line.member("receiver", Int(receiver))
            write(pairs, to: &line)
        case .position(let position):
            line.member("state", "position")
            line.member("address", Int(position.address))
            line.member("time_of_day", position.time)
            line.member("latitude", position.latitude)
            line.member("longitude", position.longitude)
            line.member("height", position.height)
            line.member("is_emergency", position.isEmergency)
        case .feedback(let feedback):
            line.member("state", "feedback")
            line.member("sentence", feedback.sentence)
            line.member("wait", feedback.outcome.wait)
            line.member("words", StepWords.words(feedback))
        case .power(let bars):
            line.member("state", "power")
            line.member("beams", bars) { $1.append($0) }
        case .other(let name):
            line.member("state", "other")
            line.member("name", name)
        case .noise(let octets, let reason):
            line.member("state", "noise")
            line.member("octets", octets)
            line.member("words", reason)
        }
    }

    static func write(_ message: IncomingMessage, to line: inout TextBuffer) {
        line.member("sender", Int(message.sender))
        line.member("receiver", message.receiver.map { Int($0) })
        line.member("time_of_day", message.time)
        line.member("form", message.content.form.label)
        line.member("text", ReceivedText(message.content).text)
        line.member("content", message.content.hex)
    }

    static func write(_ pairs: [ReceiptPair], to line: inout TextBuffer) {
        line.member("receipts", pairs) { pair, line in
            line.append("{")
            line.member("sent", StepWords.minutes(pair.sent))
            line.member("received", StepWords.minutes(pair.received))
            line.append("}")
        }
    }
}
