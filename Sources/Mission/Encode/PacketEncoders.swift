public import Records

/// The encoders of all packet types of some databases, each made when it is first asked for.
public final class PacketEncoders {
    /// The databases, in the order given.
    public let databases: [Database]
    /// How values are taken.
    public let options: PacketEncoder.Options
    /// Every kind of packet that can be made.
    public let types: [PacketType]
    private let places: [(database: Int, node: Int)]
    private var resolvers: [Resolver?]
    private var made: [Int: PacketEncoder] = [:]
    private var names: [String: Int] = [:]

    /// Encoders for the packets of some databases.
    public init(_ databases: [Database], options: PacketEncoder.Options = .init()) {
        self.databases = databases
        self.options = options
        types = MissionDecoder.types(of: databases)
        places = databases.enumerated().flatMap { number, database in
            database.nodes.indices.filter { !database.nodes[$0].isAbstract }.map { (number, $0) }
        }
        resolvers = Array(repeating: nil, count: databases.count)
    }

    /// The encoder of a packet type, by its qualified name or any tail of it that no other type has.
    ///
    /// - Throws: names that are near, or those that are meant.
    public func encoder(for name: String) throws(PacketRefusal) -> PacketEncoder {
        let index = try index(of: name)
        if let encoder = made[index] { return encoder }
        let (number, node) = places[index]
        let database = databases[number]
        let resolver = resolvers[number] ?? Resolver(database)
        resolvers[number] = resolver
        var parents = [Int](repeating: -1, count: database.nodes.count)
        for (parent, node) in database.nodes.enumerated() { for child in node.children { parents[child] = parent } }
        var criteria: [CriteriaPlan] = []
        var here = node
        while here >= 0 {
            criteria.append(database.nodes[here].criteria)
            here = parents[here]
        }
        let encoder = PacketEncoder(
            database, node: node, type: types[index], criteria: criteria.reversed(), resolver: resolver,
            options: options)
        made[index] = encoder
        return encoder
    }

    private func index(of name: String) throws(PacketRefusal) -> Int {
        if let known = names[name] { return known }
        let dotted = String(name.map { $0 == "/" ? "." : $0 })
        let exact = types.indices.filter { types[$0].name == dotted }
        let matches = exact.isEmpty ? types.indices.filter { Names.matches(types[$0].name, tail: dotted) } : exact
        if let first = matches.first, matches.count == 1 || !exact.isEmpty {
            names[name] = first
            return first
        }
        if matches.count > 1 {
            let all = matches.prefix(6).map { types[$0].name }.joined(separator: ", ")
            throw PacketRefusal(nil, nil, "several packet types are called '\(name)'; say which of \(all)")
        }
        let last = String(dotted.split(separator: ".").last ?? "")
        let tails = types.map(\.shortName)
        var near = last.count >= 3 ? Set(tails.filter { $0.lowercased().contains(last.lowercased()) }).sorted() : []
        if near.isEmpty { near = Names.nearest(to: last, in: tails) }
        let abstract = databases.flatMap(\.nodes).contains { $0.isAbstract && Names.matches($0.name, tail: dotted) }
        let words = abstract ? "'\(name)' is abstract: no packet is of it alone" : "no packet type is called '\(name)'"
        let others = near.isEmpty ? tails : near
        guard !others.isEmpty else { throw PacketRefusal(nil, nil, words + "; the databases have none") }
        throw PacketRefusal(
            nil, nil,
            words + "; \(near.isEmpty ? "there are" : "near it are") "
                + others.prefix(8).joined(separator: ", ") + (others.count > 8 ? " …" : ""))
    }
}
