internal import Records

/// Where a value stands in a message of JT/T 808, and how it is read and written. Several may share the same octets.
struct JTT808Field {
    let name: String
    var description = ""
    var unit = ""
    let kind: ValueKind
    let rawKind: RawKind
    var labels: [String] = []
    /// What ``offset`` counts from: a column of ``JTT808Places``.
    var slot = JTT808Slot.body
    var offset = 0
    /// Octets; of a text or list without a fixed length 0.
    var width = 0
    let coding: Coding
    /// Whether a message cannot be written without it.
    var isRequired = false
    /// The most octets of a text that takes what is left.
    var most = Int.max

    /// How octets and value belong together.
    enum Coding {
        // Of the header, wherever it stands.
        case phone, flowNumber, version, properties, messageID, encryption, total, index
        /// The number as it is.
        case number
        /// Two's complement of the field's width.
        case signed
        /// The number divided; from `limit` on it is not to be trusted.
        case scaled(divisor: Double, limit: UInt64)
        /// Millionths of a degree, negative where the bit of the status is set.
        case coordinate(signBit: Int, limit: UInt64)
        /// Bits of a word as one of several labels; `codes` are theirs in the same order.
        case choice(shift: Int, bits: Int, codes: [UInt64])
        /// One bit of a word.
        case flag(bit: Int)
        /// The names of the bits that are set.
        case flags(JTT808Flags)
        /// Six octets of digits, YYMMDDhhmmss, by a clock so many hours ahead of UTC.
        case time(hoursAhead: Int)
        /// The terminal's zone, which stands in no octet.
        case zone
        /// A message id as people write it, 0x0200.
        case identifier
        /// A text of ``width`` octets, filled with 00.
        case padded
        /// A text that takes what is left.
        case text
        /// A text with its length in the octet in front of it.
        case countedText
        /// Octets that take what is left.
        case octets
        /// ``width`` numbers of an octet.
        case numbers
        /// Items of a location report that have no parameter of their own.
        case items
        /// Numbers of two octets up to the tail.
        case indices
        /// Parameters of a terminal up to the tail.
        case settings
        /// Location reports with their lengths up to the tail.
        case entries
        /// What stands behind what the message should have.
        case extra
        /// The lead of the user's own content, and its text.
        case lead, content
    }
}

/// The bits of a word and their names.
struct JTT808Flags {
    /// Names by bit in a message of 2013 and before; empty: reserved.
    let names2013: [String]
    /// Names by bit in a message of 2019.
    let names2019: [String]
    /// The bits that are told.
    let mask: UInt64

    init(_ names2013: [String], only2013: Set<Int> = [], only2019: Set<Int> = [], mask: UInt64? = nil) {
        self.names2013 = names2013.enumerated().map { only2019.contains($0.offset) ? "" : $0.element }
        names2019 = names2013.enumerated().map { only2013.contains($0.offset) ? "" : $0.element }
        self.mask = mask ?? (1 << UInt64(names2013.count)) - 1
    }

    func name(_ bit: Int, is2019: Bool) -> String {
        let name = is2019 ? names2019[bit] : names2013[bit]
        return name.isEmpty ? "bit_\(bit)" : name
    }

    /// The bit that a name means in a version; a reserved bit only by its number.
    func bit(named name: String, is2019: Bool) -> Int? {
        names2013.indices.first { mask >> UInt64($0) & 1 == 1 && self.name($0, is2019: is2019) == name }
    }
}

/// What offsets of fields count from: the start of the body, and places that depend on what stands in a message.
enum JTT808Slot {
    static let body = 0
    /// The location report, or what stands behind a text of its own length.
    static let anchor = 1
    /// What should not be there; absent where nothing is.
    static let tail = 2
    /// The list of items.
    static let items = 3
    /// How many items have no slot of their own.
    static let unlisted = 4
    /// The first of the slots of ``JTT808Items/known``.
    static let firstItem = 5
}

extension JTT808Field {
    static func number(
        _ name: String, at offset: Int, _ width: Int, unit: String = "", slot: Int = JTT808Slot.body,
        isRequired: Bool = false, _ description: String = ""
    ) -> JTT808Field {
        JTT808Field(
            name: name, description: description, unit: unit, kind: .unsigned, rawKind: .unsigned, slot: slot,
            offset: offset, width: width, coding: .number, isRequired: isRequired)
    }

    static func scaled(
        _ name: String, at offset: Int, _ width: Int, unit: String, by divisor: Double = 1, limit: UInt64 = .max,
        slot: Int = JTT808Slot.body, _ description: String = ""
    ) -> JTT808Field {
        JTT808Field(
            name: name, description: description, unit: unit, kind: .float, rawKind: .unsigned, slot: slot,
            offset: offset, width: width, coding: .scaled(divisor: divisor, limit: limit))
    }

    /// - Parameter choices: code and label of each.
    static func choice(
        _ name: String, at offset: Int, width: Int = 1, codes choices: KeyValuePairs<UInt64, String>, shift: Int = 0,
        bits: Int? = nil, slot: Int = JTT808Slot.body, isRequired: Bool = false
    ) -> JTT808Field {
        JTT808Field(
            name: name, kind: .enumeration, rawKind: .unsigned, labels: choices.map(\.value), slot: slot,
            offset: offset, width: width,
            coding: .choice(shift: shift, bits: bits ?? width * 8, codes: choices.map(\.key)), isRequired: isRequired)
    }

    static func flag(_ name: String, at offset: Int, _ width: Int, bit: Int, slot: Int = JTT808Slot.body)
        -> JTT808Field
    {
        JTT808Field(
            name: name, kind: .boolean, rawKind: .unsigned, labels: ["false", "true"], slot: slot, offset: offset,
            width: width, coding: .flag(bit: bit))
    }

    static func flags(
        _ name: String, at offset: Int, _ width: Int, _ flags: JTT808Flags, slot: Int = JTT808Slot.body,
        _ description: String = ""
    ) -> JTT808Field {
        JTT808Field(
            name: name, description: description, kind: .list, rawKind: .unsigned, slot: slot, offset: offset,
            width: width, coding: .flags(flags))
    }

    static func padded(_ name: String, at offset: Int, _ width: Int, slot: Int = JTT808Slot.body) -> JTT808Field {
        JTT808Field(
            name: name, kind: .string, rawKind: .bytes, slot: slot, offset: offset, width: width, coding: .padded)
    }

    static func text(_ name: String, at offset: Int, most: Int = .max, _ description: String = "") -> JTT808Field {
        JTT808Field(
            name: name, description: description, kind: .string, rawKind: .bytes, offset: offset, coding: .text,
            most: most)
    }

    static func octets(_ name: String, at offset: Int, _ coding: Coding = .octets, slot: Int = JTT808Slot.body)
        -> JTT808Field
    {
        JTT808Field(name: name, kind: .binary, rawKind: .bytes, slot: slot, offset: offset, coding: coding)
    }

    static func list(_ name: String, at offset: Int, _ coding: Coding, slot: Int = JTT808Slot.body, width: Int = 0)
        -> JTT808Field
    {
        JTT808Field(name: name, kind: .list, rawKind: .bytes, slot: slot, offset: offset, width: width, coding: coding)
    }

    static func identifier(_ name: String, at offset: Int) -> JTT808Field {
        JTT808Field(
            name: name, kind: .string, rawKind: .unsigned, offset: offset, width: 2, coding: .identifier,
            isRequired: true)
    }

    static func time(_ name: String, at offset: Int, hoursAhead: Int, slot: Int = JTT808Slot.body) -> JTT808Field {
        JTT808Field(
            name: name, kind: .time, rawKind: .bytes, slot: slot, offset: offset, width: 6,
            coding: .time(hoursAhead: hoursAhead), isRequired: true)
    }

    /// What stands behind what the message should have.
    static let extra = octets("extra", at: 0, .extra, slot: JTT808Slot.tail)

    /// What every message has.
    static let header: [JTT808Field] = [
        JTT808Field(
            name: "phone", description: "phone number of the terminal, without its leading zeros", kind: .string,
            rawKind: .bytes, coding: .phone, isRequired: true),
        JTT808Field(name: "flow_number", kind: .unsigned, rawKind: .unsigned, width: 2, coding: .flowNumber),
        JTT808Field(
            name: "version", description: "edition of the standard; raw the protocol version of its header",
            kind: .enumeration, rawKind: .unsigned, labels: ["2011", "2013", "2019"], width: 1, coding: .version),
        JTT808Field(
            name: "properties", description: "properties of the message as its header has them", kind: .unsigned,
            rawKind: .unsigned, width: 2, coding: .properties),
    ]
}
