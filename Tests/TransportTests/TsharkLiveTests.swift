import Bytes
import Capture
import Foundation
import Support
import Testing
import Transport

/// tshark itself, on captures made here and on some of the corpus, so that the facts it once gave are checked as well.
@Suite("Beside tshark, live", .enabled(if: hasProgram("tshark"), "tshark is not installed"))
struct TsharkLiveTests {
    /// A classic capture file.
    private func write(_ packets: [[UInt8]], _ link: LinkType) throws -> URL {
        var octets: [UInt8] = Make.u32(0xA1B2_C3D4) + [0, 2, 0, 4] + Make.u32(0) + Make.u32(0) + Make.u32(262_144)
        octets += Make.u32(link.rawValue)
        for (index, packet) in packets.enumerated() {
            let count = Make.u32(UInt32(packet.count))
            octets += Make.u32(UInt32(index)) + Make.u32(0) + count + count + packet
        }
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("starlane-\(UUID().uuidString).pcap")
        try Data(octets).write(to: url)
        return url
    }

    /// Expects tshark to find what we find in a capture.
    private func compare(_ url: URL, _ name: String) throws {
        let bench = try #require(Bench(reading: url))
        let found = try Tshark.datagrams(of: url, named: name)
        let theirs = Dictionary(uniqueKeysWithValues: found.rows.map { ($0.packet, $0.payloads) })
        #expect(TsharkTests.datagrams(bench) == theirs, "\(name)")
        let streams = try Tshark.streams(of: url, named: name, layers: found.streams)
        let ours = TsharkTests.streams(bench).filter { !$0.value.octets.isEmpty }
        #expect(ours.keys.sorted() == streams.map(\.direction).sorted(), "\(name)")
        for stream in streams {
            #expect(ours[stream.direction].map { Tshark.digest($0.octets) } == stream.digest, "\(name), \(stream)")
        }
    }

    @Test("links, tags, options, extension headers and fragments")
    func datagrams() throws {
        let data = Make.data(300)
        let (udp, udp6) = (Make.udp(data), Make.udp(data, addresses: Make.client6 + Make.server6))
        let parts = Make.fragments(udp, at: [104, 200])
        let four = [
            Make.ipv4(udp), Make.ipv4(udp, options: [1, 1, 1, 0]), Make.ipv4(udp, length: 0),
            Make.ipv4(Make.udp(data, length: 400), length: 500), parts[2], parts[0], parts[1], parts[0],
        ]
        let six = [
            Make.ipv6(udp6), Make.ipv6([17, 0, 1, 4, 0, 0, 0, 0] + udp6, next: 60),
            Make.fragment6(Array(udp6[200...]), at: 200, more: false),
            Make.fragment6(Array(udp6[..<200]), at: 0, more: true), Make.fragment6(udp6, at: 0, more: false),
        ]
        let ethernet =
            four.map { Make.ethernet($0) } + six.map { Make.ethernet($0, type: 0x86DD, tags: [(0x8100, 5)]) }
            + four.map { Make.ethernet($0, tags: [(0x88A8, 5), (0x8100, 6)]) }
        let cooked = [0, 0, 0, 1, 0, 6] + [UInt8](repeating: 2, count: 8) + [8, 0]
        for (link, packets) in [
            (LinkType.ethernet, ethernet), (.raw, four + six), (.null, four.map { [2, 0, 0, 0] + $0 }),
            (.loop, four.map { [0, 0, 0, 2] + $0 }), (.linuxSLL, four.map { cooked + $0 }), (.ipv4, four), (.ipv6, six),
        ] {
            let url = try write(packets, link)
            defer { try? FileManager.default.removeItem(at: url) }
            try compare(url, "link type \(link.rawValue)")
        }
    }

    @Test("streams through reordering, repetition, overlap and numbers that wrap", arguments: [1, 2, 3] as [UInt64])
    func streams(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let data = Make.data(4000, seed: Int(seed))
        var packets = [Make.ipv4(Make.tcp([], sequence: 0xFFFF_FA00, flags: Make.syn), protocol: 6)]
        var pieces = stride(from: 0, to: 4000, by: 100).map { $0..<$0 + 100 }
        pieces += [40..<60, 150..<350, 1999..<2000, 3000..<3200]
        for index in pieces.indices {
            pieces.swapAt(index, Int.random(in: max(0, index - 5)...index, using: &random))
        }
        for piece in pieces {
            let sequence = 0xFFFF_FA01 &+ UInt32(piece.lowerBound)
            packets.append(Make.ipv4(Make.tcp(Array(data[piece]), sequence: sequence), protocol: 6))
        }
        let url = try write(packets, .raw)
        defer { try? FileManager.default.removeItem(at: url) }
        try compare(url, "seed \(seed)")
    }

    @Test("some captures of the corpus", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func corpus() throws {
        var count = 0
        for (index, (url, name)) in Tshark.captures.enumerated() where index % 40 == 0 {
            let found = try Tshark.datagrams(of: url, named: name)
            #expect(try Tshark.knownDatagrams().filter { $0.file == name } == found.rows)
            let streams = try Tshark.streams(of: url, named: name, layers: found.streams)
            #expect(try Tshark.knownStreams().filter { $0.file == name } == streams)
            count += 1
        }
        #expect(count > 10)
    }
}
