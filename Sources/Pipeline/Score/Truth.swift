internal import Bytes

/// A truth: the packets that were made, and the faults that befell what carried them (`Specs/truth.md`).
final class Truth {
    /// Where the packets are.
    let text: TruthText
    let packets = ExpectedPackets()
    private(set) var faults = TruthFaults()
    /// The names of all values.
    private(set) var names = NameTable()
    /// The line that was read last.
    private var line = ScoreLine()
    /// Lines of packets that were asked for, since several stations hear a packet, and the packets that they are of.
    private var kept = [ScoreLine](repeating: ScoreLine(), count: 256)
    private var keptPlaces = [Int](repeating: -1, count: 256)
    /// What was run, as its record says.
    private(set) var run: JSONText?
    /// Messages of terminals that were sent, and those of them that stand in the capture. They are not rated.
    private(set) var messages: (sent: Int, received: Int) = (0, 0)
    /// Whether the run came to its end.
    private(set) var hasEnd = false
    /// Lines that are no records.
    private(set) var bad: [(file: String, line: Int, words: String)] = []
    /// How many.
    private(set) var badCount = 0
    /// Of a reference, and not of a simulator.
    let isReference: Bool

    /// Reads a truth, and a reference that stands for its packets.
    ///
    /// - Parameter shown: how many bad lines are kept for who reads them.
    init(_ file: String, reference: String?, shown: Int) throws(ScoreFailure) {
        let truth = try TruthText(file)
        isReference = reference != nil
        text = try reference.map { name throws(ScoreFailure) in try TruthText(name) } ?? truth
        try read(truth, shown) { tape, offset throws(ScoreFailure) in
            switch tape.text(at: tape.member("record")) {
            case "run":
                let run = JSONText(tape, 0)
                if let words = Self.refusal(run) { throw ScoreFailure("\(file): \(words)") }
                self.run = self.run ?? run
            case "fault": self.faults.take(tape)
            case "channel": self.faults.take(channel: tape)
            case "message":
                self.messages.sent += 1
                if let time = tape.member("received"), tape.values[time].kind != .null { self.messages.received += 1 }
            case "end": self.hasEnd = true
            case "packet" where !self.isReference: return try self.take(tape, offset)
            default: break
            }
            return nil
        }
        if isReference {
            try read(text, shown) { tape, offset throws(ScoreFailure) in
                // Messages and encapsulated packets have no APID.
                guard let apid = tape.member("apid"), tape.values[apid].kind != .null else { return nil }
                return try self.take(tape, offset)
            }
        } else if run == nil {
            throw ScoreFailure(
                "\(file) is no truth: no line has \"record\": \"run\", as those have that --truth writes")
        }
        faults.settle()
    }

    /// Why a record of a run is not one that is understood.
    private static func refusal(_ run: JSONText) -> String? {
        guard let version = run["truth"], version != .number("1") else { return nil }
        return
            "the truth is of version \(version.words), and 1 is what this program reads: use the program that wrote it"
    }

    private func read(
        _ text: TruthText, _ shown: Int, _ take: (ValueTape, Int) throws(ScoreFailure) -> String?
    ) throws(ScoreFailure) {
        var offset = 0
        var number = 0
        while offset < text.count, !Interruption.isAsked {
            let next = text.read(lineAt: offset, onto: &line.tape)
            number += 1
            defer { offset = next }
            guard line.tape.octets.contains(where: { $0 > 0x20 }) else { continue }
            let words =
                line.tape.readJSONObject() ? try take(line.tape, offset) : line.tape.problem
            guard let words else { continue }
            badCount += 1
            if bad.count < shown { bad.append((text.name, number, words)) }
        }
    }

    /// Takes the record of a packet, or a line of a reference. Gives what is wrong with it.
    private func take(_ tape: ValueTape, _ offset: Int) throws(ScoreFailure) -> String? {
        func integer(_ name: String) -> Int? { ScoreNumber.integer(tape, tape.member(name)) }
        guard let apid = integer("apid"), (0...2047).contains(apid) else {
            return "a packet has no APID from 0 to 2047"
        }
        guard let count = integer(tape.member("count") == nil ? "sequence" : "count"), (0...16_383).contains(count)
        else {
            return "a packet has no sequence count from 0 to 16383"
        }
        guard !isReference || apid != 2047 else { return nil }
        let name = isReference ? nil : tape.text(at: tape.member("spacecraft"))
        let place = packets.place(ofSpacecraft: name, id: integer(isReference ? "spacecraft" : "id"))
        guard place < 1 << 16, packets.count < Int(Int32.max) else {
            throw ScoreFailure("\(text.name) tells of more spacecraft or packets than can be counted")
        }
        var packet = ExpectedPackets.Packet(
            key: ExpectedPackets.key(place, apid, count),
            time: ResultTime.nanoseconds(tape, tape.member("time")) ?? .min,
            sent: ResultTime.nanoseconds(tape, tape.member("sent")) ?? .min, offset: UInt64(offset))
        let frames = tape.member("frames").map { tape.values[$0].kind }
        if let heard = tape.member("heard"), tape.values[heard].kind == .list {
            var hearers = 0
            for name in tape.elements(of: heard) {
                hearers += 1
                packet.heard |=
                    tape.text(at: name).flatMap { packets.bit(ofInterface: $0, of: place, adding: true) } ?? 0
            }
            packet.hearers = UInt16(clamping: hearers)
            let isSent = frames.map { $0 != .null } ?? (hearers > 0)
            packet.state = hearers > 0 ? .receivable : isSent ? .lost : .neverSent
        } else if frames == .null {
            packet.state = .neverSent
        }
        if isReference {
            packet.path = Self.path(tape, tape.member("flow"))
            if packet.path == 0 { packet.path = Self.path(tape, tape.member("interface")) }
        }
        packets.add(packet, type: tape.text(at: tape.member("type")))
        names.number(&line)
        return nil
    }

    /// A number for the name of a flow or an interface, never 0; 0 where no name stands.
    static func path(_ tape: ValueTape, _ place: Int?) -> UInt32 {
        guard let place, tape.values[place].kind == .text, !tape.isEmpty(at: place) else { return 0 }
        return path(tape.octets(at: place))
    }

    /// The same of a name.
    static func path(_ name: RawSpan) -> UInt32 {
        var hasher = Hasher()
        name.hash(into: &hasher)
        return UInt32(truncatingIfNeeded: hasher.finalize()) | 1
    }

    // MARK: - Records, read again

    /// The record of a packet.
    private func record(of packet: ExpectedPackets.Packet) -> ValueTape? {
        _ = text.read(lineAt: Int(packet.offset), onto: &line.tape)
        return line.tape.readJSONObject() ? line.tape : nil
    }

    /// The record of the packet at a place, with its values.
    func line(of place: Int) -> ScoreLine {
        let slot = place % kept.count
        guard keptPlaces[slot] != place else { return kept[slot] }
        keptPlaces[slot] = place
        kept[slot].values.removeAll()
        _ = text.read(lineAt: Int(packets.all[place].offset), onto: &kept[slot].tape)
        if kept[slot].tape.readJSONObject() { names.number(&kept[slot], most: names.names.count) }
        // Lines beyond all measure are not kept.
        guard kept[slot].tape.octets.count > 1 << 16 else { return kept[slot] }
        keptPlaces[slot] = -1
        var line = ScoreLine()
        swap(&line, &kept[slot])
        return line
    }

    /// The type of a packet.
    func type(of packet: ExpectedPackets.Packet) -> String? {
        record(of: packet).flatMap { $0.text(at: $0.member("type")) }
    }

    /// Of each reference line that is no other's packet, whether faults explain that it is missing: one of the captured
    /// packets was hit that can have carried it, from the one that completed the packet before in its channel on.
    func explainReference() {
        var before: [String: Int] = [:]
        for place in 0..<packets.count {
            guard let record = record(of: packets.all[place]),
                let number = ScoreNumber.integer(record, record.member("packet"))
            else { continue }
            let flow = record.text(at: record.member("flow")) ?? ""
            let channel = "\(flow) \(ScoreNumber.integer(record, record.member("vcid")) ?? -1)"
            let first = before.updateValue(number, forKey: channel) ?? number
            guard packets.all[place].found == 0, faults.hit(flow: flow, min(first, number), number) else { continue }
            packets.change(place) { $0.state = .lost }
        }
    }

    /// Whether faults are told of the frames that carried a packet.
    func isExplained(_ packet: ExpectedPackets.Packet) -> Bool {
        guard !isReference else { return true }
        guard let record = record(of: packet) else { return false }
        let (name, channel) = (
            packets.spacecraft[packet.spacecraft].name, ScoreNumber.integer(record, record.member("channel")) ?? 0
        )
        if let (first, last) = Self.ends(record, "numbers") { return faults.hit(name, channel, numbers: first, last) }
        return Self.ends(record, "frames").map { faults.hit(name, channel, counts: $0, $1) } ?? false
    }

    /// Whether what carried a packet was broken so that no decoder can see it: then wrong values are not the decoder's.
    func hidesDamage(_ packet: ExpectedPackets.Packet) -> Bool {
        guard !isReference, let record = record(of: packet), let (first, last) = Self.ends(record, "numbers") else {
            return false
        }
        let channel = ScoreNumber.integer(record, record.member("channel")) ?? 0
        return faults.hidesDamage(packets.spacecraft[packet.spacecraft].name, channel, numbers: first, last)
    }

    /// The first and the last number of a list.
    private static func ends(_ record: ValueTape, _ name: String) -> (Int, Int)? {
        guard let list = record.member(name) else { return nil }
        let numbers = record.elements(of: list).map { ScoreNumber.integer(record, $0) }
        guard let first = numbers.first ?? nil, let last = numbers.last ?? nil else { return nil }
        return (first, last)
    }
}

extension NameTable {
    /// Gives numbers to the values on the line of a packet.
    fileprivate mutating func number(_ line: inout ScoreLine, most: Int = .max) {
        let tape = line.tape
        line.values.removeAll(keepingCapacity: true)
        beginLine()
        guard let values = tape.member("values") ?? tape.member("parameters") else { return }
        for place in tape.members(of: values) {
            if let name = number(of: tape.name(at: place), most: most) { line.values.append((name, place)) }
        }
    }
}
