public import Bytes
public import Records

/// Decodes packets with mission databases, a batch at a time, into columns.
///
///     let decoder = MissionDecoder([try Database.load("songjiang.xml")])
///     let decoded = DecodedBatch()
///     decoder.decode(units, into: decoded, ledger: &ledger)
///     for index in decoded.typesPresent {
///         guard let table = decoded.table(ofType: index) else { continue }
///         for column in table.columns { … column.values … }
///     }
///
/// One decoder serves one thread.
public final class MissionDecoder {
    /// The databases, in the order given.
    public let databases: [Database]
    /// Every kind of packet that the databases know, with the parameters that are selected.
    public let types: [PacketType]
    private let decoders: [TypeDecoder]
    private let resolvers: [Resolver]
    /// For each database the type of each of its nodes; -1 for abstract ones.
    private let typeOfNode: [[Int32]]
    private var choice = DatabaseChoice()

    /// A decoder for the selected parameters of some databases.
    public init(_ databases: [Database], selection: Selection = .all) {
        self.databases = databases
        resolvers = databases.map { Resolver($0) }
        var types: [PacketType] = []
        var decoders: [TypeDecoder] = []
        var typeOfNode: [[Int32]] = []
        for (number, database) in databases.enumerated() {
            var ofNode = [Int32](repeating: -1, count: database.nodes.count)
            for (index, node) in database.nodes.enumerated() where !node.isAbstract {
                let decoder = TypeDecoder(plan: node.plan, selection: selection)
                ofNode[index] = Int32(types.count)
                types.append(Self.type(node, database, number, decoder.selected))
                decoders.append(decoder)
            }
            typeOfNode.append(ofNode)
        }
        self.types = types
        self.decoders = decoders
        self.typeOfNode = typeOfNode
    }

    /// The types that a decoder of everything has, without making one.
    package static func types(of databases: [Database]) -> [PacketType] {
        databases.enumerated().flatMap { number, database in
            database.nodes.filter { !$0.isAbstract }.map { node in
                type(node, database, number, Array(node.plan.fields.indices))
            }
        }
    }

    private static func type(_ node: NodePlan, _ database: Database, _ number: Int, _ fields: [Int]) -> PacketType {
        let (shortName, description) = database.descriptions[node.container]
        return PacketType(
            name: node.name, shortName: shortName, description: description, database: number, mission: database.name,
            parameters: fields.map { node.plan.fields[$0].info },
            fixedLength: node.plan.end.map { (max($0, node.plan.fixedEnd) + 7) / 8 })
    }

    // MARK: Names

    /// What a name that a user typed means: a qualified name, or the last parts of one that no other parameter ends in.
    public func meaning(of name: String) -> NameMeaning {
        let dotted = String(name.map { $0 == "/" ? "." : $0 })
        let all = databases.flatMap(\.parameterNames)
        if all.contains(dotted) { return .parameter(dotted) }
        let aliases = databases.flatMap(\.parameterAliases)
        let matches = zip(all, aliases).filter { name, others in
            Names.matches(name, tail: dotted) || others.contains { Names.matches($0, tail: dotted) }
        }.map(\.0)
        if matches.count == 1 { return .parameter(matches[0]) }
        if matches.count > 1 { return .ambiguous(matches) }
        let last = String(dotted.split(separator: ".").last ?? "")
        let tails = Set(all.compactMap { $0.split(separator: ".").last.map(String.init) })
        // A part of a name is nearer than one with other letters.
        let parts = tails.filter { last.count >= 3 && $0.lowercased().contains(last.lowercased()) }.sorted()
        return .unknown(nearest: parts.isEmpty ? Names.nearest(to: last, in: Array(tails)) : Array(parts.prefix(12)))
    }

    // MARK: Packets

    /// What a packet resolves to.
    public struct Match: Sendable, Hashable {
        /// An index into ``MissionDecoder/types``.
        public let type: Int
        /// An index into ``MissionDecoder/databases``.
        public let database: Int
        /// Whether the packet ends where its type does: the match is weaker when not.
        public let isExact: Bool
    }

    /// The best match of a packet among all databases, or in one of them; nil when no container matches. An exact match
    /// goes before others, then the order of the databases decides.
    public func match(_ packet: RawSpan, database: Int? = nil) -> Match? {
        var best: Match?
        for index in database.map({ $0..<$0 + 1 }) ?? resolvers.indices {
            var isAmbiguous = false
            let node = resolvers[index].resolve(packet, &isAmbiguous)
            guard node >= 0 else { continue }
            let isExact = resolvers[index].ends(node, packet)
            if isExact || best == nil {
                best = Match(type: Int(typeOfNode[index][node]), database: index, isExact: isExact)
            }
            if isExact { break }
        }
        return best
    }

    /// Begins another capture, whose flows are others: which database explains them is found out anew.
    public func beginCapture() { choice = DatabaseChoice() }

    /// The type of a packet; -1: none. With several databases, the first exact match of a flow, and of each virtual
    /// channel or APID that its database does not explain, says which one is its.
    private func type(of packet: RawSpan, in unit: Unit, _ isAmbiguous: inout Bool) -> Int32 {
        let settled = choice.database(of: unit)
        if settled >= 0 { return type(of: packet, database: settled, &isAmbiguous) }
        let ofFlow = choice.database(ofFlow: unit)
        var best = ofFlow >= 0 ? match(packet, database: ofFlow) : match(packet)
        // Two spacecraft may share a flow. What ends elsewhere than its type is no evidence for another database.
        if ofFlow >= 0, best?.isExact != true, let other = match(packet), other.isExact { best = other }
        guard let best else { return -1 }
        if best.isExact { choice.settle(unit, database: best.database) }
        return type(of: packet, database: best.database, &isAmbiguous)
    }

    private func type(of packet: RawSpan, database: Int, _ isAmbiguous: inout Bool) -> Int32 {
        let node = resolvers[database].resolve(packet, &isAmbiguous)
        return node >= 0 ? typeOfNode[database][node] : -1
    }

    /// Decodes a batch of packets. Idle packets and messages have no type.
    ///
    /// Values that should be there and are not go to the ledger, with no octets: those of the packets are entered by
    /// who decoded the packets.
    public func decode(_ units: borrowing Batch<Unit>, into decoded: DecodedBatch, ledger: inout Ledger) {
        decoded.begin(types: types.count, units: units.count)
        assign(units, to: decoded, ledger: &ledger)
        decoded.distribute(units) { table($0) }
        for index in decoded.typesPresent {
            if let table = decoded.table(ofType: index) { decode(table, units, ledger: &ledger) }
        }
    }

    /// Says of which type each packet is.
    package func assign(_ units: borrowing Batch<Unit>, to decoded: DecodedBatch, ledger: inout Ledger) {
        var ambiguity = Ambiguity()
        if databases.count == 1 {
            resolvers[0].assign(units, types: typeOfNode[0], to: decoded, &ambiguity)
        } else {
            for index in 0..<units.count {
                let unit = units[index]
                guard unit.marks.isDisjoint(with: [.idle, .message]) else { continue }
                var isAmbiguous = false
                decoded.typeIndexes[index] = type(of: units.bytes(of: unit), in: unit, &isAmbiguous)
                if isAmbiguous { ambiguity.add(index) }
            }
        }
        guard ambiguity.count > 0 else { return }
        let first = units[ambiguity.first]
        ledger.reject(
            .parameter, "packet matches more than one container", count: ambiguity.count, bytes: 0,
            packet: first.packet, offset: first.offset)
    }

    /// An empty table for packets of a type.
    package func table(_ type: Int) -> DecodedTable { decoders[type].table(types[type], type) }

    /// Fills the columns of a table whose packets are there.
    package func decode(_ table: DecodedTable, _ units: borrowing Batch<Unit>, ledger: inout Ledger) {
        let decoder = decoders[table.typeIndex]
        decoder.decodeFixed(table)
        decoder.decodeWalked(table)
        decoder.convertContexts(table)
        decoder.resolveChains(table)
        decoder.judge(table)
        table.report(units, to: &ledger)
    }
}
