import Bytes
import Foundation
import Pipeline
import Support
import Testing

/// How many packets wait for their twins.
@Suite struct CaptureDiffTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A bare file of space packets.
    private func file(_ name: String, _ counts: some Sequence<Int>, _ fill: UInt8 = 0) throws -> String {
        var octets = Data()
        for count in counts {
            octets += [0x08, UInt8(count >> 14), 0xC0 | UInt8(count >> 8 & 0x3F), UInt8(count & 0xFF), 0, 31]
            octets += [fill] + (0..<31).map { UInt8(truncatingIfNeeded: count >> ($0 % 3 * 8)) }
        }
        try octets.write(to: folder.file(name))
        return folder.file(name).path
    }

    private func diff(_ a: String, _ b: String, window: Int) throws -> (DiffCounts, most: Int) {
        var options = DiffOptions()
        options.window = (window, 1 << 20)
        options.limit = 0
        let out = try OutputFile(path: folder.file("out").path)
        let diff = try CaptureDiff(
            a, b, [], options, told: { _ in ToldLayout(skip: 0) }, into: out)
        return (try diff.run(), diff.mostWaiting)
    }

    @Test("nothing in common: the first ones give up, and no more wait than are allowed")
    func bounded() throws {
        let (counts, most) = try diff(file("a", 0..<120_000), file("b", 200_000..<330_000), window: 1_000)
        #expect(counts.only == (120_000, 130_000) && counts.same == 0 && counts.changed == 0)
        #expect(counts.packets == (120_000, 130_000) && counts.isDifferent)
        // The window, and what one reading of 1 MiB brings.
        let bound = 1_000 + (1 << 20) / 38 + 600
        #expect(most >= 1_000 && most < bound)
    }

    @Test("everything changed: pairs are found though no packet has a twin")
    func changed() throws {
        let (counts, _) = try diff(file("a", 0..<12_000), file("b", 0..<12_000, 1), window: 40_000)
        #expect(counts.changed == 12_000 && counts.only == (0, 0) && counts.same == 0)
    }

    @Test("a packet finds its twin as long as both are within the window, in whatever order")
    func reordered() throws {
        let a = try file("a", 0..<12_000)
        let pieces = stride(from: 0, to: 12_000, by: 500).flatMap { start in (start..<start + 500).reversed() }
        #expect(try diff(a, file("b", pieces), window: 40_000).0.same == 12_000)
        #expect(try diff(a, file("b", (0..<12_000).reversed()), window: 12_000).0.isDifferent == false)
        let far = try diff(a, file("b", (0..<12_000).reversed()), window: 64).0
        #expect(far.isDifferent && far.same < 12_000)
        // What gave up is in both counts.
        #expect(far.packets == (12_000, 12_000))
        #expect(far.same + far.changed + far.only.a == 12_000 && far.same + far.changed + far.only.b == 12_000)
    }

    @Test("the same packet several times is a difference where the other has it less often")
    func repeated() throws {
        let a = try file("a", [Int](0..<300) + [7, 7, 8])
        let counts = try diff(a, file("b", 0..<300), window: 1_000).0
        #expect(counts.same == 300 && counts.only == (3, 0) && counts.changed == 0)
    }
}
