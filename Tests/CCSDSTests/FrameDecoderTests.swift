import Bytes
import Records
import CCSDS
import Support
import Testing
import Transport

/// Frames of our own making: order, losses, idle data and refusals.
struct FrameDecoderTests {
    private func run(_ frames: [[UInt8]], _ layout: FrameLayout) -> (Outcome, FrameDecoder) {
        let decoder = FrameDecoder(layout: layout)
        let data = frames.flatMap { $0 }
        return (decode(data, pieces(data.count, of: layout.length), batch: 3, by: .frames(decoder)), decoder)
    }

    private func rejected(_ outcome: Outcome, _ reason: String) -> Ledger.Rejection? {
        outcome.ledger.rejections.first { $0.reason == reason }
    }

    @Test("packets of every length come through frames whole, and every octet is entered", arguments: layouts)
    func everyLength(layout: FrameLayout) {
        for size in [1, 2, 5, 22, 23, 49, 50, 51, 52, 53, 57, 58, 59, 120, 1000, 65536] {
            var maker = FrameMaker(layout: layout)
            let sent = packets(size > 1000 ? 2 : 20, size: size)
            let (outcome, _) = run(maker.frames(sent), layout)
            #expect(outcome.packets == sent, "\(size) octets of data")
            #expect(outcome.ledger.isBalanced && outcome.ledger.rejections.isEmpty && outcome.ledger.pending == 0)
            #expect(outcome.ledger.decoded == sent.reduce(0) { $0 + $1.count })
            #expect(outcome.channels.count == 1 && outcome.channels[0].packets == sent.count)
        }
    }

    @Test(
        "frames that are kept as they are come out in order, late and repeated ones too, without their markers",
        arguments: layouts, [false, true])
    func kept(layout: FrameLayout, isStream: Bool) {
        var layout = layout
        if isStream { layout.marker = FrameLayout.syncMarker }
        var maker = FrameMaker(layout: layout)
        var frames = maker.frames(packets(30, size: 27))
        frames.append(frames[2])
        frames.insert(frames[5], at: 6)
        let decoder = FrameDecoder(layout: layout, isStream: isStream, keepsFrames: true)
        let data = frames.flatMap { layout.marker + $0 }
        let cuts = pieces(data.count, of: isStream ? 37 : layout.marker.count + layout.length)
        let outcome = decode(data, cuts, batch: 3, by: .frames(decoder))
        #expect(outcome.units.map(\.octets) == frames)
        #expect(outcome.ledger.isBalanced && outcome.ledger.rejections.isEmpty)
        #expect(outcome.ledger.decoded == frames.count * layout.length)
        #expect(outcome.ledger.overhead == frames.count * layout.marker.count)
    }

    @Test("a lost frame costs the packets in it and no others, also where the count goes round", arguments: layouts)
    func lost(layout: FrameLayout) {
        let modulus: UInt32 = layout.kind == .tm ? 256 : 1 << 24
        for start in [0, modulus - 3] {
            var maker = FrameMaker(layout: layout, count: start)
            let sent = packets(30, size: 27)
            var frames = maker.frames(sent)
            frames.remove(at: 4)
            let (outcome, decoder) = run(frames, layout)
            let channel = outcome.channels[0]
            #expect(channel.gaps == 1 && channel.missing == 1 && channel.late == 0)
            #expect(channel.droppedAtGaps == 1 && decoder.droppedPackets.count == 1)
            #expect(decoder.droppedPackets.first.map { $0.expected == 0 || $0.octets < $0.expected } == true)
            let lost = sent.filter { !outcome.packets.contains($0) }
            #expect(lost.count >= 2 && lost.count <= 4)
            #expect(outcome.counts[0].gaps == 1 && outcome.counts[0].missing == lost.count)
            #expect(outcome.ledger.isBalanced)
            #expect(outcome.units.filter { $0.marks & Unit.Marks.framesLost.rawValue != 0 }.count == 1)
        }
    }

    @Test("a late frame is late: nothing is lost twice and what waits stays", arguments: layouts)
    func late(layout: FrameLayout) {
        var maker = FrameMaker(layout: layout)
        var frames = maker.frames(packets(30, size: 27))
        let moved = frames.remove(at: 4)
        frames.insert(moved, at: 6)
        let (outcome, _) = run(frames, layout)
        #expect(outcome.channels[0].gaps == 1 && outcome.channels[0].missing == 1 && outcome.channels[0].late == 1)
        #expect(rejected(outcome, "part of a packet in a late frame") != nil)
        #expect(outcome.ledger.isBalanced)
        #expect(outcome.counts[0].counter == .steps)
        // When it comes again it gives nothing more.
        frames.insert(moved, at: 7)
        let (again, _) = run(frames, layout)
        #expect(again.channels[0].late == 1 && again.channels[0].repeated == 1 && again.packets == outcome.packets)
        #expect(again.ledger.isBalanced)
    }

    @Test(
        "the same frame again is overhead and gives nothing; the same count with other contents is late",
        arguments: layouts)
    func repeated(layout: FrameLayout) {
        var maker = FrameMaker(layout: layout)
        let sent = packets(10)
        var frames = maker.frames(sent)
        frames.insert(frames[2], at: 3)
        frames.insert(frames[0], at: 1)
        let (outcome, _) = run(frames, layout)
        #expect(outcome.packets == sent && outcome.channels[0].repeated == 2 && outcome.channels[0].late == 0)
        #expect(outcome.channels[0].frames == frames.count && outcome.ledger.isBalanced)
        maker.count = 1
        frames.insert(maker.idleFrame(), at: 3)
        let (other, _) = run(frames, layout)
        #expect(other.channels[0].late == 1 && other.ledger.isBalanced)
    }

    @Test(
        "a count that goes back and counts on is one restart, and going on where it was is no loss", arguments: layouts)
    func restart(layout: FrameLayout) {
        var (old, new) = (FrameMaker(layout: layout, count: 100), FrameMaker(layout: layout, count: 88))
        let sent = [packets(6), packets(16), packets(6)]
        let frames = old.frames(sent[0]) + new.frames(sent[1]) + old.frames(sent[2])
        let (outcome, _) = run(frames, layout)
        // The first ones may have been overtaken by the first frame of all; the fourth cannot.
        #expect(outcome.channels[0].restarts == 1 && outcome.channels[0].gaps == 0 && outcome.channels[0].late == 4)
        #expect(outcome.packets == sent.flatMap { $0 })
        #expect(outcome.ledger.isBalanced)
    }

    @Test("a count with its cycle runs over 28 bits, and without over 24")
    func cycle() throws {
        let layout = FrameLayout(kind: .aos, length: 64)
        func channel(_ counts: [(UInt8, UInt32)], usesCycle: Bool) throws -> Channel {
            var frames: [[UInt8]] = []
            for (cycle, count) in counts {
                var frame: [UInt8] = []
                let header = AOSFrameHeader(
                    spacecraft: 42, vcid: 1, count: count, usesCycle: usesCycle, cycle: usesCycle ? cycle : 0)
                try header.encode(into: &frame)
                frames.append(frame + [7, 0xFE] + [UInt8](repeating: 0, count: 56))
            }
            return run(frames, layout).0.channels[0]
        }
        for counts in [[(3, 0xFF_FFFF), (4, 0), (4, 1)], [(15, 0xFF_FFFE), (15, 0xFF_FFFF), (0, 0)]]
            as [[(UInt8, UInt32)]]
        {
            for usesCycle in [true, false] {
                let channel = try channel(counts, usesCycle: usesCycle)
                #expect(channel.frames == 3 && channel.gaps == 0 && channel.late == 0)
            }
        }
        #expect(try channel([(3, 0xFF_FFFF), (5, 0)], usesCycle: true).missing == 1 << 24)
        #expect(try channel([(3, 0xFF_FFFF), (5, 0)], usesCycle: false).missing == 0)
    }

    @Test("idle frames, secondary header, control word and error control are entered where they belong")
    func fields() throws {
        let layout = FrameLayout(kind: .tm, length: 80, hasFECF: true)
        let word = try CLCW(vcid: 3, report: 77).word()
        var maker = FrameMaker(layout: layout, controlWord: word, secondary: [3, 1, 2, 3])
        let sent = packets(4)
        let frames = maker.frames(sent) + [maker.idleFrame()]
        let (outcome, decoder) = run(frames, layout)
        #expect(outcome.packets == sent)
        #expect(outcome.channels[0].controlWord.flatMap(CLCW.init)?.report == 77)
        #expect(outcome.channels[0].controlWords == frames.count && outcome.channels[0].idleFrames == 1)
        #expect(outcome.ledger.overhead == frames.count * (6 + 4 + 4 + 2))
        #expect(decoder.frameErrorControl.valid == frames.count && outcome.ledger.isBalanced)
    }

    @Test("a secondary header of another length than it declares can be told")
    func secondaryHeader() {
        var layout = FrameLayout(kind: .tm, length: 80)
        var maker = FrameMaker(layout: layout, secondary: [0, 0, 1, 2, 3, 4, 5, 6])
        let sent = packets(9)
        let frames = maker.frames(sent)
        #expect(run(frames, layout).0.packets != sent)
        layout.secondaryHeader = 8
        let (outcome, _) = run(frames, layout)
        #expect(outcome.packets == sent && outcome.ledger.isBalanced)
    }

    @Test("a wrong error control rejects the whole frame, and other spacecraft and versions are strays")
    func refusals() {
        let layout = FrameLayout(kind: .tm, length: 64, hasFECF: true, spacecraft: [42])
        var (maker, stranger) = (FrameMaker(layout: layout), FrameMaker(layout: layout, spacecraft: 43))
        var frames = maker.frames(packets(12))
        frames[2][20] ^= 1
        let aos = FrameLayout(kind: .aos, length: 64, hasFECF: true)
        var other = FrameMaker(layout: aos)
        frames += [stranger.idleFrame(), other.idleFrame()]
        let (outcome, decoder) = run(frames, layout)
        #expect(rejected(outcome, "frame error control is wrong")?.bytes == 64)
        #expect(rejected(outcome, "frame error control is wrong")?.firstOffset == 128)
        #expect(rejected(outcome, "other spacecraft or version")?.count == 2 && decoder.strays == 2)
        #expect(decoder.frameErrorControl == (valid: frames.count - 1, wrong: 1))
        #expect(outcome.channels.count == 1 && outcome.ledger.isBalanced)
    }

    @Test("header error control puts headers right, and rejects what it cannot")
    func headerErrorControl() {
        let layout = FrameLayout(kind: .aos, length: 64, headerErrorControl: true)
        var maker = FrameMaker(layout: layout)
        let sent = packets(12)
        var frames = maker.frames(sent)
        frames[1][0] ^= 0x0F
        frames[1][5] ^= 0x10
        frames[3][0] ^= 0x33
        frames[3][1] ^= 0x0C
        let (outcome, decoder) = run(frames, layout)
        #expect(decoder.correctedHeaders == 1)
        #expect(rejected(outcome, "frame header error control is wrong")?.count == 1)
        #expect(outcome.channels[0].gaps == 1 && outcome.ledger.isBalanced)
    }

    @Test("a pointer that disagrees with the length drops one packet and goes on at the pointer")
    func pointer() {
        let layout = FrameLayout(kind: .aos, length: 64)
        var maker = FrameMaker(layout: layout)
        let first = maker.frame(pointer: 0, packet(1, 0, [UInt8](repeating: 7, count: 60)).prefix(56) + [])
        let second = packet(1, 1, [UInt8](repeating: 8, count: 40)) + [0xE0]
        let frames = [first, maker.frame(pointer: 9, [UInt8](repeating: 7, count: 9) + second)]
        let (outcome, _) = run(frames, layout)
        #expect(outcome.packets == [packet(1, 1, [UInt8](repeating: 8, count: 40))])
        #expect(rejected(outcome, "packet length and first header pointer disagree")?.bytes == 65)
        #expect(outcome.channels[0].droppedByPointer == 1 && outcome.ledger.isBalanced)
        let outside = run([maker.frame(pointer: 60, [UInt8](repeating: 0, count: 56))], layout).0
        #expect(
            rejected(outside, "the first header pointer lies outside the frame")?.bytes == 56
                && outside.ledger.isBalanced)
    }

    @Test("an idle packet that is cut short at the end of a frame costs nothing")
    func cutIdle() {
        let layout = FrameLayout(kind: .aos, length: 64)
        var maker = FrameMaker(layout: layout)
        let body = packet(1, 0, [UInt8](repeating: 7, count: 44))
        let frames = [
            maker.frame(pointer: 0, body + [0x07, 0xFF, 0xC0, 0, 0, 0]), maker.frame(pointer: 0, body + body.prefix(6)),
        ]
        let (outcome, _) = run(frames, layout)
        #expect(outcome.packets == [body, body] && outcome.ledger.rejections.isEmpty)
        #expect(outcome.ledger.idle == 6 && outcome.ledger.pending == 6 && outcome.ledger.isBalanced)
    }

    @Test("a tail at the start of the capture is pending, after a gap it is lost")
    func tails() {
        let layout = FrameLayout(kind: .aos, length: 64)
        var maker = FrameMaker(layout: layout)
        let frames = maker.frames(packets(1, size: 300))
        let (start, _) = run(Array(frames.dropFirst()), layout)
        #expect(start.ledger.pending > 0 && start.ledger.rejections.isEmpty && start.ledger.isBalanced)
        let (gap, _) = run([frames[0]] + frames.dropFirst(3), layout)
        #expect(rejected(gap, "frames were lost inside a packet")?.bytes == 56)
        #expect(rejected(gap, "tail of a packet whose beginning was not received") != nil && gap.ledger.isBalanced)
    }

    @Test("bitstreams, opaque data and one packet a frame, also a zone of its own for one channel")
    func zones() {
        var layout = FrameLayout(kind: .aos, length: 64, zones: [1: .bitstream, 2: .opaque, 3: .onePacket(at: 10)])
        layout.ocf = true
        var frames: [[UInt8]] = []
        for (vcid, pointer) in [(1, 0x3FFF), (1, 0x3FFE), (1, 79), (1, 52 * 8), (2, 0), (3, 0), (4, 0)] {
            var maker = FrameMaker(
                layout: layout, vcid: vcid, count: UInt32(frames.count), controlWord: 0x0100_0000)
            let body = packet(UInt16(vcid), 0, [UInt8](repeating: 1, count: 38))
            frames.append(
                maker.frame(
                    pointer: pointer,
                    vcid == 4 ? body + [UInt8](repeating: 0xE0, count: 8) : [0, 0] + body + [0, 0, 0, 0, 0, 0]))
        }
        let (outcome, _) = run(frames, layout)
        #expect(outcome.packets.count == 2 && outcome.ledger.isBalanced)
        #expect(rejected(outcome, "the bitstream data pointer lies outside the frame")?.bytes == 52)
        #expect(outcome.ledger.decoded == 52 + 10 + 54 + 44 + 44)
        #expect(outcome.ledger.idle == 52 + 42 + 8)
    }

    @Test(
        "a layout that cannot be rejects all, and says why",
        arguments: [
            FrameLayout(kind: .tm, length: 6), FrameLayout(kind: .aos, length: 70_000),
            FrameLayout(kind: .aos, length: 20, hasFECF: true, ocf: true, insertZone: 40),
            FrameLayout(kind: .aos, length: 64, insertZone: -1),
            FrameLayout(kind: .aos, length: 64, zone: .onePacket(at: 60)),
            FrameLayout(kind: .tm, length: 64, secondaryHeader: 0),
            FrameLayout(kind: .aos, length: .max, insertZone: .max),
        ])
    func impossible(layout: FrameLayout) {
        #expect(layout.problem != nil)
        let decoder = FrameDecoder(layout: layout)
        let outcome = decode([UInt8](repeating: 0, count: 100), [Piece(range: 0..<100)], by: .frames(decoder))
        #expect(outcome.ledger.rejectedBytes == 100 && outcome.ledger.isBalanced)
    }

    @Test("datagrams hold one frame or several; what is left over is told from what the capture cut")
    func datagrams() {
        let layout = FrameLayout(kind: .tm, length: 64)
        var maker = FrameMaker(layout: layout)
        let sent = packets(12)
        let frames = maker.frames(sent)
        let data = frames.flatMap { $0 } + [1, 2, 3] + frames[0].prefix(40)
        let whole = frames.count * 64
        let list = [
            Piece(range: 0..<whole + 3), Piece(range: whole + 3..<whole + 43, marks: .cut), Piece(range: 0..<0),
        ]
        let outcome = decode(data, list, by: .frames(FrameDecoder(layout: layout)))
        #expect(outcome.packets == sent && outcome.ledger.isBalanced)
        #expect(rejected(outcome, "octets that are no whole frame")?.bytes == 3)
        #expect(rejected(outcome, "frame cut by the capture's snap length")?.bytes == 40)
    }

    @Test("a hostile number of virtual channels does not ask for memory without end")
    func channels() {
        let layout = FrameLayout(kind: .tm, length: 64)
        var frames: [[UInt8]] = []
        for scid in 0..<100 {
            for vcid in 0..<8 {
                var maker = FrameMaker(layout: layout, spacecraft: scid, vcid: vcid)
                frames.append(
                    maker.frame(pointer: 0, Array(packet(1, 0, [UInt8](repeating: 1, count: 100)).prefix(58))))
            }
        }
        let (outcome, _) = run(frames, layout)
        #expect(outcome.channels.count == 512 && outcome.ledger.isBalanced)
        #expect(rejected(outcome, "too many virtual channels")?.count == 288)
    }
}
