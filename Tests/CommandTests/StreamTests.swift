import Foundation
import Support
import Testing

/// Standard input, pipes, and being interrupted.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct StreamTests {
    @Test(
        "- is standard input, and gives what the file gives",
        arguments: ["songjiang-pass.pcapng", "g60-cadu.pcap", "songjiang.frames", "songjiang-packets-members.pcap.gz"])
    func standardInput(_ name: String) throws {
        let data = try Data(contentsOf: fixture(name))
        let file = try Starlane.run(["decode", "--format", "jsonl", name])
        let piped = try Starlane.run(["decode", "--format", "jsonl", "-"], input: data)
        #expect(file.status == piped.status)
        // A stream has no beginning that could be read twice: flows that are not known yet are held back.
        #expect(Set(file.text.split(separator: "\n")) == Set(piped.text.split(separator: "\n")))
        let slow = try Starlane.bash("cat \(name) | starlane decode --format jsonl -")
        #expect(slow.output == piped.output)
    }

    @Test(
        "a file packed by gzip gives what it gives unpacked", arguments: ["songjiang-pass.pcapng", "songjiang.frames"])
    func gzip(_ name: String) throws {
        let folder = try TemporaryFolder()
        let plain = try Starlane.run(["decode", "--format", "jsonl", name])
        let packed = try Starlane.bash(
            "gzip -c \(name) > '\(folder.file("x.gz").path)'; starlane decode --format jsonl '\(folder.file("x.gz").path)'"
        )
        #expect(packed.output == plain.output)
        #expect(packed.status == plain.status)
        let piped = try Starlane.bash("gzip -c \(name) | starlane inspect --format json -")
        let whole = try JSON(try Starlane.run(["inspect", "--format", "json", name]).text)
        #expect(try JSON(piped.text)["apids"] == whole["apids"])
        #expect(try JSON(piped.text)["ledger"] == whole["ledger"])
    }

    @Test("a reader that has had enough is no error and no words", arguments: ["jsonl", "csv", "table"])
    func closedPipe(_ format: String) throws {
        let finished = try Starlane.bash(
            "starlane decode --format \(format) songjiang-pass.pcapng | head -1 > /dev/null; echo ${PIPESTATUS[0]}")
        #expect(finished.text == "0\n" || finished.text == "1\n", "status \(finished.text)")
        #expect(!finished.words.contains("Broken pipe"))
        // Much output, so that the pipe is surely closed while it is written.
        let long = try Starlane.bash(
            "starlane decode --format \(format) \(String(repeating: "songjiang-pass.pcapng ", count: 12)) | head -1 > /dev/null; echo ${PIPESTATUS[0]}"
        )
        #expect(long.text == "0\n", "status \(long.text)")
        #expect(!long.words.contains("pipe"))
    }

    @Test("words never go to standard output, data never to standard error")
    func separation() throws {
        let quiet = try Starlane.bash("starlane decode --format jsonl songjiang-pass.pcapng 2>/dev/null")
        let both = try Starlane.run(["decode", "--format", "jsonl", "songjiang-pass.pcapng"])
        #expect(quiet.output == both.output)
        #expect(!both.words.contains("{"))
    }

    /// Starts a decoding of a FIFO that gets `octets` and then nothing, interrupts it, and says how it ended.
    private func interrupt(_ signal: String, after octets: Data) throws -> (status: String, lines: Int, words: String) {
        let folder = try TemporaryFolder()
        try octets.write(to: folder.file("data"))
        let finished = try Starlane.bash(
            """
            mkfifo fifo
            (cat data; touch written; exec sleep 300) > fifo & writer=$!
            # Whoever starts it may have signals blocked.
            env --block-signal=\(signal) "$STARLANE" decode --format jsonl fifo > out 2> err & reader=$!
            for _ in $(seq 600); do [ -e written ] && break; sleep 0.1; done
            waiting drained $reader fifo
            kill -\(signal) $reader
            for _ in $(seq 600); do kill -0 $reader 2>/dev/null || break; sleep 0.1; done
            kill -KILL $reader 2>/dev/null
            wait $reader; echo $?
            kill -KILL $writer
            """, in: folder.url)
        let out = (try? String(contentsOf: folder.file("out"), encoding: .utf8)) ?? ""
        let err = (try? String(contentsOf: folder.file("err"), encoding: .utf8)) ?? ""
        return (finished.text, try JSON.lines(out).count, err)
    }

    @Test(
        "an interrupt while it waits for input ends it, and what came until then is written",
        arguments: ["INT", "TERM"])
    func interrupted(_ signal: String) throws {
        let data = try Data(contentsOf: fixture("songjiang-packets.pcap"))
        let whole = try interrupt(signal, after: data)
        #expect(whole.status == "130\n")
        #expect(whole.lines == 136)
        #expect(whole.words.hasPrefix("starlane: ") && whole.words.contains("stopped"))
        let nothing = try interrupt(signal, after: Data())
        #expect(nothing.status == "130\n")
        #expect(nothing.lines == 0)
    }

    static let hasScript = hasProgram("script")

    /// What a terminal shows of both outputs of a line of bash.
    private func terminal(_ line: String) throws -> String {
        let folder = try TemporaryFolder()
        try Data("cd '\(fixture("").path)'\n\(line)\n".utf8).write(to: folder.file("line"))
        return try Starlane.bash("script -qec 'bash \(folder.file("line").path)' /dev/null < /dev/null", in: folder.url)
            .text
    }

    private static let slowly =
        "(head -c 20000 songjiang.frames; sleep 0.9; tail -c +20001 songjiang.frames; sleep 0.3)"

    @Test(
        "a bar shows on a terminal when work lasts, and is taken away",
        .enabled(if: hasScript, "script (util-linux) is not installed"))
    func progress() throws {
        let folder = try TemporaryFolder()
        let fifo = folder.file("fifo").path
        // The time counts from when it reads.
        let shown = try terminal(
            """
            mkfifo '\(fifo)'
            $STARLANE decode --format null - < '\(fifo)' &
            exec 3> '\(fifo)'
            head -c 20000 songjiang.frames >&3
            waiting drained $! '\(fifo)'
            sleep 0.9; tail -c +20001 songjiang.frames >&3
            exec 3>&-
            wait
            """)
        #expect(shown.contains("MB/s"))
        #expect(shown.hasSuffix("\u{1B}[K") || shown.contains("\r\u{1B}[K"))
        // What is quick may last on a machine that has other things to do, and not every time.
        let quick = try (0..<20).contains { _ in
            try !terminal("$STARLANE decode --format null songjiang.frames").contains("MB/s")
        }
        #expect(quick)
    }

    @Test("a bar shows nowhere else than on a terminal")
    func noProgress() throws {
        let finished = try Starlane.bash("\(Self.slowly) | starlane decode --format jsonl -")
        #expect(finished.status == 0)
        #expect(finished.words.isEmpty)
        #expect(!finished.output.contains(0x1B))
    }

    @Test(
        "colours stand on terminals only, and not where NO_COLOR asks for none",
        .enabled(if: hasScript, "script (util-linux) is not installed"))
    func colours() throws {
        let shown = try terminal("$STARLANE inspect songjiang.frames")
        #expect(shown.contains("\u{1B}["), "\(shown.debugDescription)")
        #expect(!(try terminal("NO_COLOR=1 $STARLANE inspect songjiang.frames").contains("\u{1B}[")))
        #expect(!(try terminal("TERM=dumb $STARLANE inspect songjiang.frames").contains("\u{1B}[")))
        #expect(!(try terminal("$STARLANE inspect songjiang.frames | cat").contains("\u{1B}[")))
    }
}
