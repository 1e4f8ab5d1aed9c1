internal import Bytes

/// Which packet a row is of, where several have its APID and count: counts come again after 16384, spacecraft may share
/// APIDs, and a reference has a line for each station that heard a packet.
extension Scoring {
    /// The bits that an interface has among those of the candidates' spacecraft, and what the lines of a reference have for it.
    struct RowPath {
        let interface: String?
        let flow: UInt32
        let name: UInt32

        /// - Parameter isReference: its lines have flows, or else interfaces.
        init(_ row: ResultRow, _ tape: ValueTape, isReference: Bool) {
            interface = isReference ? nil : row.interface
            flow = isReference ? Truth.path(tape, row.flow) : 0
            name = isReference ? row.interface.map { Truth.path($0.utf8.span.octets) } ?? 0 : 0
        }
    }

    /// Those that are near enough in time, of them those that came where the row says, of them those whose values are like its
    /// own, of them the nearest one of which not all rows were met.
    func choose(_ row: ResultRow, _ line: ScoreLine, among candidates: [Int]) -> Int? {
        guard candidates.count > 1 else { return candidates.first }
        let all = truth.packets.all
        let path = RowPath(row, line.tape, isReference: truth.isReference)
        var sorted = candidates
        var near = candidates
        let time = ResultTime.nanoseconds(line.tape, row.time)
        noteTime(time, row, line.tape)
        if let stated = time, let time = clock.time(stated) {
            // A decoder tells when a packet was made, or when it came, which is hours later where it was stored.
            let distances = candidates.map { (place: $0, distance: distance($0, time)) }
                .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
            sorted = distances.map(\.place)
            let (most, overflows) = distances[0].distance.addingReportingOverflow(slack(stated).magnitude)
            near = overflows ? sorted : distances.prefix { $0.distance <= most }.map(\.place)
        }
        near = cameAlong(path, near)
        if near.count > 1, near.count <= Self.most.values, !line.values.isEmpty, !ignoresAll {
            let wrong = near.map { place in
                match(truth.line(of: place), line).count { $0.verdict == .wrong }
            }
            let least = wrong.min()
            near = zip(near, wrong).filter { $0.1 == least }.map(\.0)
        }
        if let place = near.first(where: { isFree($0, path) && all[$0].state == .receivable })
            ?? near.first(where: { isFree($0, path) })
        {
            return place
        }
        // Times that are only some time beside the packets say no more than which are more likely.
        guard clock.use == .loose else { return near.first }
        return sorted.first { isFree($0, path) && all[$0].state == .receivable } ?? near.first
    }

    private func distance(_ place: Int, _ time: Int64) -> UInt64 {
        let packet = truth.packets.all[place]
        return min(RowClock.distance(packet.time, time), RowClock.distance(packet.sent, time))
    }

    /// By how much further than the nearest packet others may be.
    ///
    /// Packets of a simulation: those of two spacecraft, or of copies, are as near. Lines of a reference have the times of
    /// the capture before it was broken, from which its faults say how far they moved, and decoders may cut decimals off.
    private func slack(_ time: Int64) -> Int64 {
        guard truth.isReference, clock.use == .exact else { return leastSlack }
        var unit: Int64 = 1_000_000_000
        while unit > 1, time % unit != 0 { unit /= 1_000 }
        return truth.faults.longestDelay + (unit > 1 ? unit : 0)
    }

    private var leastSlack: Int64 { max(1_000_000_000, truth.faults.longestDelay) }

    /// Those that came on the row's flow or interface; all where none did, or it tells none.
    private func cameAlong(_ path: RowPath, _ places: [Int]) -> [Int] {
        guard places.count > 1 else { return places }
        let found = places.filter { place in
            let packet = truth.packets.all[place]
            if truth.isReference {
                return packet.path != 0 && (packet.path == path.flow || packet.path == path.name)
            }
            return bit(path, packet) & packet.heard != 0
        }
        return found.isEmpty ? places : found
    }

    private func bit(_ path: RowPath, _ packet: ExpectedPackets.Packet) -> UInt32 {
        guard let name = path.interface, packet.heard != 0 else { return 0 }
        return truth.packets.bit(ofInterface: name, of: packet.spacecraft, adding: false) ?? 0
    }

    /// Whether rows of a packet are missing yet: an interface has it once, as long as each has a bit of its own.
    private func isFree(_ place: Int, _ path: RowPath) -> Bool {
        let packet = truth.packets.all[place]
        let bit = bit(path, packet)
        return packet.found < packet.allowed && (bit & packet.met == 0 || bit == 1 << 31)
    }

    // MARK: - Times

    /// Counts times that cannot be read.
    private func noteTime(_ time: Int64?, _ row: ResultRow, _ tape: ValueTape) {
        guard time == nil, let place = row.time, tape.values[place].kind != .null, !tape.isEmpty(at: place) else {
            return
        }
        unreadTimes.count += 1
        if unreadTimes.example == nil { unreadTimes.example = JSONText(tape, place).words }
    }

    /// The time of a row, and what of the truth it may be; nil where it tells none.
    func sample(_ row: ResultRow, _ line: ScoreLine, _ places: [Int]) -> RowClock.Sample? {
        guard let time = ResultTime.nanoseconds(line.tape, row.time) else { return nil }
        let all = truth.packets.all
        var like = places
        // Values often tell rounds apart.
        if places.count > 1, places.count <= Self.most.values, !line.values.isEmpty, !ignoresAll {
            like = places.filter { place in
                !match(truth.line(of: place), line).contains { $0.verdict == .wrong }
            }
            if like.isEmpty { like = places }
        }
        return RowClock.Sample(time: time, made: like.map { all[$0].time }, sent: like.map { all[$0].sent })
    }

    /// Says what the times of the result are, by those of the first rows.
    func setClock(_ samples: [RowClock.Sample]) {
        var span: ClosedRange<Int64>?
        for packet in truth.packets.all {
            for time in [packet.time, packet.sent] where time != .min {
                span = min(span?.lowerBound ?? time, time)...max(span?.upperBound ?? time, time)
            }
        }
        clock = RowClock(samples, slack: leastSlack, span: span)
    }

    /// What was made of the column of times.
    func reportClock(_ column: String?) {
        guard let column, wasAmbiguous else { return }
        var told = ScoreReport.Clock(column: column, use: clock.use)
        (told.offset, told.near, told.all) = (clock.offset, clock.near, clock.all)
        (told.unread, told.example) = (unreadTimes.count, unreadTimes.example)
        report.clock = told
    }
}
