import Bytes
import Capture
import Foundation
import Support
import Testing

/// The closing index is a cache: whatever becomes of it, an archive is what its members say.
@Suite struct ArchiveIndexTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// An archive of a fixture, of many members.
    private func archive(_ names: [String] = ["songjiang-pass.pcapng", "terminals.pcapng"], batch size: Int = 16) throws
        -> [UInt8]
    {
        let writer = ArchiveWriter(level: 1, memberSize: size == 1 ? 1 : 20_000)
        for name in names { try writer.archive(CaptureReader.open(fixture(name).path), batch: size) }
        return writer.finished
    }

    private func file(_ octets: [UInt8], _ name: String = "a.pcapng.gz") throws -> String {
        try Data(octets).write(to: folder.file(name))
        return folder.file(name).path
    }

    /// The index that belongs behind an archive.
    private func closing(_ path: String) throws -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY)
        defer { close(descriptor) }
        return ArchiveIndex.closing(descriptor)
    }

    private func indexed(_ octets: [UInt8]) throws -> [UInt8] {
        octets + (try #require(try closing(try file(octets, "plain.gz"))))
    }

    private func entries(_ path: String, trusts: Bool = true) throws -> [ArchiveIndex.Entry] {
        try #require(try ArchiveIndex(path: path, trusts: trusts)).entries
    }

    @Test("tells the members as their own headers do, in as many members as it takes", arguments: [16, 1])
    func same(batch: Int) throws {
        let plain = try archive(batch: batch)
        let octets = try indexed(plain)
        let path = try file(octets)
        let index = try #require(try ArchiveIndex(path: path))
        let hopped = try #require(try ArchiveIndex(path: path, trusts: false))
        #expect(index.isIndexed && !hopped.isIndexed && index.entries == hopped.entries)
        #expect(index.packets == 822 && index.tail == nil && index.tornOctets == 0 && hopped.tornOctets == 0)
        #expect(index.appendPlace == UInt64(plain.count) && hopped.appendPlace == UInt64(plain.count))
        #expect(index.entries.count >= (batch == 1 ? 822 : 10))
        // A member carries 65,000 octets of the index at most.
        #expect(batch > 1 || octets.count - plain.count > 66_000)
        #expect(try Reading(CaptureReader.open(path)).packets == Reading(reader(plain)).packets)
        #expect(Reading(reader(octets)).packets.count == 822)
        // There is none for what has one.
        #expect(try closing(path) == nil)
    }

    @Test("that is cut, damaged or no longer at the end is as if it were not there")
    func distrust() throws {
        let plain = try archive()
        let octets = try indexed(plain)
        let whole = try entries(try file(octets))
        let packets = Reading(reader(plain)).packets
        for cut in [plain.count + 1, plain.count + 20, plain.count + 200, octets.count - 1, octets.count - 130] {
            let path = try file(Array(octets[..<cut]), "cut.gz")
            let index = try #require(try ArchiveIndex(path: path))
            #expect(!index.isIndexed && index.entries == whole, "\(cut)")
            // Half an index loses nothing; of a few octets nobody knows that they are one.
            let reading = Reading(try CaptureReader.open(path))
            #expect(reading.packets == packets && reading.ledger.isBalanced)
            #expect((index.tail == nil) == (cut >= plain.count + 18), "\(cut)")
            #expect(reading.ledger.rejections.isEmpty == (index.tail == nil), "\(cut)")
        }
        for place in plain.count..<octets.count {
            var damaged = octets
            damaged[place] ^= 1 << UInt8.random(in: 0..<8)
            let path = try file(damaged, "damaged.gz")
            #expect(try entries(path) == whole, "\(place)")
        }
        let more = try file(octets + plain, "more.gz")
        let index = try #require(try ArchiveIndex(path: more))
        #expect(!index.isIndexed && index.entries.count == 2 * whole.count && index.tail == nil)
        #expect(index.appendPlace == index.size)
    }

    @Test("keeps of headers also what a later version adds, and so do copies of members")
    func later() throws {
        var octets = try archive()
        let first = try entries(try file(octets))[0]
        // The data of the first header: four fields grow, and the check is that of the data.
        let length = Int(octets[14]) | Int(octets[15]) << 8
        let added = Array("of a later version".utf8)
        var data = Array(octets[16..<16 + length]) + added
        data.replaceSubrange(4..<8, with: number(Int(first.member.size) + added.count))
        data.replaceSubrange(60..<64, with: [0, 0, 0, 0])
        data.replaceSubrange(60..<64, with: number(Int(crc(data))))
        octets.replaceSubrange(10..<12, with: number(data.count + 4)[..<2])
        octets.replaceSubrange(14..<16 + length, with: number(data.count)[..<2] + data)
        let index = try indexed(octets)[octets.count...]
        #expect(Data(index).range(of: Data(added)) != nil)
        #expect(
            try entries(try file(octets + index)).map(\.member.packets)
                == entries(try file(octets)).map(\.member.packets))
        let reading = try #require(try ArchiveReading(path: try file(octets)))
        let copier = MemberCopier(reading)
        for number in reading.index.entries.indices.dropLast() {
            _ = try copier.look(number)
            try copier.copy()
        }
        let buffer = copier.buffer
        let copy = buffer.bytes.copied()
        #expect(Data(copy).range(of: Data(added)) != nil && Array(octets[..<copy.count]) == copy)
    }

    private func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    @Test("archives copied one behind the other count on, and give what the captures in a row give")
    func joined() throws {
        let (one, other) = (try archive(), try archive(["songjiang-user0.pcap", "terminals.pcapng"]))
        let path = try file(indexed(one) + indexed(other) + one)
        let index = try #require(try ArchiveIndex(path: path))
        var before: UInt64 = 0
        for entry in index.entries {
            #expect(entry.member.packetsBefore == before)
            before += UInt64(entry.member.packets)
        }
        let raw = reader(one + other + one)
        let (ours, theirs) = (try CaptureReader.open(path), Reading(raw))
        let reading = Reading(ours)
        #expect(reading.packets == theirs.packets && reading.ledger.isBalanced && reading.ledger.rejections.isEmpty)
        #expect(ours.interfaces == raw.interfaces && ours.sections == raw.sections && index.packets == before)
        let times = theirs.packets.map(\.time)
        let middle = times.sorted()[times.count / 2]
        let slice = Reading(try CaptureReader.open(path, MemberChoice(from: middle, until: middle + 20_000_000_000)))
        #expect(slice.packets.filter { $0.time >= middle } == theirs.packets.filter { $0.time >= middle })
        // A damaged member behind the joint costs itself alone.
        var damaged = try load(folder.file("a.pcapng.gz"))
        let hit = try #require(index.entries.firstIndex { $0.offset > UInt64(one.count + 2_000) }) + 2
        damaged[Int(index.entries[hit].offset) + 150] ^= 1
        let part = Reading(try CaptureReader.open(try file(damaged, "d.gz")))
        let member = index.entries[hit].member
        var rest = theirs.packets
        rest.removeSubrange(Int(member.packetsBefore)..<Int(member.packetsBefore) + Int(member.packets))
        #expect(part.packets == rest && part.ledger.isBalanced)
    }

    @Test("archives of more than 100 GB and 2^32 packets are read, by hopping and by an index")
    func huge() throws {
        // Members of 4 GiB each that are headers alone, in a file of holes, and a whole one behind them.
        let path = folder.file("huge.gz").path
        let small = try archive(["songjiang-packets.pcap"])
        let whole = Reading(reader(small)).packets
        let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        var (place, packets, raw) = (0, UInt64(0), UInt64(0))
        func put(_ octets: [UInt8], at place: Int) {
            #expect(unsafe pwrite(descriptor, octets, octets.count, place) == octets.count)
        }
        func header(_ octets: [UInt8], size: UInt32? = nil, packets count: UInt32? = nil) -> [UInt8] {
            var octets = octets
            let length = Int(octets[14]) | Int(octets[15]) << 8
            if let size { octets.replaceSubrange(20..<24, with: number(Int(size))) }
            if size != nil { octets.replaceSubrange(24..<28, with: number(0x7FFF_FFFF)) }
            if let count { octets.replaceSubrange(28..<32, with: number(Int(count))) }
            octets.replaceSubrange(32..<40, with: (0..<8).map { UInt8(truncatingIfNeeded: raw >> (8 * $0)) })
            octets.replaceSubrange(40..<48, with: (0..<8).map { UInt8(truncatingIfNeeded: packets >> (8 * $0)) })
            octets.replaceSubrange(76..<80, with: [0, 0, 0, 0])
            octets.replaceSubrange(76..<80, with: number(Int(crc(Array(octets[16..<16 + length])))))
            return octets
        }
        for _ in 0..<26 {
            put(Array(header(small, size: .max, packets: 1 << 30)[..<80]), at: place)
            place += Int(UInt32.max)
            packets += 1 << 30
            raw += 0x7FFF_FFFF
        }
        put(header(small), at: place)
        let hopped = try #require(try ArchiveIndex(path: path))
        #expect(place > 100_000_000_000 && packets > 1 << 32 && !hopped.isIndexed)
        #expect(hopped.packets == packets + UInt64(whole.count) && hopped.tail == nil)
        put(try #require(ArchiveIndex.closing(descriptor)), at: place + small.count)
        let index = try #require(try ArchiveIndex(path: path))
        #expect(index.isIndexed && index.entries == hopped.entries)
        // The whole member behind them has its numbers, and what is not there is said.
        let reading = Reading(try CaptureReader.open(path))
        #expect(reading.packets.map(\.number) == whole.map { $0.number + packets })
        #expect(reading.packets.map(\.hash) == whole.map(\.hash) && reading.ledger.isBalanced)
        #expect(reading.ledger.rejections.first?.count == 26 << 30)
    }
}
