import Glibc

/// What of the arguments is a file, and what a name of something else.
struct InputArguments {
    private(set) var files: [String] = []
    private(set) var names: [String] = []

    init(_ arguments: [String]) {
        for argument in arguments {
            if Self.isFile(argument) { files.append(argument) } else { names.append(argument) }
        }
    }

    /// What is there and no folder, standard input, the address of a live source, and what ends as captures do.
    private static func isFile(_ argument: String) -> Bool {
        if argument == "-" || argument.contains("://") || argument.hasPrefix("serial:") { return true }
        var status = stat()
        if unsafe stat(argument, &status) == 0 { return status.st_mode & S_IFMT != S_IFDIR }
        let endings = [".pcap", ".pcapng", ".cap", ".gz", ".erf", ".frames", ".packets", ".log", ".nmea", ".bin"]
        return endings.contains { argument.hasSuffix($0) }
    }
}
