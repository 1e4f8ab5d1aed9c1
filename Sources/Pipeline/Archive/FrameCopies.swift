internal import Bytes
internal import CCSDS
internal import Capture
internal import Transport

/// What packets of a capture carry that several stations may have heard: transfer frames and space packets in datagrams.
///
/// Frames in streams and in fragments of IP lie in several packets, which are never dropped.
final class CarriedFrames {
    /// The frames or packets of one captured packet.
    struct Carried: BitwiseCopyable {
        /// Where the payload begins in the packet, and how long it is.
        var start = 0
        var count = 0
        /// Its flow; -1 for a packet that carries nothing to be compared.
        var flow = -1
    }

    /// What a flow carries.
    enum Content {
        case nothing
        case frames(FrameLayout)
        case packets(skip: Int)
    }

    private let transport = Transport(verifiesChecksums: false)
    private var payloads = Batch<Payload>()
    private let known: Known
    private(set) var contents: [Content] = []
    /// For each packet of the batch what it carries.
    let carried = Lane<Carried>()

    /// - Parameter known: what the flows of the capture carry.
    init(_ known: Known) { self.known = known }

    /// Looks into a batch.
    func look(into packets: borrowing Batch<Packet>, _ interfaces: [Interface]) {
        carried.removeAll()
        carried.resize(to: packets.count, filler: Carried())
        guard packets.count > 0 else { return }
        var ledger = Ledger()
        transport.process(packets, interfaces: interfaces, into: &payloads, ledger: &ledger)
        for key in transport.keys(from: contents.count) { contents.append(content(of: key)) }
        let first = packets[0].number
        for index in 0..<payloads.count {
            let payload = payloads[index]
            let place = Int(clamping: payload.packet &- first)
            guard payload.packet >= first, place < packets.count,
                payload.marks.isDisjoint(with: [.assembled, .cut, .short])
            else { continue }
            if case .nothing = contents[Int(payload.flow)] { continue }
            let packet = packets[place]
            guard packet.number == payload.packet, payload.offset >= packet.offset else { continue }
            let start = Int(payload.offset - packet.offset)
            guard start + payload.extent.count <= packet.extent.count else { continue }
            carried[place] = Carried(start: start, count: payload.extent.count, flow: Int(payload.flow))
        }
    }

    private func content(of key: FlowKey) -> Content {
        guard !key.isStream, let verdict = known.verdicts[key], verdict.isSure else { return .nothing }
        switch verdict.carrying {
        case .frames(let layout): return .frames(layout)
        case .packets(let skip): return .packets(skip: skip)
        case .messages, .unknown: return .nothing
        }
    }
}

/// One frame, or space packet, as it was received.
struct ReceivedFrame: BitwiseCopyable {
    /// Where it begins in its payload.
    var start: Int
    var count: Int
    /// What tells it from others, as far as it says itself.
    var identity: UInt64
    /// The frame count and what it is counted by; 0 for a packet, whose content is its identity.
    var number: UInt32 = 0
    var modulus: UInt32 = 0
    /// Whether its error control agrees, or there is none.
    var isGood = true

    /// The frames of a payload, added to `frames`; false where it is not made of whole ones.
    static func read(
        _ payload: RawSpan, _ content: CarriedFrames.Content, into frames: inout [ReceivedFrame]
    ) -> Bool {
        switch content {
        case .nothing: return false
        case .packets(let skip):
            // Foreign octets in front are the station's own; behind them packets are the same, or they are not.
            guard payload.byteCount > skip + 6 else { return false }
            let count = payload.byteCount - skip
            frames.append(
                ReceivedFrame(start: skip, count: count, identity: digest(payload.slice(at: skip, count: count))))
            return true
        case .frames(let layout):
            let stride = layout.marker.count + layout.length
            guard stride > 6, payload.byteCount > 0, payload.byteCount % stride == 0 else { return false }
            for at in Swift.stride(from: 0, to: payload.byteCount, by: stride) {
                guard payload.holds(layout.marker, at: at) else { return false }
                let start = at + layout.marker.count
                let frame = payload.slice(at: start, count: layout.length)
                let word = frame.u16(at: 0)
                var received = ReceivedFrame(start: start, count: layout.length, identity: 0)
                received.isGood = !layout.hasFECF || CRC16.of(frame) == 0
                switch layout.kind {
                case .tm:
                    guard word >> 14 == 0 || !received.isGood else { return false }
                    received.identity = UInt64(word >> 1 & 0x1FFF)
                    (received.number, received.modulus) = (UInt32(frame.u8(at: 3)), 256)
                case .aos:
                    guard word >> 14 == 1 || !received.isGood else { return false }
                    received.identity = UInt64(word & 0x3FFF) | 1 << 16
                    (received.number, received.modulus) = (frame.u24(at: 2), 1 << 24)
                    let signalling = frame.u8(at: 5)
                    if signalling & 0x40 != 0 {
                        received.number |= UInt32(signalling & 0x0F) << 24
                        received.modulus = 1 << 28
                    }
                }
                frames.append(received)
            }
            return true
        }
    }

    /// 64 bits of a hash, which only spare comparisons: equal octets are compared themselves.
    private static func digest(_ octets: RawSpan) -> UInt64 {
        var hasher = Hasher()
        octets.hash(into: &hasher)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
