public import Foundation

/// The project's own folder, whatever the tests are run from.
public let projectFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A file or folder of the project's Fixtures.
public func fixture(_ path: String) -> URL { projectFolder.appendingPathComponent("Fixtures/\(path)") }

/// Real data that we did not write. It lies beside the project in some places and is absent in a plain clone: tests
/// that need it say `.enabled(if: Corpus.isThere, Corpus.why)`.
public enum Corpus {
    /// The folder of the corpus.
    public static let folder = projectFolder.deletingLastPathComponent().appendingPathComponent("shared/corpus")
    /// Whether it is there.
    public static let isThere = FileManager.default.fileExists(atPath: folder.path)
    /// What a skipped test says.
    public static let why = "the corpus of real captures is not beside this clone"

    /// A file or folder of the corpus.
    public static func file(_ path: String) -> URL { folder.appendingPathComponent(path) }

    /// All regular files below a folder of the corpus, sorted, with none of these endings.
    public static func files(below path: String, except endings: [String] = ["txt", "tsv", "md", "csv", "rst"]) -> [URL]
    {
        let walk = FileManager.default.enumerator(at: file(path), includingPropertiesForKeys: [.isRegularFileKey])
        var found: [URL] = []
        while let url = walk?.nextObject() as? URL {
            guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true else { continue }
            if !endings.contains(url.pathExtension) { found.append(url) }
        }
        return found.sorted { $0.path < $1.path }
    }
}
