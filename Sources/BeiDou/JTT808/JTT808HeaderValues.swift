internal import Records

/// What the header of a message that is to be written says.
struct JTT808HeaderValues {
    let messageID: UInt16
    /// The protocol version; nil: the header of 2013.
    let version: UInt8?
    let phone: [UInt8]
    let flowNumber: UInt16
    /// Bits 15 and 12…10 of the properties.
    let flags: UInt16
    /// Total and index of a part.
    let part: (total: UInt16, index: UInt16)?
    /// The properties that were asked for.
    let properties: UInt16?
    /// Whether it is one of the reports of a batch.
    private let isEntry: Bool

    init(_ values: MessageValues, _ layout: JTT808Kind.Layout) throws(EncodingRefusal) {
        let properties = try Self.number("properties", values, most: 0xFFFF).map { UInt16($0) }
        version = try Self.version(values, layout, properties)
        phone = try Self.phone(values, octets: version == nil ? 6 : 10)
        flowNumber = UInt16(try Self.number("flow_number", values, most: 0xFFFF) ?? 0)
        messageID = try layout.id != 0 ? layout.id : Self.messageID(values)
        var flags = (properties ?? 0) & 0x9C00
        if let raw = values.raws["encryption"] {
            flags |= UInt16(try JTT808Writer.whole(raw, "encryption", most: 7)) << 10
        }
        switch values.parameters["encryption"] {
        case nil, .text("none"): break
        case .text("rsa"): flags |= 1 << 10
        default: throw EncodingRefusal("encryption", "is neither none nor rsa")
        }
        self.flags = flags
        let total = try Self.number("part_total", values, most: 0xFFFF)
        let index = try Self.number("part_index", values, most: 0xFFFF)
        switch (total, index) {
        case (let total?, let index?): part = (UInt16(total), UInt16(index))
        case (nil, nil): part = nil
        default: throw EncodingRefusal("part_index", "total and index of a part go together")
        }
        self.properties = properties
        isEntry = layout.name == JTT808Kind.layouts[JTT808Family.entryType].name
    }

    /// The header in front of a body.
    func octets(bodyLength: Int) throws(EncodingRefusal) -> [UInt8] {
        var header = JTT808Header.octets(
            messageID: messageID, version: version, phone: phone, flowNumber: flowNumber, flags: flags,
            bodyLength: bodyLength)
        if let part {
            guard bodyLength <= JTT808Header.longestBody else {
                throw EncodingRefusal("body", "\(bodyLength) octets; a part has at most \(JTT808Header.longestBody)")
            }
            header[2] |= UInt8(JTT808Header.partBit >> 8)
            header += [part.total, part.index].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        }
        let written = UInt16(header[2]) << 8 | UInt16(header[3])
        if let properties, properties != written {
            let hint = isEntry ? "; a report of a batch is written alone without properties and count" : ""
            throw EncodingRefusal("properties", "\(properties) was given, and the message makes them \(written)\(hint)")
        }
        return header
    }

    private static func number(_ name: String, _ values: MessageValues, most: UInt64) throws(EncodingRefusal) -> UInt64?
    {
        let raw = try JTT808Writer.whole(values.raws[name], name, most: most)
        let value = try JTT808Writer.whole(values.parameters[name], name, most: most)
        guard raw == nil || value == nil || raw == value else {
            throw EncodingRefusal(name, "raw and other value are not the same")
        }
        return raw ?? value
    }

    private static func version(
        _ values: MessageValues, _ layout: JTT808Kind.Layout, _ properties: UInt16?
    ) throws(EncodingRefusal) -> UInt8? {
        let raw = try JTT808Writer.whole(values.raws["version"], "version", most: 255).map { UInt8($0) }
        var edition: String?
        if let value = values.parameters["version"] {
            guard case .text(let text) = value, ["2011", "2013", "2019"].contains(text) else {
                throw EncodingRefusal("version", "is none of 2011, 2013, 2019")
            }
            edition = text
        }
        let bound: String? =
            switch layout.edition {
            case .any: nil
            case .only2011: "2011"
            case .only2013: "2013"
            case .only2019: "2019"
            }
        if let bound, let edition, bound != edition {
            throw EncodingRefusal("version", "'\(layout.title)' is of \(bound), not of \(edition)")
        }
        let stated = properties.map { $0 & JTT808Header.versionBit != 0 }
        let is2019 = (bound ?? edition).map { $0 == "2019" } ?? stated ?? (raw ?? 0 != 0)
        guard is2019 else {
            guard raw ?? 0 == 0 else {
                throw EncodingRefusal("version", "the header of 2013 has no protocol version, and \(raw ?? 0) is given")
            }
            return nil
        }
        return raw ?? 1
    }

    private static func phone(_ values: MessageValues, octets count: Int) throws(EncodingRefusal) -> [UInt8] {
        var phone: [UInt8]?
        switch values.raws["phone"] {
        case nil: break
        case .octets(let octets) where octets.count == count: phone = octets
        default: throw EncodingRefusal("phone", "raw has to be \(count) octets of two digits each")
        }
        let allowed = "has to be up to \(2 * count) digits"
        var digits: [UInt8]
        switch values.parameters["phone"] {
        case nil: digits = []
        case .text(let text): digits = Array(text.utf8)
        case .integer(let number) where number >= 0: digits = Array(String(number).utf8)
        default: throw EncodingRefusal("phone", allowed)
        }
        if values.parameters["phone"] != nil {
            guard !digits.isEmpty, digits.count <= 2 * count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw EncodingRefusal("phone", "\(allowed), and '\(String(decoding: digits, as: UTF8.self))' is given")
            }
            digits = [UInt8](repeating: 0x30, count: 2 * count - digits.count) + digits
            let octets = stride(from: 0, to: digits.count, by: 2).map { (index: Int) -> UInt8 in
                (digits[index] & 15) << 4 | digits[index + 1] & 15
            }
            guard phone == nil || phone == octets else {
                throw EncodingRefusal("phone", "raw and other value are not the same")
            }
            phone = octets
        }
        guard let phone else { throw EncodingRefusal("phone", "is missing") }
        return phone
    }

    private static func messageID(_ values: MessageValues) throws(EncodingRefusal) -> UInt16 {
        let raw = try JTT808Writer.whole(values.raws["message_id"], "message_id", most: 0xFFFF).map { UInt16($0) }
        guard let value = values.parameters["message_id"] else { return raw ?? 0 }
        let id = try JTT808Writer.identifier(value, "message_id")
        guard raw == nil || raw == id else {
            throw EncodingRefusal("message_id", "raw and other value are not the same")
        }
        return id
    }
}
