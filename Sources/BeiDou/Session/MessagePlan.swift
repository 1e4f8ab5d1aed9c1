/// Makes the parts of messages as a card allows.
package struct MessagePlan: Sendable {
    package init() {}

    /// The parts of a message, in their order.
    package mutating func parts(
        of message: OutgoingMessage, for card: CardInformation
    ) throws(EncodingRefusal) -> [OutgoingPart] {
        switch message.body {
        case .content(let content):
            return [OutgoingPart(content: content, text: nil, usedBits: content.bits, allowedBits: nil)]
        case .text(let text, let form):
            let whole = try ContentCoding.encode(text, form: form)
            return [
                OutgoingPart(
                    content: MessageContent(form: whole.form, octets: whole.octets, bits: whole.wireBits), text: text,
                    usedBits: whole.airBits, allowedBits: nil)
            ]
        }
    }
}
