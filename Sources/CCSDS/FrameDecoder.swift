public import Bytes
public import Records
public import Transport

/// Turns what a flow carries, transfer frames of one physical channel, into packets: TM (132.0-B-3) and AOS
/// (732.0-B-4).
///
/// Datagrams hold one frame or several back to back; a stream may be cut anywhere. One decoder serves one flow.
/// After damage or a hole in a stream, markers show where frames begin. Without markers nothing does: the decoder tries
/// each octet until two frames in a row look right, and three bad frames in a row make it doubt its place.
/// Frames are cut out in `FrameDecoder+Stream.swift`, and read in `FrameDecoder+Frame.swift`.
public final class FrameDecoder {
    package let layout: FrameLayout
    private let isStream: Bool
    /// Whether frames are handed on and not taken apart.
    let keepsFrames: Bool
    package let carry = StreamCarry()
    package let arena = Arena()
    var virtualChannels: [VirtualChannel] = []
    /// An index into ``virtualChannels`` for each combination of spacecraft and virtual channel; `UInt16.max` = none
    /// yet.
    var channelTable: [UInt16]
    /// Whether frames of a spacecraft are taken, by its id.
    let takes: [Bool]
    var hunt = Hunt()
    var valid = 0
    var wrong = 0
    var strayCount = 0
    var correctedCount = 0
    var drops: [DroppedPacket] = []
    var dropCount = 0
    private let usable: Bool

    /// A decoder for frames of a layout.
    ///
    /// - Parameters:
    ///   - layout: what the frames are like. With one that is not possible (``FrameLayout/problem``) everything is
    ///     rejected.
    ///   - isStream: whether payloads are pieces of one stream (TCP, a bare file) and not datagrams.
    ///   - keepsFrames: whether the units are the frames themselves, without their markers, also those that came before
    ///     or are idle.
    public init(layout: FrameLayout, isStream: Bool = false, keepsFrames: Bool = false) {
        self.layout = layout
        self.isStream = isStream
        self.keepsFrames = keepsFrames
        usable = layout.problem == nil
        channelTable = [UInt16](repeating: .max, count: 1 << (layout.kind == .tm ? 13 : 14))
        let all = layout.spacecraft.isEmpty
        var takes = [Bool](repeating: all, count: 1024)
        for id in layout.spacecraft where takes.indices.contains(id) { takes[id] = true }
        self.takes = takes
    }

    /// What was seen of each virtual channel, in the order met; units carry an index into it.
    public var channels: [Channel] { virtualChannels.map(\.seen) }

    /// Frames whose frame error control is right and wrong; both 0 when the layout has none.
    public var frameErrorControl: (valid: Int, wrong: Int) { (valid, wrong) }

    /// Frames of other spacecraft or versions, which were rejected.
    public var strays: Int { strayCount }

    /// Frames whose header the header error control has put right.
    public var correctedHeaders: Int { correctedCount }

    /// The last packets that were half received and had to be dropped, at most 64, the oldest first.
    public var droppedPackets: [DroppedPacket] { drops }

    /// How many packets were dropped half received.
    public var droppedPacketCount: Int { dropCount }

    /// Begins a batch: extents of units handed on before are no longer true.
    public func beginBatch() { arena.reset() }

    /// Takes all payloads of a batch, which all belong to this decoder's flow.
    public func process(_ payloads: borrowing Batch<Payload>, into units: inout Batch<Unit>, ledger: inout Ledger) {
        process(payloads, at: 0..<payloads.count, into: &units, ledger: &ledger)
    }

    /// Takes the payloads at `indices`, which all belong to this decoder's flow.
    ///
    /// Adds a unit for each packet that is whole by then, idle ones too (but not idle packets of one octet, which are
    /// only counted). A unit points into its payload, or into memory of this decoder that stays until ``beginBatch()``.
    /// An octet of payload gives at most a seventh of a unit: who has long payloads hands over few at a time.
    public func process(
        _ payloads: borrowing Batch<Payload>, at indices: Range<Int>, into units: inout Batch<Unit>,
        ledger: inout Ledger
    ) {
        for index in indices {
            let payload = payloads[index]
            let bytes = payloads.bytes(of: payload)
            guard usable else {
                ledger.reject(
                    .frame, "no frame can be laid out as told", bytes: bytes.byteCount, packet: payload.packet,
                    offset: payload.offset)
                continue
            }
            if isStream {
                if payload.marks.contains(.gapBefore) { streamBroke(&ledger) }
                feed(bytes, of: payload, units: &units, ledger: &ledger)
                if payload.marks.contains(.cut) { streamBroke(&ledger) }
            } else {
                datagram(bytes, of: payload, units: &units, ledger: &ledger)
            }
        }
    }

    /// Ends the flow: what still waits goes to the ledger as pending. Frames that only waited for more to be sure of
    /// may still give units.
    public func finish(into units: inout Batch<Unit>, ledger: inout Ledger) {
        endStream(units: &units, ledger: &ledger)
        for channel in virtualChannels { channel.leave(&ledger) }
    }
}
