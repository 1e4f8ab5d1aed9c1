package import Bytes

/// Cuts one stream into pieces, which then are as datagrams are.
///
/// Ledger: lengths and markers are overhead; what cannot be cut is rejected; the pieces are entered by who decodes them.
package final class StreamFramer {
    package let framing: StreamFraming
    private let arena = Arena()
    /// The beginning of a piece whose rest has not come, and where it stands.
    private let held = ByteBuffer()
    private var offset: UInt64 = 0
    private var packet: UInt64 = 0
    /// From how many held octets on it is worth looking again.
    private var wanted = 1
    /// Held octets that are known to hold no marker.
    private var searched = 0
    /// Whether the place of the next piece is not known.
    var isHunting: Bool
    /// Whether the ledger has an entry of this search.
    private var isEntered = false
    /// Pieces so far, and the longest of them with what is in front of it.
    private(set) var seen = 0
    private(set) var longest = 0
    /// A framer for one stream.
    package init(_ framing: StreamFraming) {
        self.framing = framing
        isHunting = false
    }

    /// Begins a batch: extents of pieces handed on before are no longer true.
    package func beginBatch() { arena.reset() }

    /// Cuts payloads, which all belong to this stream; pieces point into them or into memory that stays until
    /// ``beginBatch()``.
    package func cut(
        _ payloads: borrowing Batch<Payload>, at indices: Range<Int>, into pieces: inout Batch<Payload>,
        ledger: inout Ledger
    ) {
        for index in indices {
            let payload = payloads[index]
            if payload.marks.contains(.gapBefore) { streamBroke(&ledger) }
            take(payloads.bytes(of: payload), of: payload, &pieces, &ledger)
            if payload.marks.contains(.cut) { streamBroke(&ledger) }
        }
    }

    /// Ends the stream: what goes on to the next marker ends here, what has not come is pending, and given back.
    package func finish(
        flow: UInt32, time: CaptureTime, into pieces: inout Batch<Payload>, ledger: inout Ledger
    ) -> Unfinished? {
        let (arena, held) = (self.arena, self.held)
        guard held.count > 0 else { return nil }
        defer { held.removeAll() }
        if case .marker(let marker, length: nil) = framing, !isHunting, held.count > marker.count {
            let extent = arena.copy(held.bytes)
            let place = Place(
                time: time, packet: packet, flow: flow, first: offset, split: extent.count, second: offset)
            // The arena keeps what is copied in until the next batch begins.
            hand(unsafe extent.bytes(keptBy: arena), 0..<held.count, strip: marker.count, place, &pieces, &ledger)
            return nil
        }
        ledger.pending += held.count
        return Unfinished(bytes: held.count, packet: packet, offset: offset)
    }

    /// Octets of the stream are missing here.
    private func streamBroke(_ ledger: inout Ledger) {
        if held.count > 0 {
            ledger.reject(
                .transport, "octets of the stream are missing inside a piece", bytes: held.count, packet: packet,
                offset: offset)
            held.removeAll()
        }
        wanted = 1
        searched = 0
        // Pieces of one length have nothing that they could be found by: most senders begin one with a segment.
        if case .fixed = framing { return }
        lose()
    }

    private func lose() {
        isHunting = true
        isEntered = false
    }

    private func take(
        _ bytes: RawSpan, of payload: Payload, _ pieces: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        let (arena, held) = (self.arena, self.held)
        let before = held.count
        let place = Place(
            time: payload.time, packet: payload.packet, flow: payload.flow, first: offset, split: before,
            second: payload.offset)
        guard before > 0 else {
            let consumed = walk(bytes, place, &pieces, &ledger)
            keep(bytes, from: consumed, before, place)
            return
        }
        held.append(bytes)
        guard held.count >= wanted, hasMarker() else { return }
        // Pieces have to stay for the whole batch, which the buffer does not.
        let extent = arena.copy(held.bytes)
        held.removeAll()
        // The arena keeps what is copied in until the next batch begins.
        let window = unsafe extent.bytes(keptBy: arena)
        let consumed = walk(window, place, &pieces, &ledger)
        keep(window, from: consumed, before, place)
    }

    /// Keeps what is left over of a window, of which `before` octets were kept before.
    private func keep(_ window: RawSpan, from consumed: Int, _ before: Int, _ place: Place) {
        guard consumed < window.byteCount else { return }
        held.append(window.slice(at: consumed, count: window.byteCount - consumed))
        offset = place.offset(of: consumed)
        if consumed >= before { packet = place.packet }
    }

    /// Whether what is held may have another marker in it: looked for once in each octet.
    private func hasMarker() -> Bool {
        guard case .marker(let marker, length: nil) = framing else { return true }
        let held = self.held
        if held.count > StreamFraming.longest + marker.count { return true }
        if let found = find(marker, in: held.bytes, from: max(searched, isHunting ? 0 : marker.count)) {
            searched = found
            return true
        }
        searched = max(0, held.count - marker.count + 1)
        return false
    }

    /// Takes the pieces of a window one by one until one is not whole; gives the octets that are done with.
    private func walk(
        _ window: RawSpan, _ place: Place, _ pieces: inout Batch<Payload>, _ ledger: inout Ledger
    ) -> Int {
        let count = window.byteCount
        var at = 0
        while true {
            searched = 0
            if isHunting {
                let (found, more) = seek(window, from: at)
                if found > at { reject(found - at, at: at, place, &ledger) }
                at = found
                if isHunting {
                    wanted = more
                    return at
                }
            }
            switch piece(window, at: at) {
            case .needs(let more):
                wanted = more
                return at
            case .none(let passed):
                lose()
                let passed = min(passed, count - at)
                reject(passed, at: at, place, &ledger)
                at += passed
            case .piece(let length, let strip):
                hand(window, at..<at + length, strip: strip, place, &pieces, &ledger)
                at += length
            }
        }
    }

    private func reject(_ length: Int, at: Int, _ place: Place, _ ledger: inout Ledger) {
        let reason: StaticString
        switch framing {
        case .length: reason = "no length of a piece where one must be"
        case .fixed: reason = "no piece where one must be"
        case .marker: reason = "no marker of a piece where one must be"
        }
        // One search is one loss, in however many pieces its octets are passed over.
        ledger.reject(
            .transport, reason.description, count: isEntered ? 0 : 1, bytes: length, packet: place.packet,
            offset: place.offset(of: at))
        isEntered = true
    }

    private func hand(
        _ window: RawSpan, _ range: Range<Int>, strip: Int, _ place: Place, _ pieces: inout Batch<Payload>,
        _ ledger: inout Ledger
    ) {
        seen &+= 1
        longest = max(longest, range.count)
        ledger.overhead += strip
        guard range.count > strip else { return }
        let start = range.lowerBound + strip
        pieces.append(
            Payload(
                extent: Extent(window).slice(at: start, count: range.count - strip), time: place.time,
                packet: place.packet, offset: place.offset(of: start), flow: place.flow))
    }
}
