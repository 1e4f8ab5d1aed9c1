internal import Bytes
internal import Records

/// Writes one message from named values.
///
/// Values become words, whose bits several values may tell, and pieces of octets; both are put together by their
/// places.
struct JTT808Writer {
    let values: MessageValues
    let layout: JTT808Kind.Layout
    /// Words by slot and offset.
    var words: [Place: Word] = [:]
    /// Texts and octets by slot and offset.
    var pieces: [Place: [UInt8]] = [:]
    /// The list of items as it stands.
    var rawItems: [UInt8]?
    /// Items that have no parameter of their own.
    var otherItems: [UInt8]?

    struct Place: Hashable, Comparable {
        let slot: Int
        let offset: Int
        static func < (a: Place, b: Place) -> Bool { (a.slot, a.offset) < (b.slot, b.offset) }
    }

    /// A number in octets, of which some bits are told.
    struct Word {
        var width: Int
        var mask: UInt64 = 0
        var bits: UInt64 = 0
        var octets: [UInt8] { (0..<width).map { UInt8(bits >> UInt64(8 * (width - 1 - $0)) & 255) } }
    }

    init(_ values: MessageValues, _ layout: JTT808Kind.Layout) {
        self.values = values
        self.layout = layout
    }

    /// Header and body.
    mutating func message() throws(EncodingRefusal) -> [UInt8] {
        for name in (Array(values.parameters.keys) + Array(values.raws.keys)).sorted() {
            guard layout.fields.contains(where: { $0.name == name }) else {
                let names = layout.fields.map(\.name).joined(separator: ", ")
                throw EncodingRefusal(name, "\(layout.name) (\(layout.title)) has no such parameter; it has \(names)")
            }
        }
        let header = try JTT808HeaderValues(values, layout)
        for field in layout.fields {
            if field.isRequired, !isGiven(field.name) { throw EncodingRefusal(field.name, "is missing") }
            if field.hasWord, field.slot < JTT808Slot.tail { words[field.place] = Word(width: field.width) }
        }
        for field in layout.fields { try write(field, is2019: header.version != nil) }
        let body = try body()
        if layout.id == 0x8100, body.count > 3, body[2] != 0, values.raws["code"] == nil {
            throw EncodingRefusal("code", "is given only when the result is success")
        }
        return try header.octets(bodyLength: body.count) + body
    }

    func isGiven(_ name: String) -> Bool { values.parameters[name] != nil || values.raws[name] != nil }

    private func body() throws(EncodingRefusal) -> [UInt8] {
        func octets(_ slots: ClosedRange<Int>) -> [UInt8] {
            let all = pieces.merging(words.mapValues(\.octets)) { piece, _ in piece }
            return all.filter { slots.contains($0.key.slot) }.sorted { $0.key < $1.key }.flatMap(\.value)
        }
        var body = octets(JTT808Slot.body...JTT808Slot.body)
        guard case .location(let skip) = layout.walk else { return body + octets(JTT808Slot.anchor...JTT808Slot.tail) }
        let report =
            try octets(JTT808Slot.anchor...JTT808Slot.anchor) + items() + octets(JTT808Slot.tail...JTT808Slot.tail)
        if skip == 5 {
            // An entry of a batch has its length in front, the count of the batch being one if nothing else is said.
            guard report.count <= 0xFFFF else {
                throw EncodingRefusal("items", "a location report of \(report.count) octets; 65535 are allowed")
            }
            if words[Place(slot: JTT808Slot.body, offset: 0)]?.mask == 0 { body[1] = 1 }
            body += [UInt8(report.count >> 8), UInt8(report.count & 255)]
        }
        return body + report
    }

    /// Says some bits of a word.
    mutating func tell(_ field: JTT808Field, mask: UInt64, bits: UInt64) throws(EncodingRefusal) {
        var word = words[field.place] ?? Word(width: field.width)
        guard (word.bits ^ bits) & word.mask & mask == 0 else {
            throw EncodingRefusal(field.name, "does not agree with what else is given for the same octets")
        }
        word.mask |= mask
        word.bits |= bits
        words[field.place] = word
    }

    /// Puts octets at a field's place.
    mutating func put(_ field: JTT808Field, _ octets: [UInt8]) throws(EncodingRefusal) {
        if let there = pieces[field.place], there != octets {
            throw EncodingRefusal(field.name, "does not agree with what else is given for the same octets")
        }
        pieces[field.place] = octets
    }
}

extension JTT808Field {
    var place: JTT808Writer.Place { JTT808Writer.Place(slot: slot, offset: offset) }

    /// Whether it stands in a word, whose octets are written even when nothing is said of them.
    var hasWord: Bool {
        switch coding {
        case .number, .signed, .scaled, .coordinate, .choice, .flag, .flags, .identifier: true
        default: false
        }
    }

    /// The bits of a word of the field's width.
    var fullMask: UInt64 { width >= 8 ? .max : (1 << UInt64(width * 8)) - 1 }
}
