internal import Bytes
internal import Records

/// For each message of a table where its parts begin: a matrix of offsets, a column a slot, -1 where a part is absent.
struct JTT808Places {
    let lane = Lane<Int32>()
    let rows: Int
    /// For each slot how many messages have it.
    let present = Lane<Int>()

    /// Finds the parts of all messages.
    ///
    /// - Parameter withItems: whether items of location reports are looked for.
    init(_ table: DecodedTable, _ walk: JTT808Kind.Walk, withItems: Bool) {
        rows = table.count
        let slots: Int
        if case .location = walk, withItems { slots = JTT808Items.slotCount } else { slots = JTT808Slot.firstItem }
        present.resize(to: JTT808Items.slotCount, filler: 0)
        lane.resize(to: slots * rows, filler: -1)
        present[JTT808Slot.body] = rows
        present[JTT808Slot.anchor] = rows
        fill(table, walk, withItems: withItems)
    }

    private func fill(_ table: DecodedTable, _ walk: JTT808Kind.Walk, withItems: Bool) {
        let (itemSlots, itemLengths) = (JTT808Items.slots, JTT808Items.slotLengths)
        let packetLane = table.packets
        let packets = packetLane.span
        for row in 0..<rows {
            let bytes = unsafe packets[row].bytes(keptBy: table)
            let end = bytes.byteCount
            let body = JTT808Header.length(end >= 4 ? bytes.u16(at: 2) : 0)
            set(JTT808Slot.body, row, body)
            switch walk {
            case .open: break
            case .fixed(let length): setTail(row, body + length, end)
            case .counted(let length):
                let anchor = body + 1 + (body < end ? Int(bytes.u8(at: body)) : 0)
                set(JTT808Slot.anchor, row, anchor)
                setTail(row, anchor + length, end)
            case .location(let skip):
                set(JTT808Slot.anchor, row, body + skip)
                let items = body + skip + 28
                guard withItems, items < end else { continue }
                walkItems(bytes, from: items, row, itemSlots, itemLengths)
            case .settings(let skip): setTail(row, Self.settingsEnd(bytes, from: body + skip), end)
            case .indices(let skip, let width):
                guard body + skip <= end else { continue }
                let at = body + skip - width
                let count = width == 1 ? Int(bytes.u8(at: at)) : Int(bytes.u16(at: at))
                setTail(row, min(body + skip + 2 * count, end - (end - body - skip) % 2), end)
            case .entries: setTail(row, Self.entriesEnd(bytes, body), end)
            }
        }
    }

    @inline(__always)
    private func set(_ slot: Int, _ row: Int, _ place: Int) {
        lane[slot &* rows &+ row] = Int32(truncatingIfNeeded: place)
    }

    @inline(__always)
    private func setTail(_ row: Int, _ place: Int, _ end: Int) {
        guard place < end else { return }
        set(JTT808Slot.tail, row, place)
        present[JTT808Slot.tail] += 1
    }

    /// Items whose id and length are known get their slots, the first of each; the others are counted.
    @inline(__always)
    private func walkItems(_ bytes: RawSpan, from start: Int, _ row: Int, _ slots: [UInt8], _ lengths: [UInt8]) {
        set(JTT808Slot.items, row, start)
        present[JTT808Slot.items] += 1
        let end = bytes.byteCount
        var at = start
        var unlisted = 0
        while at &+ 2 <= end {
            let id = bytes.u8(at: at)
            let length = Int(bytes.u8(at: at &+ 1))
            let value = at &+ 2
            guard value &+ length <= end else { break }
            let slot = Int(slots[Int(id)])
            at = value &+ length
            if slot != 0, lane[slot &* rows &+ row] < 0 {
                let isArea = id == 0x11 && length == 5
                if isArea || length == Int(lengths[slot]) {
                    set(slot, row, value)
                    present[slot] &+= 1
                    if isArea {
                        set(slot + 1, row, value)
                        present[slot + 1] += 1
                    }
                    continue
                }
            }
            unlisted &+= 1
        }
        set(JTT808Slot.unlisted, row, unlisted)
        setTail(row, at, end)
    }

    /// The end of a list of parameters whose count stands in front of `start`: of those that are whole.
    static func settingsEnd(_ bytes: RawSpan, from start: Int) -> Int {
        guard start <= bytes.byteCount else { return start }
        var left = Int(bytes.u8(at: start - 1))
        var at = start
        while left > 0, at + 5 <= bytes.byteCount {
            let next = at + 5 + Int(bytes.u8(at: at + 4))
            guard next <= bytes.byteCount else { break }
            at = next
            left -= 1
        }
        return at
    }

    /// The end of the entries of a batch, of those that are whole.
    private static func entriesEnd(_ bytes: RawSpan, _ body: Int) -> Int {
        guard body + 3 <= bytes.byteCount else { return body + 3 }
        var left = Int(bytes.u16(at: body))
        var at = body + 3
        while left > 0, let entry = JTT808Family.entry(of: bytes, at: at) {
            at = entry.upperBound
            left -= 1
        }
        return at
    }
}
