import BeiDou
import Bytes
import Capture
import Foundation
import Pipeline
import Support
import Testing

struct TrackingTests {
    @Test func aCaptureWithoutPositionsMakesNoTracks() throws {
        let folder = try TemporaryFolder()
        let output = try OutputFile(path: folder.file("out").path)
        let tracking = try Tracking(into: output)
        let path = fixture("songjiang-packets.pcap").path
        let known = Prescan.run(path: path)
        var steps = 0
        let ledger = tracking.run(try CaptureReader.open(path), name: path, known: known) { _ in
            steps += 1
            return true
        }
        #expect(try tracking.finish().isEmpty)
        try output.close()
        #expect(steps > 0)
        #expect(ledger.isBalanced)
        #expect(ledger.rejections.isEmpty)
        #expect(tracking.counts == PositionReader.Counts())
        #expect(try Data(contentsOf: folder.file("out")).isEmpty)
    }
}
