extension ContentCoding {
    /// The content of a message that is to be written from named values: `text`, or `content` (octets, without the A4 of
    /// mixed content), or the values of a position payload (`time_of_day`, `latitude`, `longitude`, `height`,
    /// `height_anomaly`). `lead` may stand beside them and has to agree.
    ///
    /// - Parameter form: the form that the message states; nil: the cheapest for a text, mixed for octets, code for a
    ///   position.
    /// - Throws: a refusal when two of them mean different contents, or none is there.
    package static func encode(_ values: MessageValues, form: ContentForm?) throws(EncodingRefusal) -> EncodedContent {
        var content: EncodedContent?
        if let text = values.parameters["text"] {
            guard case .text(let text) = text else { throw EncodingRefusal("text", "has to be a text") }
            content = try encode(text, form: form)
        }
        if let given = values.parameters["content"] ?? values.raws["content"] {
            guard case .octets(let octets) = given else { throw EncodingRefusal("content", "has to be octets") }
            let other = try encode(octets: octets, form: content?.form ?? form ?? .mixed)
            // An odd digit has no octet of its own, so the text tells more where both agree.
            guard other.octets == content?.octets ?? other.octets else {
                throw EncodingRefusal("content", "and text mean different octets; give one of them")
            }
            content = content ?? other
        }
        if content == nil, let payload = try position(in: values) {
            content = try encode(octets: payload.encode(), form: form ?? .code)
        }
        guard let content else { throw EncodingRefusal("text", "is missing; give text, content, or a position") }
        if let lead = values.parameters["lead"] {
            guard case .integer(let lead) = lead, let first = content.octets.first, lead == Int64(first) else {
                throw EncodingRefusal("lead", "is the content's first octet; leave it out")
            }
        }
        return content
    }

    private static func position(in values: MessageValues) throws(EncodingRefusal) -> PositionPayload? {
        guard values.parameters["latitude"] != nil || values.parameters["longitude"] != nil else { return nil }
        let anomaly = values.parameters["height_anomaly"] == nil ? nil : try number("height_anomaly", in: values)
        return PositionPayload(
            hundredths: try hundredths(in: values), latitude: try number("latitude", in: values),
            longitude: try number("longitude", in: values),
            height: try whole("height", try number("height", in: values)),
            heightAnomaly: try anomaly.map { anomaly throws(EncodingRefusal) in try whole("height_anomaly", anomaly) })
    }

    private static func number(_ name: String, in values: MessageValues) throws(EncodingRefusal) -> Double {
        switch values.parameters[name] {
        case .number(let number): return number
        case .integer(let number): return Double(number)
        case nil: throw EncodingRefusal(name, "is missing; a position payload has time, latitude, longitude and height")
        default: throw EncodingRefusal(name, "has to be a number")
        }
    }

    private static func whole(_ name: String, _ number: Double) throws(EncodingRefusal) -> Int {
        guard let whole = Int(exactly: number) else {
            throw EncodingRefusal(name, "whole metres have room, here is \(number)")
        }
        return whole
    }

    /// The time of day, `08:49:36.50`, its fraction of one or two digits or none.
    private static func hundredths(in values: MessageValues) throws(EncodingRefusal) -> Int {
        let refusal = EncodingRefusal("time_of_day", "has to be a time as 08:49:36.50")
        guard case .text(let text) = values.parameters["time_of_day"] else { throw refusal }
        let octets = Array(text.utf8)
        guard octets.count == 8 || 10...11 ~= octets.count else { throw refusal }
        var parts = [0, 0, 0, 0]
        for (place, octet) in octets.enumerated() {
            if place % 3 == 2 {
                guard octet == UInt8(ascii: place == 8 ? "." : ":") else { throw refusal }
            } else {
                guard 0x30...0x39 ~= octet else { throw refusal }
                parts[place / 3] = parts[place / 3] * 10 + Int(octet - 0x30)
            }
        }
        if octets.count == 10 { parts[3] *= 10 }
        guard parts[0] < 24, parts[1] < 60, parts[2] < 60 else { throw refusal }
        return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 100 + parts[3]
    }
}
