import Foundation
import Support

/// Tests that keep their files in a folder of their own.
protocol FolderTests {
    var folder: TemporaryFolder { get }
}

extension FolderTests {
    /// The path of a file of the folder.
    func path(_ name: String) -> String { folder.file(name).path }

    /// Writes a file, a scenario where no name is told, and gives its path.
    @discardableResult
    func write(_ text: String, _ name: String = "s.yaml") throws -> String {
        try Data(text.utf8).write(to: folder.file(name))
        return path(name)
    }
}
