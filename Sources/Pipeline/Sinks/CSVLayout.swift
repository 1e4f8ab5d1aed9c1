internal import Query
internal import Records

/// The columns of a CSV row of one packet type.
struct CSVLayout {
    private(set) var names: [String] = []
    /// What each column shows: the column of the type's table with that index; -1: a parameter that the type does not
    /// have; -2 and below: the header field -2 - n.
    private(set) var shown: [Int32] = []
    /// Whether limits that are not nominal have a column, behind all others.
    private(set) var withLimits = false

    private mutating func add(_ field: HeaderField, _ name: String) {
        names.append(name)
        shown.append(-2 - Int32(HeaderField.allCases.firstIndex(of: field) ?? 0))
    }

    /// The same columns for all types, and for packets without one, whose layout is the last.
    static func shared(_ types: [PacketType], _ columns: SinkColumns) -> [CSVLayout] {
        // Limits of what only a filter looks at are not shown.
        let withLimits = types.enumerated().contains { number, type in
            type.parameters.enumerated().contains {
                $1.hasLimits && (columns.isAll || columns.shows(type: number, column: $0))
            }
        }
        return (0...types.count).map { type in
            var layout = CSVLayout()
            layout.withLimits = withLimits
            for (name, source) in zip(columns.names, columns.sources) {
                switch source {
                case .header(let field): layout.add(field, name)
                case .parameter(let indexes):
                    layout.names.append(name)
                    layout.shown.append(type < types.count ? indexes[type] : -1)
                }
            }
            return layout
        }
    }

    /// Columns of its own for each type, and for packets without one, whose layout is the last.
    ///
    /// - Parameter fields: those asked for, of which each type has what it has; nil for all.
    static func own(_ types: [PacketType], _ fields: [String]?) -> [CSVLayout] {
        (0...types.count).map { index in
            let type = index < types.count ? types[index] : nil
            let printed = type.map(printedNames) ?? []
            var layout = CSVLayout()
            guard let fields else {
                layout.withLimits = type?.parameters.contains(where: \.hasLimits) ?? false
                for field in HeaderField.printed { layout.add(field, field.rawValue) }
                layout.names += printed
                layout.shown += printed.indices.map { Int32($0) }
                return layout
            }
            for field in fields {
                if let header = HeaderField.named(field) {
                    layout.add(header, field)
                } else if let type, let place = type.parameters.firstIndex(where: { $0.isMeant(by: field) }) {
                    layout.names.append(field)
                    layout.shown.append(Int32(place))
                    if type.parameters[place].hasLimits { layout.withLimits = true }
                }
            }
            return layout
        }
    }
}
