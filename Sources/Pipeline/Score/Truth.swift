internal import Bytes

/// A truth: the packets that were made, and the faults that befell what carried them (`Specs/truth.md`).
final class Truth {
    /// Where the packets are.
    let text: TruthText
    let packets = ExpectedPackets()
    private(set) var faults = TruthFaults()
    /// What was run, as its record says.
    private(set) var run: JSONText?
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
        try read(truth, shown) { record, offset throws(ScoreFailure) in
            switch record["record"]?.text {
            case "run": self.run = self.run ?? record
            case "fault": self.faults.take(record)
            case "end": self.hasEnd = true
            case "packet" where !self.isReference: return try self.take(record, offset)
            default: break
            }
            return nil
        }
        if isReference {
            try read(text, shown) { record, offset throws(ScoreFailure) in
                // Messages and encapsulated packets have no APID.
                guard let apid = record["apid"], apid != .null else { return nil }
                return try self.take(record, offset)
            }
        } else if run == nil {
            throw ScoreFailure(
                "\(file) is no truth: no line has \"record\": \"run\", as those have that --truth writes")
        }
        faults.settle()
    }

    private func read(
        _ text: TruthText, _ shown: Int, _ take: (JSONText, Int) throws(ScoreFailure) -> String?
    ) throws(ScoreFailure) {
        var offset = 0
        var number = 0
        while offset < text.count, !Interruption.isAsked {
            let (octets, next) = text.line(at: offset)
            number += 1
            defer { offset = next }
            guard octets.contains(where: { $0 > 0x20 }) else { continue }
            let words: String?
            if let record = JSONText(octets), case .object = record {
                words = try take(record, offset)
            } else {
                words = "this is no JSON object: \(MessageInput.words(Array(octets.prefix(60))))"
            }
            guard let words else { continue }
            badCount += 1
            if bad.count < shown { bad.append((text.name, number, words)) }
        }
    }

    private static func integer(_ value: JSONText?) -> Int? { value.flatMap(ScoreNumber.init)?.integer }

    /// Takes the record of a packet, or a line of a reference. Gives what is wrong with it.
    private func take(_ record: JSONText, _ offset: Int) throws(ScoreFailure) -> String? {
        guard let apid = Self.integer(record["apid"]), (0...2047).contains(apid) else {
            return "a packet has no APID from 0 to 2047"
        }
        guard let count = Self.integer(record["count"] ?? record["sequence"]), (0...16_383).contains(count) else {
            return "a packet has no sequence count from 0 to 16383"
        }
        guard !isReference || apid != 2047 else { return nil }
        let name = isReference ? nil : record["spacecraft"]?.text
        let place = packets.place(
            ofSpacecraft: name, id: Self.integer(isReference ? record["spacecraft"] : record["id"]))
        guard place < 1 << 16, packets.count < Int(Int32.max) else {
            throw ScoreFailure("\(text.name) tells of more spacecraft or packets than can be counted")
        }
        var packet = ExpectedPackets.Packet(
            key: ExpectedPackets.key(place, apid, count),
            time: record["time"].flatMap(ResultRow.time) ?? .min, offset: UInt64(offset))
        if let heard = record["heard"], case .list(let names) = heard {
            packet.hearers = UInt16(clamping: names.count)
            for name in names {
                packet.heard |= name.text.flatMap { packets.bit(ofInterface: $0, of: place, adding: true) } ?? 0
            }
            let isSent = record["frames"].map { $0 != .null } ?? !names.isEmpty
            packet.state = !names.isEmpty ? .receivable : isSent ? .lost : .neverSent
        } else if record["frames"] == .null {
            packet.state = .neverSent
        }
        packets.add(packet, type: record["type"]?.text)
        return nil
    }

    /// The record of a packet, read again.
    func record(of packet: ExpectedPackets.Packet) -> JSONText? { JSONText(text.line(at: Int(packet.offset)).octets) }

    /// The values of a packet.
    func values(of packet: ExpectedPackets.Packet) -> [(name: String, value: JSONText)] {
        let record = record(of: packet)
        return (record?["values"] ?? record?["parameters"])?.members ?? []
    }

    /// Of each reference line that is no other's packet, whether faults explain that it is missing: one of the captured
    /// packets was hit that can have carried it, from the one that completed the packet before in its channel on.
    func explainReference() {
        var before: [String: Int] = [:]
        for place in 0..<packets.count {
            guard let record = record(of: packets.all[place]), let number = Self.integer(record["packet"]) else {
                continue
            }
            let flow = record["flow"]?.text ?? ""
            let channel = "\(flow) \(Self.integer(record["vcid"]) ?? -1)"
            let first = before.updateValue(number, forKey: channel) ?? number
            guard packets.all[place].found == 0, faults.hit(flow: flow, min(first, number), number) else { continue }
            packets.change(place) { $0.state = .lost }
        }
    }

    /// Whether faults are told of the frames that carried a packet.
    func isExplained(_ packet: ExpectedPackets.Packet) -> Bool {
        guard !isReference else { return true }
        guard let record = record(of: packet), case .list(let list)? = record["frames"], let first = list.first,
            let last = list.last, let from = Self.integer(first), let until = Self.integer(last)
        else { return false }
        return faults.hit(
            packets.spacecraft[packet.spacecraft].name, Self.integer(record["channel"]) ?? 0, from, until)
    }
}
