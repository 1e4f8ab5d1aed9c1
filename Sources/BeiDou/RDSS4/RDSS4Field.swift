internal import Records

/// A field of a frame of RDSS 4.0: where it stands and what its number means. A layout is a flat list of them.
struct RDSS4Field: Sendable {
    /// What the octets of a field mean.
    enum Meaning: Sendable {
        /// A whole number, 0 or more; those over `most` are marked as out of range.
        case number(most: UInt64)
        /// A whole number in two's complement.
        case signed
        /// One bit.
        case flag
        /// A number that has a name.
        case labels(RDSS4Labels)
        /// A card: 24 bits, of which the low 21 count.
        case address
        /// A sign bit (1 is minus) and the bits below it, in units of 1 / `parts`; bits above the sign are spare.
        case signMagnitude(sign: Int, parts: Double)
        /// A number in units of 1 / `parts`.
        case fraction(parts: Double)
        /// Degree, minute, second, tenth of a second, an octet each; with a letter of the hemisphere in front.
        case coordinate(RDSS4Coordinate)
        /// Hour and minute; with second and hundredth of a second when it has four octets.
        case clock
        /// Year (two octets, or one that counts from 2000), month, day, hour, minute, second.
        case date
        /// The name of a sentence that a feedback is about, where its kind has one.
        case feedbackSentence
        /// The seconds that a feedback says to wait, where its kind has them.
        case feedbackWait
        /// The four letters of a name.
        case letters
        /// So many octets as they are.
        case octets
        /// The octets from here to the check, as they are.
        case rest
        /// Text from here to the check.
        case restText
        /// Numbers of one octet each.
        case beams
        /// The sent (0) or the received (2) time of each receipt.
        case receipts(offset: Int)
        /// Cards of three octets each, from here to the check.
        case addresses
        /// Octets behind all that the layout knows; absent when there are none.
        case extra
        /// Bits of the content.
        case contentBits
        /// Whether ``contentBits`` agrees with the frame.
        case contentState
        /// The form of the content: a bit, and the content's first octet.
        case contentForm
    }

    let name: String
    /// Octets from the dollar sign; below zero: from the end of the frame.
    let place: Int
    /// How many octets make its number, 1 to 8; of ``Meaning/octets`` how many there are.
    let width: Int
    /// Which bits of that number are the field: so many, from this one up.
    let shift: Int
    let bits: Int
    let meaning: Meaning
    let unit: String
    let note: String
    let aliases: [String]
    /// The shortest frame that has it.
    let shortest: Int

    init(
        _ name: String, at place: Int, octets width: Int = 1, shift: Int = 0, bits: Int? = nil,
        _ meaning: Meaning = .number(most: .max), unit: String = "", note: String = "", aliases: [String] = [],
        shortest: Int? = nil
    ) {
        self.name = name
        self.place = place
        self.width = width
        self.shift = shift
        self.bits = bits ?? width * 8
        self.meaning = meaning
        self.unit = unit
        self.note = note
        self.aliases = aliases
        self.shortest = shortest ?? place + width + 1
    }

    /// The same field under further names.
    func called(_ aliases: String...) -> RDSS4Field {
        RDSS4Field(
            name, at: place, octets: width, shift: shift, bits: bits, meaning, unit: unit, note: note,
            aliases: self.aliases + aliases, shortest: shortest)
    }

    /// The bits of the field, at the low end.
    var mask: UInt64 { bits >= 64 ? .max : (1 << UInt64(bits)) - 1 }

    /// The field as a parameter of the type with this name.
    func parameter(of type: String) -> ParameterInfo {
        let (kind, rawKind, labels): (ValueKind, RawKind, [String]) =
            switch meaning {
            case .number, .address, .contentBits, .feedbackWait: (.unsigned, .unsigned, [])
            case .signed: (.signed, .unsigned, [])
            case .flag: (.boolean, .unsigned, ["false", "true"])
            case .labels(let labels): (.enumeration, .unsigned, labels.names)
            case .signMagnitude, .fraction, .coordinate: (.float, .unsigned, [])
            case .clock: (.string, .unsigned, [])
            case .date: (.time, .unsigned, [])
            case .feedbackSentence, .letters, .restText: (.string, .bytes, [])
            case .octets, .rest, .extra: (.binary, .bytes, [])
            case .beams, .receipts, .addresses: (.list, .bytes, [])
            case .contentState: (.enumeration, .unsigned, RDSS4ContentLength.labels)
            case .contentForm: (.enumeration, .unsigned, ContentForm.allCases.map(\.label))
            }
        return ParameterInfo(
            name: "rdss4.\(type).\(name)", shortName: name, aliases: aliases,
            description: note.isEmpty ? ParameterWords.of(name) : note, unit: unit,
            kind: kind, rawKind: rawKind, labels: labels)
    }
}

/// Which coordinate a field holds, and with which letters in front.
struct RDSS4Coordinate: Sendable {
    /// Degrees that are allowed, 90 or 180.
    let most: UInt64
    /// The letters for plus and minus; nil where north and east are assumed.
    let letters: (plus: UInt8, minus: UInt8)?

    /// Degrees of latitude and longitude without a hemisphere.
    static let latitude = RDSS4Coordinate(most: 90, letters: nil)
    static let longitude = RDSS4Coordinate(most: 180, letters: nil)
    /// The same with a letter in front.
    static let letteredLatitude = RDSS4Coordinate(most: 90, letters: (UInt8(ascii: "N"), UInt8(ascii: "S")))
    static let letteredLongitude = RDSS4Coordinate(most: 180, letters: (UInt8(ascii: "E"), UInt8(ascii: "W")))
    /// Tenths of a second in a degree.
    static let partsOfDegree = 36_000.0
}

/// Numbers of up to eight bits and their names.
struct RDSS4Labels: Sendable {
    let names: [String]
    let numbers: [UInt8]
    /// For each number the index of its name; 255: none.
    let indexes: [UInt8]

    /// Names for 0, 1, 2 and so on.
    init(_ names: String...) { self.init(names.enumerated().map { (UInt8($0), $1) }) }

    init(_ pairs: [(UInt8, String)]) {
        names = pairs.map(\.1)
        numbers = pairs.map(\.0)
        var indexes = [UInt8](repeating: 255, count: 256)
        for (index, pair) in pairs.enumerated() { indexes[Int(pair.0)] = UInt8(index) }
        self.indexes = indexes
    }
}
