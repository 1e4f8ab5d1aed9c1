internal import Bytes
internal import Records

/// Values to words and octets.
extension JTT808Writer {
    mutating func write(_ field: JTT808Field, is2019: Bool) throws(EncodingRefusal) {
        guard isGiven(field.name) else {
            // What has a place of its own is filled with zeros.
            switch field.coding {
            case .padded: try put(field, [UInt8](repeating: 0, count: field.width))
            case .countedText: try put(field, [0])
            case .indices, .settings, .entries: try writeList(field)
            default: break
            }
            return
        }
        switch field.coding {
        case .number, .signed, .scaled, .coordinate, .choice, .flag, .flags, .identifier:
            try writeWord(field, is2019: is2019)
        case .time(let hoursAhead): try writeTime(field, hoursAhead: hoursAhead)
        case .zone:
            for value in [values.raws[field.name], values.parameters[field.name]] {
                let zone = JTT808Text.zone
                guard value == nil || value == .text(zone) || value == .octets(Array(zone.utf8)) else {
                    throw EncodingRefusal(field.name, "is always \(zone), and is not written")
                }
            }
        case .padded, .text, .countedText: try writeText(field)
        case .lead, .content: try writeContent(field)
        case .octets, .extra:
            if case .octets = field.coding, isGiven("text"), field.name == "content" { return try checkContent(field) }
            try put(field, try octets(field) ?? [])
        case .numbers, .items, .indices, .settings, .entries: try writeList(field)
        case .phone, .flowNumber, .version, .properties, .messageID, .encryption, .total, .index: break
        }
    }

    private mutating func writeWord(_ field: JTT808Field, is2019: Bool) throws(EncodingRefusal) {
        let raw = values.raws[field.name]
        let value = values.parameters[field.name]
        switch field.coding {
        case .choice(let shift, let bits, let codes):
            let mask = (UInt64(1) << UInt64(bits) - 1)
            if let raw = try Self.whole(raw, field.name, most: mask) {
                try tell(field, mask: mask << UInt64(shift), bits: raw << UInt64(shift))
            }
            guard let value else { return }
            guard case .text(let label) = value, let index = field.labels.firstIndex(of: label) else {
                throw EncodingRefusal(field.name, "is none of \(field.labels.joined(separator: ", "))")
            }
            try tell(field, mask: mask << UInt64(shift), bits: codes[index] << UInt64(shift))
        case .flag(let bit):
            if let raw = try Self.whole(raw, field.name, most: 1) {
                try tell(field, mask: 1 << UInt64(bit), bits: raw << UInt64(bit))
            }
            guard let value else { return }
            guard case .boolean(let isSet) = value else {
                throw EncodingRefusal(field.name, "is neither true nor false")
            }
            try tell(field, mask: 1 << UInt64(bit), bits: isSet ? 1 << UInt64(bit) : 0)
        default:
            if let raw = try Self.whole(raw, field.name, most: field.fullMask) {
                try tell(field, mask: field.fullMask, bits: raw)
            }
            guard let value else { return }
            try writeValue(field, value, is2019: is2019)
        }
    }

    /// What a person reads of a word that has one value.
    private mutating func writeValue(_ field: JTT808Field, _ value: FieldValue, is2019: Bool) throws(EncodingRefusal) {
        switch field.coding {
        case .number:
            try tell(field, mask: field.fullMask, bits: try Self.whole(value, field.name, most: field.fullMask))
        case .signed:
            guard case .integer(let number) = value, let short = Int16(exactly: number) else {
                throw EncodingRefusal(field.name, "is no whole number from -32768 to 32767")
            }
            try tell(field, mask: field.fullMask, bits: UInt64(UInt16(bitPattern: short)))
        case .scaled(let divisor, let limit):
            let number = try Self.scaled(value, field.name, by: divisor, limit: Double(min(field.fullMask, limit)))
            guard number >= 0 else { throw EncodingRefusal(field.name, "is below 0") }
            try tell(field, mask: field.fullMask, bits: UInt64(number))
        case .coordinate(let signBit, let limit):
            let number = try Self.scaled(value, field.name, by: 1e6, limit: Double(limit))
            try tell(field, mask: field.fullMask, bits: UInt64(abs(number)))
            guard number != 0, let status = layout.fields.first(where: { $0.name == "status_flags" }) else { return }
            try tell(status, mask: 1 << UInt64(signBit), bits: number < 0 ? 1 << UInt64(signBit) : 0)
        case .flags(let flags):
            guard case .list(let names) = value else {
                throw EncodingRefusal(field.name, "is no list of names")
            }
            var bits: UInt64 = 0
            for name in names {
                guard case .text(let name) = name, let bit = flags.bit(named: name, is2019: is2019) else {
                    let allowed = flags.names2013.indices.filter { flags.mask >> UInt64($0) & 1 == 1 }
                        .map { flags.name($0, is2019: is2019) }
                    throw EncodingRefusal(field.name, "\(name) is none of \(allowed.joined(separator: ", "))")
                }
                bits |= 1 << UInt64(bit)
            }
            try tell(field, mask: flags.mask, bits: bits)
        default: try tell(field, mask: 0xFFFF, bits: UInt64(try Self.identifier(value, field.name)))
        }
    }

    private mutating func writeTime(_ field: JTT808Field, hoursAhead: Int) throws(EncodingRefusal) {
        if let raw = values.raws[field.name] {
            guard case .octets(let octets) = raw, octets.count == 6 else {
                throw EncodingRefusal(field.name, "raw has to be six octets of two digits each")
            }
            try put(field, octets)
        }
        guard let value = values.parameters[field.name] else { return }
        guard case .text(let text) = value, let octets = JTT808Time.octets(text, hoursAhead: hoursAhead) else {
            throw EncodingRefusal(
                field.name, "is no time such as 2026-11-24T08:18:03Z, in whole seconds of the years 2000 to 2099")
        }
        try put(field, octets)
    }

    /// The octets that are given for a field, as they stand or as its value; nil when none are.
    func octets(_ field: JTT808Field) throws(EncodingRefusal) -> [UInt8]? {
        var found: [UInt8]?
        for value in [values.raws[field.name], values.parameters[field.name]] {
            guard let value else { continue }
            guard case .octets(let octets) = value else { throw EncodingRefusal(field.name, "has to be octets") }
            guard found == nil || found == octets else {
                throw EncodingRefusal(field.name, "raw and other value are not the same")
            }
            found = octets
        }
        return found
    }

    private mutating func writeText(_ field: JTT808Field) throws(EncodingRefusal) {
        var isCounted = false
        if case .countedText = field.coding { isCounted = true }
        let most = field.width > 0 ? field.width : isCounted ? 255 : field.most
        func sized(_ octets: [UInt8]) throws(EncodingRefusal) -> [UInt8] {
            guard octets.count <= most else {
                throw EncodingRefusal(field.name, "\(octets.count) octets in GBK; \(most) are allowed")
            }
            if isCounted { return [UInt8(octets.count)] + octets }
            return octets + [UInt8](repeating: 0, count: max(0, field.width - octets.count))
        }
        if let raw = values.raws[field.name] {
            guard case .octets(let octets) = raw else { throw EncodingRefusal(field.name, "raw has to be octets") }
            try put(field, try sized(octets))
        }
        guard let value = values.parameters[field.name] else { return }
        guard case .text(let text) = value else { throw EncodingRefusal(field.name, "has to be a text") }
        try put(field, try sized(try Self.encoded(text, field.name)))
    }

    static func encoded(_ text: String, _ name: String) throws(EncodingRefusal) -> [UInt8] {
        do {
            return try GBK.encode(text)
        } catch {
            throw EncodingRefusal(name, error.reason)
        }
    }

    /// Lead and text make a content when none is given as octets.
    private mutating func writeContent(_ field: JTT808Field) throws(EncodingRefusal) {
        guard !isGiven("content") || isGiven("text") else { return try checkLead() }
        var content: [UInt8] = []
        if let lead = values.raws["lead"] ?? values.parameters["lead"] {
            let octet = UInt8(try Self.whole(lead, "lead", most: 255))
            guard JTT808Labels.isLead(octet) else { throw EncodingRefusal("lead", "is none of 0xA0, 0xA1, 0xA2, 0xA4") }
            content.append(octet)
        }
        if let value = values.parameters["text"] {
            guard case .text(let text) = value else { throw EncodingRefusal("text", "has to be a text") }
            content += try Self.encoded(text, "text")
        } else if let raw = values.raws["text"] {
            guard case .octets(let octets) = raw else { throw EncodingRefusal("text", "raw has to be octets") }
            content += octets
        }
        guard let octets = layout.fields.first(where: { $0.name == "content" }) else { return }
        try put(octets, content)
    }

    /// A content that is given agrees with the text that is given.
    private mutating func checkContent(_ field: JTT808Field) throws(EncodingRefusal) {
        try put(field, try octets(field) ?? [])
    }

    private func checkLead() throws(EncodingRefusal) {
        guard let lead = values.raws["lead"] ?? values.parameters["lead"],
            let content = layout.fields.first(where: { $0.name == "content" }), let octets = try octets(content)
        else { return }
        let octet = try Self.whole(lead, "lead", most: 255)
        guard octets.first.map({ UInt64($0) }) == octet else {
            throw EncodingRefusal("lead", "is not the first octet of the content")
        }
    }
}
