import Bytes
import Testing
import Transport

/// Streams that are cut into pieces as their ends have agreed on.
@Suite struct StreamFramerTests {
    /// What comes of a stream that is cut at the given places.
    private struct Cut: Equatable {
        var pieces: [[UInt8]] = []
        var offsets: [UInt64] = []
        var ledger = Ledger()
        var unfinished: Int?
    }

    /// Cuts parts of a stream, the octets of which stand one behind the other in the input; `gaps` says before which part
    /// something is missing.
    private func cut(_ parts: [[UInt8]], _ framing: String, gaps: Set<Int> = []) throws -> Cut {
        let framer = StreamFramer(try #require(try StreamFraming.read(framing)))
        var result = Cut()
        var offset = 0
        func take(_ pieces: borrowing Batch<Payload>) {
            for index in 0..<pieces.count {
                let octets = pieces.bytes(of: pieces[index]).copied()
                result.pieces.append(octets)
                result.offsets.append(pieces[index].offset)
                // Who decodes a piece enters it.
                result.ledger.decoded += octets.count
            }
        }
        for (number, part) in parts.enumerated() {
            framer.beginBatch()
            var payloads = Batch<Payload>()
            var pieces = Batch<Payload>()
            payloads.append(
                Payload(
                    extent: Extent(part.octets), time: .unknown, packet: UInt64(number + 1), offset: UInt64(offset),
                    flow: 0, marks: gaps.contains(number) ? .gapBefore : []))
            framer.cut(payloads, at: 0..<1, into: &pieces, ledger: &result.ledger)
            take(pieces)
            offset += part.count
        }
        framer.beginBatch()
        var pieces = Batch<Payload>()
        result.unfinished = framer.finish(flow: 0, time: .unknown, into: &pieces, ledger: &result.ledger)?.bytes
        take(pieces)
        result.ledger.bytes = offset
        #expect(result.ledger.isBalanced, "\(framing): \(result.ledger)")
        return result
    }

    /// Cuts octets at random places.
    private func parts(_ octets: [UInt8], _ random: inout some RandomNumberGenerator) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var at = 0
        while at < octets.count {
            let length = min(
                octets.count - at, Int.random(in: 1...([1, 3, 40, 900].randomElement(using: &random) ?? 1)))
            parts.append(Array(octets[at..<at + length]))
            at += length
        }
        return parts
    }

    private let contents = (0..<60).map { Make.data(1 + $0 * 37 % 250, seed: $0) }

    /// The framings, and how a piece is written in each.
    private static let writers: [(framing: String, write: @Sendable ([UInt8]) -> [UInt8])] = [
        ("length:1", { [UInt8($0.count)] + $0 }), ("length:2", { Make.u16($0.count) + $0 }),
        ("length:4", { Make.u32(UInt32($0.count)) + $0 }),
        ("length:4,adjust=-4", { Make.u32(UInt32($0.count + 4)) + $0 }),
        ("length:2,offset=3", { [9, 9, 9] + Make.u16($0.count) + $0 }),
        ("length:2,offset=1,adjust=2", { [9] + Make.u16($0.count) + [1, 2] + $0 }),
        ("length:2,strip=0", { Make.u16($0.count) + $0 }), ("marker:DEADBEEF", { [0xDE, 0xAD, 0xBE, 0xEF] + $0 }),
    ]

    @Test(arguments: writers.indices) func piecesAreTheSameWhereverTheStreamIsCut(_ index: Int) throws {
        let (framing, write) = Self.writers[index]
        let stream = contents.flatMap(write)
        var random = SystemRandomNumberGenerator()
        let whole = try cut([stream], framing)
        let expected =
            switch framing {
            case "length:2,strip=0": contents.map(write)
            case "length:2,offset=1,adjust=2": contents.map { [1, 2] + $0 }
            default: contents
            }
        #expect(whole.pieces == expected)
        #expect(whole.ledger.rejections.isEmpty)
        for _ in 0..<20 {
            let other = try cut(parts(stream, &random), framing)
            #expect(other.pieces == whole.pieces)
            #expect(other.offsets == whole.offsets)
            #expect(other.ledger == whole.ledger)
        }
    }

    @Test func piecesOfOneLength() throws {
        let whole = try cut([Make.data(100)], "fixed:30")
        #expect(whole.pieces == [0, 30, 60].map { Array(Make.data(100)[$0..<$0 + 30]) })
        #expect(whole.unfinished == 10)
        #expect(whole.ledger.pending == 10)
        let marked = try cut([[1, 2, 9, 9, 9, 1, 2, 8, 8, 8]], "marker:0102,3")
        #expect(marked.pieces == [[9, 9, 9], [8, 8, 8]])
    }

    @Test func octetsWithoutAMarkerAreRejectedAsOneLoss() throws {
        let stream: [UInt8] = [7, 7, 7, 0xDE, 0xAD, 1, 2, 0xDE, 0xAD, 3, 0xDE]
        for parts in [[stream], stream.map { [$0] }] {
            let found = try cut(parts, "marker:DEAD")
            #expect(found.pieces == [[1, 2], [3, 0xDE]])
            #expect(found.ledger.rejections.map(\.bytes) == [3])
            #expect(found.ledger.rejections.map(\.count) == [1])
        }
    }

    @Test func aLengthThatCannotBeIsPassedOverUntilLengthsFollowOneAnother() throws {
        let pieces = contents.map { Make.u32(UInt32($0.count)) + $0 }
        let damage = [UInt8](repeating: 0xFF, count: 5)
        let stream = Array(pieces[0..<30].joined()) + damage + Array(pieces[30...].joined())
        let found = try cut([stream], "length:4")
        #expect(found.pieces == contents)
        #expect(found.ledger.rejections.map(\.reason) == ["no length of a piece where one must be"])
        #expect(found.ledger.rejectedBytes == 5)
    }

    @Test func whatIsMissingInTheStreamCostsThePiecesItWasIn() throws {
        let pieces = contents.map { Make.u16($0.count) + $0 }
        let first = Array(pieces[0..<20].joined()) + Array(pieces[20].prefix(5))
        let second = Array(pieces[22].dropFirst(9)) + Array(pieces[23...].joined())
        let found = try cut([first, second], "length:2", gaps: [1])
        #expect(Array(found.pieces.prefix(20)) == Array(contents.prefix(20)))
        #expect(Array(found.pieces.suffix(37)) == Array(contents.suffix(37)))
        #expect(found.ledger.rejections[0].reason == "octets of the stream are missing inside a piece")
        #expect(found.ledger.rejections[0].bytes == 5)
    }

    @Test func emptyPiecesAreOverheadAndNothingElse() throws {
        let found = try cut([[0, 0, 0, 1, 5, 0, 0]], "length:2")
        #expect(found.pieces == [[5]])
        #expect(found.ledger.overhead == 6)
    }

    @Test func anyOctetsAreTakenInBoundsAndBalance() throws {
        var random = SystemRandomNumberGenerator()
        for framing in Self.writers.map(\.framing) + [
            "fixed:9", "marker:00,7", "marker:00", "length:4,offset=9,strip=2",
        ] {
            for _ in 0..<10 {
                let noise = (0..<3000).map { _ in UInt8.random(in: 0...(Bool.random() ? 255 : 2), using: &random) }
                let gaps = Set((0..<20).map { _ in Int.random(in: 0..<200) })
                _ = try cut(parts(noise, &random), framing, gaps: gaps)
            }
        }
    }

    @Test func aPieceThatIsTooLongIsNotWaitedFor() throws {
        let filler = [UInt8](repeating: 7, count: StreamFraming.longest + 100)
        let found = try cut(
            [[0xDE, 0xAD], filler, [0xDE, 0xAD, 1]], "marker:DEAD")
        #expect(found.pieces == [[1]])
        let length = try cut([Make.u32(UInt32(StreamFraming.longest)) + [1]], "length:4")
        #expect(length.pieces.isEmpty && length.ledger.rejections.count <= 1)
    }

    @Test(arguments: [
        "", "length", "length:3", "length:x", "length:4,offset", "length:4,offset=-1", "length:4,ofset=1",
        "length:4,adjust=99999", "fixed:0", "fixed:", "fixed:9,9", "fixed:1048577", "marker:", "marker:1", "marker:XY",
        "marker:00,0", "marker:00,1,2", "lines", "none,1", "NONE",
    ])
    func framingsThatAreNoneAreRefused(_ text: String) {
        #expect(throws: StreamFraming.Mistake.self) { try StreamFraming.read(text) }
    }

    @Test func framingsAreReadAsTheyAreWritten() throws {
        #expect(try StreamFraming.read("none") == nil)
        #expect(try StreamFraming.read("fixed:1115") == .fixed(1115))
        #expect(try StreamFraming.read("marker:1acffc1d") == .marker([0x1A, 0xCF, 0xFC, 0x1D], length: nil))
        #expect(try StreamFraming.read("marker:00,12") == .marker([0], length: 12))
        var field = StreamFraming.LengthField(width: 2)
        (field.offset, field.adjustment, field.strip) = (4, 1, 0)
        #expect(try StreamFraming.read("length:2,offset=4,adjust=1,strip=0") == .length(field))
    }
}
