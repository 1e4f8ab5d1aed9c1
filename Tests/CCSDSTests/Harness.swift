import Bytes
import Records
import CCSDS
import Support
import Transport

/// Octets that stay where they are for as long as the test holds this.
final class Octets {
    private let arena = Arena()
    let extent: Extent
    let count: Int

    init(_ octets: [UInt8]) {
        count = octets.count
        let arena = arena
        extent = unsafe octets.withUnsafeBytes { unsafe arena.copy(RawSpan(_unsafeBytes: $0)) }
    }

    var bytes: RawSpan {
        // The arena is never reset.
        // Not inlined: the optimizer of Swift 6.3 stumbles over spans of objects that nobody holds.
        @inline(never) @_lifetime(borrow self)
        get { unsafe extent.bytes(keptBy: self) }
    }
}

/// One piece of input as the transport would hand it on.
struct Piece {
    var range: Range<Int>
    var marks: Payload.Marks = []
    /// When it came; the number of the piece where nothing is told.
    var time: CaptureTime?
}

/// A unit with a copy of its octets.
struct Seen: Equatable {
    let octets: [UInt8]
    let offset: UInt64
    let packet: UInt64
    let channel: UInt32
    let apid: UInt16
    let sequence: UInt16
    let marks: UInt16
}

/// What came out of a decoder.
struct Outcome {
    var units: [Seen] = []
    var ledger = Ledger()
    var channels: [Channel] = []
    var counts: [PacketCount] = []

    /// The octets of all packets that are not idle.
    var packets: [[UInt8]] { units.filter { $0.marks & 1 == 0 }.map(\.octets) }
}

/// Either decoder.
enum Decoder {
    case frames(FrameDecoder)
    case packets(PacketDecoder)

    func beginBatch() {
        switch self {
        case .frames(let decoder): decoder.beginBatch()
        case .packets(let decoder): decoder.beginBatch()
        }
    }

    func process(_ payloads: borrowing Batch<Payload>, _ units: inout Batch<Unit>, _ ledger: inout Ledger) {
        switch self {
        case .frames(let decoder): decoder.process(payloads, into: &units, ledger: &ledger)
        case .packets(let decoder): decoder.process(payloads, into: &units, ledger: &ledger)
        }
    }

    func finish(_ units: inout Batch<Unit>, _ ledger: inout Ledger) {
        switch self {
        case .frames(let decoder): decoder.finish(into: &units, ledger: &ledger)
        case .packets(let decoder): decoder.finish(into: &units, ledger: &ledger)
        }
    }
}

/// Runs pieces of some octets through a decoder, a batch of up to `batch` pieces at a time, and counts packets behind
/// it.
func decode(_ data: [UInt8], _ pieces: [Piece], batch: Int = 64, keep: Bool = true, by decoder: Decoder) -> Outcome {
    var outcome = Outcome()
    let octets = Octets(data)
    let counter = PacketLedger()
    var units = Batch<Unit>()
    var payloads = Batch<Payload>()
    func take(_ outcome: inout Outcome, _ units: inout Batch<Unit>) {
        counter.process(&units)
        for index in 0..<units.count where keep {
            let unit = units[index]
            let bytes = units.bytes(of: unit)
            outcome.units.append(
                Seen(
                    octets: (0..<bytes.byteCount).map { bytes.u8(at: $0) }, offset: unit.offset, packet: unit.packet,
                    channel: unit.channel, apid: unit.apid, sequence: unit.sequence, marks: unit.marks.rawValue))
        }
        units.removeAll()
    }
    var next = 0
    while next < pieces.count {
        payloads.removeAll()
        decoder.beginBatch()
        while next < pieces.count, payloads.count < batch {
            let piece = pieces[next]
            outcome.ledger.bytes += piece.range.count
            next += 1
            payloads.append(
                Payload(
                    extent: octets.extent.slice(at: piece.range.lowerBound, count: piece.range.count),
                    time: piece.time ?? CaptureTime(nanoseconds: Int64(next)), packet: UInt64(next),
                    offset: UInt64(piece.range.lowerBound), flow: 3, marks: piece.marks))
        }
        decoder.process(payloads, &units, &outcome.ledger)
        take(&outcome, &units)
    }
    decoder.beginBatch()
    decoder.finish(&units, &outcome.ledger)
    take(&outcome, &units)
    if case .frames(let frames) = decoder { outcome.channels = frames.channels }
    outcome.counts = counter.counts
    return outcome
}

/// The whole as pieces of one size; the last may be shorter.
func pieces(_ count: Int, of size: Int) -> [Piece] {
    stride(from: 0, to: count, by: size).map { Piece(range: $0..<min(count, $0 + size)) }
}

/// The whole as pieces of random sizes.
func pieces(_ count: Int, upTo size: Int, by generator: inout SeededGenerator) -> [Piece] {
    var (pieces, at): ([Piece], Int) = ([], 0)
    while at < count {
        let end = min(count, at + Int.random(in: 1...size, using: &generator))
        pieces.append(Piece(range: at..<end))
        at = end
    }
    return pieces
}
