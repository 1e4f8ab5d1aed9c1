internal import Bytes
internal import Records

/// A packet as a decoder says that it is.
struct ResultRow {
    /// The line of the file, from 1 on.
    let line: Int
    let apid: Int
    let count: Int
    /// A number or a name; nil where nothing tells.
    var spacecraft: String?
    var interface: String?
    /// Nanoseconds since 1970.
    var time: Int64?
    /// Values by short name, texts where the file has no types.
    var values: [(name: String, value: JSONText)]

    /// What of a line is no row.
    enum Trouble: Error {
        /// It is of no packet that has an APID, or of an idle one.
        case other
        /// It should be one.
        case bad(String)
    }

    /// A row from what its columns say.
    init(
        line: Int, _ heads: [ScoreColumn: JSONText], values: [(name: String, value: JSONText)]
    ) throws(Trouble) {
        guard let stated = heads[.apid], !Self.isEmpty(stated) else { throw .other }
        guard let apid = ScoreNumber(stated)?.integer, (0...2047).contains(apid) else {
            throw .bad("the APID \(Self.words(stated)) is none: 0 to 2047 are")
        }
        // Idle packets are nobody's.
        guard apid != 2047 else { throw .other }
        guard let stated = heads[.count], !Self.isEmpty(stated) else { throw .bad("the packet has no sequence count") }
        guard let count = ScoreNumber(stated)?.integer, (0...16_383).contains(count) else {
            throw .bad("the sequence count \(Self.words(stated)) is none: 0 to 16383 are")
        }
        (self.line, self.apid, self.count, self.values) = (line, apid, count, values)
        spacecraft = heads[.spacecraft].flatMap(Self.name)
        interface = heads[.interface].flatMap(Self.name)
        time = heads[.time].flatMap(Self.time)
    }

    private static func isEmpty(_ value: JSONText) -> Bool { value == .null || value == .text("") }

    private static func words(_ value: JSONText) -> String {
        switch value {
        case .number(let digits): String(digits.prefix(40))
        case .text(let text): "'\(MessageInput.words(Array(text.utf8.prefix(40))))'"
        case .boolean(let isTrue): "\(isTrue)"
        case .null, .list, .object: "of the line"
        }
    }

    private static func name(_ value: JSONText) -> String? {
        if let integer = ScoreNumber(value)?.integer { return String(integer) }
        return value.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Nanoseconds since 1970 of a time as ISO 8601 or in seconds since then.
    static func time(_ value: JSONText) -> Int64? {
        let attoseconds: Int128?
        switch value {
        case .number(let digits): attoseconds = TimeText.attosecondsSince1970(digits)
        case .text(let text): attoseconds = TimeText.attoseconds(text) ?? TimeText.attosecondsSince1970(text)
        default: attoseconds = nil
        }
        return attoseconds.flatMap { Int64(exactly: $0 / 1_000_000_000) }
    }
}
