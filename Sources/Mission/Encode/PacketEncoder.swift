import Bytes
public import Records

/// Makes packets of one type from values of its parameters: the plans of decoding run backwards.
///
///     let encoders = PacketEncoders([try Database.load("songjiang.xml")])
///     let encoder = try encoders.encoder(for: "eps_housekeeping")
///     var values = PacketValues()
///     values.set("eps_battery_voltage", to: .number(28.4))
///     let octets = try encoder.encode(values)
///
/// What the restriction criteria on the way to the type demand, the length and the sequence count of a CCSDS primary
/// header, sizes of data that are given, and what decides whether a given parameter stands in the packet is filled in;
/// a given value that contradicts it is refused. What is left takes its initial value, else raw 0. Each field that is
/// written is decoded again at once by the decoder itself, and has to give the value that was meant, to half a step.
///
/// Bits that no parameter covers are 0. One encoder serves one thread.
public final class PacketEncoder {
    /// How values are taken.
    public struct Options: Sendable, Hashable {
        /// Whether a parameter that is not given, and that nothing fills in, is refused.
        public var isStrict = false
        /// Whether engineering values have to lie in the `ValidRange` of the database.
        public var checksValidRanges = true

        /// Initial values and zeros, and valid ranges checked.
        public init() {}
    }

    /// What kind of packet it makes.
    public let type: PacketType
    /// How values are taken.
    public let options: Options

    let database: Database
    let node: Int
    let plan: TypePlan
    let decoder: TypeDecoder
    /// One row: what the decoder makes of the packet so far.
    let table: DecodedTable
    /// The packet; its memory never moves.
    let packet: ByteBuffer
    /// Bits that given values took, where fields overlap; nil where none do.
    let taken: ByteBuffer?
    let header: PrimaryHeaderPlan?
    /// Whether the size of some data is told by the length of the packet.
    let lengthTellsSizes: Bool
    let resolver: Resolver
    /// The criteria from the root down that a packet of the type meets.
    let criteria: [CriteriaPlan]
    /// For each field the conditions under which it stands in the packet; empty where it always does.
    let conditions: [[CriteriaPlan]]
    /// For each field the calibrators run backwards: the standard one, then those of contexts. Made when first used.
    var inverses: [Int: [InverseCalibration?]] = [:]
    private var names: [String: Int] = [:]
    private var columnable: [String: Bool] = [:]
    /// The next sequence count of each APID.
    var counts: [UInt64: UInt64] = [:]

    // What is known of the present packet, a member for each field.
    var given: [Given?]
    /// Fields that the packet ends in front of, or whose size is not known.
    var missing: Set<Int> = []
    var demands: [Int: CriteriaSolver.Demand] = [:]
    var sources: [EncodedField.Source]
    var places: [(field: Int, start: Int, bits: Int)] = []
    /// Whether each field was written.
    var isWritten: [Bool]
    /// Fields that are written by others later: `isStrict` does not ask for them.
    var excused: Set<Int> = []
    /// Whether an initial value is looked for, which has none itself to be near to.
    var isReadingInitial = false
    /// Octets that may not be zero any more.
    var used = 0

    /// A packet longer than that many octets is refused: the length field of a space packet reaches no further.
    static let longest = 65_542

    /// What was given for a field.
    struct Given {
        var name: String
        var value: PacketValue?
        var raw: PacketValue?
        var isTrusted = true
        /// It was worked out from what was given.
        var isDerived = false
    }

    init(
        _ database: Database, node: Int, type: PacketType, criteria: [CriteriaPlan], resolver: Resolver,
        options: Options
    ) {
        self.database = database
        self.node = node
        self.type = type
        self.criteria = criteria
        self.resolver = resolver
        self.options = options
        plan = database.nodes[node].plan
        decoder = TypeDecoder(plan: plan, selection: .all, isProbe: true)
        table = decoder.table(type, node)
        // Room for the wide reads of the last field.
        packet = ByteBuffer(capacity: Self.longest + 16)
        packet.appendZeros(Self.longest + 16)
        let header = PrimaryHeaderPlan(plan)
        self.header = header
        var tells = false
        if let header { for field in plan.fields where field.sizeReferences.contains(header.length) { tells = true } }
        lengthTellsSizes = tells
        conditions = Self.conditions(of: plan)
        if Self.overlaps(plan) {
            let mask = ByteBuffer(capacity: Self.longest + 16)
            mask.appendZeros(Self.longest + 16)
            taken = mask
        } else {
            taken = nil
        }
        given = Array(repeating: nil, count: plan.fields.count)
        sources = Array(repeating: .zero, count: plan.fields.count)
        isWritten = Array(repeating: false, count: plan.fields.count)
    }

    /// Makes a packet.
    ///
    /// - Throws: which value cannot be written, and what is allowed. Nothing is counted then.
    public func encode(_ values: PacketValues) throws(PacketRefusal) -> [UInt8] {
        let length = try write(values)
        let packet = self.packet
        return packet.bytes.slice(at: 0, count: length).copied()
    }

    /// Says where each field of the packet stands that was made last, and what it holds.
    public func explanation() -> [EncodedField] { places.map { explain($0.field, $0.start, $0.bits) } }

    /// Whether a parameter may be a column of ``PacketColumns``: it is a number in the packet that can be told from a value, and
    /// nothing depends on it.
    public func canBeColumn(_ name: String) -> Bool {
        if let known = columnable[name] { return known }
        let can = (try? FieldWriterMaker(trying: name, of: self)) != nil
        columnable[name] = can
        return can
    }

    /// Whether a parameter is of the primary header of space packets: version, flags, APID, count, length.
    public func isOfPrimaryHeader(_ name: String) -> Bool {
        guard let header, let index = try? index(of: name) else { return false }
        return [
            header.version, header.secondaryHeaderFlag, header.apid, header.sequenceFlags, header.sequenceCount,
            header.length,
        ].contains(index)
    }

    /// Whether another time of the packet counts from this parameter, and writes it.
    public func isPartOfTime(_ name: String) -> Bool {
        guard let index = try? index(of: name) else { return false }
        return plan.fields.contains { field in
            if case .time(let time) = field.conversion { time.origin == .field(index) } else { false }
        }
    }

    /// Whether a parameter is an enumeration of whole numbers.
    public func isLabelled(_ name: String) -> Bool { labelled(name) != nil }

    private func labelled(_ name: String) -> (index: Int, table: LabelTable, format: NumberFormat)? {
        guard let index = try? index(of: name), case .labels(let table) = plan.fields[index].conversion,
            case .number(let format) = plan.fields[index].encoding, format.integers != nil
        else { return nil }
        return (index, table, format)
    }

    /// The labels of an enumeration of whole numbers, each with the least raw value that it stands for; nil of all else.
    public func rawValues(ofLabels name: String) -> [(label: String, raw: Int64)]? {
        guard let (index, table, format) = labelled(name) else { return nil }
        return plan.fields[index].info.labels.enumerated().compactMap { number, label in
            let range = table.ranges.first { Int($0.label) == number }
            return range.map {
                (label, Int64(clamping: format.integer(LabelTable.biased($0.low, isSigned: table.isSigned))))
            }
        }
    }

    /// The engineering value of a parameter in the packet that was made last, or that columns were made of last; nil where it is not
    /// there or its raw value stands for nothing.
    public func written(_ name: String) -> WrittenValue? {
        guard let index = try? index(of: name), isWritten[index] else { return nil }
        return written(index)
    }

    // MARK: The way of a packet

    /// Writes a packet into ``packet`` and says how many octets it has.
    func write(_ values: PacketValues) throws(PacketRefusal) -> Int {
        reset()
        try take(values)
        try complete()
        var length = try writeFields()
        // A length that data is sized by changes the length: once more with what came out.
        if let header, given[header.length] == nil, lengthTellsSizes {
            for _ in 0..<4 where field(header.length) != UInt64(max(length, 7) - 7) {
                let value = max(length, 7) - 7
                places.removeAll(keepingCapacity: true)
                packet.clear(at: 0, count: used)
                taken?.clear(at: 0, count: used)
                demands[header.length] = .cells([UInt64(value)...UInt64(value)])
                length = try writeFields()
            }
        }
        length = try finish(length)
        try checkType(length)
        if let header { count(header) }
        return length
    }

    private func reset() {
        packet.clear(at: 0, count: used)
        taken?.clear(at: 0, count: used)
        used = 0
        missing.removeAll(keepingCapacity: true)
        demands.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        for index in given.indices {
            given[index] = nil
            sources[index] = .zero
        }
    }

    func refusal(_ index: Int?, _ reason: String) -> PacketRefusal {
        let name = index.map { given[$0]?.name ?? plan.fields[$0].info.shortName }
        return PacketRefusal(type.name, name, reason)
    }

    /// Gives each value to its field.
    private func take(_ values: PacketValues) throws(PacketRefusal) {
        for entry in values.entries {
            let index = try index(of: entry.name)
            var mine = given[index] ?? Given(name: entry.name)
            if entry.isRaw { mine.raw = entry.value } else { mine.value = entry.value }
            mine.isTrusted = mine.isTrusted && entry.isTrusted
            given[index] = mine
            sources[index] = .given
        }
        for name in values.missing { missing.insert(try index(of: name)) }
    }

    // MARK: Names

    /// The field that a name means.
    func index(of name: String) throws(PacketRefusal) -> Int {
        if let known = names[name] { return known }
        let dotted = String(name.map { $0 == "/" ? "." : $0 })
        let infos = plan.fields.map(\.info)
        let short = infos.indices.filter { infos[$0].shortName == dotted }
        if let exact = infos.firstIndex(where: { $0.name == dotted }) ?? (short.count == 1 ? short.first : nil) {
            names[name] = exact
            return exact
        }
        let matches = infos.indices.filter { infos[$0].isMeant(by: dotted) }
        if matches.count == 1 {
            names[name] = matches[0]
            return matches[0]
        }
        if matches.count > 1 {
            let all = matches.prefix(6).map { infos[$0].name }.joined(separator: ", ")
            throw PacketRefusal(type.name, name, "several parameters are called so; say which of \(all)")
        }
        let last = String(dotted.split(separator: ".").last ?? "")
        var near = Names.nearest(to: last, in: infos.map(\.shortName))
        if near.isEmpty, last.count >= 3 {
            near = infos.map(\.shortName).filter { $0.lowercased().contains(last.lowercased()) }
        }
        let hint =
            near.isEmpty ? "it has \(infos.prefix(8).map(\.shortName).joined(separator: ", ")) …" : "near it are "
        throw PacketRefusal(
            type.name, name, "there is no such parameter; " + hint + near.prefix(6).joined(separator: ", "))
    }

    // MARK: What is behind the fields

    /// Length field, padding and what is cut off; gives the octets of the whole packet.
    private func finish(_ length: Int) throws(PacketRefusal) -> Int {
        var length = max(length, 1)
        guard let header else {
            if let cut = firstMissing { length = min(length, max(1, (cut.start + 7) / 8)) }
            return length
        }
        // A space packet has an octet of data at least.
        length = max(length, 7)
        let isGiven = given[header.length] != nil
        let stated = Int(field(header.length)) + 7
        if !isGiven {
            if lengthTellsSizes, stated != length {
                throw refusal(header.length, "no length fits the data that it tells the size of: give it")
            }
            try set(header.length, UInt64(length - 7))
            sources[header.length] = lengthTellsSizes ? .derived : .length
            return length
        }
        // What no parameter covers may stand behind the last one.
        if stated >= length {
            used = max(used, stated)
            return stated
        }
        guard let cut = firstMissing, stated * 8 < cut.start + cut.bits else {
            throw refusal(
                header.length,
                "\(stated - 7) says \(stated) octets, a packet with these values has \(length) (\(length - 7)): "
                    + "leave it out")
        }
        return stated
    }

    /// Where the first of the parameters stands that a packet ends in front of.
    private var firstMissing: (start: Int, bits: Int)? {
        places.filter { missing.contains($0.field) }.min { $0.start < $1.start }.map { ($0.start, $0.bits) }
    }

    /// A packet has to be found to be of its type.
    private func checkType(_ length: Int) throws(PacketRefusal) {
        // Single containers are told by length, and several may have the same.
        if database.isFlat { return }
        var isAmbiguous = false
        let packet = self.packet
        let found = resolver.resolve(packet.bytes.slice(at: 0, count: length), &isAmbiguous)
        guard found != node, !isAmbiguous else { return }
        guard found >= 0 else {
            throw refusal(
                nil, "a packet with these values is of no type of \(database.name): check what tells types apart")
        }
        throw refusal(
            nil,
            "a packet with these values is one of \(database.nodes[found].name): encode that, or give other values for "
                + "what tells them apart")
    }
}
