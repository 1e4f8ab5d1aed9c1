import Bytes
import CPcap
import Capture
import Foundation
import Support
import Testing

/// What libpcap reads of a file; nil when it does not open it.
private func libpcap(_ path: String) -> (packets: [Seen], snap: Int, ended: Bool)? {
    var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let opened = unsafe pcap_open_offline_with_tstamp_precision(path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &words)
    guard let capture = unsafe opened else { return nil }
    defer { unsafe pcap_close(capture) }
    var packets: [Seen] = []
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var octets: UnsafePointer<UInt8>?
    var status = unsafe pcap_next_ex(capture, &header, &octets)
    while status == 1, let head = unsafe header?.pointee {
        let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(octets!), byteCount: Int(head.caplen))
        // A negative fraction is one that was too large for a signed number; -1 marks it.
        let isNegative = head.ts.tv_usec < 0
        packets.append(
            Seen(
                number: UInt64(packets.count + 1),
                // With nanoseconds asked for, the field named for microseconds holds them.
                time: isNegative
                    ? -1 : Int64(UInt32(truncatingIfNeeded: head.ts.tv_sec)) * 1_000_000_000 + Int64(head.ts.tv_usec),
                captured: Int(head.caplen), original: head.len, link: 0, offset: 0, hash: fnv(span)))
        status = unsafe pcap_next_ex(capture, &header, &octets)
    }
    return unsafe (packets, Int(pcap_snapshot(capture)), status == PCAP_ERROR_BREAK)
}

@Suite("What libpcap reads")
struct LibpcapTests {
    @Test("is read the same, of files of our own: every kind of classic file and block that libpcap takes")
    func ours() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starlane-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [[UInt8]] = [Blocks.file(300), Blocks.file(300, big: true)]
        for big in [false, true] {
            for (magic, extra) in [(0xA1B2_C3D4, 0), (0xA1B2_3C4D, 0), (0xA1B2_CD34, 8)] {
                for (major, minor, swapped) in [
                    (2, 4, false), (2, 3, false), (2, 3, true), (2, 2, true), (543, 0, true),
                ] {
                    let kind = Classic(
                        magic: magic, major: major, minor: minor, big: big, swapped: swapped, extra: extra)
                    files.append(kind.file(20) + kind.record(4_000_000_000, 999_999, body(1, 50), original: 1500))
                }
            }
            var mixed = Blocks(big: big)
            mixed.section()
            mixed.interface(snap: 100, options: [(9, [0x8A])])
            mixed.enhanced(1_700_000_000 << 10 | 512, body(1, 60))
            mixed.simple(body(2, 60))
            mixed.obsolete(1_700_000_001 << 10, body(3, 61))
            mixed.block(0x1234) { $0.u32(7) }
            mixed.enhanced(1_700_000_002 << 10, body(4, 62), original: 400)
            files.append(mixed.octets)
        }
        for (number, file) in files.enumerated() {
            let url = folder.appendingPathComponent("\(number)")
            try Data(file).write(to: url)
            let theirs = try #require(libpcap(url.path))
            #expect(theirs.ended && theirs.packets.count > 3, "file \(number)")
            try compare(url, theirs)
        }
    }

    @Test(
        "is read the same: count, times, lengths, octets", .enabled(if: Corpus.isThere, Comment(rawValue: Corpus.why)),
        arguments: ["tcpdump", "pcapng", "captures"])
    func corpus(_ folder: String) throws {
        var compared = 0
        for url in Corpus.files(below: folder) {
            guard let theirs = libpcap(url.path) else { continue }
            try compare(url, theirs)
            compared += 1
        }
        #expect(compared > 20)
    }

    private func compare(_ url: URL, _ theirs: (packets: [Seen], snap: Int, ended: Bool)) throws {
        let name = url.lastPathComponent
        let reader = try CaptureReader.open(url.path)
        let ours = Reading(reader)
        #expect(ours.ledger.isBalanced, "\(name)")
        if theirs.ended {
            #expect(ours.packets.count == theirs.packets.count, "\(name): \(reader.problems)")
        } else {
            // libpcap stops at the first damage, we go on behind it.
            #expect(ours.packets.count >= theirs.packets.count, "\(name)")
        }
        for (our, their) in zip(ours.packets, theirs.packets) {
            // libpcap takes fractions for signed, the format and we do not; a simple packet has no time, there it is 0.
            if our.time != Int64.min, their.time != -1 {
                #expect(our.time == their.time, "\(name) packet \(our.number)")
            }
            // libpcap cuts a packet that is longer than the snap length the file states.
            if our.captured > theirs.snap { continue }
            #expect(our.captured == their.captured, "\(name) packet \(our.number)")
            #expect(our.hash == their.hash, "\(name) packet \(our.number)")
            #expect(our.original == their.original, "\(name) packet \(our.number)")
        }
    }
}
