import Foundation
import Support
import Testing

/// What conditions choose of an archive, of which members are passed, is what they choose of the same blocks unpacked:
/// `slices.py` makes the traffic.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which makes the traffic, is not on the path"))
struct SliceTests: FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("random conditions choose the same of random archives", arguments: [1, 3])
    func random(_ seed: Int) throws {
        let count = ProcessInfo.processInfo.environment["STARLANE_SLICES"] ?? "4"
        let finished = try Starlane.python(
            "slices.py", [folder.url.path, Starlane.program.path, "\(seed)", count], seconds: 600)
        let said = try #require(try JSON.lines(finished.text).first, "\(finished.words)")
        #expect(said["wrong"]?.array?.isEmpty == true, "\(finished.text)")
        #expect(try #require(said["passed"]?.integer) > 20, "hardly a member was passed")
        let forged = try #require(said["forged"]?.text)
        #expect(forged.contains("tells of other packets than it holds"), "\(forged)")
    }

    private func archive(_ name: String, _ more: [String] = ["--member-size", "1024"]) throws -> String {
        let path = folder.file("a.pcapng.gz").path
        #expect(try Starlane.run(["archive", name, "-o", path] + more).status == 0)
        return path
    }

    private func explained(_ arguments: [String]) throws -> String {
        let finished = try Starlane.run(arguments + ["--explain"])
        #expect(finished.status <= 1, "\(finished.words)")
        return finished.words
    }

    @Test("every command says how many members it unpacks")
    func explain() throws {
        let path = try archive("terminals.pcapng")
        for command in [["decode", path, "--format", "null"], ["inspect", path]] {
            let words = try explained(command + ["-Y", "apid == 5"])
            #expect(words.contains(/[0-9]+ of [0-9]+ members (is|are) unpacked, [0-9.]+ % of its octets/), "\(words)")
        }
        #expect(try explained(["inspect", path]).contains("all of it is read"))
        let packets = try archive("songjiang-packets.pcap")
        let plot = ["plot", packets, "eps_battery_voltage", "--from", "2026-03-15T02:30:20Z"]
        #expect(try explained(plot).contains(/members (is|are) unpacked/))
    }

    @Test("what lies in a torn member at the end is read, whatever is asked for")
    func torn() throws {
        let path = try archive("songjiang-pass.pcapng")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let cut = folder.file("cut.pcapng.gz")
        // Somewhere in a member.
        try whole.prefix(whole.count * 3 / 4).write(to: cut)
        let all = try Starlane.run(["decode", cut.path, "--format", "jsonl"])
        #expect(all.status == 1 && all.words.contains("is cut short behind packet"), "\(all.words)")
        let last = try #require(all.text.split(separator: "\n").last)
        let time = try #require(try JSON.lines(String(last)).first?["time"]?.text)
        let late = try Starlane.run(["decode", cut.path, "--format", "jsonl", "--from", time, "--explain"])
        #expect(late.status == 1 && late.text.hasSuffix("\(last)\n"), "\(late.words)")
        #expect(late.words.contains("a torn member stands at its end"), "\(late.words)")
        let (one, other) = (folder.file("1.pcapng").path, folder.file("2.pcapng").path)
        let exported = try Starlane.run(["export", cut.path, "--from", time, "-o", one])
        #expect(exported.status == 1 && exported.words.contains("is cut short behind packet"), "\(exported.words)")
        let plain = folder.file("plain.pcapng").path
        #expect(try Starlane.run(["export", cut.path, "-o", plain]).status == 1)
        #expect(try Starlane.run(["export", plain, "--from", time, "-o", other]).status == 0)
        let (late1, late2) = (
            try Data(contentsOf: URL(fileURLWithPath: one)), try Data(contentsOf: URL(fileURLWithPath: other))
        )
        #expect(late1 == late2)
    }

    @Test(
        "what cannot be promised is read as a whole, and said",
        arguments: [
            (["--bpf", "udp"], "--bpf leaves packets out"), (["--join"], "segments are joined"),
            (["--frames", "tm:1115"], "what is told of the layout"),
            (["-Y", "apid == 100", "--count", "5"], "all of it is read"),
        ])
    func refused(_ more: [String], _ words: String) throws {
        let path = try archive("songjiang-packets.pcap")
        let said = try explained(["decode", path, "--format", "null", "--from", "2026-03-15T02:30:00Z"] + more)
        #expect(said.contains(words), "\(said)")
    }

    @Test("archives behind one another, and members that tell nothing, are read as a whole")
    func untold() throws {
        let path = try archive("songjiang-packets.pcap")
        let one = try Data(contentsOf: folder.file("a.pcapng.gz"))
        let both = folder.file("both.pcapng.gz")
        try (one + one).write(to: both)
        let filter = ["--format", "null", "-Y", "apid == 5"]
        #expect(try explained(["decode", both.path] + filter).contains("one behind the other"))
        let words = try explained(["decode", path] + filter)
        #expect(words.contains(/members (is|are) unpacked, [0-9]/), "\(words)")
    }
}
