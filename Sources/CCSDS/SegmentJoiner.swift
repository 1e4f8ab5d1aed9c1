public import Bytes
public import Records

/// Joins packets that hold parts of one piece of data, by their sequence flags (133.0-B-2, 4.1.3): first,
/// continuations, last. A stage of its own for who wants it, behind the decoders.
///
/// The joined unit has the primary header of the first part, with the flags of an unsegmented packet, and the data
/// fields one behind the other; its length field, which has 16 bits, says 65535 when there is more. What is joined was
/// entered in the ledger when it was decoded; what cannot be joined is counted here.
public final class SegmentJoiner {
    private let largest: Int
    private let mostOpen: Int
    private let arena = Arena()
    private var open: [Key: Group] = [:]
    private var joinedCount = 0
    private var brokenCount = 0
    private var brokenOctetCount = 0
    private var firstBrokenPart: (packet: UInt64, offset: UInt64)?
    private var age: UInt64 = 0

    private struct Key: Hashable {
        let flow: UInt32
        let channel: UInt32
        let apid: UInt16
        let isTelecommand: Bool
    }

    /// Parts that wait for the last one.
    private final class Group {
        let bytes = ByteBuffer()
        var first: Unit
        var next: UInt16
        var age: UInt64

        init(first: Unit, age: UInt64) {
            self.first = first
            next = 0
            self.age = age
        }
    }

    /// A joiner.
    ///
    /// - Parameters:
    ///   - largest: octets that a joined packet may have; parts of a longer one are given up.
    ///   - mostOpen: how many may wait for their last part at a time; the one that waited longest is given up.
    public init(largest: Int = 1 << 20, mostOpen: Int = 256) {
        self.largest = largest
        self.mostOpen = max(1, mostOpen)
    }

    /// How many were joined.
    public var joined: Int { joinedCount }
    /// How many were begun or met in the middle and could not be joined: parts are missing, or they grew too large.
    public var broken: Int { brokenCount }
    /// Octets of the parts of those.
    public var brokenOctets: Int { brokenOctetCount }
    /// How many wait for their last part.
    public var waiting: Int { open.count }
    /// The first part, in the order of the input, of those that could not be joined or still wait: the number of its capture
    /// packet and its offset; nil when there is none.
    public var firstBroken: (packet: UInt64, offset: UInt64)? {
        let waiting = open.values.min { $0.first.offset < $1.first.offset }.map { ($0.first.packet, $0.first.offset) }
        guard let broken = firstBrokenPart else { return waiting }
        guard let waiting, waiting.1 < broken.offset else { return broken }
        return waiting
    }

    /// Takes a batch of units and adds what it makes of them to another: whole packets as they are, joined ones where
    /// their last part came. Extents of joined units are true until the next call.
    public func process(_ units: borrowing Batch<Unit>, into joined: inout Batch<Unit>) {
        arena.reset()
        for index in 0..<units.count {
            let unit = units[index]
            if unit.segment == 3 || unit.marks.contains(.encapsulation) || unit.marks.contains(.idle) {
                joined.append(unit)
            } else {
                take(unit, units.bytes(of: unit), into: &joined)
            }
        }
    }

    private func take(_ unit: Unit, _ bytes: RawSpan, into joined: inout Batch<Unit>) {
        let key = Key(
            flow: unit.flow, channel: unit.channel, apid: unit.apid, isTelecommand: unit.marks.contains(.telecommand))
        let group = open[key]
        if unit.segment == 1 {
            if let group { giveUp(group) }
            if group == nil, open.count >= mostOpen { giveUpOldest() }
            age += 1
            let fresh = Group(first: unit, age: age)
            fresh.bytes.append(bytes)
            fresh.next = (unit.sequence &+ 1) & 0x3FFF
            open[key] = fresh
            return
        }
        guard let group else {
            brokenCount += 1
            brokenOctetCount += bytes.byteCount
            note(unit)
            return
        }
        guard unit.sequence == group.next, group.bytes.count + bytes.byteCount - 6 <= largest else {
            // A part that came twice changes nothing.
            if unit.sequence == (group.next &- 1) & 0x3FFF { return }
            open[key] = nil
            giveUp(group)
            brokenOctetCount += bytes.byteCount
            return
        }
        group.bytes.append(bytes.slice(at: 6, count: bytes.byteCount - 6))
        group.next = (group.next &+ 1) & 0x3FFF
        guard unit.segment == 2 else { return }
        open[key] = nil
        joinedCount += 1
        joined.append(whole(group, completedBy: unit))
    }

    /// The joined packet as a unit.
    private func whole(_ group: Group, completedBy last: Unit) -> Unit {
        let buffer = group.bytes
        // The header says of itself what it is now.
        let length = UInt16(min(buffer.count - 7, 0xFFFF))
        let header: [UInt8] = [
            buffer.bytes.u8(at: 2) | 0xC0, buffer.bytes.u8(at: 3), UInt8(length >> 8), UInt8(length & 0xFF),
        ]
        buffer.replace(at: 2, with: header.octets)
        var unit = group.first
        unit.extent = arena.copy(buffer.bytes)
        unit.time = last.time
        unit.packet = last.packet
        unit.segment = 3
        unit.marks.insert(.joined)
        return unit
    }

    private func note(_ unit: Unit) {
        if unit.offset < firstBrokenPart?.offset ?? .max { firstBrokenPart = (unit.packet, unit.offset) }
    }

    private func giveUp(_ group: Group) {
        note(group.first)
        brokenCount += 1
        brokenOctetCount += group.bytes.count
    }

    private func giveUpOldest() {
        guard let oldest = open.min(by: { $0.value.age < $1.value.age }) else { return }
        giveUp(oldest.value)
        open[oldest.key] = nil
    }
}
