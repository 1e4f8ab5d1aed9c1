internal import Bytes
internal import Query
internal import Records

/// What the header fields of packets are, over all batches.
struct HeaderTally {
    private var numbers = HeaderField.ofUnits.map { _ in NumberSurvey() }
    private var packets = 0
    private var messages = 0
    private var spacePackets = 0
    /// How many packets each origin has.
    private var origins: [Int] = []
    private var apids = [Int](repeating: 0, count: 1 << 11)
    /// By the places of `frame.quality`'s labels.
    private var qualities = [0, 0, 0]
    /// For each packet type how many packets it has.
    private var types: [Int]
    private var octets: String?
    private var timeDigits = 0

    /// Of no packets, of so many types.
    init(types: Int) { self.types = Array(repeating: 0, count: types) }

    /// Enters some packets of a batch.
    mutating func add(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) {
        for (index, field) in HeaderField.ofUnits.enumerated() {
            field.survey(units, chosen.span, into: &numbers[index])
        }
        while origins.count < context.origins.count {
            timeDigits = max(timeDigits, context.origins[origins.count].timeDigits)
            origins.append(0)
        }
        if packets == 0, chosen.count > 0 { octets = Self.hex(units.bytes(of: units[Int(chosen[0])])) }
        packets += chosen.count
        var cursor = context.cursor
        let (indexes, typeIndexes) = (chosen.span, decoded.types)
        for index in indexes.indices {
            let number = Int(indexes[index])
            let unit = units[number]
            origins[cursor.index(of: unit)] += 1
            let type = typeIndexes[number]
            if type >= 0 { types[Int(type)] += 1 }
            qualities[unit.marks.contains(.late) ? 2 : unit.marks.contains(.gapBefore) ? 1 : 0] += 1
            if unit.marks.contains(.message) {
                messages += 1
            } else if !unit.marks.contains(.encapsulation) {
                spacePackets += 1
                apids[Int(unit.apid & 0x7FF)] += 1
            }
        }
    }

    private static func hex(_ octets: RawSpan) -> String {
        var out = TextBuffer(capacity: 64)
        out.appendBounded { $0.appendHex(octets) }
        return String(decoding: out.bytes.copied(), as: UTF8.self)
    }

    /// What was found of the field with a name; nil where no packet has it.
    func found(_ name: String, _ origins: [Origin], _ allTypes: [PacketType]) -> Field.Found? {
        var found = Field.Found()
        if let header = HeaderField.named(name) {
            found = self.found(header, origins, allTypes)
        } else if name == "ccsds" || name == "message" {
            found.packets = name == "ccsds" ? spacePackets : messages
        } else if let layer = HeaderField.layers.first(where: { $0.name == name })?.layer {
            for (origin, packets) in zip(origins, self.origins) where origin.layers.contains(layer) {
                found.packets += packets
            }
        } else if let several = HeaderField.several.first(where: { $0.name == name }) {
            var counts: [String: Int] = [:]
            for (origin, packets) in zip(origins, self.origins) {
                let values = Set(several.fields.compactMap { Self.text($0, origin) })
                if !values.isEmpty { found.packets += packets }
                for value in values { counts[value, default: 0] += packets }
            }
            found.enter(counts.filter { $0.value > 0 })
        }
        return found.packets > 0 ? found : nil
    }

    private func found(_ field: HeaderField, _ origins: [Origin], _ allTypes: [PacketType]) -> Field.Found {
        var found = Field.Found()
        var counts: [String: Int] = [:]
        if let index = HeaderField.ofUnits.firstIndex(of: field) {
            let survey = numbers[index]
            found.packets = survey.count
            if field == .quality {
                if case .label(let labels) = field.kind {
                    for (label, count) in zip(labels, qualities) where count > 0 { counts[label] = count }
                }
            } else if survey.count > 0 {
                found.least = value(survey.least, field)
                found.greatest = value(survey.greatest, field)
            }
            if field == .apid {
                for (apid, count) in apids.enumerated() where count > 0 { counts[String(apid)] = count }
            }
        } else if field == .octets {
            found.packets = packets
            found.sample = octets.map { .text($0) }
        } else if field == .type || field == .dialect || field == .spacecraftName {
            for (type, packets) in zip(allTypes, types) where packets > 0 {
                let value = field == .type ? type.name : field == .dialect ? type.dialect : type.mission
                guard let value else { continue }
                found.packets += packets
                counts[value, default: 0] += packets
            }
        } else {
            for (origin, packets) in zip(origins, self.origins) where packets > 0 {
                guard let value = Self.text(field, origin) else { continue }
                found.packets += packets
                counts[value, default: 0] += packets
            }
        }
        found.enter(counts)
        return found
    }

    private func value(_ number: Int64, _ field: HeaderField) -> Field.Value {
        guard field == .time else { return .signed(number) }
        let (seconds, rest) = number.quotientAndRemainder(dividingBy: 1_000_000_000)
        let time = StatedTime(
            seconds: rest < 0 ? seconds - 1 : seconds,
            attoseconds: UInt64(rest < 0 ? rest + 1_000_000_000 : rest) * 1_000_000_000)
        return .time(time, digits: timeDigits)
    }

    /// A field of an origin as text; nil where it has none.
    private static func text(_ field: HeaderField, _ origin: Origin) -> String? {
        switch field {
        case .flow: origin.flow
        case .interfaceName: origin.interfaceName
        default: field.address(origin) ?? field.number(origin).map(String.init)
        }
    }
}
