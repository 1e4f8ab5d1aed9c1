import BeiDou
import Bytes
import Foundation
import Support
import Testing

/// Values held against a small decoder in Python that was written from the facts alone.
struct JTT808OracleTests {
    private static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    static let isThere = (try? run(python, ["-c", "pass"]))?.status == 0
    private static let script = projectFolder.appendingPathComponent("Tests/BeiDouTests/oracle/jtt808.py").path
    /// What the oracle does not tell.
    private static let notTold: Set<String> = ["zone", "lead", "text"]

    @Test(.enabled(if: isThere, "no Python to hold JT/T 808 against"))
    func everyValueIsThatOfTheOracle() throws {
        var maker = MessageMaker(seed: 2019)
        var frames = JTT808VectorTests.good.map(\.frame)
        for (name, words, is2019) in MessageMaker.forms {
            for _ in 0..<80 { frames.append(JTT808Framing.escape(maker.message(name, words, is2019: is2019))) }
        }
        let input = frames.map(hex).joined(separator: "\n") + "\n"
        let peer = try run(Self.python, [Self.script], input: Data(input.utf8))
        try #require(peer.status == 0, "\(peer.words)")
        let lines = try JSON.lines(peer.text)
        try #require(lines.count == frames.count)
        for (frame, line) in zip(frames, lines) {
            let message = unescaped(frame)
            let cells = decodeJTT808(message)
            let told = try #require(line.object)
            let name = JTT808Family.types[JTT808Family.type(of: message.octets)].name
            #expect(told["id"]?.text == name)
            for (parameter, value) in told where parameter != "id" {
                #expect(cells[parameter]?.text == value.text, "\(parameter): \(hex(frame))")
            }
            for (parameter, cell) in cells where cell.value != nil && told[parameter] == nil {
                #expect(Self.notTold.contains(parameter), "\(parameter) of \(name) is not told: \(hex(frame))")
            }
        }
    }
}
