import Foundation
import Support
import Testing

/// The program as its users have it: the executable that was built with these tests.
enum Starlane {
    /// Where it is: beside the test bundle.
    static let program: URL = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("starlane")
    }()

    static let isThere = FileManager.default.isExecutableFile(atPath: program.path)
    static let why: Comment = "the program is not beside the tests: 'swift build' with the same configuration makes it"

    /// Runs it in a folder, by default that of the fixtures, so that files have short names that are the same everywhere.
    static func run(
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:], in folder: URL = fixture("")
    ) throws -> Finished {
        // Help is wrapped to the terminal's width where there is one.
        let plain = ["COLUMNS": "80", "STARLANE_SPECS": "", "NO_COLOR": "", "TERM": "xterm"]
        return try Support.run(
            program.path, arguments, input: input, environment: plain.merging(environment) { $1 }, in: folder)
    }

    /// Runs it, and holds its exit status and its words against what they have to be.
    @discardableResult
    static func checked(
        _ arguments: [String], status: Int32 = 0, input: Data = Data(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Finished {
        let finished = try run(arguments, input: input)
        #expect(
            finished.status == status, "\(arguments): \(finished.words)\(finished.text.suffix(300))",
            sourceLocation: sourceLocation)
        expectWords(finished, sourceLocation: sourceLocation)
        return finished
    }

    /// Lines of packets as JSON without what another way gives them: time, number and flow.
    static func values(_ text: String) -> [Substring] {
        text.split(separator: "\n").map { line in
            line.range(of: "\"spacecraft\"").map { line[$0.lowerBound...] } ?? line
        }
    }

    /// Runs a replay against a receiver, `replay.py`; gives the folder with what arrived, and what was said.
    static func replay(_ kind: String, _ arguments: [String]) throws -> (folder: TemporaryFolder, said: JSON) {
        let folder = try TemporaryFolder()
        return (folder, try script("replay.py", [kind, folder.url.path, program.path, "replay"] + arguments))
    }

    /// Runs one of the scripts beside this file, for so many seconds at the most.
    static func python(
        _ name: String, _ arguments: [String], seconds: Int = 180, in folder: URL = fixture("")
    ) throws -> Finished {
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/\(name)").path
        return try Support.run(
            "timeout", ["--foreground", "\(seconds)", "python3", script] + arguments,
            environment: ["STARLANE_SPECS": "", "TERM": "xterm", "NO_COLOR": ""], in: folder)
    }

    /// Runs one of the scripts, which ends well; gives the JSON that it says.
    static func script(_ name: String, _ arguments: [String], in folder: URL = fixture("")) throws -> JSON {
        let finished = try python(name, arguments, in: folder)
        #expect(finished.status == 0, "\(finished.words)")
        return try #require(try JSON.lines(finished.text).first, "\(finished.words)")
    }

    /// Holds us to a time that a machine with other things to do may not let us keep: where `isKept` says that it was not, `isKeptOtherwise`
    /// says whether something as quick, of which nothing else is tested, keeps it at that moment. Three times one without the other is
    /// no accident.
    static func expectInTime(
        _ isKept: () throws -> Bool, otherwise isKeptOtherwise: () throws -> Bool, _ words: () -> String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var count = 0
        for _ in 0..<6 where count < 3 {
            if try isKept() { return }
            if try isKeptOtherwise() { count += 1 }
        }
        #expect(count < 3, "\(words())", sourceLocation: sourceLocation)
    }

    /// Runs a line of bash in which `starlane` is the program, and `waiting` is `waiting.py`: where it waits in vain, the line
    /// ends, and what it has started.
    static func bash(_ line: String, in folder: URL = fixture("")) throws -> Finished {
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/waiting.py").path
        let known = """
            starlane() { '\(program.path)' "$@"; }; export STARLANE='\(program.path)'
            waiting() { python3 '\(script)' "$@" || exit 99; }; export -f waiting
            trap 'kill -KILL $(jobs -p) 2>/dev/null || :' EXIT

            """
        return try Support.run(
            "bash", ["-c", known + line],
            environment: ["STARLANE_SPECS": "", "TERM": "xterm", "NO_COLOR": ""], in: folder)
    }
}

/// Compares a whole text with the one that is kept, and shows the first line that differs.
///
/// `UPDATE_GOLDENS=1 swift test --filter CommandTests` writes them anew; the difference is for a person to judge.
func expectGolden(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = projectFolder.appendingPathComponent("Tests/Goldens/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return
    }
    let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard kept != text else { return }
    let (old, new) = (kept.components(separatedBy: "\n"), text.components(separatedBy: "\n"))
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
    let (was, now) = (line < old.count ? old[line] : "the end", line < new.count ? new[line] : "the end")
    Issue.record(
        "\(name), line \(line + 1): expected is |\(was)|, found |\(now)|. UPDATE_GOLDENS=1 keeps what is found.",
        sourceLocation: sourceLocation)
}

/// Words on standard error are for people: text without control characters, whole lines.
func expectWords(_ finished: Finished, sourceLocation: SourceLocation = #_sourceLocation) {
    let words = finished.words
    #expect(!finished.errors.contains { $0 < 0x20 && $0 != 0x0A }, "\(words)", sourceLocation: sourceLocation)
    #expect(words.isEmpty || words.hasSuffix("\n"), "\(words)", sourceLocation: sourceLocation)
    for word in ["Fatal error", "Stack dump", "Program crashed", "Optional("] {
        #expect(!words.contains(word), "\(words)", sourceLocation: sourceLocation)
    }
}
