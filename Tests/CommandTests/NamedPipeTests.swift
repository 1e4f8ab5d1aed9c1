import Foundation
import Support
import Testing

/// Named pipes: whoever comes first waits for the other, and Ctrl-C ends that.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct NamedPipeTests {
    /// Runs lines of a shell with a named pipe `p`.
    private func bash(_ lines: String) throws -> Finished {
        let folder = try TemporaryFolder()
        return try Starlane.bash("cd '\(folder.url.path)'; mkfifo p; \(lines)")
    }

    private static let capture = "'\(fixture("songjiang-packets.pcap").path)'"

    @Test(
        "Ctrl-C ends a wait for who is to write a pipe, or to read it",
        arguments: ["decode p", "inspect p", "decode \(capture) --format jsonl -o p", "export \(capture) -o p"])
    func interrupted(_ command: String) throws {
        // Killed only where it does not end.
        let finished = try bash(
            "timeout --foreground --preserve-status -k 60 -s INT 1.5 \"$STARLANE\" \(command); echo $?")
        #expect(finished.text.hasSuffix("130\n"), "\(finished.text)\(finished.words)")
        #expect(!finished.words.contains("is empty"), "\(finished.words)")
    }

    @Test("a pipe whose writer comes late is read to its end", arguments: ["", "--filter 'apid == 272'"])
    func late(_ filter: String) throws {
        let there = try bash("starlane decode \(Self.capture) \(filter) --format jsonl")
        let late = try bash(
            "(sleep 0.5; cat \(Self.capture) > p) & \"$STARLANE\" decode p \(filter) --format jsonl; wait")
        #expect(late.status == 0 && !late.text.isEmpty, "\(late.words)")
        #expect(late.output == there.output)
    }

    @Test("a pipe whose reader comes late gets everything")
    func reader() throws {
        let there = try bash("starlane decode \(Self.capture) --format jsonl")
        let late = try bash("(sleep 0.5; cat p) & \"$STARLANE\" decode \(Self.capture) --format jsonl -o p; wait")
        #expect(late.output == there.output && !late.output.isEmpty, "\(late.words)")
    }

    @Test("a pipe that is closed without an octet is an empty input")
    func empty() throws {
        let finished = try bash(": > p & \"$STARLANE\" decode p; echo $?; wait")
        #expect(finished.text == "2\n")
        #expect(finished.words.contains("p is empty"), "\(finished.words)")
    }
}
