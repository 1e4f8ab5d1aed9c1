import Records
import Bytes
import CCSDS
import Capture
import Foundation
import Pipeline
import Support
import Testing

/// The project's own captures, against what their maker wrote down beside them.
@Suite struct FixtureTests {
    struct Facts: Decodable {
        struct APID: Decodable, Hashable {
            let spacecraft: Int?
            let vcid: Int?
            let apid: Int
            let packets: Int
            let bytes: Int
            let gaps: Int
            let missing: Int
        }
        let apids: [APID]
    }

    private static var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: fixture("").path)) ?? []
        return all.filter { $0.hasSuffix(".facts.json") }.map { String($0.dropLast(".facts.json".count)) }.sorted()
    }

    @Test("every APID of a fixture is found with its packets, octets and gaps")
    func apids() throws {
        #expect(Self.names.count >= 6)
        for name in Self.names {
            let facts = try JSONDecoder().decode(Facts.self, from: Data(contentsOf: fixture("\(name).facts.json")))
            let report = Inspection.run(try CaptureReader.open(fixture(name).path))
            let found = report.apids.filter { !$0.isIdle && $0.count.kind != .encapsulation }.map {
                Facts.APID(
                    spacecraft: $0.spacecraft, vcid: $0.vcid, apid: Int($0.count.apid), packets: $0.count.packets,
                    bytes: $0.count.bytes, gaps: $0.count.gaps, missing: $0.count.missing)
            }
            #expect(Set(found) == Set(facts.apids), "\(name)")
            #expect(report.ledger.isBalanced, "\(name)")
        }
    }

    @Test("reading from memory, file and pipe gives one report")
    func sources() throws {
        for name in ["songjiang-pass.pcapng", "g60-cadu.pcap", "songjiang.frames"] {
            let octets = [UInt8](try Data(contentsOf: fixture(name)))
            let file = Inspection.run(try CaptureReader.open(fixture(name).path))
            let memory = Inspection.run(CaptureReader(name: fixture(name).path, bytes: octets))
            #expect(file.ledger == memory.ledger, "\(name)")
            #expect(file.apids.map(\.count) == memory.apids.map(\.count), "\(name)")
        }
    }
}
