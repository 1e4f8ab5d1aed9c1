public import Bytes

/// Counts packets and checks their sequence counts, for each APID of each channel of each flow (133.0-B-2, 4.1.3.4).
///
/// A stage of its own behind the decoders: it takes batches of units and marks those before which packets are missing and
/// those that are late. It notices when counts do not count what they should (``PacketCount/Counter``).
public final class PacketLedger {
    private var rows: [PacketRow] = []
    /// For each table 2048 numbers of rows plus one, by APID; 0 = no packet yet.
    private var slots: [UInt32] = []
    private var groups: [Group] = []
    private var groupOfKey: [UInt64: Int] = [:]

    /// One channel of one flow.
    private struct Group {
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
        // Locals for the loop: properties of a class are checked at each use.
        var rows: [PacketRow] = []
        swap(&rows, &self.rows)
        defer { swap(&rows, &self.rows) }
        var key: UInt64 = 0
        var kind: UInt8 = 0xFF
        var base = 0
        var group = 0
        var epoch: UInt32 = 0
        for index in start..<units.count {
            let unit = units[index]
            let itsKey = UInt64(unit.flow) << 32 | UInt64(unit.channel)
            let itsKind = unit.marks.rawValue & 6
            if itsKey != key || itsKind != kind {
                key = itsKey
                kind = itsKind
                group = self.group(key)
                base = table(group, kind)
                epoch = groups[group].epoch
            }
            if unit.marks.contains(.framesLost) {
                epoch &+= 1
                groups[group].epoch = epoch
            }
            let slot = Int(slots[base &+ Int(unit.apid & 0x7FF)])
            guard slot != 0 else {
                slots[base &+ Int(unit.apid & 0x7FF)] = UInt32(rows.count + 1)
                rows.append(row(unit, kind: kind, epoch: epoch))
                continue
            }
            let marks = Self.enter(unit, &rows[slot &- 1], epoch: epoch)
            if marks.rawValue != 0 {
                var marked = unit
                marked.marks.formUnion(marks)
                units[index] = marked
            }
        }
    }

    @inline(__always)
    private static func enter(_ unit: Unit, _ row: inout PacketRow, epoch: UInt32) -> Unit.Marks {
        row.packets &+= 1
        row.bytes &+= unit.extent.count
        row.last = unit.time
        if row.hasCount {
            if unit.sequence == (row.sequence &+ 1) & 0x3FFF, row.epoch == epoch {
                row.plain &+= 1
                row.sequence = unit.sequence
                row.lastLate = .max
                return []
            }
            return row.step(to: unit.sequence, epoch: epoch)
        }
        return []
    }

    private func row(_ unit: Unit, kind: UInt8, epoch: UInt32) -> PacketRow {
        PacketRow(
            packets: 1, bytes: unit.extent.count, sequence: unit.sequence, epoch: epoch, first: unit.time, last: unit.time,
            flow: unit.flow, channel: unit.channel, apid: unit.apid, kind: kind,
            hasCount: !unit.marks.contains(.idle) && !unit.marks.contains(.encapsulation))
    }

    private func group(_ key: UInt64) -> Int {
        if let known = groupOfKey[key] { return known }
        groups.append(Group(key: key))
        groupOfKey[key] = groups.count - 1
        return groups.count - 1
    }

    /// Where the table of a channel for one kind of packets begins.
    private func table(_ group: Int, _ kind: UInt8) -> Int {
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
