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
    /// `content` is octets: of mixed form without the A4, unless it begins with one and no `lead` is given. Else `text`
    /// is coded, in the cheapest form when none is given; else a position of lead A0 is put together.
    func content() throws(EncodingRefusal) -> Content? {
        guard case .content = layout.variable else { return nil }
        let form = try statedForm()
        let lead = try statedLead()
        if var octets = try octets("content") {
            let isMixed = form == .mixed || (form == nil && lead == ContentLead.mixed)
            if form == nil, !isMixed, !isGiven("form"), !isGiven("category"), !octets.isEmpty {
                throw EncodingRefusal("form", "is missing: chinese, code or mixed says what the content is")
            }
            if lead == ContentLead.mixed || (isMixed && octets.first != ContentLead.mixed) {
                octets.insert(ContentLead.mixed, at: 0)
            }
            return Content(octets: octets, bits: octets.count * 8, form: isMixed ? .mixed : form)
        }
        switch values.parameters["text"] {
        case nil:
            guard isGiven("latitude") || isGiven("longitude") else { return Content(octets: [], bits: 0, form: form) }
            let octets = try position()
            return Content(octets: octets, bits: octets.count * 8, form: form ?? .code)
        case .text(let text):
            let coded = try ContentCoding.encode(text, form: form)
            return Content(octets: coded.octets, bits: coded.wireBits, form: coded.form)
        case let other?: throw EncodingRefusal("text", "\(other.words) is given, a text is needed")
        }
    }

    /// The payload of a position. Without a height anomaly it has the form for great heights.
    private func position() throws(EncodingRefusal) -> [UInt8] {
        var hundredths = 0
        if let value = values.parameters["time_of_day"] {
            guard case .text(let text) = value, let clock = RDSS4Writing.clock(text, octets: 4) else {
                throw EncodingRefusal("time_of_day", "\(value.words) is given; times are written 08:49:36.50")
            }
            let parts = [24, 16, 8, 0].map { Int(clock >> UInt64($0) & 0xFF) }
            hundredths = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 100 + parts[3]
        }
        let payload = PositionPayload(
            hundredths: hundredths, latitude: try number("latitude") ?? 0, longitude: try number("longitude") ?? 0,
            height: try whole("height") ?? 0,
            heightAnomaly: try whole("height_anomaly") ?? (isGiven("height") ? nil : 0))
        return try payload.encode()
    }

    private func number(_ name: String) throws(EncodingRefusal) -> Double? {
        switch values.parameters[name] {
        case nil: return nil
        case .integer(let number): return Double(number)
        case .number(let number) where number.isFinite: return number
        case let other?: throw EncodingRefusal(name, "\(other.words) is given, a number is needed")
        }
    }

    private func whole(_ name: String) throws(EncodingRefusal) -> Int? {
        guard let number = try number(name) else { return nil }
        guard let whole = Int(exactly: number.rounded()), whole.magnitude < 1 << 32 else {
            throw EncodingRefusal(name, "\(number) is given; whole metres are needed")
        }
        return whole
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
