import Bytes
import CCSDS
import Support
import Testing

/// Frames that are written are read again: the same packets, in channels that miss nothing.
@Suite struct FrameWriterTests {
    private static let layouts = [
        FrameLayout(kind: .tm, length: 1115, hasFECF: true, ocf: true),
        FrameLayout(kind: .tm, length: 64),
        FrameLayout(kind: .tm, length: 129, marker: FrameLayout.syncMarker, hasFECF: true),
        FrameLayout(kind: .aos, length: 892, hasFECF: true, ocf: true, insertZone: 8, headerErrorControl: true),
        FrameLayout(kind: .aos, length: 48, marker: FrameLayout.syncMarker),
    ]

    @Test(
        "packets of several channels come out as they went in, with channels complete and frames full", arguments: 0..<5
    )
    func roundTrip(number: Int) throws {
        let layout = Self.layouts[number]
        var random = SeededGenerator(seed: UInt64(number) + 1)
        let writer = FrameWriter(layout, spacecraft: 42)
        let out = ByteBuffer()
        var sent: [Int: [[UInt8]]] = [:]
        var idleFrames = 0
        for count in 0..<3000 {
            let channel = [0, 1, 5].randomElement(using: &random) ?? 0
            let size = Int.random(in: 0..<20, using: &random) == 0 ? 1500 : Int.random(in: 1...90, using: &random)
            let octets = packet(UInt16(100 + channel), UInt16(count & 0x3FFF), (0..<size).map { UInt8($0 & 0xFF) })
            let buffer = ByteBuffer()
            buffer.append(octets: octets)
            writer.append(buffer.bytes, to: channel)
            sent[channel, default: []].append(octets)
            // Mostly frames go out when they are full; sometimes at once.
            while writer.next(into: out) {}
            if Int.random(in: 0..<200, using: &random) == 0 { fill(writer, out) }
            if Int.random(in: 0..<50, using: &random) == 0 {
                writer.nextIdle(into: out)
                idleFrames += 1
            }
        }
        while writer.next(into: out) {}
        fill(writer, out)
        let stride = layout.marker.count + layout.length
        #expect(out.count % stride == 0)
        let bytes = out.bytes
        let decoder = Decoder.frames(FrameDecoder(layout: layout, isStream: false))
        let outcome = decode(bytes.copied(), pieces(out.count, of: stride), by: decoder)
        for (channel, packets) in sent {
            let index = try #require(outcome.channels.firstIndex { $0.vcid == channel })
            #expect(outcome.channels[index].missing == 0 && outcome.channels[index].gaps == 0)
            let found = outcome.units.filter { $0.channel == UInt32(index) && $0.apid != 0x7FF }.map(\.octets)
            #expect(found == packets, "\(channel)")
        }
        #expect(outcome.channels.allSatisfy { $0.spacecraft == 42 })
        let idle = try #require(outcome.channels.first { $0.vcid == writer.idleChannel })
        #expect(idle.frames == idleFrames)
        #expect(outcome.ledger.rejections.isEmpty && outcome.ledger.isBalanced)
    }

    @Test("nothing waits, nothing comes; the channel with the least number goes first")
    func order() {
        let writer = FrameWriter(FrameLayout(kind: .tm, length: 64), spacecraft: 1)
        let out = ByteBuffer()
        #expect(!writer.next(into: out) && out.count == 0)
        let octets = ByteBuffer()
        octets.append(octets: packet(5, 0, [UInt8](repeating: 1, count: 100)))
        writer.append(octets.bytes, to: 3)
        writer.append(octets.bytes, to: 1)
        #expect(writer.waiting(in: 1) == 106 && writer.waiting(in: 3) == 106 && writer.waiting(in: 0) == 0)
        #expect(writer.next(into: out) && writer.next(into: out) && !writer.next(into: out))
        let bytes = out.bytes
        #expect(bytes.u8(at: 1) >> 1 & 7 == 1 && bytes.u8(at: 65) >> 1 & 7 == 3)
        fill(writer, out)
        #expect(writer.waiting(in: 1) == 0 && writer.waiting(in: 3) == 0 && out.count == 4 * 64)
    }

    /// Frames of all that waits, filled up.
    private func fill(_ writer: FrameWriter, _ out: ByteBuffer) {
        for channel in 0..<writer.channelCount where writer.waiting(in: channel) > 0 {
            writer.fill(channel, into: out)
        }
    }
}
