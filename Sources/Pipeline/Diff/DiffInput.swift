internal import Bytes
internal import Capture
internal import Mission
internal import Query
internal import Records

/// One capture on its way through a comparison.
final class DiffInput {
    let feed: UnitFeed
    let slice: ArchiveSlice?
    let context = RecordContext()
    var units = Batch<Unit>()
    private let sieve: Sieve
    private(set) var isOver = false
    /// When the last packet was captured.
    private(set) var latest = CaptureTime.unknown

    var reader: any PacketSource { feed.engine.reader }

    /// Opens a capture.
    ///
    /// - Parameter views: who chooses from it.
    init(_ file: String, told: ToldLayout?, _ options: DiffOptions, _ views: [DiffView]) throws {
        let filters = views.filter { !$0.isBlind }.map(\.filtering)
        slice = ArchiveSlice(
            of: file, filters.map { $0?.checked }, told: told, hasCaptureFilter: options.captureFilter != nil)
        var known = Prescan.run(path: file, told: told)
        known.slice = slice
        let reader = try CaptureReader.open(file, slice?.choice ?? .all)
        let filter = try options.captureFilter.map { try CaptureFilter($0) }
        feed = UnitFeed(Engine(reader, told: told, known: known, captureFilter: filter), joins: false)
        sieve = Sieve(filters.map { $0?.filter })
    }

    /// Fills ``units`` with the next packets; false when there are no more.
    func next() -> Bool {
        guard let found = feed.next(into: &units) else {
            isOver = true
            return false
        }
        if !units.isEmpty { latest = units[units.count - 1].time }
        context.add(found)
        sieve.sift(&units, context)
        return true
    }
}

/// What packets say under some databases, and which of them are wanted.
final class DiffView {
    let decoder: RecordDecoder
    let databases: [Database]
    let filtering: Filtering?
    /// Whether the filter asks for what the databases do not have, so that it chooses nothing.
    let isBlind: Bool
    private let chooser: Chooser
    private var single = Batch<Unit>(capacity: 1)
    private var ledger = Ledger()

    /// - Parameter filter: nil for all packets.
    init(_ databases: [Database], _ filter: CheckedFilter?, isBlind: Bool = false) {
        self.databases = databases
        self.isBlind = isBlind
        decoder = RecordDecoder(databases)
        filtering = filter.map { [decoder] in Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
    }

    /// Decodes a batch and says which of its packets are wanted: for each part of it a lane.
    func look(_ units: borrowing Batch<Unit>, _ context: RecordContext) -> (DecodedUnits, [Lane<Int32>]) {
        let decoded = decoder.decode(units, ledger: &ledger)
        chooser.choose(units, decoded, context)
        return (decoded, chooser.chosen)
    }

    /// The packets of a batch that are wanted; where all are nothing is decoded.
    func choose(_ units: borrowing Batch<Unit>, _ context: RecordContext, into chosen: Lane<Int32>) {
        guard filtering != nil else { return Chooser.chooseAll(units, into: chosen) }
        let (decoded, _) = look(units, context)
        chooser.gather(decoded, into: chosen)
    }

    /// Decodes one packet, until the next.
    func packet(_ unit: Unit, _ origin: Origin) -> DiffPacket {
        single.removeAll()
        single.append(unit)
        var packet = DiffPacket(unit: unit, origin: origin)
        guard case .whole(let decoded) = decoder.decode(single, ledger: &ledger) else { return packet }
        packet.index = decoded.type(of: 0)
        packet.type = packet.index >= 0 ? decoder.types[packet.index] : nil
        packet.table = decoded.table(ofType: packet.index)
        return packet
    }

    /// Says of one packet no more than its type.
    func named(_ unit: Unit, _ origin: Origin) -> DiffPacket {
        var packet = DiffPacket(unit: unit, origin: origin)
        if unit.marks.contains(.message) {
            packet.index = decoder.messageBase + Int(unit.apid)
        } else {
            let bytes = unsafe unit.extent.bytes(keptBy: self)
            packet.index = decoder.mission.match(bytes)?.type ?? -1
        }
        packet.type = decoder.types.indices.contains(packet.index) ? decoder.types[packet.index] : nil
        return packet
    }
}

/// A packet that is in one of two, or not the same in both.
struct DiffPacket {
    var unit: Unit
    var origin: Origin
    /// Which of the decoder's types it is; -1: none.
    var index = -1
    var type: PacketType?
    /// Its values are a row of this.
    var table: DecodedTable?
    var row = 0
}
