import Bytes

/// What waits behind a hole of a stream, and when it stops waiting.
///
/// A hole ends when it is filled; when the connection is reset or opened anew, or the capture ends; when the receiver has
/// acknowledged it, so that nobody will send it again, and a number of segments has passed since; or when more waits
/// behind it than the limits allow. Unless it was filled, what comes next is marked as behind a gap.
extension Unwrapper {
    /// Keeps octets that are ahead of their turn. Where some of them wait already, those that came first stay.
    mutating func hold(_ sequence: UInt32, of index: Int, _ bytes: RawSpan, _ parcel: Parcel, _ content: Reach) {
        let start = streams.all[index].distance(sequence)
        let end = start + content.declared
        waiting.append(WaitingPacket(number: parcel.number, completedBy: 0))
        if streams.all[index].held.isEmpty { streams.waiting += 1 }
        var place = firstHeld(index, endingBehind: start)
        var from = start
        while from < end {
            let limit =
                place < streams.all[index].held.count
                ? streams.all[index].distance(streams.all[index].held[place].sequence) : end
            if from < min(limit, end) {
                insert(from..<min(limit, end), at: place, of: index, start, bytes, parcel, content)
                place += 1
            }
            guard limit < end else { break }
            // These wait already.
            let behind = min(end, limit + streams.all[index].held[place].declared)
            let from0 = max(from, limit)
            let known = max(0, behind - from0)
            streams.all[index].counts.retransmitted += known
            overhead += max(0, min(start + content.count, behind) - from0)
            from = max(from, behind)
            place += 1
        }
    }

    /// Puts a copy of the octets at `range` of the stream among those that wait, `start` being where the segment begins.
    private mutating func insert(
        _ range: Range<Int>, at place: Int, of index: Int, _ start: Int, _ bytes: RawSpan, _ parcel: Parcel,
        _ content: Reach
    ) {
        let skip = min(range.lowerBound - start, content.count)
        let captured = max(0, min(range.upperBound - start, content.count) - skip)
        var marks = parcel.marks
        if captured < range.count { marks.insert(.cut) }
        let next = streams.all[index].next
        let segment = HeldSegment(
            sequence: next &+ UInt32(truncatingIfNeeded: range.lowerBound), declared: range.count,
            buffer: streams.copy(bytes.slice(at: content.start + skip, count: captured)), time: parcel.time,
            packet: parcel.number, offset: parcel.offset + UInt64(content.start + skip), marks: marks)
        streams.cost += segment.cost
        streams.all[index].heldOctets += captured
        streams.all[index].held.insert(segment, at: place)
    }

    /// The first waiting segment that ends behind a position: they are in order, so half of them are left at each step.
    private func firstHeld(_ index: Int, endingBehind position: Int) -> Int {
        var (low, high) = (0, streams.all[index].held.count)
        while low < high {
            let middle = (low + high) / 2
            let segment = streams.all[index].held[middle]
            if streams.all[index].distance(segment.sequence) + segment.declared > position {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    /// Hands on what waits and is in turn now.
    mutating func drain(_ index: Int, into payloads: inout Batch<Payload>) {
        var count = 0
        let flow = UInt32(truncatingIfNeeded: streams.all[index].flow)
        while count < streams.all[index].held.count {
            let segment = streams.all[index].held[count]
            guard segment.sequence == streams.all[index].next else { break }
            let captured = segment.buffer.count
            if captured > 0 {
                var marks = segment.marks
                if streams.all[index].hasGap { marks.insert(.gapBefore) }
                streams.all[index].hasGap = false
                payloads.append(
                    Payload(
                        extent: arena.copy(segment.buffer.bytes), time: segment.time, packet: segment.packet,
                        offset: segment.offset, flow: flow, marks: marks))
            }
            advance(index, declared: segment.declared, captured: captured)
            streams.cost -= segment.cost
            streams.all[index].heldOctets -= captured
            streams.recycle(segment.buffer)
            count += 1
        }
        guard count > 0 else { return }
        streams.all[index].held.removeFirst(count)
        streams.all[index].isAcknowledged = false
        streams.all[index].patience = 0
        if streams.all[index].held.isEmpty { streams.waiting -= 1 }
    }

    /// Gives the hole in front of what waits up.
    private mutating func giveUp(_ index: Int, into payloads: inout Batch<Payload>) {
        guard let first = streams.all[index].held.first else { return }
        streams.all[index].counts.missing += max(0, streams.all[index].distance(first.sequence))
        streams.all[index].next = first.sequence
        streams.all[index].hasGap = true
        drain(index, into: &payloads)
    }

    /// Gives all holes of a stream up.
    mutating func releaseAll(_ index: Int, into payloads: inout Batch<Payload>) {
        while !streams.all[index].held.isEmpty { giveUp(index, into: &payloads) }
    }

    /// Gives all holes of all streams up: the capture has ended.
    mutating func releaseAllStreams(into payloads: inout Batch<Payload>) {
        for index in streams.all.indices { releaseAll(index, into: &payloads) }
    }

    /// Gives holes up until no more waits than the limits allow.
    mutating func keepBounds(_ index: Int, into payloads: inout Batch<Payload>) {
        while !streams.all[index].held.isEmpty,
            streams.all[index].heldOctets > limits.streamOctets
                || streams.all[index].held.count > limits.streamSegments || streams.cost > limits.heldOctets
        {
            giveUp(index, into: &payloads)
        }
    }

    /// The receiver of a flow has got all octets in front of `number`.
    mutating func acknowledge(_ key: FlowKey, _ number: UInt32, into payloads: inout Batch<Payload>) {
        guard let flow = flows.find(key), flows.tallies[flow].stream >= 0 else { return }
        let index = Int(flows.tallies[flow].stream)
        guard let first = streams.all[index].held.first else { return }
        if streams.all[index].distance(number) >= streams.all[index].distance(first.sequence) {
            streams.all[index].isAcknowledged = true
        }
        if streams.all[index].isAcknowledged { wait(index, into: &payloads) }
    }

    /// One more segment has passed while an acknowledged hole is open.
    mutating func wait(_ index: Int, into payloads: inout Batch<Payload>) {
        streams.all[index].patience += 1
        if streams.all[index].patience > limits.segmentsAfterAcknowledgement { giveUp(index, into: &payloads) }
    }
}
