internal import Records

/// A layout made ready for decoding: the parameters of its type, and for each the places of its columns.
package struct SentencePlan: Sendable {
    package let layout: SentenceLayout
    package let type: MessageType
    let operations: [SentenceOperation]
    /// How many columns the layout has.
    let columns: Int
    /// Columns in front of a content; all of them elsewhere.
    let leading: Int
    /// Places kept for a row: in front of each column, behind the last, and the end of the sentence's columns.
    var stride: Int { columns + 2 }

    /// The word that begins the names of a dialect's parameters.
    static func family(_ dialect: Dialect) -> String {
        switch dialect {
        case .nmea: "nmea"
        case .rdss2: "rdss"
        case .regional: "bds3"
        case .rdss4: "rdss4"
        case .jtt808: "jtt808"
        }
    }

    init(_ layout: SentenceLayout) {
        self.layout = layout
        let family = Self.family(layout.dialect)
        var parameters: [ParameterInfo] = []
        var operations: [SentenceOperation] = []
        func add(_ field: SentenceField, from: Int, to: Int) {
            operations.append(SentenceOperation(field: field, parameter: parameters.count, from: from, to: to))
            parameters.append(field.info(family: family, type: layout.name))
            if case .content = field.kind {
                parameters += ContentColumns.parameters(family: family, type: layout.name)
            }
        }
        parameters.append(SentenceField.talker.info(family: family, type: layout.name))
        let width = layout.fields.reduce(0) { $0 + $1.width }
        columns = width
        var column = 0
        var leading = width
        for (index, field) in layout.fields.enumerated() {
            var to = column + field.width
            if case .rest = layout.tail, index == layout.fields.count - 1 { to = width + 1 }
            if case .content = field.kind { leading = column }
            add(field, from: column, to: to)
            column += field.width
        }
        self.leading = leading
        for field in layout.derived { add(field, from: 0, to: 0) }
        switch layout.tail {
        case .extra, .satellites: add(.extra, from: width, to: width + 1)
        case .rest, .content, .beams: break
        }
        self.operations = operations
        type = MessageType(name: layout.name, dialect: layout.dialect, title: layout.title, parameters: parameters)
    }
}

/// One parameter of a plan.
struct SentenceOperation: Sendable {
    let field: SentenceField
    let parameter: Int
    /// Where among a row's places the position in front of its first octet stands, and that of its end.
    let from: Int
    let to: Int
    let codes: CodeTable

    init(field: SentenceField, parameter: Int, from: Int, to: Int) {
        self.field = field
        self.parameter = parameter
        self.from = from
        self.to = to
        switch field.kind {
        case .code(let codes): self.codes = CodeTable(codes)
        case .modeLetter: codes = CodeTable(SentenceField.modes.map { SentenceCode($0.key, $0.value) })
        default: codes = CodeTable([])
        }
    }
}

extension SentenceField {
    /// Whether it takes no columns of its own.
    var isDerived: Bool { width == 0 }

    static let talker = SentenceField("talker", .text, "the two letters that say who sends it")
    static let extra = SentenceField("extra", .text, "columns that the layout does not have")

    /// Groups of names that people ask for, whatever message they stand in.
    private static let groups: [String: String] = [
        "latitude": "position", "longitude": "position", "height": "position", "height_anomaly": "position",
        "geoid_separation": "position", "speed": "position", "course": "position", "utc": "position",
        "sender": "rdss", "receiver": "rdss", "address": "rdss", "form": "message",
    ]

    func info(family: String, type: String) -> ParameterInfo {
        ParameterInfo(
            name: "\(family).\(type).\(name)", shortName: name,
            aliases: Self.groups[name].map { ["\($0).\(name)"] } ?? [], description: title, unit: unit, kind: valueKind,
            rawKind: .text, labels: labels, timeDigits: valueKind == .time ? 3 : 0)
    }

    var valueKind: ValueKind {
        switch kind {
        case .text, .unitLetter, .content, .timeOfDay, .hourMinute, .date, .dayMonthYear, .zone: .string
        case .body, .octets: .binary
        case .number, .hexNumber, .level, .minutesSeconds, .satellite: .unsigned
        case .decimal, .latitude, .longitude, .variation: .float
        case .code, .system, .modeLetter: .enumeration
        case .flag, .anyMode: .boolean
        case .list, .satellites, .part: .list
        case .utc: .time
        }
    }

    var labels: [String] {
        switch kind {
        case .code(let codes): codes.map(\.label)
        case .system: SatelliteSystem.labels
        case .modeLetter: Self.modes.map(\.value)
        case .flag, .anyMode: ["false", "true"]
        default: []
        }
    }
}

/// Codes looked up by one letter, or by a number below 256.
struct CodeTable: Sendable {
    /// The label of each code; 0xFF: none.
    let labels: [UInt8]
    let isNumeric: Bool

    init(_ codes: [SentenceCode]) {
        isNumeric = codes.allSatisfy { $0.code.utf8.allSatisfy(ASCII.isDigit) }
        var labels = [UInt8](repeating: 0xFF, count: 256)
        for (index, code) in codes.enumerated() {
            let place = isNumeric ? Int(code.code) : code.code.utf8.first.map(Int.init)
            if let place, labels.indices.contains(place) { labels[place] = UInt8(truncatingIfNeeded: index) }
        }
        self.labels = labels
    }
}
