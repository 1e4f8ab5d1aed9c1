/// Makes the parts of messages as a card allows: one where that is enough, segments where it is not.
package struct MessagePlan: Sendable {
    private let limits: Limits
    private var id: SegmentID

    /// A plan whose first text in segments has an id; the next ones follow.
    package init(limits: Limits = .standard, firstID: SegmentID = .first) {
        self.limits = limits
        id = firstID
    }

    /// The parts of a message, in their order.
    ///
    /// - Throws: a refusal of characters that the form lacks, and of a text that is too long for its form: only mixed
    ///   content has segments, and only messages of the ordinary class.
    package mutating func parts(
        of message: OutgoingMessage, for card: CardInformation
    ) throws(EncodingRefusal) -> [OutgoingPart] {
        let generation = card.dialect == .regional ? CardGeneration.beidou3 : .beidou2
        let capacity = card.level.flatMap { level in
            limits.capacity(
                level: level, generation: generation, isEncrypted: card.isEncrypted,
                isExpress: message.options.isExpress, frequencyPoint: message.options.point)
        }
        switch message.body {
        case .content(let content):
            return [OutgoingPart(content: content, text: nil, usedBits: content.bits, allowedBits: capacity)]
        case .text(let text, let form):
            let whole = try ContentCoding.encode(text, form: form)
            let isHeaderLike = SegmentMessage(Array(whole.octets.dropFirst())) != nil && whole.form == .mixed
            // A card that states no level is not known to have a limit.
            guard let capacity, whole.airBits > capacity || isHeaderLike else {
                return [Self.part(whole, text, capacity)]
            }
            if let form, form != .mixed {
                throw EncodingRefusal(
                    "text",
                    "\(whole.airBits) bits in the \(form.label) form, a message has \(capacity); mixed goes in parts")
            }
            if message.options.isExpress {
                throw EncodingRefusal(
                    "text", "\(whole.airBits) bits, an express message has \(capacity) and no parts; shorten it")
            }
            let parts = try SegmentSplitter.split(text, capacityBits: capacity, id: id)
            let segments = OutgoingPart.Segments(id: id, check: try SegmentSplitter.check(of: text))
            id = id.next
            return parts.map { Self.part($0.content, $0.text, capacity, segments) }
        }
    }

    private static func part(
        _ content: EncodedContent, _ text: String, _ capacity: Int?, _ segments: OutgoingPart.Segments? = nil
    ) -> OutgoingPart {
        OutgoingPart(
            content: MessageContent(form: content.form, octets: content.octets, bits: content.wireBits), text: text,
            usedBits: content.airBits, allowedBits: capacity, segments: segments)
    }
}
