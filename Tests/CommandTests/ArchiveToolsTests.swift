import Foundation
import Support
import Testing

/// `archive merge`, `split`, `repair` and `info` as their users have them.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ArchiveToolsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name).path }

    private func data(_ name: String) throws -> Data { try Data(contentsOf: folder.file(name)) }

    @discardableResult
    private func starlane(_ arguments: [String], status: Int32 = 0) throws -> Finished {
        try Starlane.checked(arguments, status: status)
    }

    /// The packets of captures, one behind the other, as a classic capture: what tells whether two hold the same.
    private func packets(_ paths: [String]) throws -> Data {
        var all = Data()
        for (number, file) in paths.enumerated() {
            let out = path("packets-\(number).pcap")
            try starlane(["export", file, "-o", out])
            all += try Data(contentsOf: URL(fileURLWithPath: out)).dropFirst(24)
        }
        return all
    }

    private func archive(_ names: [String] = ["songjiang-pass.pcapng", "terminals.pcapng"]) throws -> String {
        try starlane(["archive"] + names + ["-o", path("a.pcapng.gz")])
        return path("a.pcapng.gz")
    }

    @Test("info tells in JSON what the headers tell, member by member where it is asked")
    func info() throws {
        let file = try archive()
        let plain = try #require(
            JSONSerialization.jsonObject(with: try starlane(["archive", "info", "--format", "json", file]).output)
                as? [String: Any])
        #expect(plain["packets"] as? Int == 822 && plain["members"] as? Int == 2 && plain["indexed"] as? Bool == true)
        #expect(plain["first"] as? String == "2026-03-15T02:30:00.007581000Z" && plain["list"] == nil)
        #expect(plain["torn"] is NSNull && (plain["damage"] as? [Any])?.isEmpty == true)
        try data("a.pcapng.gz").dropLast(3_000).write(to: folder.file("torn.gz"))
        let torn = try #require(
            JSONSerialization.jsonObject(
                with: try starlane(["archive", "info", "--format", "json", "--members", path("torn.gz")], status: 1)
                    .output)
                as? [String: Any])
        let list = try #require(torn["list"] as? [[String: Any]])
        #expect(list.count == 1 && list[0]["packets"] as? Int == 253 && list[0]["before"] as? Int == 0)
        #expect((torn["torn"] as? [String: Any])?["packet"] as? Int == 253 && torn["indexed"] as? Bool == false)
    }

    @Test("merge puts captures together by time as mergecap does", .enabled(if: hasProgram("mergecap"), "no mergecap"))
    func merge() throws {
        let names = ["songjiang-pass.pcapng", "songjiang-packets.pcap", "terminals.pcapng"]
        let out = path("m.pcapng.gz")
        try starlane(["archive", "merge"] + names + ["-o", out, "--keep-duplicates"])
        _ = try run("mergecap", ["-w", path("theirs.pcapng")] + names.map { fixture($0).path })
        let view = ["-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "ip.id"]
        let theirs = try run("tshark", ["-r", path("theirs.pcapng")] + view)
        let ours = try run("tshark", ["-r", out] + view)
        #expect(ours.text == theirs.text && ours.text.split(separator: "\n").count == 958)
        // Without copies nothing is dropped, and stations are named.
        try starlane(["archive", "merge"] + names + ["-o", path("n.pcapng.gz")])
        #expect(try packets([path("n.pcapng.gz")]) == packets([out]))
        let interfaces = try run("capinfos", ["-I", out]).text
        for name in ["Name = shanghai", "Name = songjiang-packets", "Name = fleet"] {
            #expect(interfaces.contains(name))
        }
        try starlane(["archive", "verify", out])
    }

    /// Records of a classic capture.
    private func records(_ file: Data) -> [Data] {
        let octets = [UInt8](file)
        var (at, records) = (24, [Data]())
        while at < octets.count {
            let count = (0..<4).reduce(0) { $0 | Int(octets[at + 8 + $1]) << (8 * $1) }
            records.append(Data(octets[at..<at + 16 + count]))
            at += 16 + count
        }
        return records
    }

    @Test("of what two stations heard the copy whose error control agrees is kept, and what was dropped is said")
    func copies() throws {
        let pass = path("pass.pcap")
        try starlane(["export", "songjiang-pass.pcapng", "-o", pass])
        let file = try data("pass.pcap")
        let head = file.prefix(24)
        let all = records(file)
        var (one, other) = (all, [Data]())
        var (same, wrongThere, wrongHere) = (0, 0, 0)
        for (number, record) in all.enumerated() {
            var copy = record
            // Nanoseconds: 3 ms later.
            let nanoseconds = (0..<4).reduce(0) { $0 | Int(copy[4 + $1]) << (8 * $1) } + 3_000_000
            guard nanoseconds < 1_000_000_000 else { continue }
            for index in 0..<4 { copy[4 + index] = UInt8(truncatingIfNeeded: nanoseconds >> (8 * index)) }
            let isFrame = record.count > 1_000
            switch number % 5 {
            case 0: continue
            case 1 where isFrame:
                copy[500] ^= 1
                wrongThere += 1
            case 2 where isFrame:
                one[number][600] ^= 4
                wrongHere += 1
            default: if isFrame { same += 1 }
            }
            other.append(copy)
        }
        try (head + Data(one.joined())).write(to: folder.file("here.pcap"))
        try (head + Data(other.joined())).write(to: folder.file("there.pcap"))
        let out = path("m.pcapng.gz")
        let merged = try starlane(["archive", "merge", path("here.pcap"), path("there.pcap"), "-o", out])
        // 1115 and 1279 octets are frames of this pass; what is smaller is no frame.
        let words = merged.words
        #expect(
            words.contains("there: \(wrongThere) packets dropped: their frame error control is wrong, and here has"))
        #expect(words.contains("here: \(wrongHere) packets dropped: their frame error control is wrong, and there has"))
        #expect(words.contains("there: \(same) packets dropped: here has the same"), "\(words) \(same)")
        let kept = records(Data(try Data(contentsOf: URL(fileURLWithPath: try export(out)))))
        #expect(kept.count == one.count + other.count - same - wrongThere - wrongHere)
        // Whatever was damaged somewhere is there as it was sent.
        let contents = Set(kept.map { $0.dropFirst(16) })
        for record in all where record.count > 1_000 { #expect(contents.contains(record.dropFirst(16))) }
        let again = try starlane(
            ["archive", "merge", path("here.pcap"), path("there.pcap"), "-o", out, "--keep-duplicates"])
        #expect(again.words.isEmpty)
        #expect(
            records(Data(try Data(contentsOf: URL(fileURLWithPath: try export(out))))).count == one.count + other.count)
    }

    private func export(_ file: String) throws -> String {
        try starlane(["export", file, "-o", path("out.pcap")])
        return path("out.pcap")
    }

    @Test("where two copies are right and differ both are kept, and that is said")
    func differing() throws {
        // Space packets have no error control: two that differ are two.
        let file = try Data(contentsOf: fixture("songjiang-packets.pcap"))
        var all = records(file)
        try file.write(to: folder.file("here.pcap"))
        all[3][all[3].count - 1] ^= 1
        try (file.prefix(24) + Data(all.joined())).write(to: folder.file("there.pcap"))
        let merged = try starlane(
            ["archive", "merge", path("here.pcap"), path("there.pcap"), "-o", path("m.pcapng.gz")])
        #expect(merged.words.contains("there: \(all.count - 1) packets dropped: here has the same"), "\(merged.words)")
        #expect(
            records(Data(try Data(contentsOf: URL(fileURLWithPath: try export(path("m.pcapng.gz")))))).count == all
                .count + 1)
    }

    @Test("parts of an archive are archives, and together they hold its packets")
    func split() throws {
        let file = try archive()
        let whole = try packets([file])
        for (number, cut) in [["--packets", "100"], ["--interval", "60"], ["--size", "90k"], ["--packets", "1000"]]
            .enumerated()
        {
            let finished = try starlane(["archive", "split", file, "-o", path("p\(number).pcapng.gz")] + cut)
            let parts = finished.text.split(separator: "\n").compactMap {
                $0.split(separator: " ").first.map(String.init)
            }
            #expect(parts.count == [9, 32, 2, 1][number], "\(finished.text)")
            try starlane(["archive", "verify"] + parts)
            #expect(try packets(parts) == whole, "\(cut)")
            // One behind the other they are an archive, too.
            let joined = try parts.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }.reduce(Data(), +)
            try joined.write(to: folder.file("joined.pcapng.gz"))
            #expect(try packets([path("joined.pcapng.gz")]) == whole)
            #expect(try starlane(["archive", "info", path("joined.pcapng.gz")]).text.contains("packets  822"))
        }
        let finished = try starlane(["archive", "split", file, "--by", "interface", "-o", path("k.pcapng.gz")])
        #expect(
            finished.text.contains("k-shanghai.pcapng.gz  126 packets") && finished.text.contains("k-fleet.pcapng.gz"))
        let parts = finished.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        // The clocks of the parts differ; what was captured does not.
        func contents(_ packets: Data) -> [Data] {
            records(Data(count: 24) + packets).map { Data($0.dropFirst(16)) }.sorted {
                $0.lexicographicallyPrecedes($1)
            }
        }
        #expect(try contents(packets(parts)) == contents(whole))
    }

    @Test("repair keeps what can be read, says what is lost, and mends a torn end in place")
    func repair() throws {
        let file = try archive()
        let whole = try data("a.pcapng.gz")
        try whole.prefix(whole.count - 3_000).write(to: folder.file("torn.gz"))
        let torn = try starlane(["archive", "repair", path("torn.gz"), "-o", path("r.gz")], status: 1)
        #expect(torn.words.contains("behind packet 253, are torn: a member of"), "\(torn.words)")
        #expect(try starlane(["archive", "verify", path("r.gz")]).text.contains("3 of 3"))
        let mended = try starlane(["archive", "repair", path("torn.gz")], status: 1)
        #expect(mended.text.hasSuffix("members, \(torn.text.split(separator: " ").dropLast().last ?? "") packets\n"))
        #expect(try packets([path("torn.gz")]) == packets([path("r.gz")]) && packets([path("r.gz")]).count > 200_000)
        try starlane(["archive", "verify", path("torn.gz")])
        // Nothing is wrong any more.
        #expect(try starlane(["archive", "repair", path("torn.gz")]).words.isEmpty)
        // The first member, in which the section begins, is damaged.
        var damaged = whole + whole
        damaged[5_000] ^= 1
        try damaged.write(to: folder.file("d.gz"))
        let refused = try starlane(["archive", "repair", path("d.gz")], status: 2)
        #expect(try refused.words.contains("say -o NAME.pcapng.gz") && data("d.gz") == damaged)
        let found = try starlane(["archive", "repair", path("d.gz"), "-o", path("r.gz")], status: 1)
        #expect(
            found.words.contains("are lost with 253 packets") && found.text.contains("3 of 4 members, 1,391 packets"))
        let parts = try packets([path("r.gz")])
        #expect(try parts == packets(["terminals.pcapng", file]))
        let merged = try starlane(
            ["archive", "merge", path("d.gz"), "terminals.pcapng", "-o", path("m.gz")], status: 2)
        #expect(merged.words.contains("'starlane archive repair' makes an archive"))
    }

    @Test("what goes wrong before anything is written costs an old file nothing")
    func untouched() throws {
        let file = try archive()
        let whole = try data("a.pcapng.gz")
        try starlane(["archive", "none.pcap", "-o", file], status: 2)
        try starlane(["archive", "append", file, "none.pcap"], status: 2)
        #expect(try data("a.pcapng.gz") == whole)
        try starlane(["archive", "none.pcap", "-o", path("new.gz")], status: 2)
        #expect(!FileManager.default.fileExists(atPath: path("new.gz")))
        // Two that would write one archive.
        let two = try Starlane.bash(
            "exec 9<>'\(file)'; flock 9; \"$STARLANE\" archive terminals.pcapng -o '\(file)'; "
                + "echo $?; \"$STARLANE\" archive merge terminals.pcapng songjiang-packets.pcap -o '\(file)'; echo $?")
        #expect(two.text == "2\n2\n" && two.words.contains("is being written by another program"), "\(two.words)")
        #expect(try data("a.pcapng.gz") == whole)
    }

    @Test(
        "an ERF recording and lengths that contradict each other are kept as they are",
        .enabled(if: Corpus.isThere && hasProgram("tshark"), "no corpus or no tshark"))
    func verbatim() throws {
        let view = ["frame.time_epoch", "frame.len", "frame.cap_len", "frame.encap_type", "frame.protocols"]
            .flatMap { ["-e", $0] }
        for name in ["captures/libtrace/5_packets.erf", "tcpdump/slip-compressed_sl_print-oobr.pcap"] {
            let source = Corpus.folder.appendingPathComponent(name).path
            let file = try archive([source])
            let theirs = try run("tshark", ["-r", source, "-T", "fields"] + view)
            #expect(try run("tshark", ["-r", file, "-T", "fields"] + view).text == theirs.text && !theirs.text.isEmpty)
            let told = { (path: String) -> String? in
                let text = try Starlane.run(["inspect", "--format", "json", path]).text
                return text.components(separatedBy: "\"flows\":").last?.components(separatedBy: "\"channels\":").first
            }
            #expect(try told(file) == told(source))
        }
    }

    @Test("what cannot be done is refused in words")
    func refusals() throws {
        let file = try archive()
        func expect(_ arguments: [String], _ status: Int32, _ words: String) throws {
            let finished = try starlane(["archive"] + arguments, status: status)
            #expect(finished.words.contains(words), "\(finished.words)")
        }
        let out = path("x.gz")
        try expect(["merge", file, "-o", file], 64, "would be written over")
        try expect(["merge", file, "songjiang.frames", "-o", out], 2, "songjiang.frames is no capture")
        try expect(["merge", file, "-", "-o", out], 2, "- is no file, and it is read twice")
        try expect(["merge", file, "-o", out, "--window", "0"], 64, "--window takes more than 0")
        try expect(["split", file, "-o", out], 64, "Say one of --size")
        try expect(["split", file, "-o", out, "--size", "3x"], 64, "--size takes a number of octets")
        try expect(["split", file, "-o", out, "--packets", "0"], 64, "--packets takes 1 or more")
        try expect(["split", file, "-o", out, "--interval", "0"], 64, "--interval takes 0.001")
        try expect(["split", file, "-o", "-", "--packets", "5"], 64, "--output takes the name of a file")
        try expect(["split", "terminals.pcapng", "-o", out, "--packets", "5"], 2, "is no archive of Starlane's")
        try data("a.pcapng.gz").dropLast(2_000).write(to: folder.file("torn.gz"))
        try expect(["split", path("torn.gz"), "-o", out, "--packets", "5"], 2, "'starlane archive repair' makes")
        try expect(["repair", "terminals.pcapng"], 2, "is no archive of Starlane's")
        try expect(["repair", file, "-o", file], 64, "would be written over")
        try expect(["info", file, "--format", "xml"], 64, "xml")
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    @Test("sinks make an archive of what is called .pcapng.gz: decode, export, run")
    func sinks() throws {
        let filter = ["-Y", "apid == 272"]
        for command in ["decode", "export"] {
            try starlane([command, "songjiang-pass.pcapng", "-o", path("a.pcapng")] + filter, status: 1)
            try starlane([command, "songjiang-pass.pcapng", "-o", path("a.pcapng.gz")] + filter, status: 1)
            #expect(try packets([path("a.pcapng.gz")]) == packets([path("a.pcapng")]), "\(command)")
            try starlane(["archive", "verify", path("a.pcapng.gz")])
        }
        try starlane(["export", "terminals.pcapng", "-o", path("b.pcapng.gz")])
        try starlane(["export", path("b.pcapng.gz"), "-o", path("b.pcapng")])
        #expect(try data("b.pcapng") == Data(contentsOf: fixture("terminals.pcapng")))
        let info = try starlane(["archive", "info", "--format", "json", path("b.pcapng.gz")]).text
        #expect(info.contains("\"indexed\":true") && info.contains("\"packets\":569"))
        let plan = """
            routes:
              - name: one
                filter: apid == 272
                to: \(path("c.pcapng.gz"))
            """
        try Data(plan.utf8).write(to: folder.file("plan.yaml"))
        let ran = try Starlane.run(["run", path("plan.yaml"), "songjiang-pass.pcapng"])
        #expect(ran.status <= 1, "\(ran.words)")
        #expect(try packets([path("c.pcapng.gz")]) == packets([path("a.pcapng")]))
        try starlane(["archive", "verify", path("c.pcapng.gz")])
    }

    @Test("archives survive kill -9, a full disk, and cuts: what was flushed is there, and words are true")
    func survival() throws {
        guard hasProgram("python3") else { return }
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/survival.py").path
        let kills = ProcessInfo.processInfo.environment["STARLANE_KILLS"] ?? "12"
        let finished = try run(
            "python3",
            [script, Starlane.program.path, fixture("songjiang-pass.pcapng").path, folder.file("").path, kills])
        #expect(finished.status == 0 && finished.text.hasSuffix("ok\n"), "\(finished.text) \(finished.words)")
    }
}
