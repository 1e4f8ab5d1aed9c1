import Capture
import Foundation
import Pipeline
import Support
import Testing
import Transport

/// What `inspect` says beside a filter.
@Suite struct InspectionFilterTests {
    private func report(_ name: String, _ filter: String) throws -> InspectReport {
        var conditions = Conditions()
        conditions.filter = filter
        return try Inspection.run(
            try CaptureReader.open(fixture(name).path), conditions: conditions, databases: try DecodedFile.shipped())
    }

    @Test(
        "the same is counted where headers decide before anything is decoded, and where they do not",
        arguments: [
            ("songjiang-pass.pcapng", "apid", "in {272, 288}"), ("songjiang-pass.pcapng", "apid", "!= 272"),
            ("g60-cadu.pcap", "sequence", ">= 420"), ("terminals.pcapng", "length", "< 60"),
        ])
    func early(name: String, field: String, comparison: String) throws {
        // Arithmetic is reckoned on decoded packets.
        let early = try report(name, "\(field) \(comparison)")
        let late = try report(name, "\(field) \(comparison) and \(field) * 2 >= 0")
        #expect(early.choice?.chosen == late.choice?.chosen && early.choice?.packets == late.choice?.packets)
        #expect(early.apids.map(\.chosen) == late.apids.map(\.chosen))
        #expect(early.messages.map(\.chosen) == late.messages.map(\.chosen))
        let (chosen, packets) = (early.choice?.chosen ?? 0, early.choice?.packets ?? 0)
        #expect(0 < chosen && chosen < packets)
        let all = Inspection.run(try CaptureReader.open(fixture(name).path))
        #expect(early.ledger == all.ledger && early.packetBytes == all.packetBytes)
        #expect(early.flows.map(\.flow.checksums) == all.flows.map(\.flow.checksums))
    }

    @Test("an inspection verifies checksums and counts the traffic of links")
    func verifies() throws {
        let report = Inspection.run(try CaptureReader.open(fixture("songjiang-pass.pcapng").path))
        let sums = report.flows.map(\.flow.checksums)
        #expect(sums.contains { $0.good > 0 } && sums.allSatisfy { $0.unverified == 0 })
        #expect(report.interfaces.reduce(0) { $0 + $1.packets } == Int(report.packets) && report.packetBytes > 0)
    }
}
