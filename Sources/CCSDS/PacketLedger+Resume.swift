internal import Bytes
internal import Records

/// Where the sequence count of an APID stands between two packets: enough to judge those that come behind it.
package struct CountStanding: Sendable, Equatable {
    /// The marks that tell kinds apart: encapsulation, telecommand.
    package var kind: UInt16
    /// The APID.
    package var apid: UInt16
    /// The count that the order goes on from; nil in front of the first packet.
    package var sequence: UInt16?
    /// The count of the last late packet; `UInt16.max` where there is none.
    package var lastLate: UInt16
    /// Steps by one and other ones, by which counts are trusted or not.
    package var plain: Int32
    package var odd: Int32
    /// Whether frames were lost on the channel since the last packet.
    package var framesLost: Bool
    /// What is missing of the counts, with the last packet at place 0.
    package var line: CountLine

    /// A standing from its parts.
    package init(
        kind: UInt16, apid: UInt16, sequence: UInt16?, lastLate: UInt16 = .max, plain: Int32 = 0,
        odd: Int32 = 0, framesLost: Bool = false, line: CountLine = CountLine()
    ) {
        self.line = line
        (self.kind, self.apid, self.sequence) = (kind, apid, sequence)
        (self.lastLate, self.plain, self.odd, self.framesLost) = (lastLate, plain, odd, framesLost)
    }
}

/// Judging on behind packets that are left out.
extension PacketLedger {
    /// The rows as they are, to see later which went on.
    package struct Snapshot {
        fileprivate var rows: [PacketRow] = []
        fileprivate var epochs: [UInt64: UInt32] = [:]

        /// In front of the first packet.
        package init() {}
    }

    /// The rows as they are.
    package var snapshot: Snapshot {
        var snapshot = Snapshot()
        snapshot.rows = rows
        for group in groups where group.epoch > 0 { snapshot.epochs[group.key] = group.epoch }
        return snapshot
    }

    /// The rows that had packets since a snapshot, where they stood then, and how many packets they had since; by flow and
    /// channel as ``Unit/originKey`` has them.
    package func standings(at snapshot: Snapshot) -> [(origin: UInt64, standing: CountStanding, packets: Int)] {
        var found: [(UInt64, CountStanding, Int)] = []
        for (index, row) in rows.enumerated() {
            let origin = UInt64(row.flow) << 32 | UInt64(row.channel)
            guard snapshot.rows.indices.contains(index) else {
                let standing = CountStanding(kind: row.kind, apid: row.apid, sequence: nil)
                found.append((origin, standing, row.packets))
                continue
            }
            let old = snapshot.rows[index]
            guard row.packets > old.packets else { continue }
            found.append(
                (
                    origin,
                    CountStanding(
                        kind: row.kind, apid: row.apid, sequence: old.sequence,
                        lastLate: old.lastLate, plain: Int32(clamping: old.plain), odd: Int32(clamping: old.odd),
                        framesLost: old.epoch != snapshot.epochs[origin] ?? 0, line: old.line.kept),
                    row.packets - old.packets
                ))
        }
        return found
    }

    /// Takes the place of an APID behind packets that were left out.
    package func resume(flow: Int, channel: UInt32, _ standing: CountStanding) {
        guard let sequence = standing.sequence else { return }
        let group = self.group(UInt32(flow), channel)
        let slot = table(group, standing.kind) + Int(standing.apid & 0x7FF)
        if slots[slot] == 0 {
            rows.append(
                PacketRow(
                    sequence: sequence, epoch: 0, first: .unknown, last: .unknown, flow: UInt32(flow), channel: channel,
                    apid: standing.apid, kind: standing.kind,
                    hasCount: standing.kind & Self.encapsulation == 0 && standing.apid != Self.idle))
            slots[slot] = UInt32(rows.count)
        }
        let row = Int(slots[slot]) - 1
        rows[row].sequence = sequence
        rows[row].lastLate = standing.lastLate
        rows[row].line = standing.line
        rows[row].plain = Int(standing.plain)
        rows[row].odd = Int(standing.odd)
        rows[row].epoch = groups[group].epoch &- (standing.framesLost ? 1 : 0)
    }

    private static var encapsulation: UInt16 { Unit.Marks.encapsulation.rawValue }
    private static var idle: UInt16 { 0x7FF }
}
