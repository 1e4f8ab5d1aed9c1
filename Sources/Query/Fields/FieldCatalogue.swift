public import Records

/// The fields that a filter may ask for: those that every packet has, and the parameters of some packet types.
public struct FieldCatalogue: Sendable {
    /// The packet types, with all their parameters.
    public let types: [PacketType]

    /// Whether there are no other types: then a text that is the name of none is a mistake.
    let isComplete: Bool

    /// The fields of some types.
    ///
    /// - Parameter isComplete: whether a filter that names another packet type, dialect or mission is refused.
    public init(types: [PacketType], isComplete: Bool = false) {
        self.types = types
        self.isComplete = isComplete
    }

    /// The texts that a field of every packet can have; nil where it may have any.
    func values(of field: HeaderField) -> [String]? {
        guard isComplete else { return nil }
        switch field {
        case .type: return types.map(\.name)
        case .dialect: return Set(types.compactMap(\.dialect)).sorted()
        case .spacecraftName: return Set(types.compactMap(\.mission)).sorted()
        default: return nil
        }
    }

    /// What a name stands for.
    enum Meaning {
        case header(HeaderField)
        case several([HeaderField])
        case layer(String)
        /// A parameter: for each type its place among the type's parameters, or nil.
        case parameter(ParameterUse)
        /// Nothing is called so.
        case unknown
        /// One packet type has several parameters that are called so.
        case ambiguous([String])
    }

    /// What a name that a user typed stands for.
    func meaning(of name: String) -> Meaning {
        if let field = HeaderField.named(name) { return .header(field) }
        if let several = HeaderField.several.first(where: { $0.name == name }) { return .several(several.fields) }
        if let layer = HeaderField.layers.first(where: { $0.name == name }) { return .layer(layer.layer) }
        let isWhole = types.contains { $0.parameters.contains { $0.name == name } }
        var names: Set<String> = []
        var infos: [ParameterInfo] = []
        for type in types {
            let found = type.parameters.filter { isWhole ? $0.name == name : $0.isMeant(by: name) }
            // A field of an array of texts is one parameter many times, and the last has the plain name.
            guard Set(found.map(\.name)).count <= 1 else { return .ambiguous(found.map(\.name)) }
            guard let info = found.last, names.insert(info.name).inserted else { continue }
            infos.append(info)
        }
        return infos.isEmpty ? .unknown : .parameter(ParameterUse(typed: name, names: names, infos: infos))
    }

    /// The names that are near one that means nothing, the nearest first.
    package func nearest(to name: String) -> [String] {
        let heads =
            HeaderField.allCases.flatMap { [$0.rawValue] + $0.aliases } + HeaderField.several.map(\.name)
            + HeaderField.layers.map(\.name)
        let parameters = types.flatMap(\.parameters)
        let typed = name.split(separator: ".")
        let last = typed.last.map(String.init) ?? name
        // As many parts of names as were typed.
        let ends = Set(
            parameters.flatMap { [$0.name] + $0.aliases }.map {
                $0.split(separator: ".").suffix(typed.count).joined(separator: ".")
            })
        let whole = Names.nearest(to: name, in: heads + ends)
        let tails = Names.nearest(to: last, in: Array(Set(parameters.map(\.shortName))) + heads)
        // A part of a name is near it, too.
        let parts = Set(parameters.map(\.shortName)).filter {
            last.utf8.count >= 3 && $0.lowercased().contains(last.lowercased())
        }
        var seen: Set<String> = []
        return (whole + tails + parts.sorted()).filter { seen.insert($0).inserted }.prefix(5).map { $0 }
    }
}

/// A parameter that a name means: in one packet type or in several.
struct ParameterUse: Equatable {
    /// The name as it was typed.
    let typed: String
    /// The qualified names of what it means.
    let names: Set<String>
    /// What they are, each once.
    let infos: [ParameterInfo]

    static func == (a: ParameterUse, b: ParameterUse) -> Bool { a.names == b.names }

    /// Its place among the parameters of a type; nil where the type has none.
    func index(in type: PacketType) -> Int? { type.parameters.lastIndex { names.contains($0.name) } }
}
