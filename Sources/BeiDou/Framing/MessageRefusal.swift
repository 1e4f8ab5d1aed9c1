internal import Bytes

/// Why octets are no good message: where, what was found, what is allowed.
public struct MessageRefusal: Error, Sendable, Equatable {
    /// The octet that is wrong, counted from the first.
    public let offset: Int
    /// What was found there and what is allowed.
    public let reason: String

    /// A refusal.
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }
}

extension MessageTypes {
    /// What is wrong with octets that should be one message; nil when nothing is. Slow and exact, for people.
    public static func explain(_ octets: RawSpan) -> MessageRefusal? {
        var start = 0
        while start < octets.byteCount, octets.u8(at: start) != 0x24, octets.u8(at: start) != 0x7E { start += 1 }
        guard start < octets.byteCount else {
            return MessageRefusal(offset: 0, reason: "no message begins here: messages begin with $ or 7E")
        }
        // A doubled dollar sign is a logger's fault: the message begins at the last one.
        while start + 1 < octets.byteCount, octets.u8(at: start) == 0x24, octets.u8(at: start + 1) == 0x24 {
            start += 1
        }
        let message = octets.slice(at: start, count: octets.byteCount - start)
        let found: (offset: Int, reason: String)?
        if message.u8(at: 0) == 0x7E {
            found = JTT808Family.explain(message)
        } else if message.byteCount > 5, message.u8(at: 5) < 0x20 {
            found = RDSS4Family.explain(message)
        } else {
            found = SentenceFamily.explain(message)
        }
        return found.map { MessageRefusal(offset: start + $0.offset, reason: $0.reason) }
    }
}
