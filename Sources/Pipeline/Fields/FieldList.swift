internal import Glibc
public import Mission
internal import Query
internal import Records

/// The fields of some databases and all messages, those with one name together: what `fields` lists.
public struct FieldList: Sendable {
    /// The fields: those of every packet first, then those of each database, then those of messages.
    public internal(set) var fields: [Field] = []
    /// For each packet type of a decoder of everything, by the names of its parameters, the place of each one's field.
    private(set) var places: [[String: Int]] = []
    /// The names of the parameters that are among the fields.
    private(set) var parameters: Set<String> = []
    private let catalogue: FieldCatalogue

    /// The fields that a pattern means.
    ///
    /// - Parameter pattern: a part of a name, whatever its capitals, or a whole name with `*`, `?` or `[…]`; nil for all.
    public init(_ databases: [Database], matching pattern: String? = nil) {
        catalogue = FieldCatalogue(databases)
        let pattern = pattern.map(Pattern.init)
        addHeaders(pattern)
        addParameters(pattern)
    }

    /// The names that are near one that no field has, the nearest first.
    public func nearest(to name: String) -> [String] { catalogue.nearest(to: name) }

    private mutating func addHeaders(_ pattern: Pattern?) {
        for header in HeaderField.allCases where pattern?.matches([header.rawValue] + header.aliases) ?? true {
            var field = Field(header.rawValue, .packets, header.listedKind, header.unit, header.meaning)
            field.others = header.aliases
            if case .label(let labels) = header.kind { field.labels = labels }
            field.example = example(header)
            fields.append(field)
        }
        for (name, several, meaning) in HeaderField.several where pattern?.matches([name]) ?? true {
            var field = Field(name, .filters, several[0].listedKind, "", meaning)
            field.example = several[0].example.replacing(several[0].rawValue, with: name)
            fields.append(field)
        }
        for (name, _, meaning) in HeaderField.layers where pattern?.matches([name]) ?? true {
            var field = Field(name, .filters, .layer, "", meaning)
            field.example = "\(name) and length > 100"
            fields.append(field)
        }
    }

    /// A filter that uses a header field. Names of types and missions are such as there are: others are refused.
    private func example(_ header: HeaderField) -> String {
        switch header {
        case .type: catalogue.types.first.map { "type == \"\($0.name)\"" } ?? header.example
        case .spacecraftName:
            catalogue.types.lazy.compactMap(\.mission).first.map { "spacecraft.name == \"\($0)\"" } ?? header.rawValue
        default: header.example
        }
    }

    /// What makes two parameters one field.
    private struct Key: Hashable {
        let owner: Field.Owner
        let name: String
        let kind: Field.Kind
        let unit: String
    }

    private mutating func addParameters(_ pattern: Pattern?) {
        var names = FieldNames(catalogue)
        var typed: [String: String] = [:]
        var known: [Key: Int] = [:]
        var meanings: [[String: Int]] = Array(repeating: [:], count: fields.count)
        let first = fields.count
        for type in catalogue.types {
            var own: [String: Int] = [:]
            for info in type.parameters {
                guard pattern?.matches([info.shortName, info.name] + info.aliases) ?? true else { continue }
                let name = typed[info.name] ?? names.shortest(info)
                typed[info.name] = name
                // What is a date has no unit that could be typed.
                let unit = info.kind == .time ? "" : info.unit
                let key = Key(owner: Field.Owner(type), name: name, kind: Field.Kind(info.kind), unit: unit)
                let place = known[key] ?? fields.count
                if place == fields.count {
                    known[key] = place
                    fields.append(Field(name, key.owner, key.kind, key.unit, ""))
                    meanings.append([:])
                }
                fields[place].add(info, of: type)
                meanings[place][info.description, default: 0] += 1
                own[info.name] = place
                parameters.insert(info.name)
            }
            places.append(own)
        }
        for place in first..<fields.count { fields[place].complete(meanings[place]) }
        sortMessages(from: first)
    }

    /// Messages have hundreds of fields, whose order says nothing: they stand by the alphabet.
    private mutating func sortMessages(from first: Int) {
        guard let start = fields[first...].firstIndex(where: { $0.owner == .messages }) else { return }
        // What is called the same in several messages stands together.
        let keys = fields.map { field in
            (field.name.split(separator: ".").last.map { $0.lowercased() } ?? "", field.name)
        }
        let order = Array(0..<start) + (start..<fields.count).sorted { keys[$0] < keys[$1] }
        var moved = Array(repeating: 0, count: fields.count)
        for (place, old) in order.enumerated() { moved[old] = place }
        fields = order.map { fields[$0] }
        places = places.map { $0.mapValues { moved[$0] } }
    }
}

/// What a user typed to choose fields.
private struct Pattern {
    private let text: String
    private let isGlob: Bool

    init(_ text: String) {
        self.text = text.lowercased()
        isGlob = text.contains { "*?[".contains($0) }
    }

    func matches(_ names: [String]) -> Bool {
        names.contains { name in
            let name = name.lowercased()
            return isGlob ? unsafe fnmatch(text, name, 0) == 0 : name.contains(text)
        }
    }
}

extension Field {
    init(_ name: String, _ owner: Owner, _ kind: Kind, _ unit: String, _ meaning: String) {
        (self.name, self.owner, self.kind, self.unit, self.meaning) = (name, owner, kind, unit, meaning)
    }

    /// A packet type has it as this parameter.
    fileprivate mutating func add(_ info: ParameterInfo, of type: PacketType) {
        if types.last != type.name { types.append(type.name) }
        for other in [info.name] + info.aliases where other != name && !others.contains(other) { others.append(other) }
        for label in info.labels where !labels.contains(label) { labels.append(label) }
        hasLimits = hasLimits || info.hasLimits
        if limits.isEmpty { limits = info.limitRanges }
    }

    /// All parameters are in it.
    fileprivate mutating func complete(_ meanings: [String: Int]) {
        // What most of them say.
        meaning = meanings.filter { !$0.key.isEmpty }.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
        example = madeExample
    }
}

extension Field.Owner {
    fileprivate init(_ type: PacketType) { self = type.mission.map { .mission($0) } ?? .messages }
}

extension Field.Kind {
    init(_ kind: ValueKind) {
        switch kind {
        case .unsigned, .signed, .float: self = .number
        case .enumeration: self = .label
        case .boolean: self = .truth
        case .string: self = .text
        case .binary: self = .octets
        case .time: self = .time
        case .list: self = .list
        }
    }
}

extension HeaderField {
    fileprivate var listedKind: Field.Kind {
        switch kind {
        case .number: .number
        case .time: .time
        case .text: .text
        case .octets: .octets
        case .address: .address
        case .label: .label
        }
    }
}
