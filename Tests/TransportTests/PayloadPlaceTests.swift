import Bytes
import Capture
import Foundation
import Support
import Testing
import Transport

/// Where a payload stands in its packet is where ``Transport`` takes it from.
@Suite("The place of a payload")
struct PayloadPlaceTests {
    private static var captures: [URL] {
        let names = ["songjiang-pass.pcapng", "songjiang-packets.pcap", "songjiang-user0.pcap", "terminals.pcapng"]
        let real =
            Corpus.isThere
            ? ["tcpdump", "pcapng", "captures", "spacecraft/pcap"].flatMap { Corpus.files(below: $0) } : []
        return names.map(fixture) + real
    }

    @Test("is that of every payload that stands alone, of every capture there is")
    func places() throws {
        var (datagrams, segments, mended) = (0, 0, 0)
        for url in Self.captures {
            guard let reader = try? CaptureReader.open(url.path), reader.format.kind != .bareStream else { continue }
            let transport = Transport()
            var packets = Batch<Packet>()
            var payloads = Batch<Payload>()
            var ledger = Ledger()
            while reader.next(into: &packets, ledger: &ledger) {
                transport.process(packets, interfaces: reader.interfaces, into: &payloads, ledger: &ledger)
                var numbers: [UInt64: Int] = [:]
                for index in 0..<packets.count { numbers[packets[index].number] = index }
                for index in 0..<payloads.count {
                    let payload = payloads[index]
                    guard let number = numbers[payload.packet], !payload.marks.contains(.assembled) else { continue }
                    let packet = packets[number]
                    let bytes = packets.bytes(of: packet)
                    let type = reader.interfaces[Int(packet.interface)].linkType
                    // ERF has headers of its own, which are not looked behind.
                    guard type.rawValue != 197 else { continue }
                    let found = PayloadPlace.find(bytes, linkType: type, interface: packet.interface)
                    let place = try #require(found, "\(url.path): packet \(packet.number)")
                    let start = Int(payload.offset - packet.offset)
                    let flow = transport.flow(at: Int(payload.flow))
                    if flow.key.isStream {
                        // Of a segment the octets that came before are no longer handed on, and some wait for others.
                        guard start >= 0, start < packet.extent.count else { continue }
                        #expect(start >= place.start && start + payload.extent.count <= place.start + place.count)
                        segments += 1
                    } else {
                        #expect(
                            place.start == start && place.count == payload.extent.count,
                            "\(url.path): packet \(packet.number): \(place), \(start), \(payload.extent.count)")
                        datagrams += 1
                    }
                    #expect(place.key == nil || place.key == flow.key, "\(url.path): packet \(packet.number)")
                    if let checksum = place.checksum {
                        mended += 1
                        #expect(checksum < place.start)
                        #expect(!payload.marks.contains(.unchecked), "\(url.path): packet \(packet.number)")
                    }
                }
            }
        }
        #expect(datagrams > (Corpus.isThere ? 1000 : 400))
        #expect(mended > 500)
        if Corpus.isThere { #expect(segments > 1000) }
    }

    @Test("is nowhere in what is too short, or contradicts itself")
    func refusals() {
        func place(_ octets: [UInt8], _ type: UInt32) -> PayloadPlace? {
            PayloadPlace.find(octets.octets, linkType: LinkType(rawValue: type), interface: 0)
        }
        let udp: [UInt8] = [0, 1, 0, 2, 0, 12, 0, 0, 1, 2, 3, 4]
        func ip(_ first: UInt8 = 0x45, total: UInt8 = 32, fragment: UInt8 = 0, protocol number: UInt8 = 17) -> [UInt8] {
            [first, 0, 0, total, 0, 0, fragment, 0, 64, number, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2] + udp
        }
        #expect(place(ip(), 101)?.start == 28)
        #expect(place(ip(), 101)?.count == 4)
        #expect(place(ip(), 101)?.checksum == nil)
        #expect(place(ip(total: 0), 101)?.count == 4)
        #expect(place(ip(total: 30), 101)?.count == 2)
        // The first fragment has the header of UDP, later ones have not.
        #expect(place(ip(fragment: 0x20), 101)?.count == 4)
        #expect(place(ip(fragment: 0x01), 101) == nil)
        #expect(place(ip(0x44), 101) == nil)
        #expect(place(ip(0x4F), 101) == nil)
        #expect(place(ip(0x55), 101) == nil)
        #expect(place(ip(total: 19), 101) == nil)
        #expect(place(ip(protocol: 1), 101) == nil)
        #expect(place(ip(protocol: 6), 101) == nil)
        #expect(place([], 101) == nil)
        #expect(place([], 1) == nil)
        #expect(place([UInt8](repeating: 0x81, count: 15), 1) == nil)
        #expect(place([0, 12, 0, 9], 252) == nil)
        #expect(place([0, 0, 0, 0, 7], 252)?.start == 4)
        #expect(place([7], 147)?.count == 1)
        #expect(place([7], 197) == nil)
        var six: [UInt8] = [0x60, 0, 0, 0, 0, 20, 0, 64] + [UInt8](repeating: 1, count: 32)
        six += [17, 0, 0, 0, 0, 0, 0, 0] + udp
        #expect(place(six, 229)?.start == 56)
        #expect(place(Array(six.prefix(50)), 229) == nil)
        six[6] = 44
        #expect(place(six, 229)?.start == 56)
        six[43] = 8
        #expect(place(six, 229) == nil)
    }
}
