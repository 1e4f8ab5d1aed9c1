import Foundation
import Support
import Testing

/// What lies at the edges of `simulate`: numbers that no field holds, more than a link carries, and what is refused, by file and line.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct SimulateLimitsTests: FolderTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let fixtures = projectFolder.appendingPathComponent("Fixtures/simulation")
        for name in ["limits.xml", "shapes.xml"] {
            try FileManager.default.copyItem(at: fixtures.appendingPathComponent(name), to: folder.file(name))
        }
    }

    private static let start = "start: 2026-03-15T02:26:00Z\nduration: 20 s\nstations: [songjiang]\n"
    private static let orbit =
        "orbit: {epoch: 2026-03-15T02:20:00Z, altitude: 500, inclination: 97.4, node: 329.3, anomaly: 352.7}\n"

    /// Writes a vehicle with some lines of its file, and the models of its parameters.
    private func vehicle(_ lines: String, _ models: String = "", database: String = "limits.xml") throws {
        try write(Self.orbit + "database: \(database)\nbehaviour: b.yaml\n" + lines, "v.yaml")
        try write(models.isEmpty ? "step: 1\n" : "parameters:\n" + models, "b.yaml")
    }

    private static let frames = "frames: {kind: tm, spacecraft: 78, length: 512}\n"

    /// What is said of a scenario with a vehicle that cannot be simulated.
    private func refusal(_ more: String = "spacecraft: [v.yaml]\n") throws -> String {
        let finished = try Starlane.run(["simulate", try write(Self.start + more), "--check"])
        #expect(finished.status == 2, "\(finished.text)")
        return finished.words
    }

    @Test("numbers that a field does not hold are the nearest that it does, and numbers of labels are raw values")
    func nearest() throws {
        try vehicle(
            Self.frames + "telemetry: {0: {limits: 5}}\n",
            """
              wide: "if(count % 3 == 0, 18446744073709549568, if(count % 3 == 1, 1e300, -5))"
              deep: "if(count % 2 == 0, 1e19, -1e19)"
              ones: "if(count % 2 == 0, 1e19, -1e19)"
              flag: count
              small: "if(sign == 1, 300, if(sign == MANY, 1 / (count - count), 7))"
              sign: count % 9 - 1
            """)
        try Starlane.checked([
            "simulate", try write(Self.start + "spacecraft: [v.yaml]\n"), "-o", path("a.pcapng"), "--truth",
            path("t.jsonl"),
        ])
        // Two is no label.
        let decoded = try Starlane.run([
            "decode", path("a.pcapng"), "--spec", path("limits.xml"), "--raw", "-o", path("d.jsonl"),
        ])
        #expect(decoded.status == 1 && decoded.words.contains("enumeration has no label for the value, 11 times"))
        let packets = try JSON.lines(try String(contentsOf: folder.file("d.jsonl"), encoding: .utf8))
        #expect(packets.count > 80)
        for packet in packets {
            let count = try #require(packet["sequence"]?.integer)
            let values = try #require(packet["parameters"])
            let wide = ["18446744073709549568", "18446744073709551615", "0"][count % 3]
            #expect("\(values["wide"] ?? .null)".contains(wide), "\(values)")
            #expect(values["ones"]?.integer == (count % 2 == 0 ? 2047 : -2047))
            #expect(values["flag"]?.bool == (count > 0))
            let sign = count % 9 - 1
            let label = [-1: "NEGATIVE", 0: "ZERO", 1: "POSITIVE", 3: "MANY"][sign >= 3 ? 3 : sign]
            #expect(values["sign"]?.text == label, "\(values)")
            #expect(
                values["small"]?.integer == (sign == 1 || sign == 3 ? 255 : 7), "\(sign) \(values)")
        }
        let score = try Starlane.run([
            "score", "--truth", path("t.jsonl"), path("d.jsonl"), "--format", "json",
        ])
        #expect(score.status == 0, "\(score.text)")
    }

    @Test("a link that carries less than is made is remarked on, and what finds no room is told")
    func overload() throws {
        let text = try String(
            contentsOf: projectFolder.appendingPathComponent("Specs/vehicles/songjiang.yaml"), encoding: .utf8)
        let slow = text.replacing("bit-rate: 64000", with: "bit-rate: 9600").split(separator: "\n").filter {
            !$0.hasPrefix("recorder:") && !$0.hasPrefix("behaviour:")
        }
        let lines = slow.joined(separator: "\n").replacing("beacon: 0.25", with: "beacon: 20000")
        try write(lines + "\n", "v.yaml")
        let scenario = try write(
            Self.start.replacing("20 s", with: "5 min") + "spacecraft: [v.yaml, {vehicle: v.yaml, name: other}]\n")
        let outline = try Starlane.checked(["simulate", scenario, "--check"]).text
        #expect(outline.contains("several spacecraft have one id: 421 is that of v, other"), "\(outline)")
        let finished = try Starlane.checked(["simulate", scenario, "-o", path("a.pcapng"), "--truth", path("t.jsonl")])
        #expect(finished.words.contains("starlane: several spacecraft have one id"))
        guard lines.contains("beacon: 20000") else { return }
        #expect(outline.contains("what finds no room in the 1048576 octets of a channel is lost"))
        let truth = try String(contentsOf: folder.file("t.jsonl"), encoding: .utf8)
        #expect(truth.contains("\"unsent\":\"no room\"") && truth.contains("\"unsent\":\"at the end\""))
    }

    @Test("vehicles and scenarios that cannot be are refused by file and line")
    func refusals() throws {
        func frames(_ words: String) throws -> String {
            try vehicle("frames: {\(words)}\ntelemetry: {0: {limits: 1}}\n")
            return try refusal()
        }
        #expect(
            try frames("spacecraft: 1, length: 4000").contains(
                "v.yaml:4: frames.length: octets from 16 to 2048 allowed"))
        #expect(try frames("spacecraft: 1, insert: 5").contains("v.yaml:4: frames.insert: is of AOS frames alone"))
        #expect(
            try frames("spacecraft: 1, header-error-control: true").contains(
                "v.yaml:4: frames.header-error-control: is of AOS frames alone"))
        #expect(try frames("spacecraft: 1, clcw: nope").contains("v.yaml:4: frames.clcw: 'nope' is no state"))
        try vehicle(Self.frames + "telemetry:\n  0:\n    limts: 1\n")
        #expect(try refusal().contains("v.yaml:7: telemetry.0.limts: no packet type is called 'limts'"))
        for (model, words) in [
            ("SRC_SEQ_CTR: 7", "b.yaml:2: parameters.SRC_SEQ_CTR: is of the primary header"),
            ("VERSION: 3", "b.yaml:2: parameters.VERSION: is of the primary header"),
            ("small: 300", "b.yaml:2: parameters.small: 300 does not fit"),
            ("small: -1", "b.yaml:2: parameters.small: -1 does not fit"),
            ("small: 1 / 0", "b.yaml:2: parameters.small: is always inf"),
        ] {
            try vehicle(Self.frames + "telemetry: {0: {limits: 1}}\n", "  \(model)\n")
            let found = try refusal()
            #expect(found.contains(words), "\(found)")
        }
        try vehicle(Self.frames + "telemetry: {0: {limits: 1}}\n")
        #expect(try refusal("spacecraft: [v.yaml, v.yaml]\n").contains("s.yaml:4: spacecraft[2]: v flies twice"))
        #expect(try refusal("spacecraft:\n - songjang\n").contains("s.yaml:5: spacecraft[1]: 'songjang' is no vehicle"))
        #expect(try refusal("spacecraft: []\n").contains("s.yaml:4: spacecraft: lists none"))
        #expect(
            try refusal("spacecraft: [{vehicle: v.yaml, name: \"\"}]\n").contains(
                "spacecraft[1].name: has to be a line"))
        #expect(try refusal("title: \"a\\e[2J\"\nspacecraft: [v.yaml]\n").contains("s.yaml:4: title: has to be a line"))
        #expect(
            try refusal("spacecraft: [v.yaml]\nlink: {fades: {every: 1e-9 s, last: 1 s}}\n").contains(
                "s.yaml:5: link.fades.every: 1 ms and more allowed"))
        let twice = try Starlane.run([
            "simulate",
            try write(Self.start.replacing("[songjiang]", with: "[hefei, hefei]") + "spacecraft: [v.yaml]\n"),
            "--check",
        ])
        #expect(twice.status == 2 && twice.words.contains("s.yaml:3: stations[2]: 'hefei' stands here twice"))
        try write(
            try String(contentsOf: folder.file("v.yaml"), encoding: .utf8).replacing(
                "500,", with: "500, eccentricity: 0.5,"), "v.yaml")
        #expect(try refusal().contains("v.yaml:1: orbit: it has come down to the Earth's surface"))
        try write("\u{FEFF}" + Self.start + "spacecraft: [songjiang]\n", "bom.yaml")
        try Starlane.checked(["simulate", path("bom.yaml"), "--check"])
    }

    @Test("a control word of a state that is no number tells nothing, and what breaks off has no end")
    func edges() throws {
        try vehicle(
            Self.frames.replacing("512", with: "512, clcw: commands") + "telemetry: {0: {limits: 1}}\n")
        try write("states: {commands: {start: 0, next: \"1e300 / elapsed\"}}\n", "b.yaml")
        try Starlane.checked(["simulate", try write(Self.start + "spacecraft: [v.yaml]\n"), "-o", path("a.pcapng")])
        try vehicle(
            Self.frames + "telemetry: {0: {many: 1}}\n",
            "  note: \"'ok'\"\n  note_length: \"if(elapsed > 10, 300, 2)\"\n", database: "shapes.xml")
        let broken = try Starlane.run([
            "simulate", try write(Self.start + "spacecraft: [v.yaml]\n"), "-o", path("b.pcapng"), "--truth",
            path("t.jsonl"),
        ])
        #expect(broken.status == 2 && broken.words.contains("b.yaml:3: parameters.note_length: "), "\(broken.words)")
        let truth = try String(contentsOf: folder.file("t.jsonl"), encoding: .utf8)
        #expect(truth.contains("\"record\":\"packet\"") && !truth.contains("\"record\":\"end\""))
    }
}
