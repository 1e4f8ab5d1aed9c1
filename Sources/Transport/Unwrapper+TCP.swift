import Bytes

/// TCP (RFC 9293): segments put in order, each octet once.
extension Unwrapper {
    /// The largest window that TCP knows (RFC 7323, section 2.3), and so the furthest that a segment can be ahead.
    private static var window: Int { 1 << 30 }

    private enum Flag {
        static let synchronize: UInt8 = 2
        static let reset: UInt8 = 4
        static let acknowledge: UInt8 = 16
    }

    /// A segment from its header on. What is in front of it is seen to already.
    @inline(never)
    mutating func tcp(
        _ addresses: FlowKey, _ bytes: RawSpan, _ parcel: inout Parcel, _ reach: Reach,
        into payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        guard reach.count >= 20 else {
            return cutHeader(reach, needs: 20, "TCP header is cut short", parcel, &ledger)
        }
        let header = Int(bytes.u8(at: reach.start + 12) >> 4) * 4
        guard header >= 20 else { return reject(reach, "TCP header length is too small", parcel, &ledger) }
        guard header <= reach.count else {
            return cutHeader(reach, needs: header, "TCP header is cut short", parcel, &ledger)
        }
        overhead += header
        var key = addresses
        parcel.layers.push(.tcp)
        key.setPorts(bytes.u32(at: reach.start), kind: .tcp)
        var sequence = bytes.u32(at: reach.start + 4)
        let flags = bytes.u8(at: reach.start + 13)
        var content = Reach(start: reach.start + header, end: reach.end, declared: reach.declared - header)
        // A length that promises more than was sent must not make the stream skip what was never there.
        if parcel.marks.contains(.short) { content.declared = content.count }
        // A packet cannot stand for more than a window, whatever a capture claims of its length.
        content.declared = min(content.declared, max(Self.window, content.count))

        if flags & Flag.acknowledge != 0, streams.waiting > 0 {
            acknowledge(key.reversed, bytes.u32(at: reach.start + 8), into: &payloads)
        }
        if flags & Flag.reset != 0 {
            // What a reset carries is a remark on it (RFC 9293, section 3.5.3), no part of the stream.
            overhead += content.count
            if let stream = stream(of: key) { releaseAll(stream, into: &payloads) }
            return
        }
        if flags & Flag.synchronize != 0 {
            sequence &+= 1
            synchronize(key, sequence, into: &payloads)
        }
        guard content.declared > 0 else { return }
        guard let flow = flows.index(of: key, layers: parcel.layers) else {
            return reject(content, "too many flows", parcel, &ledger)
        }
        let verdict = verdict(bytes, parcel, reach, key, protocolNumber: 6, field: 16)
        flows.count(flow, content, of: parcel, verdict)
        parcel.marks.formUnion(verdict.marks)
        let stream = flows.tallies[flow].stream < 0 ? begin(flow, key, sequence) : Int(flows.tallies[flow].stream)
        segment(sequence, of: stream, bytes, parcel, content, into: &payloads)
    }

    /// The stream of a flow that has sent octets.
    private func stream(of key: FlowKey) -> Int? {
        guard let flow = flows.find(key), flows.tallies[flow].stream >= 0 else { return nil }
        return Int(flows.tallies[flow].stream)
    }

    /// A stream begins: where its connection was opened, or in the middle.
    private mutating func begin(_ flow: Int, _ key: FlowKey, _ sequence: UInt32) -> Int {
        let opened = streams.takeOpened(key)
        let base = opened ?? sequence
        var stream = Stream(flow: flow, base: base, next: base)
        stream.counts.beginsInTheMiddle = opened == nil
        streams.all.append(stream)
        flows.setStream(streams.all.count - 1, of: flow)
        return streams.all.count - 1
    }

    /// A connection is opened, whose first octet has number `first`; or opened anew, when it had another number before.
    private mutating func synchronize(_ key: FlowKey, _ first: UInt32, into payloads: inout Batch<Payload>) {
        guard let stream = stream(of: key) else { return streams.open(key, at: first) }
        if streams.all[stream].base == first {
            streams.all[stream].counts.beginsInTheMiddle = false
            return
        }
        restart(stream, at: first, into: &payloads)
    }

    /// A stream goes on at another number: what waits is let go, and what comes next is behind a gap.
    private mutating func restart(_ index: Int, at first: UInt32, into payloads: inout Batch<Payload>) {
        releaseAll(index, into: &payloads)
        streams.all[index].base = first
        streams.all[index].next = first
        streams.all[index].hasGap = true
        streams.all[index].restarts += 1
    }

    /// Octets of a stream: those in turn are handed on where they stand, those ahead of it are kept, those behind it
    /// came before.
    private mutating func segment(
        _ sequence: UInt32, of index: Int, _ bytes: RawSpan, _ parcel: Parcel, _ content: Reach,
        into payloads: inout Batch<Payload>
    ) {
        var distance = streams.all[index].distance(sequence)
        if abs(distance) > Self.window {
            // No window reaches so far: this is another connection, whose opening was not captured.
            restart(index, at: sequence, into: &payloads)
            distance = 0
        }
        let old = min(max(0, -distance), content.declared)
        let oldCaptured = min(old, content.count)
        streams.all[index].counts.retransmitted += old
        overhead += oldCaptured
        var fresh = content
        fresh.start += oldCaptured
        fresh.declared -= old
        guard fresh.declared > 0 else { return }
        let position = sequence &+ UInt32(truncatingIfNeeded: old)
        if distance > 0 { streams.all[index].counts.outOfOrder += 1 }
        // How far it reaches before it meets what waits already.
        let room = streams.all[index].held.first.map { streams.all[index].distance($0.sequence) } ?? .max
        if distance > 0 || fresh.declared > room {
            hold(position, of: index, bytes, parcel, fresh)
        } else {
            if fresh.count > 0 {
                let marks: Payload.Marks = streams.all[index].hasGap ? .gapBefore : []
                streams.all[index].hasGap = false
                hand(on: fresh, of: parcel, flow: streams.all[index].flow, marks: marks, into: &payloads)
            }
            advance(index, declared: fresh.declared, captured: fresh.count)
        }
        guard !streams.all[index].held.isEmpty else { return }
        if distance <= 0 { drain(index, into: &payloads) }
        if streams.all[index].isAcknowledged { wait(index, into: &payloads) }
        keepBounds(index, into: &payloads)
    }

    /// The stream has come `declared` octets further, of which the snap length may have cut some.
    mutating func advance(_ index: Int, declared: Int, captured: Int) {
        streams.all[index].next &+= UInt32(truncatingIfNeeded: declared)
        if captured < declared {
            streams.all[index].counts.missing += declared - captured
            streams.all[index].hasGap = true
        }
    }
}
