import Foundation
import Support
import Testing

/// `starlane corrupt`: how sources are named in its truth, and times that a capture cannot hold.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct CorruptFileTests {
    @Test("a source is called as the run calls it, and told from itself where it is named twice")
    func twice() throws {
        let folder = try TemporaryFolder()
        let fixture = fixture("songjiang-packets.pcap").path
        let said = try Starlane.bash(
            """
            starlane corrupt - '\(fixture)' '\(fixture)' -o out.pcapng --fault loss=0.2 --truth - < '\(fixture)'
            """, in: folder.url)
        let records = try JSON.lines(said.text)
        let sources = try #require(records.first?["sources"]?.array).compactMap(\.text)
        #expect(sources == ["-", fixture, fixture])
        let faults = records.filter { $0["record"]?.text == "fault" }
        #expect(Set(faults.compactMap { $0["source_index"]?.integer }) == [0, 1, 2])
        for fault in faults {
            #expect(fault["source"]?.text == sources[try #require(fault["source_index"]?.integer)])
        }
        let keys = Set(faults.map { "\($0["source_index"]?.integer ?? -1) \($0["packet"]?.integer ?? -1)" })
        #expect(keys.count == faults.count && faults.count > 60)
    }

    @Test("a packet whose time a capture cannot hold is counted once")
    func times() throws {
        // 1969, and finer than a microsecond, in a classic file.
        let folder = try TemporaryFolder()
        let finished = try Starlane.run(
            ["corrupt", "-", "-o", folder.file("out.pcap").path, "--fault", "loss=0"], input: Self.early)
        #expect(finished.words.contains("1 packets have other times"), "\(finished.words)")
    }

    /// A capture with a packet whose time, in nanoseconds, is in the year 2200.
    private static var early: Data {
        func words(_ numbers: UInt32...) -> Data {
            Data(numbers.flatMap { n in (0..<4).map { UInt8(n >> (8 * UInt32($0)) & 0xFF) } })
        }
        let time: UInt64 = 7_258_118_400_000_000_123
        let section = words(0x0A0D_0D0A, 28, 0x1A2B_3C4D, 1, 0xFFFF_FFFF, 0xFFFF_FFFF, 28)
        let interface = words(1, 32, 147, 0, 9 | 1 << 16, 9, 0, 32)
        let packet = words(6, 36, 0, UInt32(time >> 32), UInt32(time & 0xFFFF_FFFF), 4, 4, 0x0403_0201, 36)
        return section + interface + packet
    }
}
