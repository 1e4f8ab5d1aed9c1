public import Foundation

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

/// Runs a program found on the path (or given by its own path) and waits for it.
public func run(_ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String] = [:])
    throws -> Finished
{
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files and not pipes: nothing can fill up and wait for somebody to read.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starlane-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (inPath, outPath, errPath) = (
        folder.appendingPathComponent("in"), folder.appendingPathComponent("out"), folder.appendingPathComponent("err")
    )
    try input.write(to: inPath)
    for path in [outPath, errPath] { try Data().write(to: path) }
    process.standardInput = try FileHandle(forReadingFrom: inPath)
    process.standardOutput = try FileHandle(forWritingTo: outPath)
    process.standardError = try FileHandle(forWritingTo: errPath)
    try process.run()
    process.waitUntilExit()
    return Finished(
        status: process.terminationReason == .exit ? process.terminationStatus : -1,
        output: try Data(contentsOf: outPath), errors: try Data(contentsOf: errPath))
}

/// Whether a program is on the path: tests against a peer say `.enabled(if: hasProgram("tshark"), …)`.
public func hasProgram(_ name: String) -> Bool {
    (try? run("which", [name]))?.status == 0
}
