import Foundation
import Support
import Testing

/// What `simulate` reads and writes: nothing is written over what is read, and none of several outputs is lost for another.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct SimulateFilesTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func scenario(_ more: String = "", start: String = "2026-03-15T02:26:00Z") throws -> String {
        try write("start: \(start)\nduration: 20 s\nspacecraft: [songjiang]\nstations: [hefei, songjiang]\n" + more)
    }

    @Test("neither the scenario nor another output is written over, whatever it is called")
    func same() throws {
        let name = try scenario()
        let before = try Data(contentsOf: URL(fileURLWithPath: name))
        let base = URL(fileURLWithPath: name).lastPathComponent
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: name)
        try FileManager.default.linkItem(atPath: name, toPath: path("hard"))
        let around = folder.url.path + "/../\(folder.url.lastPathComponent)/\(base)"
        for arguments in [
            ["-o", name], ["-o", path("link")], ["-o", path("hard")], ["-o", path("a.x"), "--truth", around],
            ["--to", "udp://127.0.0.1:9", "--asap", "--report", around],
            ["-o", path("a.x"), "--truth", folder.url.path + "/./a.x"],
            ["--to", "udp://127.0.0.1:9", "--asap", "--report", path("b"), "--truth", folder.url.path + "//b"],
        ] {
            let finished = try Starlane.run(["simulate", name] + arguments)
            #expect(finished.status == 64, "\(arguments): \(finished.words)")
            #expect(finished.words.contains("written over") || finished.words.contains("are one file"))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: name)) == before)
        #expect(Set(folder.names) == [base, "hard", "link"])
        // Devices are no files.
        #expect(try Starlane.run(["simulate", name, "-o", "/dev/null", "--truth", "/dev/./null"]).status == 0)
    }

    @Test("who reads no more of the truth does not cost the capture, and is told")
    func pipe() throws {
        let name = try scenario()
        let finished = try Starlane.bash(
            "starlane simulate '\(name)' -o '\(path("a.pcapng"))' --truth - | head -c 40; exit ${PIPESTATUS[0]}")
        #expect(finished.status == 1 && finished.words.contains("the truth was not read to its end"))
        try Starlane.checked(["inspect", path("a.pcapng")])
    }

    @Test("times that have no number are refused where they stand, and the last ones that have are simulated")
    func times() throws {
        for start in ["2262-04-11T23:40:00Z", "2262-03-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
            let finished = try Starlane.run(["simulate", try scenario(start: start), "--check"])
            #expect(
                finished.status == 2
                    && finished.words.contains(":1: start: scenarios lie between 1970-01-01 and 2262-03-01"))
        }
        let legs = "legs: {a: {from: hefei, to: songjiang, delay: 300 d}}\n"
        let late = try Starlane.run(["simulate", try scenario(legs, start: "2261-12-01T00:00:00Z"), "--check"])
        #expect(late.status == 2 && late.words.contains("the delays of legs"), "\(late.words)")
        let fleet = """
            protocol: nmea-0183
            card: {every: 0.2 s}
            route: {points: [[30, 120], [30, 120.01]], speed: 36}
            positions: {every: 0.2 s}

            """
        try Data(fleet.utf8).write(to: folder.file("fleet.yaml"))
        let last = try write("start: 2262-02-28T23:50:00Z\nduration: 9 min\nterminals: [fleet.yaml]\n")
        let finished = try Starlane.run(["simulate", last, "-o", path("a.pcapng"), "--truth", path("t")])
        #expect(finished.status == 0, "\(finished.words)")
    }

    @Test("what lies behind the end is told by --check, which fits into narrow terminals")
    func check() throws {
        let fleet = """
            protocol: rdss-4.0
            count: 3
            card: {first: 1000}
            route: {points: [[30, 120], [30, 120.01]], speed: 36}
            emergency: {at: 30 s, text: SOS}

            """
        try Data(fleet.utf8).write(to: folder.file("fleet.yaml"))
        let name = try scenario(
            "terminals: [fleet.yaml]\nevents: [{at: 20 s, station: hefei, down: 1 s}, {at: 19 s, station: hefei, down: 1 s}]\n"
        )
        let told = try Starlane.checked(["simulate", name, "--check"]).text
        #expect(told.split(separator: "\n").allSatisfy { $0.count < 100 })
        let text = told.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.components(separatedBy: "never: it lies behind the end").count == 2, "\(text)")
        #expect(text.contains("its call for help lies behind the end"))
    }

    @Test("a run that is stopped says so, and where")
    func stopped() throws {
        let name = try write(
            "start: 2026-03-15T00:00:00Z\nduration: 30 d\nspacecraft: [songjiang]\nstations: [hefei]\n")
        let finished = try Starlane.bash(
            """
            cd '\(folder.url.path)'
            "$STARLANE" simulate '\(name)' -o a.pcapng --truth t &
            for _ in $(seq 600); do
                [ -s "$(ls a.pcapng*.part 2>/dev/null)" ] && break
                sleep 0.1
            done
            kill -TERM $!
            wait $!
            echo $?
            """)
        #expect(finished.words.contains("starlane: stopped at 2026-"), "\(finished.words)")
        let decoded = try Starlane.bash(
            """
            cd '\(folder.url.path)'
            starlane decode a.pcapng --format jsonl -o d.jsonl && starlane score --truth t d.jsonl
            """)
        #expect(decoded.text.hasSuffix("PASS\n"), "\(decoded.text)\(decoded.words)")
    }
}
