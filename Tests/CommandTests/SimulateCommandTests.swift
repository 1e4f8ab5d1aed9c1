import Foundation
import Support
import Testing

/// `simulate` as its users have it: what stations hear is what decodes, with nothing missing, and the same each time.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct SimulateCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name).path }

    @discardableResult
    private func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: folder.file(name))
        return path(name)
    }

    private func refusal(_ scenario: String, _ name: String = "s.yaml") throws -> String {
        let finished = try Starlane.run(["simulate", try write(name, scenario), "-o", path("out.pcapng")])
        #expect(finished.status == 2, "\(finished.words)")
        return finished.words
    }

    @Test("a pass over two stations: no packet and no frame is missing, and values are what was modelled")
    func pass() throws {
        try Starlane.checked(["simulate", "pass", "-o", path("a.pcapng")])
        let report = try JSON(try Starlane.checked(["inspect", "--format", "json", path("a.pcapng")]).text)
        let channels = try #require(report["channels"]?.array)
        #expect(channels.count == 5 && channels.allSatisfy { $0["missing"]?.integer == 0 && $0["gaps"]?.integer == 0 })
        let links = try #require(report["capture"]?["interfaces"]?.array)
        #expect(links.map { $0["name"]?.text } == ["songjiang.songjiang", "hefei.songjiang"])
        // While it is over the corridor the Sun shines; the battery is nearly full, and every value lies within its limits.
        let power = try JSON.lines(
            try Starlane.checked(
                [
                    "decode", "--format", "jsonl", path("a.pcapng"), "-Y",
                    "type == \"songjiang.eps_housekeeping\" and frame.interface_id == 1",
                ]
            ).text)
        #expect(power.count == 546)
        let charges = power.compactMap { $0["parameters"]?["eps_state_of_charge"]?.double }
        #expect(
            charges.count == 546 && charges.allSatisfy { (80...100).contains($0) } && charges.last ?? 0 > charges[0])
        let alarms = try Starlane.run(
            ["decode", path("a.pcapng"), "--format", "jsonl", "-Y", "limit(eps_battery_voltage) > nominal"])
        #expect(alarms.status == 0 && alarms.text.isEmpty)
        // The receiver's place is the orbit's: 500 km up.
        let fixes = try JSON.lines(
            try Starlane.checked([
                "decode", "--format", "jsonl", path("a.pcapng"), "-Y", "gnss_position_x", "--count", "2000",
            ])
            .text)
        for fix in fixes.prefix(50) {
            let parts = ["x", "y", "z"].compactMap { fix["parameters"]?["gnss_position_\($0)"]?.double }
            let distance = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(parts.count == 3 && (6_860_000...6_900_000).contains(distance), "\(distance)")
        }
    }

    @Test("the same seed gives the same octets, another one others, in whatever form they are written")
    func seeds() throws {
        for (name, arguments) in [
            ("a.pcapng", []), ("b.pcapng", []), ("c.pcapng", ["--seed", "2"]), ("d.pcapng.gz", []),
        ] {
            try Starlane.checked(["simulate", "pass", "-o", path(name)] + arguments)
        }
        let one = try Data(contentsOf: folder.file("a.pcapng"))
        #expect(try Data(contentsOf: folder.file("b.pcapng")) == one)
        let other = try Data(contentsOf: folder.file("c.pcapng"))
        #expect(other != one && other.count == one.count)
        try Starlane.checked(["archive", "verify", path("d.pcapng.gz")])
        let lines = try ["a.pcapng", "d.pcapng.gz"].map { name in
            try Starlane.checked(["decode", "--format", "jsonl", path(name)]).text
        }
        #expect(lines[0] == lines[1] && !lines[0].isEmpty)
        let piped = try Starlane.run(["simulate", "pass", "-o", "-"])
        #expect(piped.output == one)
    }

    @Test(
        "two satellites over four stations: each APID counts on over the types that share it, shadows and values agree")
    func two() throws {
        try Starlane.checked(["simulate", "two-satellites", "-o", path("t.pcapng")])
        let report = try JSON(try Starlane.checked(["inspect", "--format", "json", "--all", path("t.pcapng")]).text)
        let apids = try #require(report["apids"]?.array)
        #expect(apids.count > 40 && apids.allSatisfy { $0["missing"]?.integer == 0 })
        #expect(report["capture"]?["interfaces"]?.array?.count == 8)
        let wrong = try Starlane.run(
            [
                "decode", path("t.pcapng"), "--format", "jsonl", "-Y",
                "power_eclipse_state != \"SUN\" or eps_eclipse == true",
            ])
        #expect(wrong.status == 0 && wrong.text.isEmpty)
        let places = try JSON.lines(
            try Starlane.checked(
                ["decode", path("t.pcapng"), "--format", "jsonl", "-Y", "gnss_latitude and frame.interface_id == 5"]
            ).text)
        let latitudes = places.compactMap { $0["parameters"]?["gnss_latitude"]?.double }
        #expect(latitudes.count > 900 && zip(latitudes, latitudes.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("what two stations hear is merged to what one heard from end to end")
    func merge() throws {
        try Starlane.checked(["simulate", "pass", "-o", path("a.pcapng")])
        for (number, name) in ["songjiang", "hefei"].enumerated() {
            try Starlane.checked(
                ["decode", path("a.pcapng"), "-Y", "frame.interface_id == \(number)", "-o", path("\(name).pcapng")])
        }
        let merged = try Starlane.checked(
            ["archive", "merge", path("songjiang.pcapng"), path("hefei.pcapng"), "-o", path("m.pcapng.gz")])
        #expect(merged.words.contains("packets dropped"))
        let report = try JSON(try Starlane.checked(["inspect", "--format", "json", path("m.pcapng.gz")]).text)
        let channel = try #require(report["channels"]?.array?.first { $0["vcid"]?.integer == 0 })
        #expect(channel["missing"]?.integer == 0)
    }

    @Test("what cannot be simulated is said with file, line and what may stand there")
    func refusals() throws {
        let times = "start: 2026-03-15T02:22:00Z\nduration: 1 min\n"
        #expect(try refusal("").contains("has nothing in it"))
        #expect(try refusal(times).contains("needs spacecraft or terminals"))
        #expect(try refusal(times + "spacecraft: [songjang]\n").contains("did you mean songjiang?"))
        #expect(try refusal(times + "spacecraft: [songjiang]\nstations: [paris]\n").contains("'paris' is no station"))
        #expect(try refusal("start: yesterday\n").contains("s.yaml:1: start: 'yesterday' is no time"))
        #expect(try refusal("duration: 3 apples\n").contains("s.yaml:1: duration: '3 apples' is no length of time"))
        #expect(try refusal(times + "speed: 3\n").contains("s.yaml:3: speed: is not known"))
        try write("v.yaml", "orbit: {epoch: 2026-01-01, altitude: 500, inclination: 97}\n")
        #expect(try refusal(times + "spacecraft: [v.yaml]\n").contains("v.yaml: the vehicle sends nothing"))
        let orbit = "orbit: {epoch: 2026-01-01, altitude: 500, inclination: 97}\ndatabase: songjiang\n"
        try write("v.yaml", orbit + "frames: {spacecraft: 1}\ntelemetry: {0: {eps_housekeping: 1}}\n")
        #expect(try refusal(times + "spacecraft: [v.yaml]\n").contains("no packet type is called 'eps_housekeping'"))
        try write("v.yaml", orbit + "frames: {spacecraft: 1}\ntelemetry: {7: {beacon: 1}}\n")
        #expect(try refusal(times + "spacecraft: [v.yaml]\n").contains("virtual channels of packets are 0 to 6"))
        try write("v.yaml", orbit + "frames: {kind: aos, spacecraft: 421}\ntelemetry: {0: {beacon: 1}}\n")
        #expect(try refusal(times + "spacecraft: [v.yaml]\n").contains("spacecraft ids of 0 to 255"))
        let missing = try Starlane.run(["simulate", "pas", "-o", path("x.pcapng")])
        #expect(missing.status == 2 && missing.words.contains("did you mean pass?"))
    }

    @Test("a launcher climbs along its path past five stations, and its events come when they are due")
    func launcher() throws {
        let folder = try TemporaryFolder()
        let specs = projectFolder.appendingPathComponent("Specs").path
        let finished = try Starlane.bash(
            """
            export STARLANE_SPECS='\(specs)'
            starlane simulate zhuque2 -o climb.pcapng --truth truth.jsonl &&
                starlane decode climb.pcapng -Y 'type == "zhuque2.event_report"' --format csv \
                    --fields report_event,report_mission_time | sort -u
            """, in: folder.url)
        #expect(finished.status == 0 && finished.words.isEmpty, "\(finished.words)")
        for line in [
            "IGNITION,-3.0", "LIFTOFF,0.0", "STAGE_SEPARATION,167.0", "VERNIER_CUTOFF,689.5",
            "PAYLOAD_SEPARATION,740.0",
        ] {
            #expect(finished.text.contains(line), "\(finished.text)")
        }
        let passes = try Starlane.run(["passes", "zhuque2"], environment: ["STARLANE_SPECS": specs])
        #expect(passes.status == 2 && passes.words.contains("flies along a path and is on no orbit"))
    }
}
