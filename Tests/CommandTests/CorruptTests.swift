import Foundation
import Support
import Testing

/// What `corrupt` writes is what its truth says, held against it by `corrupt.py`, which shares nothing with the program.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which applies the truth, is not on the path"))
struct CorruptTests {
    private static let everything =
        "bit-error=1e-4,loss=0.05,burst=3,duplicate=0.03,reorder=4:0.05,truncate=0.03,jitter=300ms"

    /// Breaks captures, and holds the result against its truth.
    ///
    /// - Returns: what was compared, and what the program said.
    private func broken(
        _ files: [String], _ name: String, _ fault: String, _ more: [String] = []
    ) throws -> (folder: TemporaryFolder, held: JSON, said: Finished) {
        let folder = try TemporaryFolder()
        let (output, truth) = (folder.file(name).path, folder.file("truth.jsonl").path)
        let said = try Starlane.checked(
            ["corrupt"] + files + ["-o", output, "--fault", fault, "--truth", truth] + more)
        return (folder, try hold("capture", truth, output, files), said)
    }

    private func hold(_ way: String, _ truth: String, _ output: String, _ files: [String]) throws -> JSON {
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/corrupt.py").path
        let finished = try Support.run("python3", [script, way, truth, output] + files, in: fixture(""))
        #expect(finished.status == 0, "\(finished.words)")
        return try #require(try JSON.lines(finished.text).first, "\(finished.words)")
    }

    @Test(
        "the truth, applied to the capture, gives what was written",
        arguments: [
            ("songjiang-packets.pcap", "out.pcap"), ("songjiang-packets.pcap", "out.pcapng"),
            ("songjiang-pass.pcapng", "out.pcapng"), ("songjiang-pass.pcapng", "out.pcapng.gz"),
            ("songjiang-user0.pcap", "out.pcap"), ("terminals.pcapng", "out.pcapng"), ("g60-cadu.pcap", "out.pcapng"),
            ("songjiang-packets-members.pcap.gz", "out.pcap"),
        ], ["payload", "link"])
    func truth(_ names: (String, String), _ layer: String) throws {
        for seed in 1...3 {
            let (folder, held, _) = try broken(
                [names.0], names.1, Self.everything, ["--layer", layer, "--seed", "\(seed)"])
            #expect(held["kinds"]?.object?.count ?? 0 >= 4, "\(held)")
            #expect(held["run"]?["seed"]?.integer == seed)
            #expect(held["run"]?["layer"]?.text == layer)
            guard hasProgram("tshark") else { continue }
            let frames = try Support.run(
                "tshark", ["-r", folder.file(names.1).path, "-T", "fields", "-e", "frame.number"])
            #expect(frames.status == 0, "\(frames.words)")
            #expect(frames.text.split(separator: "\n").count == held["compared"]?.integer)
        }
    }

    @Test("of real captures too", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func corpus() throws {
        var compared = 0
        for url in Corpus.files(below: "captures") + Corpus.files(below: "spacecraft/pcap") {
            let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
            guard ["pcap", "pcapng"].contains(url.pathExtension), size < 2 << 20 else { continue }
            // Those that can be read as a whole, and written as they were.
            let folder = try TemporaryFolder()
            let (output, truth) = (folder.file("out.pcapng").path, folder.file("truth.jsonl").path)
            let said = try Starlane.run([
                "corrupt", url.path, "-o", output, "--truth", truth, "--fault", Self.everything,
            ])
            expectWords(said)
            guard said.status == 0, !said.words.contains("other times") else { continue }
            let script = projectFolder.appendingPathComponent("Tests/CommandTests/corrupt.py").path
            let held = try Support.run("python3", [script, "capture", truth, output, url.path])
            // What our small reader of captures does not know is no finding.
            if held.words.contains("KeyError") || held.words.contains("IndexError") { continue }
            #expect(held.status == 0, "\(url.path): \(held.words)")
            compared += 1
        }
        #expect(compared > 20)
    }

    @Test("several captures become one, with every packet's source")
    func several() throws {
        let (_, held, _) = try broken(
            ["songjiang-packets.pcap", "songjiang-pass.pcapng"], "out.pcapng", Self.everything)
        #expect(held["run"]?["sources"]?.array?.count == 2)
    }

    @Test("checksums of UDP and TCP are right behind faults in payloads, and wrong where they are to be kept")
    func checksums() throws {
        for name in ["songjiang-packets.pcap", "terminals.pcapng"] {
            let whole = try broken([name], "out.pcapng", "bit-error=0").held
            let mended = try broken([name], "out.pcapng", "bit-error=1e-3")
            #expect(mended.held["kinds"]?["bit-error"]?.integer ?? 0 > 10)
            #expect(whole["checksums"]?.integer ?? 0 > 10)
            #expect(mended.held["checksums"] == whole["checksums"])
            let kept = try broken([name], "out.pcapng", "bit-error=1e-3", ["--keep-checksums"])
            #expect(kept.held["checksums"]?.integer ?? 0 < whole["checksums"]?.integer ?? 0)
            guard hasProgram("tshark") else { continue }
            for (folder, isMended) in [(mended.folder, true), (kept.folder, false)] {
                let bad = try Support.run(
                    "tshark",
                    [
                        "-r", folder.file("out.pcapng").path, "-o", "udp.check_checksum:TRUE", "-o",
                        "tcp.check_checksum:TRUE", "-Y", "udp.checksum.status == 0 || tcp.checksum.status == 0",
                    ])
                #expect(bad.text.isEmpty == isMended, "\(bad.text)")
            }
        }
    }

    @Test("the same seed gives the same octets, on every machine, and another seed others")
    func seeds() throws {
        func octets(_ seed: [String]) throws -> Data {
            let plan = ["--fault", "bit-error=1e-4,loss=0.05,reorder=3:0.1", "--fault", "jitter=100ms"]
            return try Starlane.checked(["corrupt", "songjiang-packets.pcap", "-o", "-"] + plan + seed).output
        }
        let one = try octets(["--seed", "7"])
        #expect(try octets(["--seed", "7"]) == one)
        #expect(try octets(["--seed", "8"]) != one)
        #expect(try octets([]) == octets(["--seed", "0"]))
        // FNV-1a. When this changes, what was made of a seed before can no longer be made.
        let digest = one.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        #expect(digest == 15_390_531_386_242_855_872)
    }

    @Test("standard input is read, and both may be pipes")
    func pipes() throws {
        let input = try Data(contentsOf: fixture("songjiang-pass.pcapng"))
        let piped = try Starlane.checked(["corrupt", "-", "-o", "-", "--fault", "loss=0.1"], input: input)
        let plain = try Starlane.checked(["corrupt", "songjiang-pass.pcapng", "-o", "-", "--fault", "loss=0.1"])
        #expect(piped.output == plain.output)
        #expect(piped.words.contains(/\d+ packets read, \d+ written; seed 0: \d+ lost\n/))
        let truth = try Starlane.checked([
            "corrupt", "songjiang-pass.pcapng", "-o", "/dev/null", "--fault", "loss=0.1", "--truth", "-",
        ])
        #expect(try JSON.lines(truth.text).first?["plan"]?.text == "loss=0.1")
    }

    @Test("what a decoder makes of it is what was broken: lost packets are gaps, and hit ones are rejected")
    func decoded() throws {
        let (folder, held, _) = try broken(["songjiang-pass.pcapng"], "out.pcapng", "bit-error=2e-5")
        let inspected = try Starlane.run(["inspect", folder.file("out.pcapng").path])
        #expect(inspected.status == 1)
        #expect(held["kinds"]?["bit-error"]?.integer ?? 0 > 0)
    }

    @Test("a cut or an empty capture is broken as far as it goes, and what is missing is said")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let output = folder.file("out.pcapng").path
        let cut = try Starlane.checked(
            ["corrupt", "songjiang-pass-capture-cut.pcapng", "-o", output, "--fault", Self.everything], status: 1)
        #expect(cut.words.contains("songjiang-pass-capture-cut.pcapng"))
        #expect(FileManager.default.fileExists(atPath: output))
        let header = try Data(contentsOf: fixture("songjiang-packets.pcap")).prefix(24)
        let none = try Starlane.checked(["corrupt", "-", "-o", output, "--fault", Self.everything], input: header)
        #expect(none.words.contains("0 packets read, 0 written; seed 0: nothing was broken"))
        let all = try Starlane.checked(["corrupt", "songjiang-packets.pcap", "-o", output, "--fault", "loss=1"])
        #expect(all.words.contains("136 packets read, 0 written; seed 0: 136 lost"))
    }

    @Test(
        "what cannot be written or read leaves nothing behind",
        arguments: [
            (["absent.pcap"], "out.pcap", "absent.pcap"),
            (["songjiang.frames"], "out.pcap", "a bare file has no packets"),
            (["README.md"], "out.pcap", "README.md"),
        ])
    func refused(_ files: [String], _ name: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.checked(
            [
                "corrupt"
            ] + files + [
                "-o", folder.file(name).path, "--fault", "loss=0.1", "--truth",
                folder.file("truth.jsonl").path,
            ], status: 2)
        #expect(finished.words.contains(words), "\(finished.words)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test("packets that bit errors cannot hit are said")
    func untouchable() throws {
        let frames = try Starlane.checked([
            "corrupt", "terminals.pcapng", "-o", "/dev/null", "--fault", "bit-error=1e-4",
        ])
        #expect(
            frames.words.contains("carry no payload of UDP or TCP that bit errors and cuts could hit: --layer link"))
    }

    @Test(
        "wrong usage is refused before anything is opened",
        arguments: [
            (["-o", "x.pcap"], "nothing says what to break"),
            (["--fault", "loss=0.1"], "Missing expected argument '--output <output>'"),
            (["-o", "x.pcap", "--fault", "los=0.1"], "near it is 'loss'"),
            (["-o", "x.pcap", "--fault", "loss=1.1"], "the probability a packet from 0 to 1"),
            (["-o", "x.pcap", "--fault", "burst=4"], "add loss=0.01"),
            (["-o", "x.pcap", "--fault", "jitter=2"], "jitter=2us, 2ms or 2s"),
            (["-o", "x.pcap", "--fault", "jitter=-2ms"], "1us to 60s"),
            (["-o", "x.pcap", "--fault", "loss=0.1", "--fault", "loss=0.1"], "told twice"),
            (["-o", "x.pcap", "--fault", "loss=0.1", "--seed", "-1"], "--seed"),
            (["-o", "x.pcap", "--fault", "loss=0.1", "--layer", "udp"], "payload"),
            (["-o", "x.pcap", "--fault", "loss=0.1", "--layer", "link", "--keep-checksums"], "mends no checksum"),
            (["-o", "-", "--fault", "loss=0.1", "--truth", "-"], "both write to standard output"),
            (["-o", "songjiang-packets.pcap", "--fault", "loss=0.1"], "written over while it is read"),
            (["-o", "./songjiang-packets.pcap", "--fault", "loss=0.1"], "written over while it is read"),
            (["-o", "x.pcap", "--truth", "./x.pcap", "--fault", "loss=0.1"], "give them two"),
            (["-o", "x.pcap", "--fault", "loss=0.1", "--truth", "x.pcap"], "name the same file"),
        ])
    func usage(_ arguments: [String], _ words: String) throws {
        let finished = try Starlane.checked(["corrupt", "songjiang-packets.pcap"] + arguments, status: 64)
        #expect(finished.words.contains(words), "\(finished.words)")
    }

    // Replay.

    @Test(
        "what arrives of a replay is what its truth says",
        arguments: [
            "loss=0.1,duplicate=0.1", Self.everything, "bit-error=1e-3,truncate=0.2", "reorder=5:0.5,jitter=1s",
        ])
    func replay(_ fault: String) throws {
        let files = try TemporaryFolder()
        let (truth, report) = (files.file("truth.jsonl").path, files.file("report.json").path)
        let (folder, said) = try Starlane.replay(
            "udp",
            [
                "songjiang-packets.pcap", "--asap", "--fault", fault, "--seed", "3", "--truth", truth, "--report",
                report,
                "--to", "udp://127.0.0.1:PORT",
            ])
        #expect(said["status"]?.integer == 0, "\(said)")
        let held = try hold("payloads", truth, folder.file("0.pcap").path, ["songjiang-packets.pcap"])
        let told = try JSON(String(contentsOf: URL(fileURLWithPath: report), encoding: .utf8))
        #expect(told["packets_sent"] == held["compared"])
        for (kind, count) in [("loss", "lost"), ("duplicate", "duplicated"), ("bit-error", "changed")] {
            #expect(held["kinds"]?[kind]?.integer ?? 0 == told["faults"]?[count]?.integer)
        }
        #expect(said["words"]?.text?.contains("broken on purpose, seed 3: ") == true)
    }

    @Test("a replay breaks frames, packets, and captured packets", arguments: ["packet", "frame", "link"])
    func layers(_ layer: String) throws {
        func octets(_ more: [String]) throws -> Data {
            try Starlane.checked(
                ["replay", "g60-cadu.pcap", "--asap", "--payload", layer, "--to", "-"] + more
            ).output
        }
        let (whole, hit) = (try octets([]), try octets(["--fault", "bit-error=1e-4"]))
        #expect(whole.count == hit.count)
        let bits = zip(whole, hit).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        let expected = Double(whole.count) * 8e-4
        #expect(abs(Double(bits) - expected) < 5 * expected.squareRoot() + 1, "\(bits) for \(expected)")
        #expect(try octets(["--fault", "loss=1"]).isEmpty)
    }

    @Test("a loop is broken otherwise in every round, and the truth says which")
    func rounds() throws {
        let truth = try Starlane.checked(
            [
                "replay", "songjiang-packets.pcap", "--asap", "--times", "3", "--to", "udp://127.0.0.1:9", "--fault",
                "loss=0.1", "--truth", "-",
            ], status: 1)
        let lost = try JSON.lines(truth.text).filter { $0["kind"]?.text == "loss" }
        let rounds = (1...3).map { round in
            lost.filter { $0["round"]?.integer == round }.compactMap { $0["packet"]?.integer }
        }
        #expect(rounds.allSatisfy { !$0.isEmpty })
        #expect(Set(rounds).count == 3)
    }

    @Test("behind seeks and filters the truth is that of what was sent")
    func control() throws {
        let folder = try TemporaryFolder()
        let truth = folder.file("truth.jsonl").path
        // Each step is answered when it was done; what was read ahead of a seek was broken for nothing.
        let lines = "step 10\nseek +20\nstep 5\nfilter apid == 272\nstep 3\nseek 2026-01-01T00:00:00Z\nstep 4\nquit\n"
        let played = try Starlane.run(
            [
                "replay", "songjiang-packets.pcap", "--control", "--paused", "--to", "udp://127.0.0.1:9", "--fault",
                "duplicate=1", "--truth", truth, "--report", folder.file("report.json").path,
            ], input: Data(lines.utf8))
        expectWords(played)
        let records = try JSON.lines(String(contentsOf: URL(fileURLWithPath: truth), encoding: .utf8))
        let report = try JSON(String(contentsOf: folder.file("report.json"), encoding: .utf8))
        let end = try #require(records.last)
        #expect(end["record"]?.text == "end")
        #expect(end["packets_out"] == report["packets_sent"])
        let doubled = records.filter { $0["kind"]?.text == "duplicate" }
        // Of 10, 5, 3 and 4 packets that left in a row each second one is a copy.
        #expect(end["packets_out"]?.integer == 22)
        let numbers = doubled.compactMap { $0["output"]?.integer }
        #expect(numbers == numbers.sorted() && numbers.allSatisfy { $0 < 22 })
        #expect(doubled.count == 10)
        #expect(end["interrupted"]?.bool == true)
    }

    @Test(
        "a replay refuses what contradicts itself",
        arguments: [
            (["--to", "-", "--seed", "3"], "--seed is about what --fault breaks"),
            (["--to", "-", "--truth", "x"], "--truth is about what --fault breaks"),
            (["--to", "-", "--fault", "loss=0.1", "--truth", "-"], "--truth - and --to - would both write"),
            (["--to", "-", "--fault", "jiter=1ms"], "near it is 'jitter'"),
            (
                ["--to", "udp://127.0.0.1:5", "--fault", "loss=0.1", "--truth", "r", "--report", "r"],
                "give the truth a file of its own"
            ),
        ])
    func replayUsage(_ arguments: [String], _ words: String) throws {
        let finished = try Starlane.checked(["replay", "songjiang-packets.pcap"] + arguments, status: 64)
        #expect(finished.words.contains(words), "\(finished.words)")
    }
}
