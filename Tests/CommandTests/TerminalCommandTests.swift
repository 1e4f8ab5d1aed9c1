import Foundation
import Support
import Testing

/// `simulate` with terminals: what it makes is read by other programs by the protocols' rules, and decoded as the truth has it.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct TerminalCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name).path }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.file(name))
    }

    private static let texts = ["道路中断", "Bridge gone", "13857112233", "载12人前往富阳码头", "一切正常"]
    private static let long = "发现被困村民三人，其中一人受伤，请派直升机到溪口小学操场，天黑前到达为好，我们在原地等待并保持联系，备用电池还能用六小时，完毕"

    /// Fleets in JSON, which is YAML as well.
    private static let fleets: [(name: String, text: String)] = {
        let route =
            #""route": {"points": [[30.3, 119.4, 310], {"at": [30.35, 119.45, 420], "pause": "2 min"}, [30.3, 119.5, 60]],"#
            + #" "speed": 50, "variation": 0.2, "turn": "loop"}"#
        let list = (texts + [long]).map { "\"\($0)\"" }.joined(separator: ", ")
        let some = #""texts": {"every": "4 min", "chance": 0.8, "list": ["# + list + "]}"
        let need = #""emergency": {"at": "10 min", "terminals": 2, "for": "5 min", "text": "求救"}"#
        let rest = #""loss": 0.05, "no-coverage": [{"name": "gorge", "around": [30.33, 119.43], "radius": 1500}]"#
        func fleet(_ protocolName: String, _ count: Int, _ card: String, _ more: String) -> String {
            "{\"protocol\": \"\(protocolName)\", \"count\": \(count), \"card\": {\(card)}, \(route), \(more), \(rest)}"
        }
        return [
            (
                "w",
                fleet(
                    "rdss-4.0", 8, #""first": 310001, "level": 3, "every": "40 s""#,
                    some + ", " + need
                        + #", "positions": {"every": "80 s"}"#)
            ),
            (
                "p",
                fleet(
                    "rdss-4.0", 4, #""first": 311001, "level": 4, "every": "30 s""#,
                    #""positions": {"every": "70 s", "as": "message"}"#)
            ),
            (
                "b",
                fleet(
                    "rdss-2.1", 8, #""first": 320001, "level": 2, "every": "20 s""#,
                    some + ", " + need
                        + #", "positions": {"every": "1 min"}"#)
            ),
            (
                "r",
                fleet(
                    "bds-3", 6, #""first": 15240001, "level": 5, "every": "30 s""#,
                    some + ", " + need
                        + #", "positions": {"every": "1 min"}"#)
            ),
            (
                "v",
                fleet(
                    "jtt-808", 6, #""first": 13917600001, "every": "1 s""#,
                    some + ", " + need
                        + #", "edition": 2019, "positions": {"every": "10 s"}"#)
            ),
            (
                "o",
                fleet(
                    "jtt-808", 3, #""first": 13917700001, "every": "1 s""#,
                    some
                        + #", "positions": {"every": "15 s"}"#)
            ),
            ("d", fleet("nmea-0183", 3, #""every": "1 s""#, #""positions": {"every": "2 s"}"#)),
        ]
    }()

    /// Makes the capture of all fleets, and its truth.
    private func simulate(_ name: String, seed: Int = 1) throws -> [JSON] {
        for fleet in Self.fleets { try write("\(fleet.name).yaml", fleet.text) }
        let names = Self.fleets.map { "\($0.name).yaml" }.joined(separator: ", ")
        try write(
            "s.yaml",
            """
            start: 2026-05-12T23:40:00Z
            duration: 30 min
            terminals: [\(names)]
            command-unit: {card: 200001, every: 2 s, answers: texts}
            """)
        try Starlane.checked([
            "simulate", path("s.yaml"), "-o", path(name), "--seed", "\(seed)", "--truth", path("\(name).truth"),
        ])
        return try JSON.lines(String(contentsOf: folder.file("\(name).truth"), encoding: .utf8))
            .filter { $0["record"]?.text == "message" }
    }

    @Test(
        "another reader finds every frame, sum and check right, positions on the routes, texts word for word, and the pace kept",
        .enabled(if: hasProgram("python3"), "no python3"))
    func reader() throws {
        let truth = try simulate("a.pcap")
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/terminals.py").path
        let finished = try Support.run(
            "python3", [script, path("a.pcap")] + Self.fleets.map { path("\($0.name).yaml") }, in: folder.url)
        #expect(finished.status == 0, "\(finished.words)")
        let report = try JSON(finished.text)
        #expect(report["wrong"]?.array == [], "\(finished.text)")
        // Half of a tenth of a second of arc both ways; half of the last digit of minutes, and of a millionth of a degree.
        for (kind, most) in [
            ("DWXX", 2.2), ("TXXX A0", 2.2), ("BDTCI A0", 2.2), ("BDDWR", 0.14), ("GNGGA", 0.014), ("0x0200", 0.08),
        ] {
            let worst = try #require(report["worst"]?[kind]?.double, "\(kind)")
            #expect(worst <= most, "\(kind)")
        }
        func count(_ protocolName: String, _ types: Set<String>) -> Int {
            truth.count {
                $0["protocol"]?.text == protocolName && types.contains($0["type"]?.text ?? "")
                    && $0["received"]?.text != nil
            }
        }
        let found = try #require(report["found"]?.object).mapValues { $0.integer ?? 0 }
        #expect(found["DWXX", default: 0] + found["TXXX A0", default: 0] == count("rdss-4.0", ["position"]))
        #expect(found["TXXX"] == count("rdss-4.0", ["text", "emergency"]))
        #expect(found["BDDWR"] == count("rdss-2.1", ["position"]))
        #expect(found["BDTXR"] == count("rdss-2.1", ["text", "emergency"]))
        #expect(found["BDTCI A0"] == count("bds-3", ["position"]))
        #expect(found["BDTCI"] == count("bds-3", ["text", "emergency"]))
        #expect(found["0x0200"] == count("jtt-808", ["position"]))
        #expect(found["0x0900"] == count("jtt-808", ["text", "emergency"]))
        #expect(found["GNGGA"] == count("nmea-0183", ["position"]) && found["GNRMC"] == found["GNGGA"])
        #expect(
            found["0x8001", default: 0] + found["0x8100", default: 0]
                == truth.count {
                    $0["protocol"]?.text == "jtt-808" && $0["received"]?.text != nil
                })
        #expect(
            ["DWXX in need", "DWR in need", "0x0200 in need", "whole texts"].allSatisfy { found[$0, default: 0] > 0 })
        // What comes is never closer than the pace, but for what the way takes more or less: up to 0.6 s.
        for (_, closest) in try #require(report["closest"]?.object) { #expect(closest.double ?? -1 > -0.61) }
    }

    @Test("decoded, every message is one of the truth: texts word for word, positions to what the protocol tells apart")
    func decoded() throws {
        let truth = try simulate("a.pcapng").filter { $0["received"]?.text != nil }
        let decoded = try JSON.lines(
            try Starlane.checked(["decode", path("a.pcapng"), "--format", "jsonl"]).text)
        func values(_ types: Set<String>, _ name: String) -> [JSON] {
            decoded.filter { types.contains($0["type"]?.text ?? "") }.compactMap { $0["parameters"]?[name] }
        }
        var said = truth.compactMap { message -> String? in
            guard let text = message["text"]?.text else { return nil }
            return message["parts"] == nil ? text : nil
        }
        var read = values(["TXXX", "TXR", "TCI", "0x0900"], "text").compactMap(\.text).filter { !$0.hasPrefix("[") }
        said.sort()
        read.sort()
        #expect(said == read && said.count > 50)
        let north = truth.compactMap { $0["latitude"]?.double }.sorted()
        let places = values(["DWXX", "TXXX", "DWR", "TCI", "0x0200", "GGA"], "latitude").compactMap(\.double).sorted()
        #expect(north.count == places.count && north.count > 2000)
        #expect(zip(north, places).allSatisfy { abs($0 - $1) < 0.05 / 3600 + 1e-7 })
    }

    @Test("inspect knows every octet, tracks has each terminal, and nothing is unclaimed")
    func ledger() throws {
        let truth = try simulate("a.pcapng")
        let report = try JSON(try Starlane.checked(["inspect", "--format", "json", "--all", path("a.pcapng")]).text)
        let links = try #require(report["capture"]?["interfaces"]?.array)
        #expect(links.map { $0["name"]?.text } == ["command-unit", "platform", "receivers"])
        let ledger = try #require(report["ledger"])
        #expect(
            ledger["unclaimed"]?.integer == 0 && ledger["rejected"]?.array == [] && ledger["balanced"] == .bool(true))
        #expect(report["problems"]?.array == [])
        let rows = try Starlane.checked(["tracks", "--format", "csv", path("a.pcapng")]).text
            .split(whereSeparator: \.isNewline).map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
        let column = try #require(rows.first?.firstIndex(of: "terminal"))
        let terminals = Set(rows.dropFirst().map { $0[column] })
        // Receivers have no names; theirs are those of their flows.
        let named = Set(
            truth.filter { $0["type"]?.text == "position" && $0["received"]?.text != nil }
                .filter { $0["protocol"]?.text != "nmea-0183" }.compactMap { $0["terminal"]?.text })
        #expect(named.count == 35 && terminals.isSuperset(of: named) && terminals.count == 38)
    }

    @Test("the same seed gives the same octets, another one others")
    func seeds() throws {
        _ = try simulate("a.pcapng")
        _ = try simulate("b.pcapng")
        _ = try simulate("c.pcapng", seed: 2)
        let one = try Data(contentsOf: folder.file("a.pcapng"))
        #expect(try Data(contentsOf: folder.file("b.pcapng")) == one)
        #expect(try Data(contentsOf: folder.file("c.pcapng")) != one)
    }

    @Test("the scenarios that are known by name: forty terminals in five protocols, and five thousand for an hour")
    func known() throws {
        try Starlane.checked(["simulate", "emergency", "-o", path("e.pcapng"), "--truth", path("e.truth")])
        let end = try #require(try JSON.lines(String(contentsOf: folder.file("e.truth"), encoding: .utf8)).last)
        let numbers = ["received", "without_coverage", "lost"].compactMap { end["messages_\($0)"]?.integer }
        #expect(numbers.count == 3 && numbers.reduce(0, +) == end["messages_sent"]?.integer && numbers[1] > 0)
        let report = try JSON(try Starlane.checked(["inspect", "--format", "json", "--all", path("e.pcapng")]).text)
        #expect(report["capture"]?["interfaces"]?.array?.count == 3)
        try Starlane.checked(["simulate", "fleet", "-o", path("f.pcapng")])
        let fleet = try Starlane.checked(["tracks", "--format", "csv", path("f.pcapng")]).text
        #expect(fleet.split(whereSeparator: \.isNewline).count > 200_000)
    }

    @Test(
        "sentences of receivers are what gpsd makes fixes of",
        .enabled(if: hasProgram("gpsdecode") && hasProgram("python3"), "no gpsdecode"))
    func sentences() throws {
        let truth = try simulate("a.pcap").filter { $0["protocol"]?.text == "nmea-0183" && $0["received"]?.text != nil }
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/terminals.py").path
        let finished = try Support.run("python3", [script, "--nmea", path("a.pcap")], in: folder.url)
        #expect(finished.output.count > 100_000)
        let told = try Support.run("gpsdecode", ["-j"], input: finished.output).text
        let fixes = try JSON.lines(told.replacingOccurrences(of: "\r\n", with: "\n"))
            .filter { $0["class"]?.text == "TPV" && $0["lat"] != nil }
        // The sentences of three receivers are one stream here, two of each fix; gpsd makes one of what has one time.
        #expect(fixes.count >= truth.count * 99 / 100)
        let places = Set(truth.compactMap { $0["latitude"]?.double }.map { ($0 * 1e5).rounded() })
        #expect(
            fixes.allSatisfy { fix in
                let north = ((fix["lat"]?.double ?? 0) * 1e5).rounded()
                return places.contains(north) || places.contains(north - 1) || places.contains(north + 1)
            })
    }

    @Test("tshark finds every sum right, and nothing malformed", .enabled(if: hasProgram("tshark"), "no tshark"))
    func sums() throws {
        _ = try simulate("a.pcapng")
        let checks = ["-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]
        let bad = "_ws.malformed or ip.checksum.status == 0 or udp.checksum.status == 0"
        let found = try run("tshark", ["-r", path("a.pcapng")] + checks + ["-Y", bad])
        #expect(found.status == 0 && found.text.isEmpty, "\(found.text.prefix(500))")
        let good = try run("tshark", ["-r", path("a.pcapng")] + checks + ["-Y", "udp.checksum.status == 1"])
        #expect(good.text.split(separator: "\n").count > 3000)
    }

    @Test("what cannot be simulated is said with file, line and what may stand there")
    func refusals() throws {
        func refusal(_ scenario: String) throws -> String {
            try write("x.yaml", "start: 2026-03-15T02:22:00Z\nduration: 1 min\n" + scenario)
            let finished = try Starlane.run(["simulate", path("x.yaml"), "-o", path("x.pcapng")])
            #expect(finished.status == 2, "\(finished.words)")
            return finished.words
        }
        #expect(try refusal("terminals: [walkrs]\n").contains("did you mean walkers?"))
        #expect(try refusal("terminals: [walkers, walkers]\n").contains("x.yaml:3: terminals[2]: walkers: its numbers"))
        #expect(try refusal("command-unit: {card: 1}\n").contains("needs spacecraft or terminals"))
        #expect(try refusal("spacecraft: [songjiang]\ncommand-unit: {card: 1}\n").contains("has nobody to command"))
        #expect(try refusal("terminals: [walkers]\ncommand-unit: {car: 1}\n").contains("did you mean card?"))
        try write(
            "f.yaml", "protocol: rdss-4.0\ncard: {first: 3}\nroute: {points: [[30, 120]], speed: 5}\npositions: {}\n")
        #expect(try refusal("terminals: [f.yaml]\n").contains("f.yaml:4: positions: needs every, as 60 s"))
        #expect(try refusal("terminals: [{fleet: walkers, count: 0}]\n").contains("terminals from 1 to 100000 allowed"))
    }
}
