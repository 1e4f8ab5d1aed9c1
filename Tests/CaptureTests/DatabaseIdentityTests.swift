import Bytes
import Capture
import Foundation
import Support
import Testing

/// Members that say which mission databases are in force change nothing of the packets.
@Suite struct DatabaseIdentityTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func identity(_ name: String, _ octet: UInt8) -> DatabaseIdentity {
        DatabaseIdentity(hash: Array(repeating: octet, count: 32), name: name, file: "\(name).xml")
    }

    private let one = [Self.identity("songjiang", 1), Self.identity("g60", 2)]
    private let other = [Self.identity("songjiang", 3)]

    /// An archive of a fixture for each list of databases, several members each.
    private func archive(_ lists: [[DatabaseIdentity]?]) throws -> [UInt8] {
        let writer = ArchiveWriter(level: 1, memberSize: 20_000)
        for list in lists {
            if let list { #expect(writer.define(list)) }
            try writer.archive(CaptureReader.open(fixture("terminals.pcapng").path))
        }
        return writer.finished
    }

    private func file(_ octets: [UInt8], _ name: String = "a.gz") throws -> String {
        try Data(octets).write(to: folder.file(name))
        return folder.file(name).path
    }

    private func index(_ octets: [UInt8]) throws -> ArchiveIndex {
        try #require(try ArchiveIndex(path: try file(octets)))
    }

    @Test("stand where others come into force, and nowhere else")
    func places() throws {
        let octets = try archive([one, one, nil, other, []])
        let index = try index(octets)
        let packets: [UInt64] = [1, 1 + 3 * 569, 1 + 4 * 569]
        #expect(index.definitions.map(\.packet) == packets)
        #expect(index.definitions.map(\.databases) == [one, other, []])
        #expect(index.members.count == index.entries.count + 3)
        #expect(index.packets == 5 * 569)
        // Where nobody tells, or nothing is in force from the beginning, there is none.
        #expect(try self.index(archive([nil, nil])).definitions.isEmpty)
        #expect(try archive([[], nil]) == archive([nil, nil]))
        // All packets are there, whoever reads.
        let plain = Reading(reader(try archive([nil, nil, nil, nil, nil])))
        #expect(Reading(reader(octets)).packets == plain.packets)
        #expect(try Reading(CaptureReader.open(file(octets))).packets == plain.packets)
        let reading = try #require(try ArchiveReading(path: file(octets)))
        for entry in reading.index.members { try reading.verify(entry) }
        #expect(reading.databases == one + other)
    }

    @Test("are told by the closing index as by their own headers, and by a writer that goes on")
    func closing() throws {
        let octets = try archive([one, other])
        let path = try file(octets)
        let descriptor = unsafe open(path, O_RDONLY)
        defer { close(descriptor) }
        let closing = try #require(ArchiveIndex.closing(descriptor))
        let indexed = try index(octets + closing)
        let hopped = try index(octets)
        #expect(indexed.isIndexed && indexed.definitions == hopped.definitions && indexed.members == hopped.members)
        #expect(indexed.appendPlace == UInt64(octets.count))
        let there = try #require(try ArchiveReading(path: try file(octets)))
        let same = try ArchiveWriter(behind: there)
        #expect(same.define(other) && same.octets == 0)
        let changed = try ArchiveWriter(behind: there)
        #expect(changed.define(one))
        let buffer = changed.buffer
        let more = try index(octets + buffer.bytes.copied())
        #expect(more.definitions.last?.packet == 2 * 569 + 1 && more.definitions.count == 3)
    }

    @Test("of an archive that was copied behind another begin with its own packets")
    func joined() throws {
        let index = try index(archive([one]) + archive([other, one]))
        let packets: [UInt64] = [1, 570, 1139]
        #expect(index.definitions.map(\.packet) == packets)
        #expect(index.packets == 3 * 569)
    }

    @Test("cost nothing but themselves when they are damaged or cut")
    func damage() throws {
        let octets = try archive([one, other])
        let packets = Reading(reader(octets)).packets
        let index = try index(octets)
        let member = try #require(index.members.last { $0.member.kind == .definitions })
        for place in Int(member.offset)..<Int(member.end) {
            var damaged = octets
            damaged[place] ^= 1 << UInt8.random(in: 0..<8)
            let path = try file(damaged, "damaged.gz")
            let reading = try #require(try ArchiveReading(path: path))
            #expect(try Reading(CaptureReader.open(path)).packets == packets, "\(place)")
            let isWhole = reading.index.members.allSatisfy { (try? reading.verify($0)) != nil }
            // Time, system and lengths of the gzip header, and bits behind the deflate block, say nothing.
            let isFree = (3..<12).contains(place - Int(member.offset)) || place == Int(member.end) - 9
            #expect(isFree || !isWhole || !reading.index.gaps.isEmpty, "\(place)")
        }
        let front = Int(member.offset)
        for count in 1..<Int(member.end) - front {
            let index = try self.index(Array(octets[..<(front + count)]))
            #expect(index.packets == 569 && index.tornOctets == UInt64(count) && index.definitions.count == 1)
        }
    }

    @Test("that are more than a header has room for are refused, and lists that end too early are damage")
    func bounds() throws {
        let many = (0..<3_000).map { Self.identity("database \($0)", UInt8(truncatingIfNeeded: $0)) }
        let writer = ArchiveWriter()
        #expect(!writer.define(many) && writer.octets == 0)
        let long = String(repeating: "x", count: 70_000)
        #expect(!writer.define([DatabaseIdentity(hash: one[0].hash, name: long, file: "")]))
        #expect(writer.define(Array(many.prefix(800))))
        let buffer = writer.buffer
        let most = try index(buffer.bytes.copied())
        #expect(most.definitions.first?.databases == Array(many.prefix(800)) && most.tail == nil)
        // One more than there are, with a check that agrees.
        var octets = try archive([one])
        let length = Int(octets[14]) | Int(octets[15]) << 8
        octets[16 + 64] += 1
        octets.replaceSubrange(16 + 60..<16 + 64, with: [0, 0, 0, 0])
        let check = crc32(Array(octets[16..<16 + length]))
        octets.replaceSubrange(16 + 60..<16 + 64, with: (0..<4).map { UInt8(truncatingIfNeeded: check >> (8 * $0)) })
        let reading = try #require(try ArchiveReading(path: try file(octets)))
        let first = try #require(reading.index.members.first)
        #expect(throws: ArchiveReading.Damage.self) { try reading.verify(first) }
        #expect(reading.index.definitions.map(\.databases) == [[]])
        #expect(try Reading(CaptureReader.open(file(octets))).packets.count == 569)
    }
}
