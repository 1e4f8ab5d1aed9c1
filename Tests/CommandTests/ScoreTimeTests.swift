import Foundation
import Support
import Testing

/// `starlane score`: which of several packets with the same APID and count a row is of, by its time and by where it came from.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ScoreTimeTests {
    /// Seconds since 1970 of 2026-03-15T02:22:00Z.
    private static let start = 1_773_541_320.0

    private static func iso(_ seconds: Double) -> String {
        let time = Date(timeIntervalSince1970: seconds)
        return time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Thirty packets, one a minute, whose counts begin again after ten.
    private static let rounds: [String] =
        [ScoreTruth.run]
        + (0..<30).map { index in
            let time = iso(start + 60 * Double(index))
            return
                #"{"record":"packet","spacecraft":"songjiang","id":421,"apid":100,"count":\#(index % 10),"type":"x","#
                + #""time":"\#(time)","channel":0,"frames":[1,1],"heard":["huzhou.songjiang"],"values":{"n":\#(index)}}"#
        } + [ScoreTruth.end]

    private static func rows(_ places: some Sequence<Int>, hasValues: Bool = true, _ time: (Double) -> String) -> String
    {
        places.map { index in
            #"{"apid":100,"sequence":\#(index % 10),"packet_time":\#(time(start + 60 * Double(index)))"#
                + (hasValues ? #","n":\#(index)}"# : "}")
        }.joined(separator: "\n")
    }

    @Test(
        "times of another epoch or zone are found out and allowed for",
        arguments: [378_691_237.0, -315_964_782.0, -946_727_935.8, 28_800, 600, -start])
    func epochs(_ offset: Double) throws {
        for hasValues in [true, false] {
            let result = Self.rows(0..<30, hasValues: hasValues) { "\($0 + offset)" }
            let scored = try ScoreTruth.score(Self.rounds, result, ["--most-repeated", "0"], status: 0)
            #expect(scored.count("packets", "found") == 30 && scored.count("rows", "wrong_values") == 0)
            #expect(scored.json["clock"]?["use"]?.text == "shifted" && scored.json["clock"]?["near"]?.integer == 30)
            #expect(scored.json["clock"]?["column"]?.text == "packet_time")
        }
        // A row that is gone is missed where it was.
        let gone = try ScoreTruth.score(
            Self.rounds, Self.rows((0..<30).filter { $0 != 14 }) { "\($0 + offset)" }, status: 1)
        #expect(gone.count("packets", "found") == 29 && gone.json["missed"]?[0]?["line"]?.integer == 16)
    }

    @Test("words say by how much the times are off")
    func said() throws {
        let folder = try TemporaryFolder()
        try Data(Self.rounds.joined(separator: "\n").utf8).write(to: folder.file("truth.jsonl"))
        func score(_ time: (Double) -> String) throws -> String {
            try Data(Self.rows(0..<30, time).utf8).write(to: folder.file("result"))
            return try Starlane.run(["score", "--truth", "truth.jsonl", "result"], in: folder.url).text
        }
        let shifted = try score { "\($0 + 378_691_237)" }
        #expect(shifted.contains("packet_time is 378,691,237.000 s ahead of the truth's times"), "\(shifted)")
        let none = try score { "\(($0 * 7_919).truncatingRemainder(dividingBy: 100_003))" }
        #expect(none.contains("packet_time is left out: its times are not those of the truth"), "\(none)")
        #expect(none.contains("\nPASS\n"))
        let unread = try score { _ in #""a minute ago\u001b[31m""# }
        #expect(unread.contains("30 times of packet_time could not be read, as 'a minute ago·[31m'"), "\(unread)")
        #expect(!(try score { "\($0)" }).contains("packet_time could"))
    }

    @Test(
        "times are read as programs write them",
        arguments: [
            { (seconds: Double) in "\"\(iso(seconds).replacing("Z", with: "+0000"))\"" },
            { "\"\(iso($0 + 28_800).replacing("Z", with: "+0800"))\"" },
            { "\"\(iso($0).replacing("-", with: "").replacing(":", with: ""))\"" },
            { "\"\(iso($0).replacing("T", with: " ").replacing("Z", with: " UTC"))\"" },
            { "\(Int($0 * 1e3))" }, { "\"\(Int($0 * 1e6))\"" }, { "\(Int($0) * 1_000_000_000)" },
            { "\($0 / 1e9)e9" }, { "\"\($0 / 1e9)E+09\"" },
        ] as [@Sendable (Double) -> String])
    func forms(_ form: @Sendable (Double) -> String) throws {
        let scored = try ScoreTruth.score(
            Self.rounds, Self.rows((0..<30).reversed(), hasValues: false, form), ["--most-repeated", "0"], status: 0)
        let clock = try #require(scored.json["clock"])
        #expect(clock["use"]?.text == "exact" && clock["unread"]?.integer == 0 && clock["near"]?.integer == 30)
        // Only the last round is there: the first twenty are missed.
        let last = try ScoreTruth.score(Self.rounds, Self.rows(20..<30, hasValues: false, form), status: 1)
        #expect(last.json["missed"]?[0]?["line"]?.integer == 2 && last.count("packets", "found") == 10)
    }

    @Test("a row of a packet that was found already is one of the next packet that is near enough, and of no other")
    func taken() throws {
        // Two that are as near as the fault's delay, and one of another round.
        func packet(_ second: Double) -> String {
            #"{"time":"\#(Self.iso(Self.start + second))","apid":100,"sequence":5,"parameters":{}}"# + "\n"
        }
        let faults = [
            #"{"record":"run","truth":1,"command":"corrupt","plan":"jitter=20ms","seed":1}"#,
            #"{"record":"fault","kind":"jitter","source":"a","packet":1,"time":"2026-03-15T02:22:01.000Z","delay_ns":20000000,"moved_to":"2026-03-15T02:22:01.020Z"}"#,
            ScoreTruth.end,
        ]
        let before = packet(1) + packet(1.016) + packet(600)
        let late = try ScoreTruth.score(
            faults, packet(1.019) + packet(1.021) + packet(600.005), status: 0, reference: before)
        #expect(late.count("packets", "found") == 3 && late.count("rows", "repeated") == 0)
        let thrice = try ScoreTruth.score(
            faults, packet(1.019) + packet(1.021) + packet(1.022), status: 1, reference: before)
        #expect(thrice.count("packets", "found") == 2 && thrice.count("rows", "repeated") == 1)
    }

    @Test("rows of a reference are told apart by the flows on which they came")
    func flows() throws {
        func row(_ second: Double, _ flow: String, _ key: String = "flow") -> String {
            #"{"time":"\#(Self.iso(Self.start + second))","\#(key)":"\#(flow)","apid":100,"sequence":5,"parameters":{}}"#
                + "\n"
        }
        let faults = [
            #"{"record":"run","truth":1,"command":"corrupt","plan":"jitter=20ms,duplicate=1,loss=1","seed":1}"#,
            #"{"record":"fault","kind":"jitter","source":"a","packet":1,"time":"2026-03-15T02:22:01.000Z","delay_ns":20000000,"moved_to":"2026-03-15T02:22:01.020Z"}"#,
            ScoreTruth.end,
        ]
        for key in ["flow", "interface"] {
            // That of the second is lost, that of the first came twice.
            let scored = try ScoreTruth.score(
                faults, row(1.016, "a", key) + row(1.016, "a", key), status: 1,
                reference: row(1, "a", key) + row(1.016, "b", key))
            #expect(scored.count("packets", "found") == 1 && scored.count("rows", "repeated") == 1)
            #expect(scored.json["missed"]?[0]?["line"]?.integer == 2)
        }
    }

    @Test("a capture of two stations that is late here and there is whole")
    func jitter() throws {
        let folder = try TemporaryFolder()
        let scenario = """
            start: 2026-03-15T02:22:00Z
            duration: 6 min
            seed: 3
            spacecraft: [songjiang]
            stations: [songjiang, hefei]
            """
        try Data(scenario.utf8).write(to: folder.file("two.yaml"))
        let specs = projectFolder.appendingPathComponent("Specs").path
        let finished = try Starlane.bash(
            """
            export STARLANE_SPECS='\(specs)'
            starlane simulate ./two.yaml -o two.pcapng 2>/dev/null
            starlane corrupt two.pcapng -o late.pcapng --fault jitter=2ms --seed 3 --truth truth.jsonl 2>/dev/null
            starlane decode two.pcapng -o before.jsonl 2>/dev/null
            starlane decode late.pcapng -o after.jsonl 2>/dev/null
            starlane score --truth truth.jsonl --reference before.jsonl after.jsonl --most-repeated 0 --format json
            sed 's/"flow":"[^"]*",//' after.jsonl > bare.jsonl
            starlane score --truth truth.jsonl --reference before.jsonl bare.jsonl --most-repeated 0 --format json
            """, in: folder.url)
        #expect(finished.status == 0, "\(finished.words)\(finished.text)")
        for line in try JSON.lines(finished.text) {
            #expect(line["packets"]?["made"]?.integer ?? 0 > 500 && line["packets"]?["missed"]?.integer == 0)
        }
    }
}
