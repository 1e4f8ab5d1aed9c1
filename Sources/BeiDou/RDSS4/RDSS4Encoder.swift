internal import Records

/// Writes one frame from named values, and reads it again to see that it says what was given.
struct RDSS4Encoder {
    let values: MessageValues
    let type: Int
    let layout: RDSS4Layout
    var bytes: [UInt8] = []

    init(values: MessageValues, type: Int) {
        self.values = values
        self.type = type
        layout = RDSS4Layouts.all[type]
    }

    /// The frame, from the dollar sign to the check.
    mutating func frame() throws(EncodingRefusal) -> [UInt8] {
        try refuseOtherNames()
        if let required = layout.required, !isGiven(required) {
            throw EncodingRefusal(required, "is missing: a frame \(layout.name) is not written without it")
        }
        let content = try content()
        let middle = if let content { content.octets } else { try variableOctets() }
        let extra = try octets("extra") ?? []
        let length = layout.length + middle.count + extra.count
        guard length <= layout.longest else {
            throw EncodingRefusal(
                nil, "the frame would have \(length) octets; \(layout.name) has \(layout.longest) at the most")
        }
        bytes = [UInt8(ascii: "$")] + Array((layout.name == "unknown" ? "AAAA" : layout.name).utf8)
        bytes += [UInt8(length >> 8), UInt8(length & 0xFF)]
        bytes += [UInt8](repeating: 0, count: layout.place - bytes.count) + middle
        bytes += [UInt8](repeating: 0, count: layout.length - 1 - layout.place) + extra
        for (place, value) in layout.defaults { bytes[place] = value }
        for field in layout.fields { try write(field) }
        if let content { try write(content) }
        bytes.append(bytes.reduce(0, ^))
        try confirm()
        return bytes
    }

    /// Whether a parameter is given, as a value or raw.
    func isGiven(_ name: String) -> Bool { values.parameters[name] != nil || values.raws[name] != nil }

    private func refuseOtherNames() throws(EncodingRefusal) {
        let known = RDSS4Family.types[type].parameters.map(\.shortName)
        let given = Set(values.parameters.keys).union(values.raws.keys)
        if let other = given.subtracting(known).min() {
            throw EncodingRefusal(
                other, "\(layout.name) has no such parameter; it has \(known.joined(separator: ", "))")
        }
    }

    /// The octets of a parameter that is octets.
    func octets(_ name: String) throws(EncodingRefusal) -> [UInt8]? {
        switch values.raws[name] ?? values.parameters[name] {
        case nil: nil
        case .octets(let octets): octets
        case let other?: throw EncodingRefusal(name, "\(other.words) is given, octets are needed")
        }
    }

    /// What stands in the variable part.
    private func variableOctets() throws(EncodingRefusal) -> [UInt8] {
        switch layout.variable {
        case .none, .content: return []
        case .rest:
            guard let field = layout.fields.last else { return [] }
            if case .restText = field.meaning, values.raws[field.name] == nil {
                return try text(field.name)
            }
            return try octets(field.name) ?? []
        case .receipts: return try receipts()
        case .addresses: return try cards("subordinates")
        }
    }

    /// A text in GBK.
    private func text(_ name: String) throws(EncodingRefusal) -> [UInt8] {
        switch values.parameters[name] {
        case nil: return []
        case .text(let text):
            do throws(EncodingRefusal) {
                return try GBK.encode(text)
            } catch { throw EncodingRefusal(name, error.reason) }
        case let other?: throw EncodingRefusal(name, "\(other.words) is given, a text is needed")
        }
    }

    private func cards(_ name: String) throws(EncodingRefusal) -> [UInt8] {
        if values.raws[name] != nil {
            let raw = try octets(name) ?? []
            guard raw.count % 3 == 0 else {
                throw EncodingRefusal(name, "\(raw.count) octets are given; three for each card are allowed")
            }
            return raw
        }
        var found: [UInt8] = []
        for value in try list(name) ?? [] {
            guard case .integer(let card) = value, (0...0x1F_FFFF).contains(card) else {
                throw EncodingRefusal(name, "\(value.words) is given; cards are numbers from 0 to 2097151")
            }
            found += [UInt8(card >> 16), UInt8(card >> 8 & 0xFF), UInt8(card & 0xFF)]
        }
        return found
    }

    /// Four octets for each receipt, from two lists of the same length.
    private func receipts() throws(EncodingRefusal) -> [UInt8] {
        if let raw = values.raws["sent_times"] ?? values.raws["received_times"] {
            guard case .octets(let octets) = raw, octets.count % 4 == 0 else {
                throw EncodingRefusal("sent_times", "four raw octets for each receipt are allowed")
            }
            return octets
        }
        let (sent, received) = (try list("sent_times") ?? [], try list("received_times") ?? [])
        guard sent.count == received.count else {
            throw EncodingRefusal(
                "received_times", "\(sent.count) sent and \(received.count) received times: give as many of both")
        }
        guard sent.count <= 5 else {
            throw EncodingRefusal("sent_times", "\(sent.count) receipts are given; 5 at the most are allowed")
        }
        var found: [UInt8] = []
        for (index, value) in sent.enumerated() {
            for (name, value) in [("sent_times", value), ("received_times", received[index])] {
                guard case .text(let text) = value, let time = RDSS4Writing.clock(text, octets: 2) else {
                    throw EncodingRefusal(name, "\(value.words) is given; times are written 08:49")
                }
                found += [UInt8(time >> 8), UInt8(time & 0xFF)]
            }
        }
        return found
    }

    /// A parameter that is a list.
    func list(_ name: String) throws(EncodingRefusal) -> [FieldValue]? {
        switch values.parameters[name] {
        case nil: nil
        case .list(let list): list
        case let other?: throw EncodingRefusal(name, "\(other.words) is given, a list is needed")
        }
    }
}

extension FieldValue {
    /// The value as a refusal prints it.
    var words: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .text(let text): "\"\(text)\""
        case .octets(let octets): octets.isEmpty ? "no octets" : octets.map { Hexadecimal.text($0, digits: 2) }.joined()
        case .list(let list): "[" + list.map(\.words).joined(separator: ",") + "]"
        case .nothing: "nothing"
        }
    }
}
