internal import Bytes
internal import CCSDS
internal import Mission
internal import Query
internal import Records

/// Chooses packets and messages of captures, by what they say.
final class ReplaySelection {
    /// Makes of packets what goes out.
    let octets: PacketOctets
    /// Whether everything is chosen but idle packets.
    let takesAll: Bool
    /// The packets chosen of the last batch, by their places in it.
    let whole = Lane<Int32>()
    private let decoder: RecordDecoder
    private let filtering: Filtering?
    private let sieve: Sieve
    private let chooser: Chooser
    private let context = RecordContext()
    private var finder = OriginFinder()
    private var ledger = Ledger()
    private var decoded: DecodedUnits?

    /// - Throws: a `FilterError`, or a ``CannotReadTwice`` where a filter looks ahead in what is no file.
    init(
        _ options: ReplayOptions, _ databases: [Database], _ files: [String], told: ToldLayout?,
        progress: (ReadProgress) -> Bool
    ) throws {
        takesAll = options.conditions.isEmpty
        let checked = try options.conditions.check(databases)
        decoder = RecordDecoder(databases, selection: .parameters(checked?.parameters ?? []))
        let decoder = self.decoder
        filtering = checked.map { Filtering($0, decoder) }
        sieve = Sieve([filtering?.filter])
        chooser = Chooser(filtering?.filter)
        octets = PacketOctets(decoder.types)
        try filtering?.lookAhead(files, databases, told: told, joinsSegments: false, progress: progress)
    }

    /// The members of an archive that have to be read for it, from a time on; nil where all of a file is.
    func slice(of path: String, _ told: ToldLayout?, _ options: ReplayOptions, from: Int64?) -> ArchiveSlice? {
        let checked = CheckedFilter.times(from: from, until: nil, and: filtering?.checked)
        return ArchiveSlice(of: path, [checked], told: told, hasCaptureFilter: options.captureFilter != nil)
    }

    func beginCapture() {
        decoder.beginCapture()
        context.beginCapture()
        finder = OriginFinder()
        decoded = nil
    }

    /// How many packets of the last batch are chosen.
    var count: Int { whole.count }

    /// Chooses of a batch, and leaves out of it what cannot be.
    func choose(_ units: inout Batch<Unit>, _ engine: Engine) {
        whole.removeAll()
        decoded = nil
        context.add(finder.find(units, engine))
        sieve.sift(&units, context)
        guard !units.isEmpty else { return }
        let decoded = decoder.decode(units, ledger: &ledger)
        chooser.choose(units, decoded, context)
        chooser.gather(decoded, into: whole)
        self.decoded = decoded
    }

    /// Goes through what was chosen of a batch: each packet, its octets, and the index of its type or -1.
    func forEachChosen(_ units: borrowing Batch<Unit>, _ body: (Unit, RawSpan, Int) -> Void) {
        var number = 0
        decoded?.forEach(units) { units, decoded in
            let chosen = chooser.chosen[number]
            number += 1
            let types = decoded.types
            for place in 0..<chosen.count {
                let unit = units[Int(chosen[place])]
                body(unit, units.bytes(of: unit), Int(types[Int(chosen[place])]))
            }
        }
    }
}
