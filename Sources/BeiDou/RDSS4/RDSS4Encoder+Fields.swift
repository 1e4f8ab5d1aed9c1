/// How each kind of field is written.
extension RDSS4Encoder {
    /// Writes a field where it stands, when it is given.
    mutating func write(_ field: RDSS4Field) throws(EncodingRefusal) {
        switch field.meaning {
        case .rest, .restText, .receipts, .addresses, .extra, .contentBits, .contentState, .contentForm: return
        case .octets, .letters, .feedbackSentence, .beams: try writeOctets(field)
        default: try writeNumber(field)
        }
    }

    private mutating func writeNumber(_ field: RDSS4Field) throws(EncodingRefusal) {
        if let raw = values.raws[field.name] {
            put(try rawNumber(raw, field), field)
        } else if let value = values.parameters[field.name] {
            put(try number(value, field), field)
        } else if field.name == "count", case .receipts = layout.variable {
            put(UInt64(min(255, (bytes.count - layout.place) / 4)), field)
        }
    }

    /// Puts a number into the bits of its field.
    mutating func put(_ number: UInt64, _ field: RDSS4Field) {
        let start = field.place >= 0 ? field.place : bytes.count + 1 + field.place
        for index in 0..<field.width {
            let down = UInt64((field.width - 1 - index) * 8)
            let bits = UInt8(truncatingIfNeeded: (number << UInt64(field.shift)) >> down)
            let mask = UInt8(truncatingIfNeeded: (field.mask << UInt64(field.shift)) >> down)
            bytes[start + index] = bytes[start + index] & ~mask | bits & mask
        }
    }

    private func rawNumber(_ raw: FieldValue, _ field: RDSS4Field) throws(EncodingRefusal) -> UInt64 {
        guard case .integer(let number) = raw else {
            throw EncodingRefusal(field.name, "\(raw.words) is given raw, a whole number is needed")
        }
        guard number >= 0, UInt64(number) <= field.mask else { throw outside(raw, field, "0 to \(field.mask)") }
        return UInt64(number)
    }

    private func outside(_ value: FieldValue, _ field: RDSS4Field, _ allowed: String) -> EncodingRefusal {
        EncodingRefusal(field.name, "\(value.words) is given; \(allowed) is allowed")
    }

    private func signed(_ number: Int64, _ field: RDSS4Field) throws(EncodingRefusal) -> UInt64 {
        let most = Int64(field.mask >> 1)
        guard number >= -most - 1, number <= most else {
            throw outside(.integer(number), field, "\(-most - 1) to \(most)")
        }
        return UInt64(bitPattern: number) & field.mask
    }

    private func number(_ value: FieldValue, _ field: RDSS4Field) throws(EncodingRefusal) -> UInt64 {
        switch (field.meaning, value) {
        case (.number(let most), .integer(let number)):
            guard number >= 0, UInt64(number) <= min(most, field.mask) else {
                throw outside(value, field, "0 to \(min(most, field.mask))")
            }
            return UInt64(number)
        case (.address, .integer(let number)):
            guard (0...0x1F_FFFF).contains(number) else { throw outside(value, field, "0 to 2097151") }
            return UInt64(number)
        case (.feedbackWait, .integer(let number)):
            guard (0...86_400).contains(number) else { throw outside(value, field, "0 to 86400 s") }
            return UInt64(number)
        case (.signed, .integer(let number)): return try signed(number, field)
        case (.flag, .boolean(let flag)): return flag ? 1 : 0
        case (.labels(let labels), .text(let text)):
            guard let index = labels.names.firstIndex(of: text) else {
                throw outside(value, field, "one of \(labels.names.joined(separator: ", "))")
            }
            return UInt64(labels.numbers[index])
        case (.clock, .text(let text)):
            guard let number = RDSS4Writing.clock(text, octets: field.width) else {
                throw outside(value, field, field.width == 2 ? "a time like 08:49" : "a time like 08:49:36.50")
            }
            return number
        case (.date, .text(let text)):
            guard let number = RDSS4Writing.date(text, octets: field.width) else {
                throw outside(
                    value, field,
                    "a time like 2026-11-24T08:18:03Z" + (field.width == 6 ? " of the years 2000 to 2255" : ""))
            }
            return number
        case (_, .integer(let number)): return try scaled(Double(number), value, field)
        case (_, .number(let number)): return try scaled(number, value, field)
        default: throw outside(value, field, field.kindWords)
        }
    }

    /// A number that people read with decimals.
    private func scaled(_ number: Double, _ value: FieldValue, _ field: RDSS4Field) throws(EncodingRefusal) -> UInt64 {
        switch field.meaning {
        case .signMagnitude(let sign, let parts):
            let most = Double((1 << UInt64(sign)) - 1)
            guard (number * parts).magnitude.rounded() <= most else {
                throw outside(value, field, "\(-most / parts) to \(most / parts)")
            }
            let size = UInt64((number * parts).magnitude.rounded())
            return number < 0 && size > 0 ? 1 << UInt64(sign) | size : size
        case .fraction(let parts):
            let most = Double(field.mask)
            guard number >= 0, (number * parts).rounded() <= most else {
                throw outside(value, field, "0 to \(most / parts)")
            }
            return UInt64((number * parts).rounded())
        case .coordinate(let kind):
            guard let raw = RDSS4Writing.coordinate(number, kind) else {
                throw outside(value, field, "\(kind.letters == nil ? "0" : "-\(kind.most)") to \(kind.most) degrees")
            }
            return raw
        default: throw outside(value, field, field.kindWords)
        }
    }

    /// Fields that are octets.
    private mutating func writeOctets(_ field: RDSS4Field) throws(EncodingRefusal) {
        guard let value = values.raws[field.name] ?? values.parameters[field.name] else { return }
        let isRaw = values.raws[field.name] != nil
        var octets: [UInt8] = []
        switch (field.meaning, value) {
        case (_, .octets(let given)) where isRaw: octets = given
        case (.octets, .octets(let given)): octets = given
        case (.letters, .text(let text)), (.feedbackSentence, .text(let text)):
            octets = Array(text.utf8)
            guard octets.count == 4, octets.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw outside(value, field, "a name of four capital letters")
            }
        case (.beams, .list(let list)):
            for number in list {
                guard case .integer(let number) = number, (0...255).contains(number) else {
                    throw outside(value, field, "a list of \(field.width) numbers from 0 to 255")
                }
                octets.append(UInt8(number))
            }
        default: throw outside(value, field, isRaw ? "octets" : field.kindWords)
        }
        guard octets.count == field.width else {
            throw EncodingRefusal(field.name, "\(octets.count) are given, \(field.width) are needed")
        }
        bytes.replaceSubrange(field.place..<field.place + field.width, with: octets)
    }
}

extension RDSS4Field {
    /// What kind of value it takes, in words.
    var kindWords: String {
        switch meaning {
        case .flag: "true or false"
        case .labels(let labels): "one of \(labels.names.joined(separator: ", "))"
        case .signMagnitude, .fraction, .coordinate: "a number"
        case .clock, .date: "a time as a text"
        case .letters, .feedbackSentence, .restText: "a text"
        case .octets, .rest, .extra: "octets"
        case .beams, .receipts, .addresses: "a list"
        default: "a whole number"
        }
    }
}
