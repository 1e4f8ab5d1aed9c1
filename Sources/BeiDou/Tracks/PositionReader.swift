public import Bytes
public import Records

/// Reads where terminals were out of decoded messages of all dialects.
///
///     let reader = PositionReader(types: decoder.messageTypes, base: decoder.messageBase)
///     reader.read(units, decoded, into: &positions) { flows[Int($0)].name }
///     …
///     reader.finish(into: &positions) { … }
///
/// The columns of a type are found by their short names, see `Specs/beidou.md`. Sentences of a receiver that state one
/// time of day (GGA, RMC, GLL, GNS) are one position, which is given when the next begins. A time of day without a date
/// gets the date that the same flow stated last (RMC, ZDA), across midnight, or that of the capture. Heights, speeds and
/// courses that cannot be (beyond 100,000 km, negative or beyond 1,000,000 km/h, outside of 0 to 360 degrees) count as not
/// told.
///
/// One reader serves one thread.
public final class PositionReader {
    /// What came of the messages that can state a position.
    public struct Counts: Sendable, Equatable {
        /// Positions given.
        public var positions = 0
        /// Messages that say that they have no valid position.
        public var void = 0
        /// Messages whose latitude or longitude cannot be, or is not written as it must be.
        public var absurd = 0
        /// Sentences that were joined to the position of another of the same time.
        public var merged = 0
        /// Positions with a time of day and no date, or without any time.
        public var undated = 0
        /// Positions of terminals beyond the bound.
        public var crowded = 0

        /// Nothing counted.
        public init() {}
    }

    /// The names of the parameters that are looked at: with a selection of these a decoder decodes nothing in vain.
    public static var parameterNames: [String] { PositionColumns.names }

    /// What came of the messages so far.
    public internal(set) var counts = Counts()
    /// Where the first message of this capture stands whose position cannot be.
    public internal(set) var firstAbsurd: (packet: UInt64, offset: UInt64)?
    /// Where the first message of this capture stands whose terminal is beyond the bound.
    public internal(set) var firstCrowded: (packet: UInt64, offset: UInt64)?
    /// The terminals met, by number.
    public var terminals: [Terminal] { register.terminals }

    private let types: [MessageType]
    private let base: Int
    /// For each type its columns, once a table of it was seen; nil where it has none that serve.
    private var plans: [PositionColumns?]
    private var isPlanned: [Bool]
    var register: TerminalRegister
    let scratch = PositionScratch()
    var flows: [UInt32: FlowState] = [:]

    /// A reader.
    ///
    /// - Parameters:
    ///   - types: the kinds of messages, as the decoder numbers them from `base` on.
    ///   - mostTerminals: positions of terminals beyond that many are counted and not given.
    public init(types: [MessageType], base: Int = 0, mostTerminals: Int = 1 << 20) {
        self.types = types
        self.base = base
        plans = Array(repeating: nil, count: types.count)
        isPlanned = Array(repeating: false, count: types.count)
        register = TerminalRegister(most: mostTerminals)
    }

    /// Adds the positions of a batch, in the order of its units.
    ///
    /// - Parameters:
    ///   - chosen: the indexes of the units that count, in order; nil for all. The others tell the date, and no more.
    ///   - flowName: the name of a flow, for terminals that have no other; it is asked for once a flow.
    public func read(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, chosen: Lane<Int32>? = nil,
        into positions: inout Batch<Position>,
        flowName: (UInt32) -> String
    ) {
        guard look(units, decoded) else { return }
        if let chosen { scratch.keep(chosen) }
        take(units, &positions, flowName)
    }

    /// Looks at each message of a batch by itself, for ``place(of:)``: sentences are not put together.
    ///
    /// - Returns: whether any of them can state a position or a date.
    @discardableResult
    public func look(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch) -> Bool {
        scratch.begin(units: units.count)
        var isAnything = false
        for type in decoded.typesPresent {
            guard let table = decoded.table(ofType: type), let plan = plan(type, table) else { continue }
            fill(table, plan, kind: UInt8(truncatingIfNeeded: (type - base) % 64))
            isAnything = true
        }
        return isAnything
    }

    /// Where a message of the batch that was looked at last says that it is, in degrees; nil where it has no valid position.
    public func place(of unit: Int) -> (latitude: Double, longitude: Double)? {
        let row = scratch.rows[unit]
        guard row.state == .position || row.state == .crowded, row.latitude.magnitude <= 90 else { return nil }
        return (row.latitude, row.longitude)
    }

    /// Ends a capture: adds the positions that waited for more sentences of their time. Flows that come afterwards are
    /// those of another capture.
    public func finish(into positions: inout Batch<Position>, flowName: (UInt32) -> String) {
        let waiting = flows.values.filter(\.isWaiting).sorted { $0.pending.offset < $1.pending.offset }
        for state in waiting { give(state.pending, &positions) }
        flows.removeAll()
        register.beginCapture()
        (firstAbsurd, firstCrowded) = (nil, nil)
    }

    private func plan(_ type: Int, _ table: DecodedTable) -> PositionColumns? {
        let index = type - base
        guard types.indices.contains(index) else { return nil }
        if !isPlanned[index] {
            isPlanned[index] = true
            plans[index] = PositionColumns(
                name: types[index].name, dialect: types[index].dialect, parameters: table.columns.map(\.info))
        }
        return plans[index]
    }

    /// Adds a position that is whole.
    func give(_ position: Position, _ positions: inout Batch<Position>) {
        counts.positions += 1
        if !position.stated.isKnown { counts.undated += 1 }
        positions.append(position)
    }
}
