/// The message in TXSQ and TXXX: its octets, its form and its length.
extension RDSS4Encoder {
    /// A message as the frame carries it.
    struct Content {
        var octets: [UInt8]
        /// How many bits count.
        var bits: Int
        /// Nil: the category tells.
        var form: ContentForm?
    }

    /// The message that is given; nil where the layout has none.
    ///
    /// `content` is octets: of mixed form without the A4, unless they begin with the lead A0, A1 or A2, or `lead` says so.
    /// Else `text` is coded: in mixed form when none is given.
    func content() throws(EncodingRefusal) -> Content? {
        guard case .content = layout.variable else { return nil }
        var form = try statedForm()
        let lead = try statedLead()
        if var octets = try octets("content") {
            let first = octets.first
            if form == nil, lead == 0xA4 { form = .mixed }
            if form == nil, !isGiven("form"), !isGiven("category"), !octets.isEmpty {
                throw EncodingRefusal("form", "is missing: chinese, code or mixed says what the content is")
            }
            // A lead of the protocol stands by itself.
            let hasLead = first.map { [0xA0, 0xA1, 0xA2, 0xA4].contains($0) } ?? false
            if lead == 0xA4 || (lead == nil && form == .mixed && !hasLead) { octets.insert(0xA4, at: 0) }
            return Content(octets: octets, bits: octets.count * 8, form: form)
        }
        switch values.parameters["text"] {
        case nil: return Content(octets: [], bits: 0, form: form)
        case .text(let text):
            let coded = try coded(text, form ?? .mixed)
            return Content(octets: coded.octets, bits: coded.bits, form: form ?? (isGiven("category") ? nil : .mixed))
        case let other?: throw EncodingRefusal("text", "\(other.words) is given, a text is needed")
        }
    }

    /// Text as octets.
    private func coded(_ text: String, _ form: ContentForm) throws(EncodingRefusal) -> (octets: [UInt8], bits: Int) {
        switch form {
        case .code:
            let digits = text.utf8.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 ? $0 - 0x30 : $0 &- 0x37 }
            let areDigits = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }
            guard areDigits else {
                throw EncodingRefusal("text", "\"\(text)\" is given; code has the digits 0 to 9 and A to F")
            }
            // An odd last digit is padded with F; the length tells.
            let octets = stride(from: 0, to: digits.count, by: 2).map { index in
                digits[index] << 4 | (index + 1 < digits.count ? digits[index + 1] : 0xF)
            }
            return (octets, digits.count * 4)
        case .mixed where text.utf8.allSatisfy({ $0 < 0x80 }):
            return ([0xA4] + Array(text.utf8), text.utf8.count * 8 + 8)
        case .mixed, .chinese:
            throw EncodingRefusal("text", "only ASCII can be coded here: give the octets of GBK as content")
        }
    }

    private func statedForm() throws(EncodingRefusal) -> ContentForm? {
        guard let value = values.parameters["form"] else { return nil }
        guard case .text(let label) = value, let form = ContentForm.allCases.first(where: { $0.label == label }) else {
            throw EncodingRefusal("form", "\(value.words) is given; one of chinese, code, mixed is allowed")
        }
        return form
    }

    private func statedLead() throws(EncodingRefusal) -> UInt8? {
        switch values.parameters["lead"] ?? values.raws["lead"] {
        case nil: return nil
        case .integer(let lead) where (0...255).contains(lead): return UInt8(lead)
        case let other?: throw EncodingRefusal("lead", "\(other.words) is given; 0 to 255 is allowed")
        }
    }

    /// Writes form and length of a message.
    mutating func write(_ content: Content) throws(EncodingRefusal) {
        for field in layout.fields {
            switch field.meaning {
            case .contentForm:
                if let raw = values.raws[field.name] {
                    guard case .integer(let bit) = raw, bit == 0 || bit == 1 else {
                        throw EncodingRefusal(field.name, "\(raw.words) is given raw; 0 or 1 is allowed")
                    }
                    put(UInt64(bit), field)
                } else if let form = content.form {
                    put(form == .chinese ? 0 : 1, field)
                }
            case .contentBits: put(try length(content), field)
            default: continue
            }
        }
    }

    /// The number that the length field gets: bits, unless the state that is given asks for another.
    private func length(_ content: Content) throws(EncodingRefusal) -> UInt64 {
        let given = values.raws["length"] ?? values.parameters["length"] ?? values.raws["length_state"]
        if let given {
            guard case .integer(let number) = given, (0...0xFFFF).contains(number) else {
                throw EncodingRefusal("length", "\(given.words) is given; 0 to 65535 bits are allowed")
            }
            let state = RDSS4ContentLength(Int(number), octets: content.octets.count)
            if state != .ok, !isGiven("length_state") {
                throw EncodingRefusal(
                    "length",
                    "\(number) bits are given for \(content.octets.count) octets of content; "
                        + "\(max(0, content.octets.count * 8 - 7)) to \(content.octets.count * 8) are allowed, "
                        + "or a length_state that says octets or wrong")
            }
            return UInt64(number)
        }
        switch values.parameters["length_state"] {
        case .text("octets")?: return UInt64(content.octets.count)
        case .text("wrong")?:
            throw EncodingRefusal("length", "is missing: which wrong length is it to be?")
        default: return UInt64(content.bits)
        }
    }
}
