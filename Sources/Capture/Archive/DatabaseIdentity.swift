internal import Bytes

/// Which mission database it was that explained packets when they were archived.
public struct DatabaseIdentity: Sendable, Hashable {
    /// SHA-256 of its file, 32 octets.
    public let hash: [UInt8]
    /// The name of its root space system.
    public let name: String
    /// The name of its file, without folders.
    public let file: String

    /// An identity from its parts.
    public init(hash: [UInt8], name: String, file: String) { (self.hash, self.name, self.file) = (hash, name, file) }

    /// The hash as hexadecimal digits.
    public var digits: String {
        var text = TextBuffer(capacity: 2 * hash.count + 1)
        text.appendHex(hash.octets)
        return String(decoding: text.bytes.copied(), as: UTF8.self)
    }

    /// As many of the digits as people compare.
    public var shortDigits: String { String(digits.prefix(12)) }
}

/// Databases as octets in the header of a member, see `Specs/archive.md`.
extension DatabaseIdentity {
    /// - Returns: nil where they are more than a header has room for.
    static func octets(of databases: [DatabaseIdentity]) -> [UInt8]? {
        var octets: [UInt8] = []
        octets.append(le: UInt16(truncatingIfNeeded: databases.count))
        for database in databases {
            octets += database.hash
            for text in [database.name, database.file] {
                guard let length = UInt16(exactly: text.utf8.count) else { return nil }
                octets.append(le: length)
                octets += text.utf8
            }
        }
        return octets.count <= ArchiveMember().roomForSummary ? octets : nil
    }

    /// - Returns: nil where the octets end too early.
    static func read(_ octets: [UInt8]) -> [DatabaseIdentity]? {
        let span = octets.octets
        guard octets.count >= 2 else { return nil }
        var (databases, at) = ([DatabaseIdentity](), 2)
        for _ in 0..<span.u16le(at: 0) {
            let hash = Array(octets[at...].prefix(SHA256.size))
            at += SHA256.size
            var texts: [String] = []
            for _ in 0..<2 {
                guard at + 2 <= octets.count else { return nil }
                let end = at + 2 + Int(span.u16le(at: at))
                guard end <= octets.count else { return nil }
                texts.append(String(decoding: octets[at + 2..<end], as: UTF8.self))
                at = end
            }
            databases.append(DatabaseIdentity(hash: hash, name: texts[0], file: texts[1]))
        }
        return databases
    }
}

extension ArchiveIndex {
    /// The mission databases that were in force from a packet on, until the next of them.
    public struct Definitions: Sendable, Equatable {
        /// The first packet, from 1, that was archived under them: the one behind the last that was archived before.
        public let packet: UInt64
        /// The databases.
        public let databases: [DatabaseIdentity]
    }

    /// Which mission databases were in force, in order; none where nobody told.
    public var definitions: [Definitions] {
        definitionEntries.map { entry in
            Definitions(
                packet: entry.member.packetsBefore &+ 1, databases: DatabaseIdentity.read(entry.member.summary) ?? [])
        }
    }
}

extension ArchiveReading {
    /// The mission databases that any part of the archive was written under, each once.
    public var databases: [DatabaseIdentity] { index.definitions.flatMap(\.databases).unique }
}

extension [DatabaseIdentity] {
    /// Each of them once, in order.
    package var unique: [DatabaseIdentity] {
        var seen: Set<DatabaseIdentity> = []
        return filter { seen.insert($0).inserted }
    }
}
