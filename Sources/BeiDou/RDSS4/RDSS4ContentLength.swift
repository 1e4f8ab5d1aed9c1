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
    /// The form, from the bit of the category and the first octet. Behind the bit stand digits of four bits, as which
    /// makers also send octets (a position has the lead A0), unless the first octet is A4. Source: beidou-rdss-4.0.md,
    /// payload leads.
    @inline(__always)
    static func form(bit: UInt64, first: UInt8?) -> ContentForm {
        if bit == 0 { return .chinese }
        return first == ContentLead.mixed ? .mixed : .code
    }
}
