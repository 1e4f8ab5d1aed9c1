internal import Bytes
internal import CCSDS
internal import Mission
internal import Query
internal import Records

/// Counts, beside what an inspection counts of everything, the packets that a filter chooses.
final class InspectionFilter {
    private let decoder: RecordDecoder
    private let filtering: Filtering
    private let sieve: Sieve
    private let chooser: Chooser
    private let context = RecordContext()
    private var finder = OriginFinder()
    private var ledger = Ledger()
    private var counts: [Key: Int] = [:]
    /// How many packets and messages there were, idle ones not counted, and how many of them are chosen.
    private(set) var packets = (all: 0, chosen: 0)

    /// What tells the rows of a report apart.
    struct Key: Hashable {
        let flow: UInt32
        let channel: UInt32
        let apid: UInt16
        let kind: PacketCount.Kind
        let isMessage: Bool
    }

    init(_ checked: CheckedFilter, _ databases: [Database]) {
        decoder = RecordDecoder(databases, selection: .parameters(checked.parameters))
        filtering = Filtering(checked, decoder)
        sieve = Sieve([filtering.filter])
        chooser = Chooser(filtering.filter)
        decoder.beginCapture()
        context.beginCapture()
    }

    func lookAhead(
        _ file: String, _ databases: [Database], told: ToldLayout?, progress: (ReadProgress) -> Bool
    ) throws(CannotReadTwice) {
        try filtering.lookAhead([file], databases, told: told, joinsSegments: false, progress: progress)
    }

    /// Counts what is chosen of a batch, and leaves out of it what cannot be.
    func look(_ units: inout Batch<Unit>, _ engine: Engine) {
        context.add(finder.find(units, engine))
        for index in 0..<units.count where !units[index].marks.contains(.idle) { packets.all += 1 }
        sieve.sift(&units, context)
        guard !units.isEmpty else { return }
        let decoded = decoder.decode(units, ledger: &ledger)
        chooser.choose(units, decoded, context)
        var number = 0
        decoded.forEach(units) { units, _ in
            let chosen = chooser.chosen[number]
            number += 1
            packets.chosen += chosen.count
            for place in 0..<chosen.count {
                let unit = units[Int(chosen[place])]
                counts[Key(unit), default: 0] += 1
            }
        }
    }

    func count(_ count: PacketCount) -> Int {
        counts[Key(flow: count.flow, channel: count.channel, apid: count.apid, kind: count.kind, isMessage: false)] ?? 0
    }

    func count(flow: Int, messageType: Int) -> Int {
        counts[
            Key(
                flow: UInt32(flow), channel: .max, apid: UInt16(messageType), kind: .telemetry, isMessage: true)] ?? 0
    }
}

extension InspectionFilter.Key {
    fileprivate init(_ unit: Unit) {
        let isMessage = unit.marks.contains(.message)
        self.init(
            flow: unit.flow, channel: isMessage ? .max : unit.channel, apid: unit.apid,
            kind: unit.marks.contains(.encapsulation)
                ? .encapsulation : unit.marks.contains(.telecommand) ? .telecommand : .telemetry,
            isMessage: isMessage)
    }
}
