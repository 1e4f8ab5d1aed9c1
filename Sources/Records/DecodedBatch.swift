package import Bytes

/// The packets of one type in a batch, as columns.
public final class DecodedTable {
    /// What packets these are.
    public let type: PacketType
    /// The index of ``type`` in the decoder's `types`.
    public let typeIndex: Int
    /// A column for each of the type's parameters.
    public let columns: [Column]
    /// A column for each field of the plan; nil where nobody needs it.
    package let fields: [Column?]
    /// The octets of each row's packet.
    package let packets: Lane<Extent>
    /// Octets that had to be shifted or converted.
    package let arena: ByteBuffer
    package let unitIndexes: Lane<Int32>
    /// What a decoder remembers from packet to packet of the type.
    package let registers: Lane<Int>

    /// An empty table.
    ///
    /// - Parameters:
    ///   - fields: for each field of the decoder's plan what it is, and whether raw and engineering value are one; nil
    ///     where nobody needs it.
    ///   - selected: the fields that are the type's parameters.
    package init(
        type: PacketType, typeIndex: Int, fields: [(info: ParameterInfo, sharesCells: Bool)?], selected: [Int],
        registers count: Int = 0
    ) {
        self.type = type
        self.typeIndex = typeIndex
        let packets = Lane<Extent>()
        let arena = ByteBuffer(capacity: 64)
        self.fields = fields.map { field in
            field.map { Column(info: $0.info, sharesCells: $0.sharesCells, packets: packets, arena: arena) }
        }
        columns = selected.compactMap { [fields = self.fields] in fields[$0] }
        self.packets = packets
        self.arena = arena
        unitIndexes = Lane()
        registers = Lane()
        registers.resize(to: count, filler: .min)
    }

    /// How many packets.
    public var count: Int { packets.count }

    /// For each row the index of its packet in the batch of units.
    public var units: Span<Int32> {
        @_lifetime(borrow self)
        get { unsafe unitIndexes.span(keptBy: self) }
    }

    package func removeAll() {
        packets.removeAll()
        unitIndexes.removeAll()
        arena.removeAll()
    }

    package func append(_ packet: Extent, unit: Int) {
        packets.append(packet)
        unitIndexes.append(Int32(truncatingIfNeeded: unit))
    }
}

/// What a batch of packets decoded to: for each packet its type and its row in that type's table.
///
/// Made once and filled again and again. What it lends is true until it is filled again, and texts and octets as long
/// as the batch of packets that was decoded.
public final class DecodedBatch {
    /// For each packet the index of its type, written by the decoders between ``begin(types:units:)`` and
    /// ``distribute(_:make:)``; -1: none.
    package let typeIndexes = Lane<Int32>()
    private let rowIndexes = Lane<Int32>()
    private var allTables: [DecodedTable?] = []
    private var active: [Int] = []
    /// For each type how many packets it has, and the first and last of a chain through `following`.
    private let counts = Lane<Int32>()
    private let heads = Lane<Int32>()
    private let tails = Lane<Int32>()
    private let following = Lane<Int32>()

    /// An empty batch.
    public init() {}

    /// For each packet the index of its type in the decoder's `types`; -1 when no container matches it.
    public var types: Span<Int32> {
        @_lifetime(borrow self)
        get { unsafe typeIndexes.span(keptBy: self) }
    }

    /// For each packet its row in the table of its type.
    public var rows: Span<Int32> {
        @_lifetime(borrow self)
        get { unsafe rowIndexes.span(keptBy: self) }
    }

    /// The type of one packet, as ``types`` has it.
    public func type(of unit: Int) -> Int { Int(typeIndexes[unit]) }

    /// The row of one packet, as ``rows`` has it.
    public func row(of unit: Int) -> Int { Int(rowIndexes[unit]) }

    /// The table of a type; nil when no packet of this batch is of it.
    public func table(ofType index: Int) -> DecodedTable? {
        guard index >= 0, index < allTables.count, let table = allTables[index], table.count > 0 else { return nil }
        return table
    }

    /// The types that this batch has packets of, in the order met.
    public var typesPresent: [Int] { active }
}

extension DecodedBatch {
    /// Forgets what was decoded and makes room.
    package func begin(types: Int, units: Int) {
        for index in active {
            allTables[index]?.removeAll()
            if index < counts.count { counts[index] = 0 }
        }
        active.removeAll(keepingCapacity: true)
        // A batch that another decoder filled has tables of other types.
        if allTables.count != types { allTables = Array(repeating: nil, count: types) }
        counts.resize(to: types, filler: 0)
        heads.resize(to: types, filler: 0)
        tails.resize(to: types, filler: 0)
        following.resize(to: units, filler: 0)
        typeIndexes.resize(to: units, filler: -1)
        typeIndexes.fill(-1)
        rowIndexes.resize(to: units, filler: -1)
        rowIndexes.fill(-1)
    }

    /// Gives each table its packets, in their order, by the types that were written for them. `make` makes a table that
    /// is not there yet.
    package func distribute(_ units: borrowing Batch<Unit>, make: (Int) -> DecodedTable) {
        chain()
        for index in active {
            let table = allTables[index] ?? make(index)
            allTables[index] = table
            var unit = Int(heads[index])
            for _ in 0..<Int(counts[index]) {
                table.append(units[unit].extent, unit: unit)
                unit = Int(following[unit])
            }
        }
    }

    /// Numbers the packets of each type and strings them together.
    private func chain() {
        let (types, rows) = (typeIndexes, rowIndexes)
        let (counts, heads, tails, following) = (self.counts, self.heads, self.tails, self.following)
        for unit in 0..<types.count {
            let type = types[unit]
            guard type >= 0 else { continue }
            let index = Int(type)
            let row = counts[index]
            rows[unit] = row
            counts[index] = row &+ 1
            if row == 0 {
                heads[index] = Int32(truncatingIfNeeded: unit)
                active.append(index)
            } else {
                following[Int(tails[index])] = Int32(truncatingIfNeeded: unit)
            }
            tails[index] = Int32(truncatingIfNeeded: unit)
        }
    }
}
