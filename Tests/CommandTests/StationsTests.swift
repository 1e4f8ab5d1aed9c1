import Foundation
import Support
import Testing

/// Captures of one pass by two stations that each missed frames, merged: what is decoded is what a station would have that
/// received all frames that any of the two received.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct StationsTests {
    private let folder: TemporaryFolder
    private let head: Data
    private let records: [Data]

    init() throws {
        folder = try TemporaryFolder()
        try Starlane.checked(["export", "songjiang-pass.pcapng", "-o", folder.file("pass.pcap").path])
        let file = try Data(contentsOf: folder.file("pass.pcap"))
        head = file.prefix(24)
        var (at, records) = (24, [Data]())
        while at < file.count {
            let count = (0..<4).reduce(0) { $0 | Int(file[at + 8 + $1]) << (8 * $1) }
            records.append(file.subdata(in: at..<at + 16 + count))
            at += 16 + count
        }
        self.records = records
    }

    private func path(_ name: String) -> String { folder.file(name).path }

    /// Writes the packets that a station received, so many nanoseconds later.
    private func write(_ name: String, _ isHeard: [Bool], later delay: UInt64 = 0) throws {
        var file = head
        for (record, _) in zip(records, isHeard).filter(\.1) {
            var record = record
            func number(_ at: Int) -> UInt64 { (0..<4).reduce(0) { $0 | UInt64(record[at + $1]) << UInt64(8 * $1) } }
            let time = number(0) * 1_000_000_000 + number(4) + delay
            for (at, value) in [(0, time / 1_000_000_000), (4, time % 1_000_000_000)] {
                for index in 0..<4 { record[at + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
            }
            file += record
        }
        try file.write(to: folder.file(name))
    }

    /// What is decoded, without what another way gives it.
    private func values(_ name: String) throws -> [Substring] {
        let decoded = try Starlane.run(["decode", "--format", "jsonl", path(name)])
        return Starlane.values(decoded.text).sorted()
    }

    /// Virtual channels as `inspect` counts their frames.
    private func channels(_ name: String) throws -> [String] {
        let report = try Starlane.run(["inspect", "--all", path(name)]).text.split(
            separator: "\n", omittingEmptySubsequences: false)
        let rows = report.drop { !$0.hasPrefix("VIRTUAL CHANNELS") }.prefix { !$0.isEmpty }
        return rows.dropFirst().map { String($0) }
    }

    private func hear(_ random: inout SeededGenerator, inBursts: Bool) -> [Bool] {
        guard inBursts else { return records.map { _ in Int.random(in: 0..<10, using: &random) > 0 } }
        var isHeard = records.map { _ in true }
        for _ in 0..<8 {
            let first = Int.random(in: 0..<records.count, using: &random)
            for index in first..<min(records.count, first + Int.random(in: 1...25, using: &random)) {
                isHeard[index] = false
            }
        }
        return isHeard
    }

    @Test("packets go on in frames that only another station received, also where its clock is late", arguments: 1...6)
    func union(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let here = hear(&random, inBursts: seed.isMultiple(of: 2))
        let there = hear(&random, inBursts: seed.isMultiple(of: 2))
        try write("here.pcap", here)
        // Losses in bursts are longer than clocks differ.
        try write("there.pcap", there, later: seed.isMultiple(of: 2) ? 300_000_000 : 3_000_000)
        try write("both.pcap", zip(here, there).map { $0 || $1 })
        try Starlane.checked(["archive", "merge", path("here.pcap"), path("there.pcap"), "-o", path("m.pcapng.gz")])
        let values = try values("m.pcapng.gz")
        #expect(values == (try self.values("both.pcap")), "seed \(seed)")
        #expect(values.count > (try self.values("here.pcap").count))
        #expect(try channels("m.pcapng.gz") == channels("both.pcap"), "seed \(seed)")
        #expect(try channels("m.pcapng.gz").count == 8)
    }

    @Test("captures that nobody merged, or that were merged with their copies, stay flows of their own")
    func apart() throws {
        let all = records.map { _ in true }
        try write("here.pcap", all)
        try write("there.pcap", all, later: 1_000_000)
        try Starlane.checked(
            ["archive", "merge", "--keep-duplicates", path("here.pcap"), path("there.pcap"), "-o", path("m.pcapng.gz")])
        #expect(try channels("m.pcapng.gz").count == 16)
        #expect(try values("m.pcapng.gz").count == 2 * values("here.pcap").count)
        // A comment alone makes no merged capture: another program wrote this one.
        try Starlane.checked(["export", path("m.pcapng.gz"), "-o", path("m.pcapng")])
        var file = try Data(contentsOf: folder.file("m.pcapng"))
        let words = try #require(file.range(of: Data("merged with copies: ".utf8)))
        file.replaceSubrange(words, with: Data("merged: with copies ".utf8))
        try file.write(to: folder.file("told.pcapng"))
        #expect(try channels("told.pcapng").count == 8)
        let program = try #require(file.range(of: Data("starlane".utf8)))
        file.replaceSubrange(program, with: Data("mergecap".utf8))
        try file.write(to: folder.file("other.pcapng"))
        #expect(try channels("other.pcapng").count == 16)
    }
}
