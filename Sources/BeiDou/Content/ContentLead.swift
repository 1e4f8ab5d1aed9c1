internal import Bytes

/// First octets that say what the rest of a content is.
///
/// Only A4, A0, A1 and A2 are the protocol's; the others are makers' own, licensed by no standard, and clash with one
/// another. Code content may begin with any digits, so a lead is one only when it holds a digit above 9, which a number
/// never does, or when more of its payload agrees (90). That leaves out what an SDK lists as 01, 10 to 16 and 21 to 23.
/// Source: beidou-text-coding.md.
package enum ContentLead {
    /// Mixed content: GBK and ASCII, or any octets.
    package static let mixed: UInt8 = 0xA4
    /// A position payload of 13 octets, ``PositionPayload``.
    package static let position: UInt8 = 0xA0
    /// A second position payload, whose layout is not known.
    package static let secondPosition: UInt8 = 0xA1
    /// Starts location reporting.
    package static let locationReporting: UInt8 = 0xA2
    /// A maker's device message: 5 octets of zero, Unix seconds in four, a text in GBK.
    package static let deviceMessage: UInt8 = 0x90

    /// Octets of a device message in front of its text.
    static let deviceMessageHeader = 10

    /// The leads that are known, in the order of their numbers, and what they say.
    package static let known: [(lead: UInt8, meaning: String)] = [
        (0x1A, "payload of a maker's SDK"), (0x1B, "payload of a maker's SDK"), (0x1D, "payload of a maker's SDK"),
        (deviceMessage, "device message of a maker"), (position, "position payload"),
        (secondPosition, "second position payload"), (locationReporting, "start of location reporting"),
        (mixed, "mixed text or octets"), (0xA7, "voice of a maker"), (0xBF, "position track of a maker"),
        (0xEE, "payload of a maker's SDK"), (0xF1, "positions of friends of a maker"),
        (0xF2, "payload of a maker's SDK"), (0xF3, "payload of a maker's SDK"), (0xFB, "payload of a maker"),
    ]

    /// The lead of some content; nil when its first octet is none, or when there is no octet.
    static func of(_ content: RawSpan) -> UInt8? {
        guard content.byteCount > 0 else { return nil }
        let first = content.u8(at: 0)
        switch first {
        case deviceMessage:
            guard content.byteCount >= deviceMessageHeader, content.u32(at: 1) == 0, content.u8(at: 5) == 0 else {
                return nil
            }
            return first
        case 0x1A, 0x1B, 0x1D, 0xA0, 0xA1, 0xA2, 0xA4, 0xA7, 0xBF, 0xEE, 0xF1, 0xF2, 0xF3, 0xFB: return first
        default: return nil
        }
    }
}
