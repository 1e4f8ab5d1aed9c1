internal import Bytes

/// What stands where in the content of a message: the one place that decides it, for columns and for owned values.
struct ContentShape {
    /// What the text is made of.
    enum Text {
        /// There is none.
        case none
        /// Octets of the Chinese form, U+FFFD where they are no characters.
        case chinese
        /// Octets that are text when all of them are characters of GBK and none is a control character.
        case mixed
        /// Digits of four bits.
        case digits
    }

    /// The first octet, when it says what the rest is.
    var lead: UInt8?
    /// How many octets stand in front of the content: 1 behind an A4, else 0.
    var start = 0
    /// Octets from the first one on that belong to the message, lead included.
    var count = 0
    /// What the text is made of.
    var text = Text.none
    /// Where the text begins and how many octets, or digits, it has.
    var textStart = 0
    var textCount = 0

    /// Whether it is a position payload.
    var isPosition: Bool { lead == ContentLead.position }

    /// Looks at some content.
    ///
    /// - Parameters:
    ///   - octets: unpacked from hex, digits two in an octet.
    ///   - bits: how many of them count; more than there are count as all.
    init(_ octets: RawSpan, bits: Int, form: ContentForm) {
        let bits = max(0, min(bits, octets.byteCount &* 8))
        count = form == .code ? (bits &+ 7) / 8 : bits / 8
        if form == .chinese {
            text = .chinese
            textCount = count
            return
        }
        let content = octets.slice(at: 0, count: count)
        if count > 0, content.u8(at: 0) == ContentLead.mixed {
            // Some write it under the name of code: the digit A is no digit of a number.
            lead = ContentLead.mixed
            (start, textStart, textCount, text) = (1, 1, count &- 1, .mixed)
            return
        }
        if form == .mixed, GBK.isValid(content, controls: .layout) {
            // A unit that leaves out the A4; what is text is not taken for a lead.
            (textCount, text) = (count, .mixed)
            return
        }
        lead = ContentLead.of(content)
        if lead == ContentLead.deviceMessage {
            textStart = ContentLead.deviceMessageHeader
            (textCount, text) = (count &- textStart, .mixed)
        } else if lead == nil, form == .code {
            (textCount, text) = (bits / 4, .digits)
        }
    }
}

/// Adds digits of four bits as text, 0 to 9 and A to F.
func append(digits count: Int, of octets: RawSpan, to buffer: ByteBuffer) {
    var piece = InlineArray<128, UInt8>(repeating: 0)
    var at = 0
    while at < count {
        let end = min(count, at &+ 128)
        var filled = 0
        while at < end {
            let octet = octets.u8(at: at / 2)
            let digit = at & 1 == 0 ? octet >> 4 : octet & 15
            piece[filled] = digit < 10 ? 0x30 &+ digit : 0x37 &+ digit
            filled &+= 1
            at &+= 1
        }
        buffer.append(piece.span.octets.slice(at: 0, count: filled))
    }
}
