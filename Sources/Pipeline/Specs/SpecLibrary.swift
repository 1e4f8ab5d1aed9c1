internal import Foundation
internal import Records

/// The mission databases that are known by name: files in Specs folders.
public enum SpecLibrary {
    /// A name that means no database.
    public struct Unknown: Error, CustomStringConvertible {
        /// What was found, what is allowed, what to do.
        public let description: String
    }

    /// The folders that are looked into, the first one first: `$STARLANE_SPECS`, then `Specs` and `share/starlane/specs`
    /// beside the program or in a folder above it, so that any prefix will do, then those of the usual prefixes.
    public static let folders: [String] = {
        var found: [String] = []
        if let told = ProcessInfo.processInfo.environment["STARLANE_SPECS"], !told.isEmpty { found.append(told) }
        var folder =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        for _ in 0..<6 {
            folder = (folder as NSString).deletingLastPathComponent
            found += [folder + "/Specs", folder + "/share/starlane/specs"]
            if folder == "/" || folder.isEmpty { break }
        }
        found += ["/usr/local/share/starlane/specs", "/usr/share/starlane/specs"]
        return found.filter { isFolder($0) }
    }()

    /// The files of all databases that are known by name, by name.
    public static let known: [(name: String, path: String)] = {
        var seen: Set<String> = []
        var found: [(String, String)] = []
        for folder in folders {
            for path in databases(in: folder) {
                let name = (path as NSString).lastPathComponent.replacing(".xml", with: "")
                if seen.insert(name).inserted { found.append((name, path)) }
            }
        }
        return found
    }()

    /// The files that an argument means: a file, a folder of them, or a name.
    public static func paths(for argument: String) throws(Unknown) -> [String] {
        if isFolder(argument) {
            let files = databases(in: argument)
            if files.isEmpty {
                throw Unknown(description: "\(argument) holds no database; wanted are files that end in .xml")
            }
            return files
        }
        if FileManager.default.fileExists(atPath: argument) { return [argument] }
        if let one = known.first(where: { $0.name == argument }) { return [one.path] }
        let names =
            known.isEmpty
            ? "none is known by name here" : "known by name are \(known.map(\.name).joined(separator: ", "))"
        throw Unknown(description: "\(argument) is no file, folder or name of a mission database; \(names)")
    }

    /// The files of a folder beside the databases, `vehicles` or `scenarios`, by their names without the ending; the first
    /// of a name counts.
    public static func files(in folder: String, endingIn ending: String) -> [(name: String, path: String)] {
        var found: [(name: String, path: String)] = []
        for specs in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(specs)/\(folder)")) ?? []
            for file in names.sorted() where file.hasSuffix(ending) && !file.hasSuffix(".behaviour.yaml") {
                let name = String(file.dropLast(ending.count))
                if !found.contains(where: { $0.name == name }) { found.append((name, "\(specs)/\(folder)/\(file)")) }
            }
        }
        return found
    }

    /// The file of a name in such a folder.
    ///
    /// - Parameter what: what it should be, for words: "vehicle".
    /// - Throws: the names that are known, and those that are near.
    public static func named(_ name: String, in folder: String, called what: String) throws(Unknown) -> String {
        let known = files(in: folder, endingIn: ".yaml")
        if let found = known.first(where: { $0.name == name }) { return found.path }
        let names = known.map(\.name)
        throw Unknown(
            description: "'\(name)' is no \(what); known by name are "
                + "\(names.isEmpty ? "none" : names.joined(separator: ", "))\(Names.hint(name, in: names))")
    }

    /// A file beside the databases; nil where no folder has it.
    public static func file(_ name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { isFile($0) }
    }

    /// Whether a path is that of something that can be read, and no folder.
    public static func isFile(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path) && !isFolder(path)
    }

    private static func isFolder(_ path: String) -> Bool {
        let kind = (try? FileManager.default.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath))?[
            .type]
        return kind as? FileAttributeType == .typeDirectory
    }

    private static func databases(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".xml") }.sorted()
            .map { folder + "/" + $0 }
    }
}
