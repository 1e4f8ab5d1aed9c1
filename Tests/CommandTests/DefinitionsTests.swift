import Foundation
import Support
import Testing

/// What archives tell of mission databases, and what commands say when those of now are others.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct DefinitionsTests {
    private let folder: TemporaryFolder
    private static let songjiang = projectFolder.appendingPathComponent("Specs/songjiang.xml")

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name).path }

    @discardableResult
    private func starlane(_ arguments: [String], status: Int32 = 0) throws -> Finished {
        try Starlane.checked(arguments, status: status)
    }

    /// A copy of a database with a calibrator changed.
    private func edited() throws -> String {
        let text = try String(contentsOf: Self.songjiang, encoding: .utf8)
        try text.replacing("coefficient=\"0.01\"", with: "coefficient=\"0.011\"", maxReplacements: 1)
            .write(to: folder.file("edited.xml"), atomically: true, encoding: .utf8)
        return path("edited.xml")
    }

    private func digits(_ file: String) throws -> String { String(try run("sha256sum", [file]).text.prefix(64)) }

    /// What info tells: from which packet on, names and hashes.
    private func definitions(_ file: String) throws -> [(packet: Int, databases: [String: String])] {
        let info = try JSON(try starlane(["archive", "info", "--format", "json", file]).text)
        return (info["definitions"]?.array ?? []).map { defined in
            let databases = (defined["databases"]?.array ?? []).map {
                ($0["name"]?.text ?? "", $0["sha256"]?.text ?? "")
            }
            return (defined["packet"]?.integer ?? 0, Dictionary(databases) { $1 })
        }
    }

    @Test("an archive tells name and hash of all that are known, and every program reads it as before")
    func told() throws {
        let file = path("a.pcapng.gz")
        try starlane(["archive", "songjiang-packets.pcap", "-o", file])
        let told = try definitions(file)
        let hash = try digits(Self.songjiang.path)
        #expect(told.count == 1 && told[0].packet == 1 && told[0].databases["songjiang"] == hash)
        #expect(told[0].databases.keys.sorted() == ["g60", "songjiang", "zhuque2"])
        let info = try starlane(["archive", "info", file]).text
        #expect(info.contains("songjiang \(hash.prefix(12)), zhuque2"))
        #expect(try starlane(["archive", "verify", file]).text.contains("2 of 2 members are whole"))
        let plain = try run("gzip", ["-dc", file])
        #expect(plain.status == 0 && plain.words.isEmpty && plain.output.count > 20_000)
        #expect(try starlane(["archive", "verify", file]).words.isEmpty)
        if hasProgram("python3") {
            let code = "import gzip,sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())"
            #expect(try run("python3", ["-c", code, file]).output == plain.output)
        }
        if hasProgram("tshark") {
            let view = ["-T", "fields", "-e", "frame.time_epoch", "-e", "udp.length"]
            let theirs = try run("tshark", ["-r", fixture("songjiang-packets.pcap").path] + view)
            #expect(try run("tshark", ["-r", file] + view).text == theirs.text && !theirs.text.isEmpty)
        }
        // From a pipe, too, where nobody hops.
        let piped = try Starlane.run(
            ["decode", "-", "--format", "jsonl"], input: try Data(contentsOf: URL(fileURLWithPath: file)))
        #expect(piped.text == (try starlane(["decode", file, "--format", "jsonl"]).text) && piped.words.isEmpty)
    }

    @Test("append tells others and not the same again; split, merge and repair keep what is told")
    func kept() throws {
        let (file, edited) = (path("a.pcapng.gz"), try edited())
        try starlane(["archive", "songjiang-packets.pcap", "-o", file, "--spec", "songjiang"])
        try starlane(["archive", "append", file, "songjiang-packets.pcap", "--spec", Self.songjiang.path])
        #expect(try definitions(file).count == 1)
        try starlane(["archive", "append", file, "songjiang-packets.pcap", "--spec", edited])
        let (then, now) = (try digits(Self.songjiang.path), try digits(edited))
        let told = try definitions(file)
        #expect(told.map(\.packet) == [1, 273] && told.map { $0.databases["songjiang"] } == [then, now])
        func expect(_ name: String, _ packets: [Int], _ hashes: [String]) throws {
            let told = try definitions(path(name))
            #expect(told.map(\.packet) == packets && told.map { $0.databases["songjiang"] } == hashes, "\(name)")
        }
        try starlane(["archive", "split", file, "--packets", "200", "-o", path("p.gz")])
        try expect("p-0001.gz", [1], [then])
        try expect("p-0002.gz", [1, 73], [then, now])
        try expect("p-0003.gz", [1], [now])
        try starlane(["archive", "verify", path("p-0001.gz"), path("p-0002.gz"), path("p-0003.gz")])
        try starlane(
            ["archive", "merge", path("p-0001.gz"), path("p-0003.gz"), "-o", path("m.gz"), "--keep-duplicates"])
        let merged = try JSON(try starlane(["archive", "info", "--format", "json", path("m.gz")]).text)
        let hashes = merged["definitions"]?[0]?["databases"]?.array?.compactMap { $0["sha256"]?.text }
        #expect(hashes == [then, now] && merged["definitions"]?.array?.count == 1)
        // A damaged member in front, and a torn one at the end.
        var damaged = try Data(contentsOf: URL(fileURLWithPath: file)).dropLast(1_500)
        damaged[3_000] ^= 1
        try damaged.write(to: folder.file("d.gz"))
        try starlane(["archive", "repair", path("d.gz"), "-o", path("r.gz")], status: 1)
        #expect(try definitions(path("r.gz")).map { $0.databases["songjiang"] } == [then, now])
        try starlane(["archive", "split", file, "--by", "interface", "-o", path("i.gz")])
        let part = try #require(folder.names.first { $0.hasPrefix("i-") })
        #expect(try definitions(path(part)).count == 1)
    }

    @Test("decode, plot and inspect say when the database of now is another one, and change nothing else")
    func redefined() throws {
        let (file, edited) = (path("a.pcapng.gz"), try edited())
        try starlane(["archive", "songjiang-packets.pcap", "-o", file])
        let (then, now) = (try digits(Self.songjiang.path).prefix(12), try digits(edited).prefix(12))
        let words =
            "starlane: \(file): songjiang was \(then) when packets from 1 on were archived and is \(now) now: "
            + "'starlane diff \(file) --spec THEN --spec NOW' shows what differs\n"
        #expect(try starlane(["decode", file]).words.isEmpty)
        #expect(try starlane(["decode", file, "--spec", "songjiang"]).words.isEmpty)
        #expect(try starlane(["inspect", file]).words.isEmpty)
        let decoded = try starlane(["decode", file, "--spec", edited, "--format", "jsonl"])
        #expect(decoded.words == words)
        let plain = try starlane(["decode", "songjiang-packets.pcap", "--spec", edited, "--format", "jsonl"])
        #expect(plain.text == decoded.text && plain.words.isEmpty)
        #expect(try starlane(["inspect", file, "--spec", edited]).words == words)
        #expect(
            try starlane(["plot", file, "eps_battery_voltage", "--spec", edited, "-o", path("x.svg")]).words == words)
        #expect(try starlane(["decode", file, "--spec", edited, "--count", "5"]).words == words)
        // A database that the archive does not name has no other.
        #expect(try starlane(["decode", file, "--spec", "g60"]).words.isEmpty)
        // Packets that were archived under both.
        try starlane(["archive", "append", file, "songjiang-packets.pcap", "--spec", edited])
        #expect(try starlane(["decode", file, "--spec", edited]).words.contains("when packets 1 to 136 were archived"))
        #expect(try starlane(["decode", file]).words.contains("was \(now) when packets from 137 on were archived"))
    }

    @Test("what is no database is refused when it is named, and left out where it is only known")
    func refusals() throws {
        try Data("no XML".utf8).write(to: folder.file("broken.xml"))
        for (spec, words) in [
            ("nowhere", "nowhere is no file, folder or name of a mission database"),
            (path("broken.xml"), "broken.xml cannot be used as a mission database"),
        ] {
            for command in [["archive"], ["archive", "append", path("x.gz")]] {
                let output = command.count == 1 ? ["-o", path("x.gz")] : []
                let finished = try starlane(command + ["songjiang-packets.pcap", "--spec", spec] + output, status: 2)
                #expect(finished.words.contains(words) || command.count > 1, "\(finished.words)")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: path("x.gz")))
        try FileManager.default.createDirectory(at: folder.file("specs"), withIntermediateDirectories: true)
        try Data("no XML".utf8).write(to: folder.file("specs/broken.xml"))
        try Data("<SpaceSystem name='a &amp; b'><unfinished".utf8).write(to: folder.file("specs/begun.xml"))
        let finished = try Starlane.run(
            ["archive", "songjiang-packets.pcap", "-o", path("k.gz")],
            environment: ["STARLANE_SPECS": path("specs")])
        #expect(finished.status == 0 && finished.words.isEmpty)
        #expect(try definitions(path("k.gz"))[0].databases.keys.sorted() == ["a & b", "g60", "songjiang", "zhuque2"])
    }
}
