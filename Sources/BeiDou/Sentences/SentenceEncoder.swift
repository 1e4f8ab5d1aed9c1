internal import Bytes
internal import Records

/// Writes a sentence from named values, by the layout that decodes it, and reads it again to see that it says what was
/// asked for.
struct SentenceEncoder {
    private(set) var values: SentenceValues
    let plan: SentencePlan
    private let type: Int

    init(_ values: MessageValues, _ plan: SentencePlan, type: Int) {
        self.values = SentenceValues(values)
        self.plan = plan
        self.type = type
    }

    consuming func sentence() throws(EncodingRefusal) -> [UInt8] {
        try values.refuseOthers(
            than: plan.type.parameters.map(\.shortName), derived: plan.layout.derived.map(\.name))
        let talker = try values.name("talker", digits: 2...2, preset: plan.layout.talker)
        splitTime()
        // The usual unit is what stands there anyway; read again, it is no value.
        for field in plan.layout.fields {
            guard case .unitLetter(let usual) = field.kind, values.values.parameters[field.name] == .text(usual) else {
                continue
            }
            values.values.parameters[field.name] = nil
        }
        let isAsItStood = isAsItStood
        if !isAsItStood { try chooseForm() }
        let columns = try isAsItStood ? columnsAsTheyStood() : columns()
        var contents = Array((talker + plan.layout.name).utf8)
        for column in columns { contents += [ASCII.comma] + column }
        let sentence = try SentenceWriter.closed(contents)
        try SentenceCheck(values.values, plan, type: type).compare(sentence)
        return sentence
    }

    /// Gives time of day and date from a whole time, where they are not given.
    private mutating func splitTime() {
        guard case .text(let text)? = values.values.parameters["utc"] else { return }
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2 else { return }
        if !values.isGiven("date") { values.values.parameters["date"] = .text(String(parts[0])) }
        if !values.isGiven("time_of_day") {
            let time = parts[1].hasSuffix("Z") ? parts[1].dropLast() : parts[1]
            values.values.parameters["time_of_day"] = .text(String(time))
        }
    }

    /// Chooses the form of a content that is given as text alone: the one that costs least and holds it.
    private mutating func chooseForm() throws(EncodingRefusal) {
        guard let index = plan.layout.formOfContent else { return }
        let form = plan.layout.fields[index]
        guard !values.isGiven(form.name) else { return }
        guard case .text(let text)? = values.values.parameters["text"] else {
            let isGiven = ["content", "body", "latitude"].contains(where: values.isGiven)
            if form.isNecessary, !isGiven { throw EncodingRefusal("text", "is missing: the message would be empty") }
            return
        }
        values.values.parameters[form.name] = .text(try ContentCoding.encode(text).form.label)
    }

    /// The columns behind the name, as many as are written.
    private func columns() throws(EncodingRefusal) -> [[UInt8]] {
        var columns: [[UInt8]] = []
        var needed = plan.layout.fewest
        let satellites: [String] = if case .satellites = plan.layout.tail { (1...4).map { "_\($0)" } } else { [] }
        var mostSatellites = 0
        for (index, field) in plan.layout.fields.enumerated() {
            let written = try write(field, takesRest: takesRest(index))
            if written != nil {
                for (number, suffix) in satellites.enumerated() where field.name.hasSuffix(suffix) {
                    mostSatellites = max(mostSatellites, number + 1)
                }
            }
            // No beams have no column.
            if case .beams = plan.layout.tail, case .list = field.kind, written?.isEmpty ?? true { continue }
            columns += try padded(written ?? [], to: field, takesRest: takesRest(index))
            if written != nil || field.preset != nil && columns.count <= plan.layout.fewest {
                needed = max(needed, columns.count)
            }
        }
        if case .satellites = plan.layout.tail { return try withSatellites(columns, mostSatellites) }
        if let extra = try extra() {
            // Extra columns stand behind all that the layout has.
            return columns + [extra]
        }
        if !plan.layout.takesRest { return Array(columns.prefix(max(needed, plan.layout.fewest))) }
        while columns.count > plan.layout.fewest, columns.count > needed, columns.last?.isEmpty == true {
            columns.removeLast()
        }
        return columns
    }

    /// Whether the field with this index may hold any number of columns; the one behind all is `extra`.
    func takesRest(_ index: Int) -> Bool {
        guard index < plan.layout.fields.count else { return true }
        return switch (plan.layout.tail, plan.layout.fields[index].kind) {
        case (.content, .content): true
        case (.rest, _): index == plan.layout.fields.count - 1
        case (.beams, .list): true
        default: false
        }
    }

    private func extra() throws(EncodingRefusal) -> [UInt8]? {
        switch plan.layout.tail {
        case .extra, .satellites: try write(.extra, takesRest: true)
        default: nil
        }
    }

    /// Columns of satellites that are not given are left out, and signal and system stand behind the last one.
    private func withSatellites(_ columns: [[UInt8]], _ satellites: Int) throws(EncodingRefusal) -> [[UInt8]] {
        var kept = Array(columns[..<(3 + 4 * satellites)])
        let isSignal = values.isGiven("signal")
        let isSystem = values.isGiven("system_id")
        if isSignal || isSystem { kept.append(columns[19]) }
        if isSystem { kept.append(columns[20]) }
        guard let extra = try extra() else { return kept }
        guard satellites == 4, isSignal, isSystem else {
            throw EncodingRefusal(
                "extra", "stands behind four satellites, signal and system_id, which are not all given")
        }
        return kept + [extra]
    }

    /// All columns of a field.
    private func padded(
        _ octets: [UInt8], to field: SentenceField, takesRest: Bool
    ) throws(EncodingRefusal) -> [[UInt8]] {
        if takesRest { return [octets] }
        let columns = try split(octets, of: field)
        return columns + [[UInt8]](repeating: [], count: field.width - columns.count)
    }

    /// The columns of a field that are written. A raw value may hold the commas between them.
    func split(_ octets: [UInt8], of field: SentenceField) throws(EncodingRefusal) -> [[UInt8]] {
        let columns = octets.split(separator: ASCII.comma, omittingEmptySubsequences: false).map(Array.init)
        guard columns.count <= field.width else {
            throw EncodingRefusal(
                field.name, "holds \(columns.count - 1) commas; \(field.width - 1) are allowed in its place")
        }
        return columns
    }

    /// A field as it stands; nil: not given.
    func write(_ field: SentenceField, takesRest: Bool) throws(EncodingRefusal) -> [UInt8]? {
        if let raw = values.values.raws[field.name] {
            return switch raw {
            case .text(let text): Array(text.utf8)
            case .octets(let octets): octets
            case .integer(let number): Array(String(number).utf8)
            default: throw SentenceValues.refusal(field.name, raw, allowed: "the field's text as it stands")
            }
        }
        if case .content(let form) = field.kind {
            let content = SentenceContentWriter(values.values, formField: plan.layout.fields[form])
            if let octets = try content.octets() { return octets }
        }
        guard let value = values.values.parameters[field.name] else {
            if field.isNecessary {
                throw EncodingRefusal(field.name, "is missing; needed is \(FieldWriter(field).allowed)")
            }
            return field.preset.map { Array($0.utf8) }
        }
        return try FieldWriter(field, takesRest: takesRest).octets(value)
    }
}

extension SentenceLayout {
    /// Whether columns may be more than its fields.
    var takesRest: Bool {
        switch tail {
        case .rest, .content, .beams: true
        case .extra, .satellites: false
        }
    }
}

extension SentenceLayout {
    /// The field that states the form of its content; nil where it carries none.
    fileprivate var formOfContent: Int? {
        for field in fields { if case .content(let form) = field.kind { return form } }
        return nil
    }
}
