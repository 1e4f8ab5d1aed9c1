import Foundation
import Support
import Testing

/// Pipelines at work. `pipelines.py` feeds them, stalls and leaves as a peer, and holds what was written against what was sent.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which feeds the program, is not on the path"))
struct RunTests {
    private static let capture = "songjiang-packets.pcap"

    @Test(
        "a pipeline keeps its promises",
        arguments: [
            "two_sources", "killed", "terminated", "gone_peer", "stalled_peer", "dead_peer", "stuck_end", "full_disk",
        ])
    func promises(_ name: String) throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.python(
            "pipelines.py", [name, Starlane.program.path, fixture(Self.capture).path, folder.url.path], seconds: 120)
        #expect(finished.text == "ok\n", "\(finished.words)")
    }

    private static func pipelines() throws -> [URL] {
        let folder = projectFolder.appendingPathComponent("Specs/pipelines")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
    }

    @Test("the pipelines that are kept, and those of the specification, can be run")
    func kept() throws {
        let folder = try TemporaryFolder()
        let text = try String(
            contentsOf: projectFolder.appendingPathComponent("Specs/pipeline.md"), encoding: .utf8)
        var files = try Self.pipelines()
        for (number, block) in text.components(separatedBy: "```yaml\n").dropFirst().enumerated() {
            let file = folder.file("\(number).yaml")
            try Data(block.components(separatedBy: "```")[0].utf8).write(to: file)
            files.append(file)
        }
        #expect(files.count >= 3)
        for file in files {
            let finished = try Starlane.run(["run", "--check", file.path], in: folder.url)
            #expect(
                finished.status == 0 && finished.text.contains("route "), "\(file.lastPathComponent): \(finished.words)"
            )
        }
        #expect(folder.names.allSatisfy { $0.hasSuffix(".yaml") }, "--check makes nothing")
    }

    @Test("one desk takes telemetry and terminals, and its report balances")
    func desk() throws {
        let folder = try TemporaryFolder()
        let pipeline = projectFolder.appendingPathComponent("Specs/pipelines/emergency.yaml").path
        let captures = ["terminals.pcapng", "songjiang-pass.pcapng"].map { fixture($0).path }
        let finished = try Starlane.run(["run", pipeline] + captures + ["--report", "-"], in: folder.url)
        #expect(finished.status == 1)
        let report = try JSON(finished.text)
        #expect(report["complete"] == .bool(true))
        for number in 0...1 { #expect(report["sources"]?[number]?["ledger"]?["balanced"] == .bool(true)) }
        let written = try (0...3).map { try #require(report["routes"]?[$0]?["written"]?.integer) }
        func lines(_ name: String) throws -> Int {
            try JSON.lines(try String(contentsOf: folder.file(name), encoding: .utf8)).count
        }
        #expect(try written[0] == lines("calls.jsonl") && written[0] > 0)
        #expect(try written[1] == lines("positions.geojsonl") && written[1] > 200)
        #expect(try written[2] == lines("around.jsonl"))
        #expect(folder.names.contains("desk.db"))
    }

    @Test("what ended a run stands in its report, with what was read until then", arguments: ["route", "source"])
    func unfinished(_ cause: String) throws {
        let folder = try TemporaryFolder()
        let sink = cause == "route" ? "/dev/full, format: jsonl" : "x.jsonl"
        try Data("routes: [{to: \(sink)}, {to: y.jsonl}]".utf8).write(to: folder.file("p.yaml"))
        let sources = [fixture(Self.capture).path] + (cause == "route" ? [] : ["none.pcap"])
        let finished = try Starlane.run(["run", "p.yaml"] + sources + ["--report", "r.json"], in: folder.url)
        #expect(finished.status == 2, "\(finished.words)")
        let report = try JSON(String(contentsOf: folder.file("r.json"), encoding: .utf8))
        #expect(report["complete"] == .bool(false))
        #expect(report["sources"]?.array?.count == 1)
        #expect(report["sources"]?[0]?["ledger"]?["balanced"] == .bool(true))
        #expect(report["routes"]?[1]?["chosen"]?.integer == 136)
    }

    @Test("a route without sources, an unknown field and a file that is none are refused before anything is made")
    func refusals() throws {
        let folder = try TemporaryFolder()
        func expect(_ text: String, _ words: String) throws {
            try Data(text.utf8).write(to: folder.file("p.yaml"))
            let finished = try Starlane.run(["run", "p.yaml"], in: folder.url)
            #expect(finished.status == 2 && finished.words.contains(words), "\(finished.words)")
            #expect(folder.names == ["p.yaml"])
            expectWords(finished)
        }
        try expect("routes: [{to: x.jsonl}]", "names no sources")
        let source = "sources: [\(fixture(Self.capture).path)]\n"
        try expect(source + "routes: [{to: x.jsonl, filter: apidd == 1}]", "near it are apid")
        try expect(source + "routes: [{to: x.jsonl, fields: [eps_batery_voltage]}]", "eps_battery_voltage")
        try expect(source + "routes: [{to: nowhere/x.jsonl}]", "cannot be written")
        try expect("\u{0}\u{1}", "p.yaml")
        let finished = try Starlane.run(["run", "none.yaml"], in: folder.url)
        #expect(finished.status == 2 && finished.words.contains("none.yaml cannot be read"))
    }
}
