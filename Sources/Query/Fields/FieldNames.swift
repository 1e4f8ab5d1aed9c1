package import Records

/// All names that mean parameters of a catalogue: there are thousands, so they are found by an index.
package struct FieldNames {
    /// A parameter of a packet type, by their places.
    private struct Place {
        var type: Int
        var parameter: Int
    }

    private let types: [PacketType]
    /// For each name, alias, and last parts of one, what it means.
    private var places: [String: [Place]] = [:]
    /// The names that are whole: these mean nothing else.
    private var whole: Set<String> = []
    /// Whether names are good that were asked for: many parameters share theirs.
    private var known: [String: Bool] = [:]

    /// The names of a catalogue's parameters.
    package init(_ catalogue: FieldCatalogue) {
        types = catalogue.types
        for (type, packets) in types.enumerated() {
            for (parameter, info) in packets.parameters.enumerated() {
                whole.insert(info.name)
                for name in [info.name] + info.aliases {
                    for tail in Self.tails(of: name) {
                        places[tail, default: []].append(Place(type: type, parameter: parameter))
                    }
                }
            }
        }
    }

    /// A dotted name and its last parts, the longest first.
    private static func tails(of name: String) -> [String] {
        var tails = [name]
        var rest = name[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            tails.append(String(rest))
        }
        return tails
    }

    /// The name that is typed for a parameter: the shortest that a filter takes.
    package mutating func shortest(_ info: ParameterInfo) -> String {
        for name in [info.shortName] + info.aliases + Self.tails(of: info.name).reversed() {
            let isGood = known[name] ?? isGood(name)
            known[name] = isGood
            if isGood { return name }
        }
        return info.name
    }

    /// Whether a name means a parameter, or several.
    func contains(_ name: String) -> Bool { places[name] != nil }

    /// Whether a filter takes a name: it is no header field's, and means one parameter of each type at most, all of one
    /// kind.
    package func isGood(_ name: String) -> Bool {
        guard let places = places[name], !HeaderField.isReserved(name) else { return false }
        let isWhole = whole.contains(name)
        var first: FieldUse.Sort?
        var last: (type: Int, name: String)?
        for place in places {
            let info = types[place.type].parameters[place.parameter]
            if isWhole, info.name != name { continue }
            if let last, last.type == place.type, last.name != info.name { return false }
            last = (place.type, info.name)
            let sort = FieldUse.Sort(info)
            if let first, !sort.isComparable(to: first) { return false }
            first = first ?? sort
        }
        return true
    }

    /// The good names that begin so and have as many dots, sorted: each dot that is typed shows the next parts.
    package func beginning(with typed: String) -> [String] {
        let dots = typed.count { $0 == "." }
        return places.keys.filter { name in
            name.hasPrefix(typed) && name.utf8.count { $0 == UInt8(ascii: ".") } == dots && isGood(name)
        }.sorted()
    }
}
