/// What a receiver says of the segments of a text: that it is whole, or which parts are missing. `Specs/segments.md`.
package struct SegmentNotice: Equatable, Sendable {
    /// The id of the text.
    package let id: SegmentID
    /// How many parts it has.
    package let total: Int
    /// Parts that are missing, from 1; none when all are there.
    package let missing: [Int]
    /// The check of the text that came whole; nil when parts are missing.
    package let check: UInt16?

    /// Reads a content; nil when it is no notice.
    package init?(_ content: MessageContent) {
        guard content.form == .mixed, content.octets.first == ContentLead.mixed else { return nil }
        switch SegmentMessage(Array(content.octets.dropFirst())) {
        case .request(let id, let missing, let total):
            (self.id, self.total, self.missing, check) = (id, total, missing.flatMap(Array.init), nil)
        case .acknowledgement(let id, let total, let check):
            (self.id, self.total, missing, self.check) = (id, total, [], check)
        case .part, nil: return nil
        }
    }

    /// Whether it speaks of a text with these parts: id and number of parts agree, and the check where it is told.
    func isOf(_ parts: [OutgoingPart]) -> Bool {
        guard let segments = parts.first?.segments, segments.id == id, parts.count == total else { return false }
        return check == nil || check == segments.check
    }
}
