public import Bytes
public import Capture
public import Mission
internal import Records

/// Says which packets of two captures differ, in whatever order they come.
///
/// Each packet looks for its twin, the same octet for octet, among those of the other capture that wait for theirs. Where
/// too many wait the first of them give up: one that meets a packet of the same channel, APID and count has changed, all
/// others are in one capture only.
public final class CaptureDiff {
    private let inputs: [DiffInput]
    private let views: [DiffView]
    private let waiting = [UnmatchedPackets(), UnmatchedPackets()]
    private let chosen = Lane<Int32>()
    private let window: (packets: Int, octets: Int)
    private let progress: (ReadProgress) -> Bool
    private let report: DiffReport
    private let comparison: ValueComparison
    /// How much later the second capture was made of the same packets, in nanoseconds; nil before the first twins.
    private var delay: Int64?
    /// Whether so many waited for their first twins that there may be none for long.
    private var isLate = false
    /// How many packets of a capture waited for their twins at the most.
    package private(set) var mostWaiting = 0

    /// Opens two captures.
    ///
    /// - Parameters:
    ///   - told: what the user says that a capture carries.
    ///   - progress: called now and then; false ends the comparison.
    /// - Throws: what is wrong with a capture or a filter.
    public init(
        _ a: String, _ b: String, _ databases: [Database], _ options: DiffOptions = DiffOptions(),
        told: (String) -> ToldLayout? = { _ in nil }, into outlet: any Outlet,
        progress: @escaping (ReadProgress) -> Bool = { _ in true }
    ) throws {
        let checked = try options.conditions.check(databases)
        views = [DiffView(databases, checked), DiffView(databases, checked)]
        inputs = try zip([a, b], views).map { file, view in
            let told = told(file)
            try view.filtering?.lookAhead([file], databases, told: told, joinsSegments: false, progress: progress)
            return try DiffInput(file, told: told, options, [view])
        }
        comparison = ValueComparison(views[0].decoder.types, views[1].decoder.types)
        report = DiffReport(options, (a, b), outlet)
        window = options.window
        self.progress = progress
    }

    /// The captures, and where their octets went.
    public var sources: [(source: any PacketSource, ledger: Ledger, slice: ArchiveSlice?)] {
        inputs.map { ($0.reader, $0.feed.ledger, $0.slice) }
    }

    /// Compares the captures to their ends and writes what differs, with a summary behind it.
    public func run() throws(OutputFile.Failure) -> DiffCounts {
        report.begin()
        while let side = next() {
            guard progress(ReadProgress(inputs[side].reader)) else { return try report.finish(comparison) }
            guard inputs[side].next() else { continue }
            take(side)
            mostWaiting = max(mostWaiting, waiting[side].count)
            while waiting[side].count > window.packets || waiting[side].octets > window.octets {
                try settle(side, waiting[side].oldest)
            }
        }
        try settleAll()
        return try report.finish(comparison)
    }

    /// Which of the two is to be read on; nil when both are over.
    private func next() -> Int? {
        guard let first = inputs.firstIndex(where: { !$0.isOver }) else { return nil }
        guard first == 0, !inputs[1].isOver else { return first }
        let fewer = waiting[0].count <= waiting[1].count ? 0 : 1
        // As long as nobody knows how their clocks differ, both are read by turns.
        if delay == nil, !isLate {
            isLate = waiting[fewer].count > window.packets / 2 || waiting[fewer].octets > window.octets / 2
            return fewer
        }
        let (a, b) = (inputs[0].latest, inputs[1].latest)
        guard a.isKnown, b.isKnown else { return fewer }
        return a.nanoseconds &+ (delay ?? 0) <= b.nanoseconds ? 0 : 1
    }

    /// Takes a batch: twins leave, and what has none waits.
    private func take(_ side: Int) {
        let (input, mine, others) = (inputs[side], waiting[side], waiting[1 - side])
        views[side].choose(input.units, input.context, into: chosen)
        var cursor = input.context.cursor
        var same = 0
        let origins = input.context.origins
        for place in 0..<chosen.count {
            let unit = input.units[Int(chosen[place])]
            let origin = cursor.index(of: unit)
            // The engine keeps them until its next batch.
            let bytes = unsafe unit.extent.bytes(keptBy: input)
            let identity = PacketIdentity(unit, origins[origin])
            let hash = identity.hash(bytes)
            let (twin, isOnly) = others.twin(identity, hash, bytes, shifted(unit.time, from: side))
            guard twin >= 0 else {
                mine.insert(unit, origin, identity, hash, bytes)
                continue
            }
            let time = others[twin].unit.time
            if isOnly || delay == nil, time.isKnown, unit.time.isKnown {
                let away = unit.time.nanoseconds &- time.nanoseconds
                delay = side == 1 ? away : 0 &- away
            }
            others.remove(twin)
            same += 1
        }
        report.counts.same += same
        if side == 0 { report.counts.packets.a += chosen.count } else { report.counts.packets.b += chosen.count }
    }

    /// The time of a packet of one side by the clock of the other.
    private func shifted(_ time: CaptureTime, from side: Int) -> CaptureTime {
        guard time.isKnown else { return time }
        let delay = self.delay ?? 0
        return CaptureTime(nanoseconds: side == 0 ? time.nanoseconds &+ delay : time.nanoseconds &- delay)
    }

    /// A packet has no twin.
    private func settle(_ side: Int, _ slot: Int32) throws(OutputFile.Failure) {
        let packet = waiting[side][slot]
        let partner = waiting[1 - side].nearest(packet.identity, shifted(packet.unit.time, from: side))
        let origin = inputs[side].context.origins[Int(packet.origin)]
        if partner >= 0 {
            let other = waiting[1 - side][partner]
            let there = inputs[1 - side].context.origins[Int(other.origin)]
            let one = views[side].packet(packet.unit, origin)
            let two = views[1 - side].packet(other.unit, there)
            try side == 0 ? change(one, two) : change(two, one)
            waiting[1 - side].remove(partner)
        } else if report.isShowing {
            try report.only(side, views[side].named(packet.unit, origin))
        } else {
            report.count(only: side)
        }
        waiting[side].remove(slot)
    }

    private func change(_ a: DiffPacket, _ b: DiffPacket) throws(OutputFile.Failure) {
        let (layout, _) = comparison.layout(a.index, b.index)
        var values: [Int] = []
        if let one = a.table, let two = b.table, comparison.compare(layout, one, a.row, two, b.row) {
            values = comparison.found
        }
        try report.changed(a, b, layout, values, octets: OctetDifference(a.unit.extent, b.unit.extent, keptBy: self))
    }

    /// Nothing comes any more: what waits is told in the order of time.
    private func settleAll() throws(OutputFile.Failure) {
        while true {
            let (a, b) = (waiting[0].oldest, waiting[1].oldest)
            guard a >= 0, b >= 0 else {
                guard max(a, b) >= 0 else { return }
                try settle(a >= 0 ? 0 : 1, max(a, b))
                continue
            }
            let isFirst = shifted(waiting[0][a].unit.time, from: 0) <= waiting[1][b].unit.time
            try isFirst ? settle(0, a) : settle(1, b)
        }
    }
}

/// How the octets of two packets differ.
struct OctetDifference {
    /// How many octets they have.
    let counts: (a: Int, b: Int)
    /// The first octet that differs, and how many of those that both have do.
    var first: Int?
    var differing = 0

    init(_ a: Extent, _ b: Extent, keptBy keeper: AnyObject) {
        let (one, two) = unsafe (a.bytes(keptBy: keeper), b.bytes(keptBy: keeper))
        counts = (one.byteCount, two.byteCount)
        for index in 0..<min(one.byteCount, two.byteCount) where one.u8(at: index) != two.u8(at: index) {
            if first == nil { first = index }
            differing += 1
        }
    }
}
