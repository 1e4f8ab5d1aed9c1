internal import Bytes
public import Capture
internal import Foundation
public import Mission

extension DatabaseIdentity {
    /// That of a file; nil where it cannot be read or its root element has no name.
    public init?(path: String) {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)), let name = Database.rootName(of: data)
        else {
            return nil
        }
        let octets = [UInt8](data)
        self.init(hash: SHA256.of(octets.octets), name: name, file: (path as NSString).lastPathComponent)
    }
}

extension DatabaseIdentity {
    /// Those of databases as their files are now.
    public static func of(_ databases: [Database]) -> [DatabaseIdentity] {
        databases.compactMap { DatabaseIdentity(path: $0.file) }
    }

    /// Those that an archive of packets of files names: those that packets were archived under before, and for what comes from
    /// no archive those of now.
    public static func inForce(for files: [String], now: @autoclosure () -> [DatabaseIdentity]) -> [DatabaseIdentity] {
        let told = files.map { (try? ArchiveIndex(path: $0))?.definitions ?? [] }
        let before = told.joined().flatMap(\.databases)
        return (told.contains { $0.isEmpty } ? before + now() : before).unique
    }

    static func tooMany(_ databases: [DatabaseIdentity]) -> String {
        "\(databases.count) mission databases are more than an archive has room to name: say with --spec which of them explain "
            + "the packets"
    }
}

/// A mission database that is another one now than when packets were archived.
public struct Redefinition: Sendable {
    /// What it was, and what it is.
    public let then: DatabaseIdentity, now: DatabaseIdentity
    /// The first packet that was archived under what it was, and the last; nil where they go on to the end.
    public let first: UInt64, last: UInt64?

    /// All of an archive: where a database of the same name was in force whose file was none of those of now.
    public static func all(in definitions: [ArchiveIndex.Definitions], _ databases: [Database]) -> [Redefinition] {
        let now = DatabaseIdentity.of(databases)
        return definitions.flatMap(\.databases).unique.compactMap { then in
            let same = now.filter { $0.name == then.name }
            guard let other = same.first, !same.contains(where: { $0.hash == then.hash }),
                let first = definitions.first(where: { $0.databases.contains(then) }),
                let final = definitions.lastIndex(where: { $0.databases.contains(then) })
            else { return nil }
            let next = definitions.indices.contains(final + 1) ? definitions[final + 1] : nil
            return Redefinition(then: then, now: other, first: first.packet, last: next.map { $0.packet - 1 })
        }
    }
}
