import ArgumentParser
import Capture
import Glibc
import Links
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

    /// A file, standard output, or a peer; standard output where packets go elsewhere.
    ///
    /// - Parameter databases: what an archive names.
    func open(_ databases: @autoclosure () -> [DatabaseIdentity]) throws(OutputFile.Failure) -> any Outlet {
        guard path == nil else { return OutputFile() }
        if SourceAddress.isMeant(by: output) { return try LinkOutlet(output) }
        return format == .pcapng ? try ArchiveOutlet.open(output, databases()) : try OutputFile(path: output)
    }

    /// - Parameter hasFields: whether fields were asked for by name.
    func validate(hasFields: Bool) throws {
        var options = RouteOptions()
        options.format = format
        options.fields = hasFields ? [] : nil
        if let problem = options.problem(to: output, names: (fields: "--fields", format: "--format")) {
            throw ValidationError(problem.prefix(1).uppercased() + problem.dropFirst() + ".")
        }
        if format == .table, SourceAddress.isMeant(by: output) {
            throw ValidationError(
                "\(output) does not tell how to write: --format jsonl is an object a packet, --format packets the packets "
                    + "themselves.")
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
