import Glibc

/// Whether two names are of one file, however they are spelled.
enum SameFile {
    /// A name that all spellings of one file have in common; nil where writing it takes nothing away: standard output, devices, pipes.
    private static func identity(_ path: String) -> String? {
        guard path != "-" else { return nil }
        var status = stat()
        if unsafe stat(path, &status) == 0 { return identity(status) }
        // It is not there yet: it will be, in its folder.
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? "."
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard unsafe stat(folder, &status) == 0 else { return path }
        return "\(status.st_dev):\(status.st_ino)/\(name)"
    }

    private static func identity(_ status: stat) -> String? {
        status.st_mode & S_IFMT == S_IFREG ? "\(status.st_dev):\(status.st_ino)" : nil
    }

    /// Whether two names are of one file that is there.
    static func isThere(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard unsafe stat(one, &first) == 0, unsafe stat(other, &second) == 0 else { return false }
        return identity(first) != nil && identity(first) == identity(second)
    }

    /// The first of some outputs that is an input, or another output: its name and that of the other, which is read or written.
    static func clash(
        inputs: [String], outputs: [String]
    ) -> (output: String, other: String, isInput: Bool)? {
        var known: [String: (name: String, isInput: Bool)] = [:]
        for input in inputs { if let key = identity(input) { known[key] = (input, true) } }
        for output in outputs {
            guard let key = identity(output) else { continue }
            if let other = known[key] { return (output, other.name, other.isInput) }
            known[key] = (output, false)
        }
        return nil
    }
}
