/// What the length field of TXSQ and TXXX holds. It counts bits; one kit wrote octets. The frame itself tells how many
/// octets of content there are.
enum RDSS4ContentLength: UInt8, CaseIterable {
    /// Bits, and as many as the frame has room for.
    case ok
    /// The number of octets.
    case octets
    /// Neither.
    case wrong

    static let labels = allCases.map { "\($0)" }

    /// What a length means in a frame with so many octets of content.
    @inline(__always)
    init(_ length: Int, octets: Int) {
        if (length &+ 7) &>> 3 == octets {
            self = .ok
        } else if length == octets {
            self = .octets
        } else {
            self = .wrong
        }
    }
}

/// How the content of a frame is coded.
enum RDSS4ContentForm {
    /// The form, from the bit of the category and the first octet. Behind the bit stand digits, unless the first octet is a
    /// lead: A4 mixed text, A0 and A1 positions, A2 location reporting. Source: beidou-rdss-4.0.md, payload leads.
    @inline(__always)
    static func form(bit: UInt64, first: UInt8?) -> ContentForm {
        if bit == 0 { return .chinese }
        switch first {
        case 0xA4, 0xA0, 0xA1, 0xA2: return .mixed
        default: return .code
        }
    }
}
