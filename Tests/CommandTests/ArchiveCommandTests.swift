import Foundation
import Support
import Testing

/// `archive` and `export` as their users have them, and archives in other programs.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ArchiveCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func archive(_ names: [String], _ more: [String] = []) throws -> String {
        let path = folder.file("a.pcapng.gz").path
        let finished = try Starlane.run(["archive"] + names + ["-o", path] + more)
        #expect(finished.status <= 1 && finished.output.isEmpty, "\(finished.words)")
        return path
    }

    @Test("an archive of a capture decodes and exports as the capture")
    func same() throws {
        for name in ["songjiang-pass.pcapng", "songjiang-packets.pcap", "terminals.pcapng", "g60-cadu.pcap"] {
            let path = try archive([name])
            let whole = try Starlane.run(["decode", name, "--format", "jsonl", "--raw"])
            #expect(try Starlane.run(["decode", path, "--format", "jsonl", "--raw"]).text == whole.text, "\(name)")
            let out = folder.file("e.pcapng").path
            #expect(try Starlane.run(["export", path, "-o", out]).status == 0)
            #expect(try Starlane.run(["decode", out, "--format", "jsonl", "--raw"]).text == whole.text, "\(name)")
            if name.hasSuffix("pcapng") {
                #expect(try Data(contentsOf: folder.file("e.pcapng")) == Data(contentsOf: fixture(name)))
            }
            let verified = try Starlane.run(["archive", "verify", path])
            #expect(verified.status == 0 && verified.text.hasSuffix("members are whole\n"))
        }
    }

    @Test("what a filter or a time chooses of an archive is what it chooses of the capture")
    func chosen() throws {
        let path = try archive(["songjiang-pass.pcapng"])
        for more in [
            ["-Y", "limit(eps_battery_voltage) >= warning"], ["--from", "2026-03-15T02:31:00Z"],
            ["--from", "2026-03-15T02:31:00Z", "--until", "2026-03-15T02:32:00Z"], ["--bpf", "udp"],
        ] {
            let (a, b) = (folder.file("1.pcapng").path, folder.file("2.pcapng").path)
            #expect(try Starlane.run(["export", path, "-o", a] + more).status <= 1)
            #expect(try Starlane.run(["export", "songjiang-pass.pcapng", "-o", b] + more).status <= 1)
            let (one, other) = (
                try Data(contentsOf: folder.file("1.pcapng")), try Data(contentsOf: folder.file("2.pcapng"))
            )
            #expect(one == other && one.count > 500, "\(more)")
        }
    }

    @Test("tshark, capinfos, zcat and Python read an archive", .enabled(if: hasProgram("tshark"), "no tshark"))
    func peers() throws {
        let path = try archive(["songjiang-pass.pcapng", "terminals.pcapng"])
        let view = ["-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "ip.src"]
        let plain = folder.file("plain.pcapng")
        let both = try ["songjiang-pass.pcapng", "terminals.pcapng"].map { try Data(contentsOf: fixture($0)) }
        try (both[0] + both[1]).write(to: plain)
        let theirs = try run("tshark", ["-r", plain.path] + view)
        let ours = try run("tshark", ["-r", path] + view)
        #expect(ours.status == 0 && ours.text == theirs.text && ours.text.split(separator: "\n").count == 822)
        #expect(try run("capinfos", ["-c", "-M", path]).text.contains("822"))
        #expect(try run("zcat", [path]).output == both[0] + both[1])
        let python = "import gzip,sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())"
        #expect(try run("python3", ["-c", python, path]).output == both[0] + both[1])
    }

    @Test("a writer that is killed leaves what it flushed, and says what is torn")
    func killed() throws {
        let scripts = projectFolder.appendingPathComponent("Tests/CommandTests").path
        let finished = try Starlane.bash(
            """
            cd "$(mktemp -d)"
            port=$(waiting port udp)
            "$STARLANE" archive udp://127.0.0.1:$port -o live.pcapng.gz --flush-interval 0.2 & pid=$!
            waiting bound $port udp
            PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='\(scripts)' python3 - $port <<'EOF'
            import sys
            from feeding import send
            send(int(sys.argv[1]), (b"packet %d " % n + bytes(200) for n in range(3000)))
            EOF
            # Nothing more comes, and an interval passes.
            for _ in $(seq 600); do
                "$STARLANE" archive info live.pcapng.gz 2>/dev/null | grep -q 3,000 && break
                sleep 0.1
            done
            kill -9 $pid; wait $pid 2>/dev/null
            "$STARLANE" archive info live.pcapng.gz | grep packets
            "$STARLANE" archive verify live.pcapng.gz && cat live.pcapng.gz >torn.pcapng.gz
            head -c 100 live.pcapng.gz >>torn.pcapng.gz
            "$STARLANE" archive verify torn.pcapng.gz; echo "status $?"
            """)
        #expect(finished.text.contains("3,000"), "\(finished.text) \(finished.words)")
        #expect(finished.text.hasSuffix("status 1\n"))
        #expect(finished.words.contains("100 octets behind packet 3,000 are lost"), "\(finished.words)")
    }

    @Test("appending goes on where an archive ends, mends a torn end, and takes turns with nobody")
    func append() throws {
        // Told, so that what is chosen by the octets in hand makes no difference.
        let level = ["--level", "6"]
        let path = try archive(level + ["songjiang-pass.pcapng"])
        let whole = try Data(contentsOf: folder.file("a.pcapng.gz"))
        // Half of a member behind the whole ones; in front of the first with packets stands one with databases.
        let first = Int(whole[20]) | Int(whole[21]) << 8
        try (whole + whole.dropFirst(first).prefix(5000)).write(to: folder.file("a.pcapng.gz"))
        let appended = try Starlane.run(
            ["archive", "append"] + level + [path, "terminals.pcapng", "songjiang-packets.pcap"])
        #expect(appended.status == 0 && appended.words.contains("5,000 octets behind packet 253 are cut off"))
        let again = folder.file("b.pcapng.gz").path
        let names = ["songjiang-pass.pcapng", "terminals.pcapng", "songjiang-packets.pcap"]
        #expect(try Starlane.run(["archive"] + level + names + ["-o", again]).status == 0)
        #expect(try Data(contentsOf: folder.file("a.pcapng.gz")) == Data(contentsOf: folder.file("b.pcapng.gz")))
        #expect(try Starlane.run(["archive", "verify", path]).status == 0)
        let locked = try Starlane.bash(
            "exec 9<>'\(path)'; flock 9; \"$STARLANE\" archive append '\(path)' terminals.pcapng")
        #expect(locked.status == 2 && locked.words.contains("is being written by another program"), "\(locked.words)")
        let over = try Starlane.run(["archive", path, "-o", path])
        #expect(over.status == 64 && over.words.contains("would be written over"), "\(over.words)")
        #expect(try Data(contentsOf: folder.file("a.pcapng.gz")) == Data(contentsOf: folder.file("b.pcapng.gz")))
        let none = try Starlane.run(["archive", "append", "terminals.pcapng", "songjiang-packets.pcap"])
        #expect(none.status == 2 && none.words.contains("is no archive"))
    }

    @Test("what is no archive, no capture or no option is refused in words")
    func refusals() throws {
        func expect(_ arguments: [String], _ status: Int32, _ words: String) throws {
            let finished = try Starlane.run(arguments)
            #expect(finished.status == status && finished.words.contains(words), "\(finished.words)")
            expectWords(finished)
        }
        let out = folder.file("x.pcapng.gz").path
        try expect(["archive", "songjiang.frames", "-o", out], 2, "it is no capture")
        try expect(["archive", "none.pcap", "-o", out], 2, "none.pcap")
        try expect(["archive", "terminals.pcapng"], 64, "--output")
        try expect(["archive", "terminals.pcapng", "-o", out, "--level", "13"], 64, "--level takes 0 to 12")
        try expect(["archive", "terminals.pcapng", "-o", "nowhere/x.gz"], 2, "nowhere/x.gz cannot be written")
        try expect(["archive", "info", "songjiang-packets-members.pcap.gz"], 2, "is no archive of Starlane's")
        try expect(["archive", "verify", "none.gz"], 2, "none.gz cannot be read")
        try expect(["export", "terminals.pcapng", "-o", out, "-Y", "apidd == 1"], 2, "near it are")
        try expect(["export", "none", "-o", out], 2, "none")
    }
}
