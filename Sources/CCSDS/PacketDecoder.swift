public import Bytes
public import Records
public import Transport

/// Turns a flow of packets that travel without frames into units: space packets (133.0-B-2) and encapsulation packets
/// (133.1-B-3).
///
/// A datagram holds one packet or several back to back; a stream is cut anywhere. In front of each packet there may be
/// a fixed number of foreign octets. One decoder serves one flow. Streams are in `PacketDecoder+Stream.swift`.
public final class PacketDecoder {
    let skip: Int
    let version: UInt8
    private let isStream: Bool
    package let carry = StreamCarry()
    package let arena = Arena()
    /// The APIDs that this flow was seen to have, and how many space packets it had.
    var known: [Bool] = []
    var seen = 0
    /// The longest packet seen, foreign octets included.
    var longest = 0
    var isHunting = false
    var isLast = false
    var refusal: Refusal?

    /// What did not fit, in numbers.
    public struct Refusal: Sendable, Equatable {
        /// Octets that the packet should have, by its length field.
        public let needed: Int
        /// Octets that were there.
        public let present: Int
        /// The number of the capture packet.
        public let packet: UInt64
        /// Where the packet begins in the uncompressed input.
        public let offset: UInt64
    }

    /// A decoder for a flow.
    ///
    /// - Parameters:
    ///   - skip: foreign octets in front of each packet, 0 or more.
    ///   - isStream: whether payloads are pieces of one stream (TCP, a bare file) and not datagrams.
    ///   - version: the packet version number that space packets have. The standard knows 0 alone, 133.0-B-2, 4.1.3;
    ///     some test files of others have 1. Not 7, which is that of encapsulation packets.
    public init(skip: Int = 0, isStream: Bool, version: UInt8 = 0) {
        precondition(skip >= 0, "no packet has fewer than no octets in front of it")
        precondition(version < 7, "a packet version number of three bits, and not that of encapsulation packets")
        self.skip = skip
        self.version = version
        self.isStream = isStream
        if isStream { known = [Bool](repeating: false, count: 2048) }
    }

    /// The first packet that was longer than its datagram.
    public var firstRefusal: Refusal? { refusal }

    /// Begins a batch: extents of units handed on before are no longer true.
    public func beginBatch() { arena.reset() }

    /// Takes all payloads of a batch, which all belong to this decoder's flow.
    public func process(_ payloads: borrowing Batch<Payload>, into units: inout Batch<Unit>, ledger: inout Ledger) {
        process(payloads, at: 0..<payloads.count, into: &units, ledger: &ledger)
    }

    /// Takes the payloads at `indices`, which all belong to this decoder's flow.
    ///
    /// Adds a unit for each packet that is whole by then, idle ones too (but not idle packets of one octet). A unit
    /// points into its payload, or into memory of this decoder that stays until ``beginBatch()``. An octet of payload
    /// gives at most a seventh of a unit: who has long payloads hands over few at a time.
    public func process(
        _ payloads: borrowing Batch<Payload>, at indices: Range<Int>, into units: inout Batch<Unit>,
        ledger: inout Ledger
    ) {
        if isStream {
            for index in indices {
                let payload = payloads[index]
                if payload.marks.contains(.gapBefore) { streamBroke(&ledger) }
                feed(payloads.bytes(of: payload), of: payload, units: &units, ledger: &ledger)
                if payload.marks.contains(.cut) { streamBroke(&ledger) }
            }
            return
        }
        let (skip, version) = (self.skip, UInt64(self.version))
        var (decoded, idle, overhead) = (0, 0, 0)
        for index in indices {
            let extent = payloads[index].extent
            let room = extent.count &- skip
            // One space packet that fills its datagram; everything else goes the slow way.
            if room >= 8 {
                let header = payloads.bytes(of: payloads[index]).u64(at: skip)
                let total = Int(truncatingIfNeeded: header &>> 16 & 0xFFFF) &+ 7
                let head = PacketHead.space(
                    UInt32(truncatingIfNeeded: header &>> 32), lengthField: UInt16(truncatingIfNeeded: header &>> 16))
                if header &>> 61 == version, total == room {
                    decoded &+= total
                    if head.isIdle { idle &+= total }
                    overhead &+= skip
                    units.append(
                        Unit(
                            extent: extent.dropFirst(skip), time: payloads[index].time, packet: payloads[index].packet,
                            offset: payloads[index].offset &+ UInt64(truncatingIfNeeded: skip),
                            flow: payloads[index].flow, channel: .max, apid: head.apid, sequence: head.sequence,
                            segment: head.segment, marks: head.marks))
                    continue
                }
            }
            datagram(payloads, index, &units, &ledger)
        }
        ledger.decoded += decoded - idle
        ledger.idle += idle
        ledger.overhead += overhead
    }

    /// Ends the flow: what still waits goes to the ledger as pending. A stream may still give units.
    public func finish(into units: inout Batch<Unit>, ledger: inout Ledger) {
        endStream(units: &units, ledger: &ledger)
    }

    /// A datagram that is not plainly one space packet.
    @inline(never)
    private func datagram(
        _ payloads: borrowing Batch<Payload>, _ index: Int, _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) {
        let payload = payloads[index]
        let bytes = payloads.bytes(of: payload)
        let count = bytes.byteCount
        let place = Place(
            time: payload.time, packet: payload.packet, flow: payload.flow, first: 0, split: 0, second: payload.offset)
        var at = 0
        while at < count {
            let head = PacketHead.read(bytes, at: at + skip, end: count, version: version)
            guard head.total > 0, head.total <= count - at - skip else {
                let reason: StaticString
                if head.total == PacketHead.none {
                    reason = "no packet header where one must be"
                } else if payload.marks.contains(.cut) {
                    reason = "packet cut by the capture's snap length"
                } else if head.total > 0 {
                    reason = "packet longer than its datagram"
                    if refusal == nil {
                        refusal = Refusal(
                            needed: head.total, present: count - at - skip, packet: payload.packet,
                            offset: place.offset(of: at))
                    }
                } else {
                    reason = "octets that are no whole packet header"
                }
                ledger.reject(
                    .packet, reason, bytes: count - at, packet: payload.packet, offset: place.offset(of: at))
                return
            }
            enter(head, at: at, in: bytes, place, &units, &ledger)
            at += skip + head.total
        }
    }

    /// Hands on one packet behind its foreign octets.
    @inline(__always)
    func enter(
        _ head: PacketHead, at: Int, in window: RawSpan, _ place: Place, _ units: inout Batch<Unit>,
        _ ledger: inout Ledger
    ) {
        ledger.overhead += skip
        if head.isIdle { ledger.idle += head.total } else { ledger.decoded += head.total }
        // One octet of fill is no packet that anybody wants to see.
        if head.total == 1 { return }
        let start = at &+ skip
        let extent = Extent(window).slice(at: start, count: head.total)
        units.append(head.unit(extent, channel: .max, offset: place.offset(of: start), place: place))
    }
}
