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
    @Test(
        "is read the same: count, times, lengths, octets", .enabled(if: Corpus.isThere, Comment(rawValue: Corpus.why)),
        arguments: ["tcpdump", "pcapng", "captures"])
    func corpus(_ folder: String) throws {
        var compared = 0
        for url in Corpus.files(below: folder) {
            guard let theirs = libpcap(url.path) else { continue }
            let reader = try CaptureReader.open(url.path)
            let ours = Reading(reader)
            #expect(ours.ledger.isBalanced, "\(url.lastPathComponent)")
            if theirs.ended {
                #expect(ours.packets.count == theirs.packets.count, "\(url.lastPathComponent): \(reader.problems)")
            } else {
                // libpcap stops at the first damage, we go on behind it.
                #expect(ours.packets.count >= theirs.packets.count, "\(url.lastPathComponent)")
            }
            for (our, their) in zip(ours.packets, theirs.packets) {
                // libpcap takes fractions for signed, the format and we do not.
                if our.time != Int64.min, their.time != -1 {
                    #expect(our.time == their.time, "\(url.lastPathComponent) packet \(our.number)")
                }
                // libpcap cuts a packet that is longer than the snap length the file states.
                if our.captured > theirs.snap { continue }
                #expect(our.captured == their.captured, "\(url.lastPathComponent) packet \(our.number)")
                #expect(our.hash == their.hash, "\(url.lastPathComponent) packet \(our.number)")
                #expect(
                    our.original == max(their.original, UInt32(their.captured)),
                    "\(url.lastPathComponent) packet \(our.number)")
            }
            compared += 1
        }
        #expect(compared > 20)
    }
}
