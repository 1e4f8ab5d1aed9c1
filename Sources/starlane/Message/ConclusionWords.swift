import BeiDou

/// What is known of a message in the end, in a sentence: no more than there is evidence for.
enum ConclusionWords {
    static func of(_ standing: MessageStanding) -> String {
        guard let failure = standing.failure else { return known(standing) }
        return "\(known(standing)); \(failure.words)"
    }

    private static func known(_ standing: MessageStanding) -> String {
        switch standing.best {
        case .answered: return "answered by the receiver"
        case .acknowledged: return "the receiver has it"
        case .receipt: return "the network received it; whether the receiver has it is not known"
        case .sent: return "sent by the terminal; whether it arrived is not known"
        case nil: break
        }
        if standing.parts <= 1 {
            return standing.unknown == 0
                ? "not sent" : "handed to the terminal; whether it was sent is not known"
        }
        let unknown = standing.unknown > 0 ? ", 1 handed over and not known to be sent" : ""
        return "not whole: \(standing.sent) of \(standing.parts) parts sent\(unknown)"
    }
}
