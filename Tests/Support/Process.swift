public import Foundation
internal import Glibc

/// What a command did.
public struct Finished: Sendable {
    /// Its exit status; -1 when a signal ended it.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: Data
    /// What it wrote to standard error.
    public let errors: Data
    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Standard error as text.
    public var words: String { String(decoding: errors, as: UTF8.self) }
}

/// Runs a program found on the path (or given by its own path) in a folder and waits for it.
public func run(
    _ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
    in workplace: URL? = nil
) throws -> Finished {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Who runs tests may have them outlive a terminal.
    process.arguments = ["--default-signal=HUP", program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = workplace
    // Files and not pipes: nothing can fill up and wait for somebody to read.
    let folder = try TemporaryFolder()
    let (inPath, outPath, errPath) = (folder.file("in"), folder.file("out"), folder.file("err"))
    try input.write(to: inPath)
    for path in [outPath, errPath] { try Data().write(to: path) }
    process.standardInput = try FileHandle(forReadingFrom: inPath)
    process.standardOutput = try FileHandle(forWritingTo: outPath)
    process.standardError = try FileHandle(forWritingTo: errPath)
    try withSignals { try process.run() }
    process.waitUntilExit()
    return Finished(
        status: process.terminationReason == .exit ? process.terminationStatus : -1,
        output: try Data(contentsOf: outPath), errors: try Data(contentsOf: errPath))
}

/// Starts something with no signal blocked: threads that tests run on block most, which what is started would inherit, so that
/// neither `timeout` nor `kill` ended it.
private func withSignals(_ start: () throws -> Void) rethrows {
    var (none, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&none)
    // Both sets are locals of the right type.
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try start()
}

/// A folder of its own for a test, gone when nobody holds it any more.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes a folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appendingPathComponent("starlane-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A file in it, which need not be there.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// The names of what is in it, sorted.
    public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// Whether a program is on the path: tests against a peer say `.enabled(if: hasProgram("tshark"), …)`.
public func hasProgram(_ name: String) -> Bool {
    (try? run("which", [name]))?.status == 0
}
