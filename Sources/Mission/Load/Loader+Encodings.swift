import Records

/// Data encodings: how values stand in a packet.
extension Loader {
    func encode(_ type: inout TypeModel, _ element: Element, system: Int) {
        for child in element.all("ErrorDetectCorrect") {
            child.touchAll()
            reporter.warning(child.position, "ErrorDetectCorrect is not supported yet: the check is not made")
        }
        switch element.name {
        case "IntegerDataEncoding", "FloatDataEncoding":
            var inherited: NumberFormat?
            if case .number(let format) = type.encoding?.kind { inherited = format }
            let format = element.name == "IntegerDataEncoding" ? integer(element, inherited) : float(element, inherited)
            type.encoding = EncodingModel(kind: .number(format), position: element.position)
            calibrate(&type, element, system: system)
        case "StringDataEncoding":
            type.encoding = EncodingModel(kind: .string(string(element, system: system)), position: element.position)
        default:
            if let size = binary(element, system: system) {
                type.encoding = EncodingModel(kind: .binary(size), position: element.position)
            }
        }
    }

    private func integer(_ element: Element, _ base: NumberFormat?) -> NumberFormat {
        let choices: [(String, NumberFormat.Coding)] = [
            ("unsigned", .unsigned), ("twosComplement", .twosComplement), ("signMagnitude", .signMagnitude),
            ("onesComplement", .onesComplement),
            // The spelling of version 1.1, and one of space_packet_parser.
            ("twosCompliment", .twosComplement), ("signed", .twosComplement),
        ]
        var format = base.flatMap { $0.rawKind == .float ? nil : $0 } ?? NumberFormat()
        format.coding = choice(element, "encoding", choices, default: format.coding)
        size(&format, element, 1...64)
        order(&format, element)
        return format
    }

    private func float(_ element: Element, _ base: NumberFormat?) -> NumberFormat {
        var format = base.flatMap { $0.rawKind == .float ? $0 : nil } ?? NumberFormat(coding: .ieee32, bits: 32)
        enum Family { case ieee, mil1750A }
        let inherited: Family = format.coding == .mil1750A32 || format.coding == .mil1750A48 ? .mil1750A : .ieee
        let family = choice(
            element, "encoding",
            [
                ("IEEE754_1985", Family.ieee), ("IEEE754", .ieee), ("MILSTD_1750A", .mil1750A),
                // Spellings that space_packet_parser takes as well.
                ("IEEE-754", .ieee), ("MIL-1750A", .mil1750A),
            ], default: inherited)
        size(&format, element, 1...128)
        switch (family, format.bits) {
        case (.ieee, 16): format.coding = .ieee16
        case (.ieee, 32): format.coding = .ieee32
        case (.ieee, 64): format.coding = .ieee64
        case (.mil1750A, 32): format.coding = .mil1750A32
        case (.mil1750A, 48): format.coding = .mil1750A48
        default:
            fail(
                element.position,
                "a float of \(format.bits) bits is not supported; IEEE754 of 16, 32 and 64 and MILSTD_1750A of 32 and "
                    + "48 are: correct sizeInBits or encoding")
            format.bits = 32
        }
        order(&format, element)
        return format
    }

    private func size(_ format: inout NumberFormat, _ element: Element, _ allowed: ClosedRange<Int>) {
        guard let text = element["sizeInBits"] else { return }
        guard let bits = Self.integer(text), bits >= Int128(allowed.lowerBound), bits <= Int128(allowed.upperBound)
        else {
            fail(
                element.position,
                "sizeInBits of \(element.name) is \"\(text)\", \(allowed.lowerBound) to \(allowed.upperBound) are "
                    + "supported: correct it")
            return
        }
        format.bits = Int(bits)
    }

    private func order(_ format: inout NumberFormat, _ element: Element) {
        format.isReversed = choice(
            element, "bitOrder", [("mostSignificantBitFirst", false), ("leastSignificantBitFirst", true)],
            default: format.isReversed)
        var list = element.child("ByteOrderList")?.all("Byte").compactMap { $0["byteSignificance"] } ?? []
        if let text = element["byteOrder"] {
            switch text {
            case "mostSignificantByteFirst": format.order = .bigEndian
            case "leastSignificantByteFirst": format.order = .littleEndian
            default: list = text.split(separator: ",").map(String.init)
            }
        }
        if !list.isEmpty {
            let octets = list.compactMap { UInt8(Element.trim($0)) }
            if octets.count * 8 == format.bits, octets.sorted() == (0..<UInt8(octets.count)).map({ $0 }) {
                format.order = .list(octets)
            } else {
                fail(
                    element.position,
                    "byteOrder of \(element.name) is \"\(list.joined(separator: ","))\"; mostSignificantByteFirst, "
                        + "leastSignificantByteFirst or the significance of each of its octets are allowed: use one")
            }
        }
        if format.order != .bigEndian, format.bits % 8 != 0 {
            reporter.warning(
                element.position,
                "leastSignificantByteFirst on \(format.bits) bits: the standard defines it for whole octets; the field "
                    + "is padded in front, then its octets are swapped")
        }
    }

    private func string(_ element: Element, system: Int) -> StringModel {
        var string = StringModel()
        let big = choice(
            element, "byteOrder", [("mostSignificantByteFirst", true), ("leastSignificantByteFirst", false)],
            default: true)
        if element["bitOrder"] == "leastSignificantBitFirst" {
            fail(element.position, "bitOrder leastSignificantBitFirst of a string is not supported yet: remove it")
        }
        string.charset = choice(
            element, "encoding",
            [
                ("UTF-8", StringModel.Charset.utf8), ("US-ASCII", .ascii), ("ISO-8859-1", .latin1),
                ("Windows-1252", .windows1252), ("UTF-16", big ? .utf16BE : .utf16LE), ("UTF-16LE", .utf16LE),
                ("UTF-16BE", .utf16BE), ("UTF-32", big ? .utf32BE : .utf32LE), ("UTF-32LE", .utf32LE),
                ("UTF-32BE", .utf32BE),
            ], default: .utf8)
        let holder: Element
        if let fixed = element.child("SizeInBits") {
            holder = fixed
            let value = fixed.child("Fixed")?.child("FixedValue") ?? fixed.child("FixedValue")
            string.buffer = bits(value?.trimmed, "SizeInBits of a string", (value ?? fixed).position).map { .fixed($0) }
        } else if let variable = element.child("Variable") {
            holder = variable
            if variable["maxSizeInBits"] != nil {
                string.maximumBits = bits(variable["maxSizeInBits"], "maxSizeInBits", variable.position) ?? .max
            }
            string.buffer = dynamicSize(variable, system: system)
        } else {
            fail(element.position, "StringDataEncoding has neither SizeInBits nor Variable: add one")
            return string
        }
        if let end = holder.child("TerminationChar") {
            string.terminator = terminator(end, string.charset)
        }
        if let tag = holder.child("LeadingSize") {
            string.tagBits = 16
            if tag["sizeInBitsOfSizeTag"] != nil {
                string.tagBits = bits(tag["sizeInBitsOfSizeTag"], "sizeInBitsOfSizeTag", tag.position, from: 1) ?? 16
            }
            if string.tagBits > 64 {
                fail(tag.position, "sizeInBitsOfSizeTag is \(string.tagBits), 1 to 64 are supported: correct it")
                string.tagBits = 16
            }
            if !string.terminator.isEmpty {
                fail(tag.position, "a string has LeadingSize and TerminationChar, one of them is allowed: remove one")
            }
        }
        if string.buffer == nil, string.terminator.isEmpty, string.tagBits == 0, defects.isEmpty {
            fail(holder.position, "nothing tells where the string ends: add a size, a LeadingSize or a TerminationChar")
        }
        return string
    }

    private func terminator(_ element: Element, _ charset: StringModel.Charset) -> [UInt8] {
        let digits = element.trimmed.isEmpty ? "00" : element.trimmed
        let values = digits.compactMap(\.hexDigitValue)
        guard values.count == digits.count, values.count % 2 == 0, values.count <= 16 else {
            fail(element.position, "TerminationChar is \"\(digits)\", hexadecimal octets are allowed: correct it")
            return [0]
        }
        let octets = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
        // The default of one octet stands for one character.
        if octets == [0], charset.unit > 1 { return Array(repeating: 0, count: charset.unit) }
        if octets.count % charset.unit != 0 {
            fail(
                element.position,
                "TerminationChar has \(octets.count) octets, a character of \(charset.rawValue) has \(charset.unit): "
                    + "correct it"
            )
        }
        return octets
    }

    private func binary(_ element: Element, system: Int) -> SizeModel? {
        if element["bitOrder"] == "leastSignificantBitFirst" || element["byteOrder"] == "leastSignificantByteFirst" {
            fail(element.position, "a bit or byte order of a binary is not supported yet: remove it")
        }
        if let algorithm = element.child("FromBinaryTransformAlgorithm") {
            algorithm.touchAll()
            fail(
                algorithm.position,
                "FromBinaryTransformAlgorithm is not supported yet: the octets would be left as they are")
        }
        guard let holder = element.child("SizeInBits") else {
            fail(element.position, "BinaryDataEncoding has no SizeInBits: add it")
            return nil
        }
        if let fixed = holder.child("FixedValue") {
            return bits(fixed.trimmed, "SizeInBits of a binary", fixed.position).map { .fixed($0) }
        }
        let size = dynamicSize(holder, system: system)
        if size == nil, defects.isEmpty {
            fail(holder.position, "SizeInBits is empty: add FixedValue, DynamicValue or DiscreteLookupList")
        }
        return size
    }

    /// DynamicValue or DiscreteLookupList; nil when neither is there, or when it is wrong.
    func dynamicSize(_ holder: Element, system: Int) -> SizeModel? {
        if let dynamic = holder.child("DynamicValue") {
            guard let element = dynamic.child("ParameterInstanceRef") else {
                fail(dynamic.position, "DynamicValue has no ParameterInstanceRef: add one")
                return nil
            }
            guard let reference = reference(element, system: system) else { return nil }
            guard let adjustment = dynamic.child("LinearAdjustment") else {
                return .dynamic(reference, slope: 1, intercept: 0)
            }
            // A slope that is not given is 1: what the schema says is nothing, and 0 would lose the value.
            let slope = number(adjustment, "slope", default: 1) ?? 1
            return .dynamic(reference, slope: slope, intercept: number(adjustment, "intercept", default: 0) ?? 0)
        }
        guard let list = holder.child("DiscreteLookupList") else { return nil }
        var lookups: [(condition: ConditionModel, bits: Int)] = []
        for lookup in list.all() {
            guard lookup.name == "DiscreteLookup" else {
                unknown(lookup, in: list)
                continue
            }
            // space_packet_parser takes a decimal point here.
            let text = lookup["value"]
            let whole = text.flatMap(Self.number).flatMap { Int(exactly: $0) }.map(String.init) ?? text
            guard let bits = bits(whole, "value of DiscreteLookup", lookup.position),
                let condition = condition(in: lookup, system: system)
            else { continue }
            lookups.append((condition, bits))
        }
        if lookups.isEmpty, defects.isEmpty { fail(list.position, "DiscreteLookupList is empty: add a DiscreteLookup") }
        return .lookup(lookups)
    }
}
