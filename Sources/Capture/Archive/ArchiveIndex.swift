internal import Glibc
public import Bytes

/// The members of an archive, found by hopping from header to header: nothing is unpacked.
public struct ArchiveIndex: Sendable {
    /// A member and where it stands.
    public struct Entry: Sendable, Equatable {
        /// What its header says.
        public let member: ArchiveMember
        /// Where its first octet stands in the file.
        public let offset: UInt64
    }

    /// The members, in order.
    public private(set) var entries: [Entry] = []
    /// Octets of the file.
    public let size: UInt64
    /// Where the last whole member ends.
    public private(set) var end: UInt64 = 0
    /// What stands behind it, in words; nil where nothing does.
    public private(set) var tail: String?

    /// Octets behind the last whole member: what a writer that was stopped had begun.
    public var tornOctets: UInt64 { size - end }
    /// Packets in all members.
    public var packets: UInt64 { entries.last.map { $0.member.packetsBefore + UInt64($0.member.packets) } ?? 0 }
    /// Octets that all members unpack to.
    public var rawOctets: UInt64 { entries.last.map { $0.member.rawOffset + UInt64($0.member.rawSize) } ?? 0 }

    /// Reads the headers of a file; nil where its first member is none of an archive.
    public init?(path: String) throws(SystemError) {
        let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError(number: errno) }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw SystemError(number: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = UInt64(status.st_size)
        var room = [UInt8](repeating: 0, count: 1 << 16)
        var wanted = 256
        var isOurs = false
        scan: while end < size {
            let got = unsafe pread(file, &room, wanted, Int(end))
            guard got >= 0 else { throw SystemError(number: errno) }
            do throws(ArchiveMember.Refusal) {
                let member = try ArchiveMember(room.octets.slice(at: 0, count: got))
                isOurs = true
                guard end + UInt64(member.size) <= size else {
                    tail = "a member of \(member.size) octets, of which \(size - end) are there"
                    break scan
                }
                entries.append(Entry(member: member, offset: end))
                end += UInt64(member.size)
                wanted = 256
            } catch {
                switch error {
                case .needs(let count) where got == wanted && wanted < room.count:
                    wanted = min(room.count, max(count, wanted * 2))
                    continue scan
                case .needs: tail = "the beginning of a header"
                case .foreign: tail = "octets that are no member of an archive"
                case .damaged(let words):
                    isOurs = true
                    tail = "a member that is damaged: \(words)"
                }
                break scan
            }
        }
        if !isOurs { return nil }
    }
}
