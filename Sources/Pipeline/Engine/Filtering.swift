internal import BeiDou
internal import Bytes
internal import Capture
package import Mission
package import Query
internal import Records

/// Which packets a command takes: what its options `--filter`, `--from` and `--until` say.
public struct Conditions: Sendable {
    /// A filter in the language of `Specs/filter.md`; nil for all packets.
    public var filter: String?
    /// The first moment and the moment behind the last, in nanoseconds since 1970.
    public var from, until: Int64?

    /// All packets.
    public init() {}

    /// Whether all packets are taken.
    public var isEmpty: Bool { filter == nil && from == nil && until == nil }

    /// Keeps of captured packets those of the times.
    func keepTimes(_ packets: inout Batch<Packet>) {
        guard from != nil || until != nil else { return }
        let (from, until) = (from ?? .min, until ?? .max)
        packets.keep { $0.time.isKnown && $0.time.nanoseconds >= from && $0.time.nanoseconds < until }
    }

    /// A time that a person wrote, in nanoseconds since 1970; nil when it is none, or outside of 1678 to 2262.
    public static func time(_ text: String) -> Int64? {
        TimeText.attoseconds(text).flatMap { Int64(exactly: $0 / 1_000_000_000) }
    }

    /// How times may be written, for people.
    public static var timeExamples: String { TimeText.examples }

    /// The conditions, checked against the fields of some databases and all messages; nil when all packets are taken.
    func check(_ databases: [Database]) throws(FilterError) -> CheckedFilter? {
        guard !isEmpty else { return nil }
        var checked = try filter.map { (text) throws(FilterError) in try FieldCatalogue(databases).check(text) }
        checked = CheckedFilter.times(from: from, until: until, and: checked)
        return checked
    }
}

extension FieldCatalogue {
    /// The fields of some databases and of all messages.
    package init(_ databases: [Database]) {
        self.init(types: MissionDecoder.types(of: databases) + MessageTypes.all.map(\.packetType), isComplete: true)
    }
}

/// A filter at work on the batches of a decoder.
final class Filtering {
    let filter: Filter
    private let types: [PacketType]
    let checked: CheckedFilter
    /// What finds the conditions of `within` while packets are held back.
    private var finders: [EventFinder] = []

    init(_ checked: CheckedFilter, _ decoder: RecordDecoder) {
        self.checked = checked
        types = decoder.types
        filter = Filter(checked, types: decoder.types)
    }

    /// Whether the filter says `within`.
    var looksAhead: Bool { checked.hasEvents }

    /// How far it looks, in nanoseconds; nil when it looks from what it finds to what lies farther.
    var reach: Int64? { checked.reach }

    /// Begins to find the conditions of `within` in packets that are held back.
    func beginHolding() {
        finders = (0..<checked.eventCount).map { EventFinder(checked, $0, known: [], types: types) }
    }

    /// Looks at packets that are held back.
    func look(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext) {
        for finder in finders { finder.look(units, decoded, context) }
    }

    /// Makes known what was found, and forgets what ended long before a time: packets may come late.
    func settle(before time: Int64) {
        let horizon = time.subtractingReportingOverflow(reach ?? 0)
        filter.setEvents(finders.map { $0.settled(before: horizon.overflow ? .min : horizon.partialValue) })
    }

    /// Looks through files for what a filter's `within` asks, before they are filtered.
    func lookAhead(
        _ files: [String], _ databases: [Database], told: ToldLayout?, joinsSegments: Bool,
        progress: (ReadProgress) -> Bool
    ) throws(CannotReadTwice) {
        guard checked.hasEvents else { return }
        let pass = EventPass(checked: checked, databases: databases, told: told, joinsSegments: joinsSegments)
        filter.setEvents(try pass.run(files, progress: progress))
    }
}
