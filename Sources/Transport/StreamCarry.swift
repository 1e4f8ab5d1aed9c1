package import Bytes
package import Records

/// What a stream keeps from one payload to the next: octets whose frame or packet is not all there yet.
package final class StreamCarry {
    package let held = ByteBuffer()
    /// Where the first held octet stands in the input, and the packet it came in.
    package var offset: UInt64 = 0
    package var packet: UInt64 = 0
    /// When the last payload came, and its flow: for what the end of the stream lets go.
    package var time = CaptureTime.unknown
    package var flow: UInt32 = 0
    /// From how many octets on it is worth looking again; always more than are held.
    package var wanted = 1
    /// What was still held when the stream ended.
    package private(set) var unfinished: Unfinished?

    /// Nothing is held yet.
    package init() {}

    /// Ends the stream, whose held octets begin at `offset` now: they are pending.
    package func end(at offset: UInt64, ledger: inout Ledger) {
        guard held.count > 0 else { return }
        unfinished = Unfinished(bytes: held.count, packet: packet, offset: offset)
        ledger.pending += held.count
        held.removeAll()
    }
}

/// The beginning of a frame or packet whose rest had not come when its stream ended.
public struct Unfinished: Sendable, Equatable {
    /// Octets that are there.
    public let bytes: Int
    /// The number of the capture packet in which it begins.
    public let packet: UInt64
    /// Where it begins in the uncompressed input.
    public let offset: UInt64
}

/// How far a walk over a window came.
package struct Progress {
    /// Octets that are done with.
    package var consumed: Int
    /// How many octets, from `consumed` on, the next step needs: more than there were.
    package var wanted: Int

    /// A walk that came so far.
    package init(consumed: Int, wanted: Int) {
        self.consumed = consumed
        self.wanted = wanted
    }
}

/// Something that cuts a stream into pieces, wherever the payloads are cut.
package protocol StreamWalker: AnyObject {
    var carry: StreamCarry { get }
    var arena: Arena { get }

    /// Takes the pieces of the window one by one until one is not whole. Enters all octets that it consumes.
    func walk(
        _ window: RawSpan, place: Place, units: inout Batch<Unit>, ledger: inout Ledger
    ) -> Progress
}

extension StreamWalker {
    /// Takes the next octets of the stream.
    ///
    /// What was carried over is put in front of as few of the new octets as its piece needs; the others are walked
    /// where they are, without a copy.
    package func feed(
        _ bytes: RawSpan, of payload: Payload, units: inout Batch<Unit>, ledger: inout Ledger
    ) {
        let carry = self.carry
        let arena = self.arena
        let buffer = carry.held
        let count = bytes.byteCount
        carry.time = payload.time
        carry.flow = payload.flow
        var from = 0
        while buffer.count > 0 {
            let held = buffer.count
            let taken = min(count, carry.wanted - held)
            guard held + taken >= carry.wanted else {
                buffer.append(bytes)
                return
            }
            let extent = arena.copy(buffer.bytes, bytes.slice(at: 0, count: taken))
            // The arena keeps what is copied in until the next batch begins.
            let window = unsafe extent.bytes(keptBy: arena)
            let place = Place(
                time: payload.time, packet: payload.packet, flow: payload.flow, first: carry.offset, split: held,
                second: payload.offset)
            let progress = walk(window, place: place, units: &units, ledger: &ledger)
            if progress.consumed >= held {
                from = progress.consumed - held
                buffer.removeAll()
                carry.wanted = progress.wanted
            } else {
                buffer.removeFirst(progress.consumed)
                carry.offset = place.offset(of: progress.consumed)
                carry.wanted = progress.wanted
            }
        }
        guard from < count else { return }
        let rest = bytes.slice(at: from, count: count - from)
        let place = Place(
            time: payload.time, packet: payload.packet, flow: payload.flow, first: 0, split: 0,
            second: payload.offset &+ UInt64(from))
        let progress = walk(rest, place: place, units: &units, ledger: &ledger)
        if progress.consumed < rest.byteCount {
            buffer.append(rest.slice(at: progress.consumed, count: rest.byteCount - progress.consumed))
            carry.offset = place.offset(of: progress.consumed)
            carry.packet = payload.packet
            carry.wanted = progress.wanted
        }
    }
}
