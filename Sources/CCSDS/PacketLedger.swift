public import Bytes
public import Records

/// Counts packets and checks their sequence counts, for each APID of each channel of each flow (133.0-B-2, 4.1.3).
///
/// A stage of its own behind the decoders: it takes batches of units and marks those before which packets are missing
/// and those that are late. It notices when counts do not count what they should (``PacketCount/Counter``).
public final class PacketLedger {
    var rows: [PacketRow] = []
    /// For each table 2048 numbers of rows plus one, by APID; 0 = no packet yet.
    var slots: [UInt32] = []
    var groups: [Group] = []
    private var groupOfKey: [UInt64: Int] = [:]
    /// Groups met last, by a few bits of their key.
    private var recent = [Int](repeating: 0, count: 64)

    /// One channel of one flow.
    struct Group {
        let key: UInt64
        /// How often frames were lost.
        var epoch: UInt32 = 0
        /// Where its tables begin: telemetry, encapsulation, telecommand; -1 = not met.
        var tables: (Int, Int, Int) = (-1, -1, -1)
    }

    /// A ledger without packets.
    public init() {}

    /// What was counted, in the order met.
    public var counts: [PacketCount] { rows.map(\.count) }

    /// How many rows ``counts`` has, without making them.
    public var count: Int { rows.count }

    /// Takes the units from `start` on.
    public func process(_ units: inout Batch<Unit>, from start: Int = 0) {
        var index = start
        while index < units.count {
            let unit = units[index]
            // Messages have no count that goes on.
            guard !unit.marks.contains(.message) else {
                index += 1
                continue
            }
            let kind = unit.marks.rawValue & Self.kinds
            let group = self.group(unit.flow, unit.channel)
            let base = table(group, kind)
            let slot = base + Int(unit.apid & 0x7FF)
            if slots[slot] == 0 {
                // The first of its APID: it is counted like the others, and its count is right by definition.
                rows.append(row(unit, kind: kind, epoch: groups[group].epoch))
                slots[slot] = UInt32(rows.count)
            }
            var epoch = groups[group].epoch
            index = Self.run(&units, from: index, base: base, epoch: &epoch, &rows, slots)
            groups[group].epoch = epoch
        }
    }

    /// The marks that tell kinds of packets apart.
    private static var kinds: UInt16 {
        Unit.Marks.encapsulation.rawValue | Unit.Marks.telecommand.rawValue | Unit.Marks.message.rawValue
    }

    /// Takes the units that go on in one channel and kind and have a row; says which one does not.
    private static func run(
        _ units: inout Batch<Unit>, from start: Int, base: Int, epoch running: inout UInt32,
        _ allRows: inout [PacketRow], _ allSlots: [UInt32]
    ) -> Int {
        let (flow, channel) = (units[start].flow, units[start].channel)
        let kind = units[start].marks.rawValue & kinds
        let slots = allSlots.span
        var rows = allRows.mutableSpan
        var epoch = running
        var index = start
        let count = units.count
        while index < count {
            let unit = units[index]
            guard unit.flow == flow, unit.channel == channel, unit.marks.rawValue & kinds == kind else { break }
            let slot = Int(slots[base &+ Int(unit.apid & 0x7FF)])
            guard slot != 0 else { break }
            if unit.marks.contains(.framesLost) { epoch &+= 1 }
            let marks = enter(unit, &rows[slot &- 1], epoch: epoch)
            if marks.rawValue != 0 { units[index].marks.formUnion(marks) }
            index &+= 1
        }
        running = epoch
        return index
    }

    @inline(__always)
    private static func enter(_ unit: Unit, _ row: inout PacketRow, epoch: UInt32) -> Unit.Marks {
        row.packets &+= 1
        row.bytes &+= unit.extent.count
        row.last = unit.time
        // A row may have been made for packets that were left out.
        if row.packets == 1 { row.first = unit.time }
        guard row.hasCount else { return [] }
        if unit.sequence == (row.sequence &+ 1) & 0x3FFF, row.epoch == epoch {
            row.plain &+= 1
            row.sequence = unit.sequence
            row.line.place &+= 1
            row.lastLate = .max
            return []
        }
        return row.step(to: unit.sequence, epoch: epoch)
    }

    private func row(_ unit: Unit, kind: UInt16, epoch: UInt32) -> PacketRow {
        var row = PacketRow(
            sequence: (unit.sequence &- 1) & 0x3FFF, epoch: epoch, first: unit.time, last: unit.time, flow: unit.flow,
            channel: unit.channel, apid: unit.apid, kind: kind,
            hasCount: !unit.marks.contains(.idle) && !unit.marks.contains(.encapsulation))
        // It is entered as the next one of a count in front of it, which was never there.
        row.line.first = 1
        return row
    }

    /// The channel of a flow; flows that take turns are found without a search.
    func group(_ flow: UInt32, _ channel: UInt32) -> Int {
        let key = UInt64(flow) << 32 | UInt64(channel)
        let place = Int(truncatingIfNeeded: flow &* 31 &+ channel) & 63
        let recent = recent[place]
        if recent < groups.count, groups[recent].key == key { return recent }
        let found: Int
        if let known = groupOfKey[key] {
            found = known
        } else {
            found = groups.count
            groups.append(Group(key: key))
            groupOfKey[key] = found
        }
        self.recent[place] = found
        return found
    }

    /// Where the table of a channel for one kind of packets begins.
    func table(_ group: Int, _ kind: UInt16) -> Int {
        let tables = groups[group].tables
        let known = kind & 2 != 0 ? tables.1 : kind & 4 != 0 ? tables.2 : tables.0
        if known >= 0 { return known }
        let fresh = slots.count
        slots.append(contentsOf: repeatElement(0, count: 2048))
        if kind & 2 != 0 {
            groups[group].tables.1 = fresh
        } else if kind & 4 != 0 {
            groups[group].tables.2 = fresh
        } else {
            groups[group].tables.0 = fresh
        }
        return fresh
    }
}
