import CPcap
import Capture
import Foundation
import Support

/// A capture as libpcap reads it: the other reader, which the tests of this module trust.
struct PcapFile {
    var link: LinkType
    var samples: [Sample] = []

    /// Nil when libpcap does not open it. Reads up to the first damage. What is gzip'd is inflated by gzip.
    init?(_ url: URL) {
        var path = url.path
        if url.pathExtension == "gz" {
            let plain = FileManager.default.temporaryDirectory.appendingPathComponent("starlane-\(UUID().uuidString)")
            guard let inflated = try? run("gzip", ["-dc", path]) else { return nil }
            try? inflated.output.write(to: plain)
            path = plain.path
        }
        defer { if path != url.path { try? FileManager.default.removeItem(atPath: path) } }
        var words = [CChar](repeating: 0, count: 256)
        guard let handle = unsafe pcap_open_offline(path, &words) else { return nil }
        defer { unsafe pcap_close(handle) }
        let type = unsafe pcap_datalink(handle)
        link = LinkType(rawValue: UInt32(bitPattern: type))
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var bytes: UnsafePointer<UInt8>?
        while unsafe pcap_next_ex(handle, &header, &bytes) == 1, let header = unsafe header, let start = unsafe bytes {
            // libpcap keeps the packet until the next call, and says how long it is.
            let (length, original) = unsafe (Int(header.pointee.caplen), Int(header.pointee.len))
            let time = unsafe header.pointee.ts
            let octets = unsafe Array(UnsafeBufferPointer(start: start, count: length))
            samples.append(
                Sample(
                    octets: octets, original: max(length, original),
                    seconds: Double(time.tv_sec) + Double(time.tv_usec) / 1e6))
        }
    }
}
