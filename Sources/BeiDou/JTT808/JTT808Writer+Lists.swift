internal import Bytes
internal import Records

/// Lists to octets.
extension JTT808Writer {
    mutating func writeList(_ field: JTT808Field) throws(EncodingRefusal) {
        var found: [UInt8]?
        if let raw = values.raws[field.name] {
            guard case .octets(let octets) = raw else { throw EncodingRefusal(field.name, "raw has to be octets") }
            found = octets
        }
        if case .items = field.coding {
            rawItems = found
            otherItems = try values.parameters[field.name].map { value throws(EncodingRefusal) in
                try entries(field, value).flatMap { $0 }
            }
            return
        }
        if let value = values.parameters[field.name] {
            let octets: [UInt8]
            if case .octets(let whole) = value, case .entries = field.coding {
                octets = whole
            } else {
                octets = try entries(field, value).flatMap { $0 }
            }
            guard found == nil || found == octets else {
                throw EncodingRefusal(field.name, "raw and other value are not the same")
            }
            found = octets
        }
        let octets = found ?? []
        try put(field, octets)
        if case .numbers = field.coding { return }
        guard let count = layout.fields.first(where: { $0.name == "count" }) else { return }
        guard let number = Self.count(field, octets) else {
            throw EncodingRefusal(field.name, "the octets are no whole entries")
        }
        guard UInt64(number) <= count.fullMask else {
            throw EncodingRefusal(field.name, "\(number) entries; \(count.fullMask) are allowed")
        }
        try tell(count, mask: count.fullMask, bits: UInt64(number))
    }

    /// The octets of each entry of a list.
    private func entries(_ field: JTT808Field, _ value: FieldValue) throws(EncodingRefusal) -> [[UInt8]] {
        guard case .list(let values) = value else { throw EncodingRefusal(field.name, "has to be a list") }
        var entries: [[UInt8]] = []
        for value in values {
            switch (field.coding, value) {
            case (.settings, .text(let text)): entries.append(try JTT808Settings.octets(text))
            case (.items, .text(let text)): entries.append(try Self.item(text))
            case (.entries, .octets(let report)):
                guard report.count <= 0xFFFF else {
                    throw EncodingRefusal(field.name, "an entry of \(report.count) octets; 65535 are allowed")
                }
                entries.append([UInt8(report.count >> 8), UInt8(report.count & 255)] + report)
            case (.indices, _):
                let index: UInt64 = try Self.whole(value, field.name, most: 0xFFFF)
                entries.append([UInt8(index >> 8), UInt8(index & 255)])
            case (.numbers, _): entries.append([UInt8(try Self.whole(value, field.name, most: 255))])
            default: throw EncodingRefusal(field.name, "\(Self.words(value)) is no entry of this list")
            }
        }
        if case .numbers = field.coding, entries.count != field.width {
            throw EncodingRefusal(field.name, "\(entries.count) numbers; there have to be \(field.width)")
        }
        return entries
    }

    private static func item(_ text: String) throws(EncodingRefusal) -> [UInt8] {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = Hexadecimal.octets(of: parts[0]), id.count == 1,
            let value = Hexadecimal.octets(of: parts[1]), value.count <= 255
        else { throw EncodingRefusal("items", "'\(text)' is not written as id and up to 255 octets: 'E1:0A0B'") }
        return id + [UInt8(value.count)] + value
    }

    /// How many whole entries the octets are; nil when something is left over.
    private static func count(_ field: JTT808Field, _ octets: [UInt8]) -> Int? {
        guard case .indices = field.coding else {
            var (at, count) = (0, 0)
            while at < octets.count {
                if case .settings = field.coding {
                    guard at + 5 <= octets.count else { return nil }
                    at += 5 + Int(octets[at + 4])
                } else {
                    guard at + 2 <= octets.count else { return nil }
                    at += 2 + Int(octets[at]) << 8 + Int(octets[at + 1])
                }
                count += 1
            }
            return at == octets.count ? count : nil
        }
        return octets.count % 2 == 0 ? octets.count / 2 : nil
    }

    /// The items of a location report: as they stand where they are given so, else those that are known in the order of
    /// their ids, then the others.
    func items() throws(EncodingRefusal) -> [UInt8] {
        if let rawItems {
            try checkItems(rawItems)
            return rawItems
        }
        var out: [UInt8] = []
        for (index, item) in JTT808Items.known.enumerated() {
            let slot = JTT808Slot.firstItem + index
            guard let value = value(ofItem: slot, item) else { continue }
            // An overspeed item that has an area is written with it.
            if slot + 1 == JTT808Items.overspeedArea, words.keys.contains(where: { $0.slot == slot + 1 }) { continue }
            out += [item.id, UInt8(value.count)] + value
        }
        return out + (otherItems ?? [])
    }

    /// The octets of a known item; nil when nothing is said of it.
    private func value(ofItem slot: Int, _ item: JTT808Items.Known) -> [UInt8]? {
        var value = [UInt8](repeating: 0, count: Int(item.length))
        var isThere = false
        for (place, word) in words where place.slot == slot {
            isThere = true
            value.replaceSubrange(place.offset..<place.offset + word.width, with: word.octets)
        }
        for (place, piece) in pieces where place.slot == slot {
            isThere = true
            value = piece
        }
        // The area stands behind the kind of its place.
        if isThere, slot == JTT808Items.overspeedArea, let word = words[Place(slot: slot - 1, offset: 0)] {
            value[0] = word.octets[0]
        }
        return isThere ? value : nil
    }

    /// What is given besides the items as they stand has to stand in them.
    private func checkItems(_ raw: [UInt8]) throws(EncodingRefusal) {
        var starts: [Int: Int] = [:]
        var others: [UInt8] = []
        var at = 0
        while at < raw.count {
            guard at + 2 <= raw.count, at + 2 + Int(raw[at + 1]) <= raw.count else {
                throw EncodingRefusal("items", "the octets are no whole items")
            }
            let (id, length) = (raw[at], raw[at + 1])
            let end = at + 2 + Int(length)
            let fits = JTT808Items.known.indices.first {
                JTT808Items.known[$0].id == id && JTT808Items.known[$0].length == length
            }
            let first = JTT808Items.slots[Int(id)]
            if let fits, starts[Int(first)] == nil {
                starts[Int(first)] = at + 2
                starts[JTT808Slot.firstItem + fits] = at + 2
            } else {
                others += raw[at..<end]
            }
            at = end
        }
        if let otherItems, otherItems != others {
            throw EncodingRefusal("items", "raw and other value are not the same")
        }
        for field in layout.fields where field.slot >= JTT808Slot.firstItem {
            let word = words[field.place]
            guard let expected = word?.octets ?? pieces[field.place] else { continue }
            guard let start = starts[field.slot],
                Array(raw[(start + field.offset)..<(start + field.offset + expected.count)]) == expected
            else { throw EncodingRefusal(field.name, "does not agree with the raw items") }
        }
    }
}
