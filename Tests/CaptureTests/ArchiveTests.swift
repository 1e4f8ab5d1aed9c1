import Bytes
import Capture
import Foundation
import Support
import Testing

/// An archive: what is in it is what was in its source, and what is damaged of it costs itself alone.
@Suite struct ArchiveTests {
    private static var captures: [URL] {
        let corpus =
            Corpus.isThere
            ? ["tcpdump", "pcapng", "captures", "spacecraft/pcap"].flatMap { Corpus.files(below: $0) } : []
        return corpus
            + ["songjiang-pass.pcapng", "songjiang-packets.pcap", "songjiang-user0.pcap", "terminals.pcapng"].map(
                fixture)
            + ["songjiang-pass-block-length-wrong.pcapng", "songjiang-pass-capture-cut.pcapng"].map(fixture)
    }

    /// Archives captures in members of a size; nil where one of them cannot be.
    private func archive(_ urls: [URL], memberSize: Int = 20_000) throws -> [UInt8]? {
        let writer = ArchiveWriter(level: 1, memberSize: memberSize)
        for url in urls {
            guard let source = try? CaptureReader.open(url.path), source.format.kind != .bareStream,
                (try? writer.archive(source)) != nil
            else { return nil }
        }
        return writer.finished
    }

    private func file(_ octets: [UInt8], _ folder: TemporaryFolder, _ name: String = "a.pcapng.gz") throws -> String {
        try Data(octets).write(to: folder.file(name))
        return folder.file(name).path
    }

    private func blocks(of entry: ArchiveIndex.Entry, _ reading: ArchiveReading) throws -> [UInt8] {
        let buffer = try reading.blocks(of: entry)
        return buffer.bytes.copied()
    }

    private func word(_ octets: [UInt8], _ at: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(octets[at + $1]) << (8 * $1) }
    }

    /// What tells packets, apart from where they stand.
    private func told(_ reading: Reading) -> [String] {
        reading.packets.map { "\($0.time) \($0.captured) \($0.original) \($0.link) \($0.hash)" }
    }

    @Test("of every capture there is has its packets, by its own reader and by zlib's, and every header is right")
    func captures() throws {
        let folder = try TemporaryFolder()
        var (compared, members) = (0, 0)
        for url in Self.captures {
            guard let original = try? CaptureReader.open(url.path), original.format.kind != .bareStream else {
                continue
            }
            let theirs = Reading(original)
            guard original.interfaces.allSatisfy({ $0.linkType.rawValue <= 0xFFFF }) else { continue }
            guard let octets = try archive([url]) else { continue }
            let path = try file(octets, folder)
            let ours = Reading(try CaptureReader.open(path))
            let plain = Reading(reader(octets))
            #expect(ours.ledger.isBalanced && plain.ledger.isBalanced, "\(url.path)")
            #expect(ours.packets == plain.packets, "\(url.path)")
            if original.format.kind == .pcapng {
                #expect(told(ours) == told(theirs), "\(url.path)")
                #expect(ours.ledger.rejections.isEmpty || !theirs.ledger.rejections.isEmpty, "\(url.path)")
            } else {
                // Records of ERF are kept whole.
                #expect(ours.payloads == theirs.payloads || original.format.kind == .erf, "\(url.path)")
            }
            let reading = try #require(try ArchiveReading(path: path))
            #expect(reading.index.packets == UInt64(theirs.packets.count) && reading.index.tornOctets == 0)
            for entry in reading.index.entries {
                #expect(throws: Never.self, "\(url.path)") { try reading.verify(entry) }
            }
            members += reading.index.entries.count
            compared += 1
        }
        #expect(compared >= 6 && members > compared)
    }

    @Test("of a pcapng that is whole unpacks to the very octets, and several follow one another")
    func verbatim() throws {
        let urls = ["songjiang-pass.pcapng", "terminals.pcapng"].map(fixture)
        let folder = try TemporaryFolder()
        let path = try file(try #require(try archive(urls)), folder)
        let reading = try #require(try ArchiveReading(path: path))
        var octets: [UInt8] = []
        for entry in reading.index.entries {
            #expect(UInt64(octets.count) == entry.member.rawOffset)
            octets += try blocks(of: entry, reading)
        }
        #expect(try octets == urls.flatMap { try load($0) } && reading.index.entries.count > 10)
    }

    @Test("keeps octets that are no block of a damaged capture in blocks of its own")
    func lost() throws {
        let url = fixture("songjiang-pass-block-length-wrong.pcapng")
        let source = try CaptureReader.open(url.path)
        let theirs = Reading(source)
        let lost = theirs.ledger.rejectedBytes
        #expect(lost > 0)
        let folder = try TemporaryFolder()
        let path = try file(try #require(try archive([url])), folder)
        let copy = try CaptureReader.open(path)
        #expect(told(Reading(copy)) == told(theirs))
        // Type 80534C44: 32 octets around what was lost.
        let ours = copy.blocks.filter { $0.type == 0x8053_4C44 }
        #expect(ours.first.map(\.count) ?? 0 > 0)
        let whole = try load(url)
        let raw = try #require(try ArchiveReading(path: path))
        var found = 0
        for entry in raw.index.entries {
            let octets = try blocks(of: entry, raw)
            var at = 0
            while at + 12 <= octets.count {
                let length = word(octets, at + 4)
                if word(octets, at) == 0x8053_4C44 {
                    let place = word(octets, at + 16)
                    let count = word(octets, at + 20)
                    #expect(Array(octets[at + 28..<at + 28 + count]) == Array(whole[place..<place + count]))
                    found += count
                }
                at += length
            }
        }
        #expect(found == lost + theirs.ledger.pending)
    }

    @Test("cut anywhere is an archive of the members that are whole, and of what can be had of the last")
    func cuts() throws {
        let octets = try #require(try archive([fixture("songjiang-pass.pcapng"), fixture("terminals.pcapng")]))
        let folder = try TemporaryFolder()
        let path = try file(octets, folder)
        let whole = Reading(try CaptureReader.open(path))
        let index = try #require(try ArchiveIndex(path: path))
        var cuts = Set((0..<60).map { _ in Int.random(in: 1..<octets.count) })
        cuts.formUnion(index.entries.flatMap { [Int($0.offset), Int($0.offset) + 1, Int($0.end) - 1] })
        for cut in cuts where cut > 0 {
            let path = try file(Array(octets[..<cut]), folder, "cut")
            let whole = whole.packets
            // A few octets are anything.
            guard let part = try? CaptureReader.open(path), part.format.kind == .pcapng else {
                #expect(cut < Int(index.entries[0].end), "\(cut)")
                continue
            }
            let reading = Reading(part)
            #expect(reading.ledger.isBalanced, "\(cut)")
            #expect(reading.packets == Array(whole.prefix(reading.packets.count)), "\(cut)")
            let least = index.entries.last { Int($0.end) <= cut }.map {
                $0.member.packetsBefore + UInt64($0.member.packets)
            }
            #expect(UInt64(reading.packets.count) >= least ?? 0, "\(cut)")
            guard cut >= 80, let found = try ArchiveIndex(path: path) else { continue }
            #expect(found.packets == least ?? 0 && Int(found.end + found.tornOctets) == cut)
            #expect((found.tail == nil) == (found.tornOctets == 0))
        }
    }

    @Test("with a flipped octet loses one member at the most, names it, and has the rest with its numbers")
    func flips() throws {
        let octets = try #require(try archive([fixture("songjiang-pass.pcapng"), fixture("terminals.pcapng")]))
        let folder = try TemporaryFolder()
        let path = try file(octets, folder)
        let whole = Reading(try CaptureReader.open(path)).packets
        let index = try #require(try ArchiveIndex(path: path))
        for _ in 0..<150 {
            let place = Int.random(in: 0..<octets.count)
            var damaged = octets
            damaged[place] ^= 1 << UInt8.random(in: 0..<8)
            let path = try file(damaged, folder, "flipped")
            let hit = try #require(index.entries.firstIndex { Int($0.end) > place })
            // Where the first header is none any more, nobody can tell that it is an archive.
            guard hit > 0, let part = try? CaptureReader.open(path) else { continue }
            let reading = Reading(part)
            #expect(reading.ledger.isBalanced, "\(place)")
            let member = index.entries[hit].member
            let range = Int(member.packetsBefore)..<Int(member.packetsBefore) + Int(member.packets)
            if reading.packets != whole {
                let isLast = hit == index.entries.count - 1
                var rest = whole
                rest.removeSubrange(range)
                if !isLast { #expect(reading.packets == rest, "\(place)") }
                #expect(!reading.ledger.rejections.isEmpty, "\(place)")
            }
            if let checking = try ArchiveReading(path: path) {
                let isFound =
                    !checking.index.gaps.isEmpty || checking.index.tail != nil
                    || checking.index.entries.contains { entry in (try? checking.verify(entry)) == nil }
                #expect(isFound || reading.packets == whole, "\(place)")
            }
        }
    }

    @Test("gives a span of time as a full reading does, and passes members without any of it")
    func slices() throws {
        let octets = try #require(try archive([fixture("songjiang-pass.pcapng"), fixture("terminals.pcapng")]))
        let folder = try TemporaryFolder()
        let path = try file(octets, folder)
        let whole = Reading(try CaptureReader.open(path)).packets
        let times = whole.map(\.time)
        let (first, last) = (try #require(times.min()), try #require(times.max()))
        var passed = 0
        for _ in 0..<60 {
            let from = Int64.random(in: first - 1_000_000_000...last)
            let until = from + Int64.random(in: 1...(last - first) / 4)
            let reader = try CaptureReader.open(path, MemberChoice(from: from, until: until))
            let reading = Reading(reader)
            func isIn(_ packet: Seen) -> Bool { packet.time >= from && packet.time < until }
            #expect(reading.packets.filter(isIn) == whole.filter(isIn), "\(from) \(until)")
            #expect(reading.ledger.rejections.isEmpty && reading.ledger.isBalanced)
            if reader.isCutOff { passed += 1 }
        }
        #expect(passed > 20)
        // A plain capture has no members to pass.
        let plain = try CaptureReader.open(
            fixture("terminals.pcapng").path, MemberChoice(from: first, until: first + 1))
        #expect(Reading(plain).packets.count == 569 && !plain.isCutOff)
    }

    @Test("whose headers lie is read within bounds")
    func hostile() throws {
        let octets = try #require(try archive([fixture("songjiang-pass.pcapng")]))
        let folder = try TemporaryFolder()
        let index = try #require(try ArchiveIndex(path: try file(octets, folder)))
        #expect(try ArchiveIndex(path: fixture("songjiang-packets-members.pcap.gz").path) == nil)
        #expect(try ArchiveIndex(path: fixture("songjiang.frames").path) == nil)
        #expect(throws: SystemError.self) { try ArchiveIndex(path: folder.file("none").path) }
        let second = index.entries[1]
        for (at, value) in [(4, 0xFFFF_FFFF), (4, 0), (8, 0xFFFF_FFFF), (12, 0), (56, 4000)] as [(Int, UInt32)] {
            var lying = octets
            let start = Int(second.offset) + 16
            for shift in 0..<4 { lying[start + at + shift] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(shift))) }
            // With a check that agrees.
            var data = Array(lying[start..<start + 64 + 16 * Int(lying[start + 56])])
            data.replaceSubrange(60..<64, with: [0, 0, 0, 0])
            let check = crc(data)
            for shift in 0..<4 { lying[start + 60 + shift] = UInt8(truncatingIfNeeded: check >> (8 * UInt32(shift))) }
            let reading = Reading(try CaptureReader.open(try file(lying, folder, "lying")))
            #expect(reading.ledger.isBalanced && reading.packets.count > 10, "\(at)")
        }
    }
}
