import ArgumentParser
import Glibc
import Pipeline

/// Where `decode` writes to, and how: what was told, and what the name of the output says where it was not.
struct DecodeDestination {
    let format: Decoding.Format
    /// A database or a folder; nil where packets go into one file, or to standard output.
    let path: String?
    private let output: String
    private let isFolder: Bool

    init(format: Decoding.Format?, output: String) {
        self.output = output
        var status = stat()
        let isThere = unsafe stat(output, &status) == 0
        isFolder = output.hasSuffix("/") || isThere && status.st_mode & S_IFMT == S_IFDIR
        self.format = format ?? (isFolder ? .csv : Decoding.Format.named(by: output) ?? .table)
        path = self.format == .sqlite || self.format == .csv && isFolder ? output : nil
    }

    func validate() throws {
        if format == .sqlite, output == "-" {
            throw ValidationError("A database cannot be written to standard output: name a file, as in -o pass.db.")
        }
        if isFolder, path == nil || format == .sqlite {
            throw ValidationError(
                "-o \(output) is a folder: --format csv writes a file for each packet type there; "
                    + "--format \(format.rawValue) needs the name of a file.")
        }
    }
}

extension Decoding.Format: ExpressibleByArgument {}
extension RouteOptions.Payload: ExpressibleByArgument {}
