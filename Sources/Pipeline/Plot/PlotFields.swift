internal import Records

/// What names of fields mean: which columns of which packet types are drawn.
struct PlotFields {
    /// A parameter that is drawn.
    struct Target {
        var info: ParameterInfo
        /// The field that named it.
        var field: Int
    }
    /// A column of a packet type.
    struct Source {
        var column: Int
        /// An index into ``targets``.
        var target: Int
    }

    /// The fields as they were typed.
    let names: [String]
    private(set) var targets: [Target] = []
    /// For each packet type its columns.
    private(set) var sources: [[Source]] = []
    /// For each packet type the column that says when; nil where it has none, or where the capture says it.
    private(set) var timeColumns: [Int?] = []
    let usesStatedTime: Bool

    /// Finds the columns; refuses names that nothing has and what cannot be drawn.
    init(_ names: [String], time: String?, _ decoder: RecordDecoder) throws(Plotting.Refusal) {
        self.names = names
        usesStatedTime = time != nil
        for name in names { try Self.check(name, decoder, { Self.isDrawn($0.kind) }, refused: Self.words) }
        if let time {
            let refused = { (name: String, kind: ValueKind) in
                "'\(name)' is \(Self.article(kind)) and no time: --time takes a parameter that is one"
            }
            try Self.check(time, decoder, { $0.kind == .time }, refused: refused)
        }
        for (field, name) in names.enumerated() {
            for type in decoder.types {
                for info in type.parameters where Self.isDrawn(info.kind) && info.isMeant(by: name) {
                    if !targets.contains(where: { $0.info.name == info.name }) {
                        targets.append(Target(info: info, field: field))
                    }
                }
            }
        }
        for type in decoder.types {
            var columns: [Source] = []
            var timeColumn: Int?
            for (column, info) in type.parameters.enumerated() {
                if let target = targets.firstIndex(where: { $0.info.name == info.name }), Self.isDrawn(info.kind) {
                    columns.append(Source(column: column, target: target))
                }
                if let time, info.kind == .time, info.isMeant(by: time) { timeColumn = timeColumn ?? column }
            }
            sources.append(columns)
            timeColumns.append(timeColumn)
        }
    }

    /// Refuses a name that nothing has, or nothing of the right kind.
    private static func check(
        _ name: String, _ decoder: RecordDecoder, _ isRight: (ParameterInfo) -> Bool,
        refused: (String, ValueKind) -> String
    ) throws(Plotting.Refusal) {
        if case .unknown(let nearest) = decoder.meaning(of: name) {
            let near = nearest.isEmpty ? "" : "; near it are \(nearest.prefix(5).joined(separator: ", "))"
            throw Plotting.Refusal(description: "no parameter and no file is called '\(name)'\(near)")
        }
        let meant = decoder.types.flatMap(\.parameters).filter { $0.isMeant(by: name) }
        guard !meant.contains(where: isRight), let first = meant.first else { return }
        throw Plotting.Refusal(description: refused(name, first.kind))
    }

    private static func isDrawn(_ kind: ValueKind) -> Bool {
        switch kind {
        case .unsigned, .signed, .float, .enumeration, .boolean: true
        case .string, .binary, .time, .list: false
        }
    }

    private static func words(_ name: String, _ kind: ValueKind) -> String {
        let hint = kind == .time ? "; --time \(name) puts other parameters over it" : ""
        return "'\(name)' is \(article(kind)): numbers, enumerations and booleans can be drawn\(hint)"
    }

    private static func article(_ kind: ValueKind) -> String {
        switch kind {
        case .unsigned, .signed, .float: "a number"
        case .enumeration: "an enumeration"
        case .boolean: "a boolean"
        case .string: "text"
        case .binary: "octets"
        case .time: "a time"
        case .list: "a list"
        }
    }

    /// What the legend calls a target: its short name where no other one has it.
    func title(_ target: Int) -> String {
        let info = targets[target].info
        return targets.count { $0.info.shortName == info.shortName } == 1 ? info.shortName : info.name
    }
}
