public import BeiDou
public import Bytes
public import Capture
internal import Query
internal import Records
internal import Transport

/// Puts the positions that terminals report in captures together to tracks: what `tracks` does.
public final class Tracking {
    /// How tracks are written.
    public enum Format: String, Sendable, CaseIterable {
        /// For people.
        case table
        /// RFC 7946.
        case geojson
        /// GPX 1.1.
        case gpx
        /// Comma-separated values, a line a point.
        case csv
    }

    /// What to write and how.
    public struct Options: Sendable {
        /// How tracks are written.
        public var format = Format.table
        /// Whether a table lists the points, and the other formats have those that are no part of a line.
        public var withPoints = false
        /// Only these terminals, by name or by group and name; empty: all.
        public var terminals: [String] = []
        /// Which messages are looked at.
        public var conditions = Conditions()
        /// What packets of the network have to match, in libpcap's language; nil for all.
        public var captureFilter: String?
        /// How points are marked, and how many are kept.
        public var tracks = TrackOptions()
        /// How text for people is styled.
        public var style = TextStyle.plain

        /// A table of all terminals.
        public init() {}
    }

    private let options: Options
    private let file: OutputFile
    private let decoder: RecordDecoder
    private let reader: PositionReader
    private let builder: TrackBuilder
    private let filter: TerminalFilter
    private let filtering: Filtering?
    private let chooser: Chooser
    private let origins = OriginList()
    /// Why packets cannot be matched with the capture filter; nil while they can.
    public private(set) var captureFilterRefusal: String?
    private var positions = Batch<Position>()
    /// For each terminal met whether it is wanted.
    private var wanted: [Bool] = []
    private var firstDropped: (packet: UInt64, offset: UInt64)?

    /// Tracks that go into a file.
    ///
    /// - Throws: a `FilterError`, a `CaptureFilter.Refusal`.
    public init(into file: OutputFile, _ options: Options = Options()) throws {
        self.file = file
        self.options = options
        let checked = try options.conditions.check([])
        if let captureFilter = options.captureFilter { _ = try CaptureFilter(captureFilter) }
        let names = PositionReader.parameterNames + (checked?.parameters ?? [])
        let decoder = RecordDecoder([], selection: .parameters(names))
        self.decoder = decoder
        filtering = checked.map { Filtering($0, decoder) }
        chooser = Chooser(filtering?.filter)
        reader = PositionReader(types: decoder.messageTypes, base: decoder.messageBase)
        builder = TrackBuilder(options.tracks)
        filter = TerminalFilter(options.terminals)
    }

    /// What came of the messages so far.
    public var counts: PositionReader.Counts { reader.counts }
    /// Positions that found no room.
    public var dropped: Int { builder.dropped }
    /// The terminals met, wanted or not.
    public var terminals: [Terminal] { reader.terminals }

    /// The members of an archive that have to be read for the tracks; nil where all of a file is. A sentence may tell no
    /// date, or only a part of a position; so those in front of it are read, too.
    public func slice(of path: String, told: ToldLayout? = nil) -> ArchiveSlice? {
        ArchiveSlice(
            of: path, [filtering?.checked], told: told, hasCaptureFilter: options.captureFilter != nil,
            readsWhole: { $0 != .jtt808 })
    }

    /// Looks through all files beforehand, where the filter asks for what comes later.
    public func lookAhead(
        _ files: [String], told: ToldLayout? = nil, progress: (ReadProgress) -> Bool = { _ in true }
    ) throws(CannotReadTwice) {
        try filtering?.lookAhead(files, [], told: told, joinsSegments: false, progress: progress)
    }

    /// Reads a capture to its end.
    ///
    /// - Parameters:
    ///   - name: the capture's name, which is that of a receiver whose sentences are the whole file.
    ///   - progress: called now and then; false ends the reading.
    /// - Returns: where the octets went.
    public func run(
        _ capture: any PacketSource, name: String, told: ToldLayout? = nil, known: Known = Known(),
        progress: (ReadProgress) -> Bool = { _ in true }
    ) -> Ledger {
        let captureFilter = options.captureFilter.flatMap { try? CaptureFilter($0) }
        let engine = Engine(capture, told: told, known: known, captureFilter: captureFilter)
        var units = Batch<Records.Unit>()
        var parameterLedger = Ledger()
        let context = RecordContext(origins)
        var finder = OriginFinder()
        let (before, droppedBefore) = (counts, dropped)
        firstDropped = nil
        let flowName = { (number: UInt32) -> String in
            let flow = engine.flow(at: Int(number))
            return flow.key.kind == .bareStream ? name : flow.name
        }
        while engine.next(into: &units) {
            if !progress(ReadProgress(capture)) { engine.stop() }
            guard !units.isEmpty else { continue }
            let decoded = decoder.decode(units, ledger: &parameterLedger)
            if filtering != nil {
                context.add(finder.find(units, engine))
                chooser.choose(units, decoded, context)
            }
            var number = 0
            decoded.forEach(units) {
                let chosen = filtering == nil ? nil : chooser.chosen[number]
                reader.read($0, $1, chosen: chosen, into: &positions, flowName: flowName)
                number += 1
            }
            add()
        }
        let (absurd, crowded) = (reader.firstAbsurd, reader.firstCrowded)
        reader.finish(into: &positions, flowName: flowName)
        add()
        var ledger = engine.ledger
        lose(counts.absurd - before.absurd, "position that cannot be", absurd, &ledger)
        lose(counts.crowded - before.crowded, "more terminals than are kept apart", crowded, &ledger)
        lose(dropped - droppedBefore, "no room for more points of tracks", firstDropped, &ledger)
        ledger.addRejections(of: parameterLedger)
        if let refusal = engine.captureFilterRefusal { captureFilterRefusal = refusal.description }
        return ledger
    }

    /// Enters what is in no track; its octets were entered when they were decoded.
    private func lose(
        _ count: Int, _ reason: String, _ first: (packet: UInt64, offset: UInt64)?, _ ledger: inout Ledger
    ) {
        guard count > 0, let first else { return }
        ledger.reject(.parameter, reason, count: count, bytes: 0, packet: first.packet, offset: first.offset)
    }

    private func add() {
        let terminals = reader.terminals
        while wanted.count < terminals.count { wanted.append(filter.wants(terminals[wanted.count])) }
        let first = builder.add(positions) { wanted[Int($0)] }
        if firstDropped == nil, let first { firstDropped = (positions[first].packet, positions[first].offset) }
        positions.removeAll()
    }

    /// Writes the tracks and gives them.
    @discardableResult
    public func finish() throws(OutputFile.Failure) -> [Track] {
        let tracks = builder.finish(reader.terminals)
        try TrackWriter(file, options.format, withPoints: options.withPoints, options.style).write(tracks)
        return tracks
    }
}

/// Which terminals a user wants.
package struct TerminalFilter {
    private let names: [String]

    /// Terminals by name (`247911`, `0247911`) or by group and name (`rdss:0247911`); none: all.
    package init(_ names: [String]) { self.names = names }

    /// Whether a terminal is among them.
    package func wants(_ terminal: Terminal) -> Bool {
        guard !names.isEmpty else { return true }
        let own = Self.plain(terminal.name)
        return names.contains { name in
            if Self.plain(name) == own { return true }
            let prefix = terminal.group.word + ":"
            return name.lowercased().hasPrefix(prefix) && Self.plain(String(name.dropFirst(prefix.count))) == own
        }
    }

    /// Without the zeros in front of a number, which the dialects pad differently.
    private static func plain(_ name: String) -> String {
        let isNumber = !name.isEmpty && name.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? String(name.drop { $0 == "0" }) : name
    }
}
