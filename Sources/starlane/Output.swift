import ArgumentParser
import Bytes
import Glibc
import Pipeline

/// Data to standard output, words to standard error, and the exit status, decided in one place:
/// 0 all well, 1 done but something was rejected, 2 could not be done.
final class Output {
    private let file: any Outlet
    private var status: Int32 = 0
    /// Whether anything could be read.
    private(set) var hasRead = false

    /// Standard output, a file, or a peer.
    init(_ file: any Outlet = OutputFile()) {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow further is an error like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        self.file = file
    }

    /// A file could not be read: said, remembered, and the next one goes on.
    func refused(_ words: String) {
        Console.say("starlane: \(words)")
        status = 2
    }

    /// Something could be read in part: said, and remembered.
    func rejected(_ words: String) {
        Console.say("starlane: \(words)")
        reject()
    }

    /// What the ledger says of the status.
    func judge(_ ledger: Ledger) {
        hasRead = true
        if !ledger.rejections.isEmpty || !ledger.isBalanced { status = max(status, 1) }
    }

    /// What was lost of a file, in a line a reason. Rows of the capture without octets are said as problems already.
    func say(_ ledger: Ledger, of file: String) {
        for row in ledger.rejections where row.bytes > 0 || row.stage != .capture {
            let octets = row.bytes > 0 ? " (\(row.bytes.grouped) octets)" : ""
            Console.say("starlane: \(file): \(row.words)\(octets)")
        }
        if !ledger.isBalanced { Console.say("starlane: \(file): the ledger does not balance; please report this") }
    }

    /// Something was done, so that what is written is put in its place.
    func isDone() { hasRead = true }

    /// Something was refused though it could be read.
    func reject() {
        hasRead = true
        status = max(status, 1)
    }

    /// Writes data. A reader that has gone ends the program in peace.
    func write(_ fill: (inout TextBuffer) -> Void) throws {
        var buffer = TextBuffer(capacity: 1 << 12)
        fill(&buffer)
        do { try file.write(&buffer) } catch { try failed(error) }
    }

    /// Does work that writes; a reader that has gone ends the program in peace.
    func guarding<Result>(_ work: () throws(OutputFile.Failure) -> Result) throws -> Result {
        do { return try work() } catch {
            try failed(error)
            throw ExitCode(2)
        }
    }

    /// Ends with the status.
    func finish() throws {
        // Where nothing could be read no file is put in its place.
        if hasRead { do { try file.close() } catch { try failed(error) } }
        if Interruption.isAsked { status = 130 }
        if status != 0 { throw ExitCode(status) }
    }

    private func failed(_ failure: OutputFile.Failure) throws {
        if failure.isBrokenPipe { throw ExitCode(0) }
        Console.say("starlane: \(failure)")
        throw ExitCode(2)
    }
}
