import Bytes
import CCSDS
import Capture
import Pipeline
import Support
import Testing

/// Frames that bit errors have hit: what is recognised of them, and that damage is not taken for packets.
@Suite struct DamagedRecognitionTests {
    /// Frames of one spacecraft with random packets, as they left it.
    private static func frames(_ number: Int, _ layout: FrameLayout) -> [[UInt8]] {
        let writer = FrameWriter(layout, spacecraft: 421)
        var generator = SeededGenerator(seed: 5)
        var frames: [[UInt8]] = []
        var count: UInt16 = 0
        while frames.count < number {
            let size = Int.random(in: 20...400, using: &generator)
            var packet: [UInt8] = []
            let header = SpacePacketHeader(
                apid: 100, sequenceFlags: .unsegmented, sequenceCount: count, lengthField: UInt16(size - 1))
            try? header.encode(into: &packet)
            packet += (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            count = (count + 1) & 0x3FFF
            writer.append(packet.octets, to: 1)
            let out = ByteBuffer()
            while writer.next(into: out) {
                frames.append((0..<out.count).map { out.bytes.u8(at: $0) })
                out.removeAll()
            }
        }
        return Array(frames.prefix(number))
    }

    /// Turns bits over, each with a probability. Says how many frames are whole.
    private static func damage(_ frames: inout [[UInt8]], _ rate: (Int) -> Double, seed: UInt64 = 1) -> Int {
        var generator = SeededGenerator(seed: seed)
        var whole = 0
        for index in frames.indices {
            let threshold = UInt64(rate(index) * 0x1p64)
            var isWhole = true
            for bit in 0..<frames[index].count * 8 where UInt64.random(in: 0...(.max), using: &generator) < threshold {
                frames[index][bit / 8] ^= 0x80 >> UInt8(bit % 8)
                isWhole = false
            }
            if isWhole { whole += 1 }
        }
        return whole
    }

    /// Frames whose check holds: the whole ones, and now and then one that it does not tell.
    private static func valid(_ frames: [[UInt8]]) -> Int { frames.count { CRC16.of($0.octets) == 0 } }

    private static func inspect(_ frames: [[UInt8]]) -> InspectReport {
        Inspection.run(CaptureReader(name: "damaged", bytes: frames.flatMap { $0 }))
    }

    private static func layout(_ report: InspectReport) -> FrameLayout? {
        guard let verdict = report.flows.first?.verdict, verdict.isSure, case .frames(let layout) = verdict.carrying
        else {
            return nil
        }
        return layout
    }

    private static let downlink: FrameLayout = {
        var layout = FrameLayout(kind: .tm, length: 1115, hasFECF: true)
        layout.ocf = true
        return layout
    }()

    @Test(
        "a few valid frames among many broken ones prove their error control, and no other frame is taken",
        arguments: [1, 2, 3])
    func fewWhole(_ seed: UInt64) {
        var frames = Self.frames(1500, Self.downlink)
        let whole = Self.damage(&frames, { _ in 3e-4 }, seed: seed)
        #expect((60...160).contains(whole))
        let report = Self.inspect(frames)
        #expect(Self.layout(report)?.hasFECF == true && Self.layout(report)?.length == 1115)
        #expect(report.channels.map(\.channel.frames) == [Self.valid(frames)])
        #expect(report.channels.map(\.channel.vcid) == [1])
        #expect(report.ledger.isBalanced)
    }

    @Test("a flow that begins with hardly a whole frame is looked at for longer")
    func lateEvidence() {
        var frames = Self.frames(2500, Self.downlink)
        let whole = Self.damage(&frames) { $0 < 1300 ? 1e-3 : 1e-5 }
        #expect((1000...1250).contains(whole))
        let report = Self.inspect(frames)
        #expect(Self.layout(report)?.hasFECF == true)
        #expect(report.channels.map(\.channel.frames) == [Self.valid(frames)] && report.ledger.isBalanced)
    }

    @Test("where hardly a frame is whole, and none tells by its error control, nothing is taken and it is said why")
    func hopeless() throws {
        var frames = Self.frames(1200, Self.downlink)
        #expect(Self.damage(&frames) { _ in 2e-3 } == 0)
        let report = Self.inspect(frames)
        let verdict = try #require(report.flows.first?.verdict)
        #expect(!verdict.isSure && verdict.evidence.contains("hardly a frame is whole"), "\(verdict.evidence)")
        #expect(report.channels.isEmpty && report.ledger.decoded == 0 && report.ledger.isBalanced)
    }

    @Test("frames without error control are taken as they are, also with bit errors here and there")
    func without() {
        var layout = FrameLayout(kind: .tm, length: 220)
        layout.ocf = true
        var frames = Self.frames(3000, layout)
        let whole = Self.damage(&frames) { _ in 1e-4 }
        #expect(whole < 2700)
        let report = Self.inspect(frames)
        #expect(Self.layout(report)?.hasFECF == false && Self.layout(report)?.length == 220)
        #expect(report.channels.reduce(0) { $0 + $1.channel.frames } > 2900)
    }

    @Test("one frame whose last octets are its check by chance proves nothing, however often it comes again")
    func again() {
        var frames = Self.frames(900, FrameLayout(kind: .tm, length: 220))
        let end = frames[40].count - 2
        let check = CRC16.of(Array(frames[40].prefix(end)).octets)
        frames[40].replaceSubrange(end..., with: [UInt8(check >> 8), UInt8(check & 0xFF)])
        // Every fifth time, as a station sends it that has nothing else.
        for index in stride(from: 41, to: frames.count, by: 5) { frames.insert(frames[40], at: index) }
        let report = Self.inspect(frames)
        #expect(Self.layout(report)?.hasFECF == false && Self.layout(report)?.length == 220)
    }
}
