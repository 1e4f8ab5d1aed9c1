import Foundation
import Support
import Testing

@Suite("Facts from tshark")
struct TsharkRewriteTests {
    @Test(
        "are written anew when asked for",
        .enabled(
            if: Corpus.isThere && hasProgram("tshark") && ProcessInfo.processInfo.environment["REWRITE_TSHARK"] != nil,
            "REWRITE_TSHARK is not set"))
    func rewrite() throws {
        try Tshark.rewrite()
        #expect(try Tshark.knownDatagrams().count > 1500)
        #expect(try Tshark.knownStreams().count > 400)
    }
}
