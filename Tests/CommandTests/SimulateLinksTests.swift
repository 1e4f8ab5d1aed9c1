import Foundation
import Support
import Testing

/// Links, fibres, events and the truth of `simulate`: `simulated.py` reads captures on its own and holds the truth against them.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which reads captures on its own, is not on the path"))
struct SimulateLinksTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let head = """
        start: 2026-03-15T02:24:00Z
        duration: 8 min
        spacecraft: [songjiang, g60]
        stations: [hangzhou, jinhua, hefei]

        """

    private func refusal(_ more: String) throws -> String {
        let finished = try Starlane.run(["simulate", try write(Self.head + more), "--check"])
        #expect(finished.status == 2, "\(finished.text) \(finished.words)")
        return finished.words
    }

    /// Simulates a scenario, and holds its truth against the capture.
    private func checked(_ scenario: String) throws -> JSON {
        try Starlane.checked(["simulate", scenario, "-o", path("a.pcapng"), "--truth", path("t.jsonl")])
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/simulated.py").path
        let finished = try Support.run("python3", [script, path("a.pcapng"), path("t.jsonl")])
        #expect(finished.status == 0, "\(finished.words)")
        let said = try #require(try JSON.lines(finished.text).first)
        #expect(said["wrong"]?.array?.isEmpty == true && said["invented"]?.integer == 0, "\(finished.text)")
        return said
    }

    @Test("a scenario to begin with can be simulated, and all that it breaks is where its truth says")
    func new() throws {
        let scenario = path("new.yaml")
        try Starlane.checked(["scenario", "new", scenario])
        let again = try Starlane.run(["scenario", "new", scenario])
        #expect(again.status == 2 && again.words.contains("is there already"))
        let outline = try Starlane.checked(["simulate", scenario, "--check"]).text
        for part in ["up to 8", "hefei > hangzhou  3 ms", "cut for 45 s", "hefei.g60>west", "frames are sent"] {
            #expect(outline.contains(part), "\(part): \(outline)")
        }
        let said = try checked(scenario)
        #expect(try #require(said["faults"]?["bit-error"]?.integer) > 500)
        #expect(try #require(said["faults"]?["loss"]?.integer) > 500)
        let ledger = try JSON(try Starlane.run(["inspect", path("a.pcapng"), "--format", "json"]).text)["ledger"]
        #expect(ledger?["balanced"]?.bool == true)
        // Each frame that was broken is one whose error control is wrong, and no other is.
        let rejected = try #require(ledger?["rejected"]?.array).filter { $0["stage"]?.text == "frame" }
        #expect(rejected.count == 1 && rejected[0]["count"]?.integer == said["broken"]?.integer, "\(rejected)")
    }

    @Test("fibres lose, double, delay and put back what goes over them, also over several")
    func fibres() throws {
        let scenario = try write(
            Self.head + """
                legs:
                  west: {from: hefei, to: jinhua, delay: 3 ms, jitter: 400 ms, loss: 0.05, duplicate: 0.02}
                  south: {from: jinhua, to: hangzhou, delay: 2 ms, loss: 0.03, burst: 5, reorder: "3:0.05"}
                record: [hangzhou]
                """)
        let said = try checked(scenario)
        for kind in ["loss", "duplicate", "jitter", "reorder"] {
            #expect(try #require(said["faults"]?[kind]?.integer) > 20, "\(kind)")
        }
        let links = try JSON(try Starlane.run(["inspect", path("a.pcapng"), "--format", "json", "--all"]).text)
        let names = try #require(links["capture"]?["interfaces"]?.array).map { $0["name"]?.text ?? "" }
        #expect(names.contains("hefei.songjiang>west>south") && names.count == 6, "\(names)")
    }

    @Test("what a hundred stations hear is true of each of them")
    func manyStations() throws {
        let places = (0..<100).map { "  s\($0): {latitude: \(28 + Double($0) / 50), longitude: 118}\n" }
        let scenario = try write(
            """
            start: 2026-03-15T02:28:00Z
            duration: 30 s
            spacecraft: [songjiang]
            link: {bit-errors: 1e-5}
            stations:
            \(places.joined())
            """)
        let said = try checked(scenario)
        #expect(try #require(said["faults"]?["bit-error"]?.integer) > 1000)
    }

    @Test("what is recorded out of sight comes down on a pass with all counts, and events are seen in values")
    func recorder() throws {
        let scenario = try write(
            Self.head.replacing("02:24:00", with: "02:00:00").replacing("8 min", with: "40 min") + """
                events:
                  - {at: 5 min, spacecraft: songjiang, hold: {eps_bus_voltage: 21, obc_boot_count: 9}}
                  - {at: 6 min, spacecraft: songjiang, release: [eps_bus_voltage, obc_boot_count]}
                  - {at: 10 min, spacecraft: songjiang, rate: {beacon: 3}}
                """)
        _ = try checked(scenario)
        let power = try JSON.lines(
            try Starlane.checked([
                "decode", path("a.pcapng"), "--format", "jsonl", "-Y",
                "type == \"songjiang.eps_housekeeping\" and frame.interface_id == 1",
            ]).text)
        let counts = power.compactMap { $0["sequence"]?.integer }.sorted()
        // From the first packet on until the satellite sets; none is missing, none comes twice.
        #expect(counts.count > 1900 && counts == Array(0..<counts.count))
        let low = power.filter { $0["parameters"]?["eps_bus_voltage"]?.double ?? 99 < 21.1 }
        #expect(low.count == 60 && low.allSatisfy { (300..<360).contains($0["sequence"]?.integer ?? 0) })
        let boots = try Starlane.checked([
            "decode", path("a.pcapng"), "--format", "jsonl", "-Y", "obc_boot_count == 9 and frame.interface_id == 1",
        ])
        #expect(try JSON.lines(boots.text).count == 30)
        let beacons = try Starlane.checked([
            "decode", path("a.pcapng"), "--format", "jsonl", "-Y",
            "type == \"songjiang.beacon\" and frame.interface_id == 1",
        ])
        #expect(try JSON.lines(beacons.text).count > 4300)
    }

    @Test("what stations of bad links heard, merged, holds all that any of them heard, once")
    func merged() throws {
        let scenario = try write(
            Self.head.replacing("02:24:00", with: "02:15:00").replacing("8 min", with: "22 min")
                + "link: {bit-errors: {5: 1e-5, 20: 1e-6}, fades: {every: 2 min, last: 3 s}}\n")
        try Starlane.checked(["simulate", scenario, "-o", path("a.pcapng"), "--truth", path("t.jsonl")])
        var parts: [String] = []
        for number in 0..<3 {
            // Interfaces of the first spacecraft come first, in the order of the stations.
            let part = path("\(number).pcapng")
            _ = try Starlane.run([
                "decode", path("a.pcapng"), "--format", "pcapng", "-o", part, "-Y",
                "frame.interface_id == \(number) or frame.interface_id == \(number + 3)",
            ])
            parts.append(part)
        }
        let merging = try Starlane.run(["archive", "merge"] + parts + ["-o", path("m.pcapng.gz")])
        #expect(merging.status == 0 && merging.words.contains("has the same"), "\(merging.words)")
        _ = try Starlane.run(["decode", path("m.pcapng.gz"), "--format", "jsonl", "-o", path("m.jsonl")])
        let score = try Starlane.run([
            "score", "--truth", path("t.jsonl"), path("m.jsonl"), "--most-repeated", "0", "--show", "3",
        ])
        #expect(score.status == 0 && score.text.hasSuffix("PASS\n"), "\(score.text)")
    }

    private static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    private static let hasPeers =
        (try? Support.run(python, ["-c", "import space_packet_parser, ccsdspy"]))?.status == 0

    @Test(
        "other programs read the values that the truth tells, of every packet",
        .enabled(if: hasPeers, "no Python with space_packet_parser and ccsdspy is here"),
        arguments: [("songjiang", 7), ("g60", 7)])
    func peers(_ spacecraft: String, _ apids: Int) throws {
        try Starlane.checked(["simulate", "two-satellites", "-o", path("a.pcapng"), "--truth", path("t.jsonl")])
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/simulated_values.py").path
        let database = projectFolder.appendingPathComponent("Specs/\(spacecraft).xml").path
        let finished = try Support.run(Self.python, [script, path("a.pcapng"), path("t.jsonl"), spacecraft, database])
        let said = try #require(try JSON.lines(finished.text).first, "\(finished.words.suffix(600))")
        #expect(said["wrong"]?.array?.isEmpty == true && said["octets"]?.bool == true, "\(finished.text)")
        #expect(try #require(said["values"]?.integer) > 30_000 && said["apids"]?.integer == apids, "\(finished.text)")
    }

    @Test("AOS frames with insert zone and header error control hold what the truth tells, with bit errors too")
    func aos() throws {
        let vehicles = projectFolder.appendingPathComponent("Specs/vehicles")
        var vehicle = try String(contentsOf: vehicles.appendingPathComponent("songjiang.yaml"), encoding: .utf8)
        vehicle.replace(
            /frames: .*/,
            with: "frames: {kind: aos, spacecraft: 42, length: 892, insert: 4, header-error-control: true, "
                + "ocf: false, hold: 3 s}")
        vehicle.replace("channel: 1,", with: "channel: 40,")
        try write(vehicle, "aos.yaml")
        let behaviour = "songjiang.behaviour.yaml"
        try FileManager.default.copyItem(at: vehicles.appendingPathComponent(behaviour), to: folder.file(behaviour))
        let scenario = try write(
            Self.head.replacing("[songjiang, g60]", with: "[aos.yaml]").replacing("8 min", with: "12 min")
                + "link: {bit-errors: {5: 1e-5, 30: 1e-7}}\n")
        try Starlane.checked(["simulate", scenario, "-o", path("a.pcapng"), "--truth", path("t.jsonl")])
        let report = try JSON(try Starlane.run(["inspect", path("a.pcapng"), "--format", "json", "--all"]).text)
        let flows = try #require(report["flows"]?.array)
        #expect(flows.count == 3)
        for flow in flows {
            #expect(flow["stack"]?.array?.contains { $0.text == "aos" } == true)
            #expect(flow["evidence"]?.text?.contains("header error control valid") == true)
        }
        #expect(report["capture"]?["interfaces"]?.array?.first?["name"]?.text == "hangzhou.aos")
        _ = try Starlane.run(["decode", path("a.pcapng"), "--format", "jsonl", "-o", path("d.jsonl")])
        let score = try Starlane.run(["score", "--truth", path("t.jsonl"), path("d.jsonl"), "--format", "json"])
        #expect(score.status == 0, "\(score.text.prefix(2000))")
    }

    @Test("a constellation has names, ids and lives of its own")
    func constellation() throws {
        let scenario = try write(
            """
            start: 2026-03-15T02:24:00Z
            duration: 2 min
            spacecraft: [{vehicle: g60, name: star, count: 60, planes: 6, phasing: 1}]
            stations: [hefei]
            """)
        let said = try checked(scenario)
        #expect(try #require(said["packets"]?.integer) > 1000)
        let report = try JSON(try Starlane.run(["inspect", path("a.pcapng"), "--format", "json", "--all"]).text)
        let names = try #require(report["capture"]?["interfaces"]?.array).map { $0["name"]?.text ?? "" }
        #expect(names.count >= 2 && names.allSatisfy { $0.hasPrefix("hefei.star-") }, "\(names)")
    }

    @Test("the same octets as ever, on any machine")
    func digest() throws {
        try Starlane.checked(["simulate", "pass", "-o", path("p.pcap")])
        let sum = try Support.run("sha256sum", [path("p.pcap")]).text.prefix(16)
        #expect(sum == "18cf3da6d65ad91c")
    }

    @Test("what cannot be is refused with its line, what is allowed, and the names that are near")
    func refusals() throws {
        for (text, words) in [
            ("link: {bit-errors: {95: 1e-5}}\n", "s.yaml:5: link.bit-errors.95: elevations are degrees from -10 to 90"),
            ("link: {bit-errors: {20: 1e-5, 10: 1e-6}}\n", "elevations go up"),
            ("link: {bit-error: 1e-5}\n", "did you mean bit-errors?"),
            ("link: {fades: {every: 3 min}}\n", "needs every and last"),
            ("legs: {a: {from: hefei, to: hagzhou}}\n", "'hagzhou' is no station"),
            ("legs: {a: {from: hefei, to: jinhua}, b: {from: jinhua, to: hefei}}\n", "go round in a circle"),
            ("legs: {a: {from: hefei, to: jinhua, burst: 5}}\n", "add loss=0.01"),
            ("legs: {a: {from: hefei, to: jinhua, reorder: 0}}\n", "1 to 1000"),
            ("record: [suzou]\n", "'suzou' is no station"),
            ("events: [{at: 1 min, station: hefei}]\n", "needs one of down, fade"),
            ("events: [{at: 1 min, station: hefei, cut: 5 s}]\n", "is not for a station"),
            ("events: [{station: hefei, down: 5 s}]\n", "needs at"),
            ("events: [{at: 1 min, leg: west, cut: 5 s}]\n", "'west' is no leg"),
            ("events: [{at: 1 min, spacecraft: songjiang, set: {chrge: 5}}]\n", "'chrge' is no state of songjiang"),
            ("events: [{at: 1 min, spacecraft: songjiang, set: {mode: FAST}}]\n", "mode is one of"),
            (
                "events: [{at: 1 min, spacecraft: songjiang, hold: {eps_bus_volts: 5}}]\n",
                "did you mean eps_bus_voltage?"
            ),
            ("events: [{at: 1 min, spacecraft: songjiang, rate: {becon: 5}}]\n", "did you mean beacon?"),
            ("events: [{at: 2026-03-15T02:00:00Z, station: hefei, down: 5 s}]\n", "lies in front of the start"),
        ] {
            let found = try refusal(text)
            #expect(found.contains(words) && found.contains("s.yaml:5"), "\(text): \(found)")
        }
        let odd = try write(Self.head.replacing("[songjiang, g60]", with: "[{vehicle: g60, count: 7, planes: 2}]"))
        #expect(try Starlane.run(["simulate", odd, "--check"]).words.contains("cannot be spread evenly over 2 planes"))
        for (arguments, words) in [
            (["pass"], "say one thing that is to be done with it"),
            (["pass", "--check", "-o", "x.pcap"], "say one thing that is to be done"),
            (["pass", "-o", "x.pcap", "--speed", "3"], "give --to ADDRESS"),
            (["pass", "--check", "--truth", "t.jsonl"], "leave one out"),
            (["pass", "-o", "x.pcap", "--truth", "x.pcap"], "a file of its own"),
            (["pass", "--to", "udp://nowhere"], "udp://"),
        ] {
            let finished = try Starlane.run(["simulate"] + arguments)
            #expect(finished.status == 64 && finished.words.contains(words), "\(arguments): \(finished.words)")
        }
    }

    @Test("files that are broken at random are refused or done, and nothing else", arguments: [1, 2])
    func mutations(_ seed: Int) throws {
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/mutations.py").path
        let specs = projectFolder.appendingPathComponent("Specs").path
        let count = ProcessInfo.processInfo.environment["STARLANE_MUTATIONS"] ?? "20"
        let finished = try Support.run(
            "python3", [script, Starlane.program.path, specs, folder.url.path, "\(seed)", count])
        let said = try #require(try JSON.lines(finished.text).first, "\(finished.words)")
        #expect(said["wrong"]?.array?.isEmpty == true, "\(finished.text)")
        #expect(try #require(said["ends"]?["2"]?.integer) > 5, "hardly anything was refused")
    }

    @Test("it is sent in its time, as fast as is told, and things happen in it meanwhile")
    func sent() throws {
        let finished = try Starlane.bash(
            """
            cd '\(folder.url.path)'
            python3 - > received.txt <<'EOF' &
            import os, socket
            server = socket.create_server(("127.0.0.1", 0))
            print(server.getsockname()[1], file=open("port.new", "w"))
            os.rename("port.new", "port")
            client, n = server.accept()[0], 0
            while data := client.recv(65536):
                n += len(data)
            print(n / 1115)
            EOF
            while [ ! -f port ]; do sleep 0.05; done
            # It lasts two minutes until the rate is another, so all lines come before it ends; the last ones while it waits.
            (echo 'event {station: hefei, down: 5 min}'; echo 'event {statin: hefei, down: 1}'; echo 'seek +1'; sleep 1
             echo pause; echo 'rate 4000'; echo status; echo resume) |
                "$STARLANE" simulate pass --to tcp://127.0.0.1:$(cat port) --speed 5 --control --report r.json
            echo "status $?"
            wait
            cat received.txt r.json
            """)
        let lines = try JSON.lines(
            finished.text.split(separator: "\n").filter { $0.hasPrefix("{\"command") }.joined(separator: "\n"))
        #expect(lines.count == 7 && lines[0]["ok"]?.bool == true, "\(finished.text) \(finished.words)")
        #expect(lines[1]["error"]?.text?.contains("did you mean station?") == true)
        #expect(lines[2]["error"]?.text?.contains("goes on and never back") == true)
        #expect(lines[5]["pace"]?.text == "rate 4000" && lines[5]["state"]?.text == "paused")
        #expect(finished.text.contains("status 0\n"))
        let report = try #require(try JSON.lines(String(finished.text.split(separator: "\n").last ?? "")).first)
        let sent = try #require(report["packets_sent"]?.integer)
        // Of 7,670 without the outage; it took a few seconds instead of ten minutes.
        #expect(sent > 3000 && sent < 7670 && finished.text.contains("\n\(sent).0\n"), "\(finished.text)")
    }
}
