internal import Glibc
public import Bytes

/// Reads an archive through, member by member, and holds each against what its header says.
public final class ArchiveReading {
    /// The archive.
    public let index: ArchiveIndex
    private let file: Int32
    private let unpacker = MemberUnpacker()

    /// Opens an archive; nil where a file is none. Members are found by their own headers, whatever an index says.
    public init?(path: String) throws(SystemError) {
        file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError(number: errno) }
        let found: ArchiveIndex?
        do { found = try ArchiveIndex(descriptor: file, trusts: false) } catch {
            close(file)
            throw error
        }
        guard let found else {
            close(file)
            return nil
        }
        index = found
    }

    deinit { close(file) }

    /// Why a member cannot be trusted.
    public struct Damage: Error, Sendable, Equatable, CustomStringConvertible {
        /// What was found.
        public let description: String
    }

    /// The blocks of a member, whose checks agree; true until the next call.
    public func blocks(of entry: ArchiveIndex.Entry) throws(Damage) -> ByteBuffer {
        try unpacker.unpack(entry, file: file)
        return unpacker.blocks
    }

    /// The blocks, and the octets as they stand in the file, of the last member that was read.
    var unpacked: ByteBuffer { unpacker.blocks }
    var packed: ByteBuffer { unpacker.packed }

    /// The data of a member's header.
    func data(of entry: ArchiveIndex.Entry) -> [UInt8]? { ArchiveMember.data(at: entry.offset, of: file) }

    /// Octets of the file; nil where they cannot be read, or are more than a member has.
    func octets(from start: UInt64, to end: UInt64) -> [UInt8]? {
        let count = Int(clamping: end - start)
        guard count <= 128 << 20 else { return nil }
        var octets = [UInt8](repeating: 0, count: count)
        return unsafe pread(file, &octets, count, Int(start)) == count ? octets : nil
    }

    /// How many sections and interfaces there are in all.
    func standing() throws(Damage) -> (sections: Int, interfaces: Int) {
        var all = (sections: 0, interfaces: 0)
        // Of each of the archives that were copied one behind the other.
        for end in index.joints + [index.entries.count] where end > 0 {
            let (sections, interfaces) = try standing(behind: end - 1)
            all = (all.sections + sections, all.interfaces + interfaces)
        }
        return all
    }

    /// How many sections and interfaces there are up to the end of a member, in its own archive.
    private func standing(behind number: Int) throws(Damage) -> (sections: Int, interfaces: Int) {
        let entry = index.entries[number]
        let blocks = try blocks(of: entry)
        let reader = CaptureReader(entry.member, blocks: blocks.bytes.copied())
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) {}
        guard let section = entry.member.section else {
            // It begins a section: what is in front of it, its own reader does not count.
            if number == 0 || index.joints.contains(number) { return (reader.sections, reader.interfaces.count) }
            let (sections, interfaces) = try standing(behind: number - 1)
            return (sections + reader.sections, interfaces + reader.interfaces.count)
        }
        return (section.number + reader.sections, section.firstInterface + reader.interfaces.count)
    }

    /// Unpacks a member, reads its blocks, and counts.
    public func verify(_ entry: ArchiveIndex.Entry) throws(Damage) {
        let member = entry.member
        let blocks = try blocks(of: entry)
        guard member.kind != .definitions else {
            guard DatabaseIdentity.read(member.summary) != nil else {
                throw Damage(description: "its list of mission databases ends too early")
            }
            return
        }
        // A member that begins a section tells it by itself; all others by their headers.
        let reader = CaptureReader(member, blocks: blocks.bytes.copied())
        var batch = Batch<Packet>()
        var ledger = Ledger()
        var found = ArchiveMember()
        while reader.next(into: &batch, ledger: &ledger) { found.count(batch) }
        if let row = ledger.rejections.first { throw Damage(description: "its blocks: \(row.reason)") }
        guard found.packets == member.packets else {
            throw Damage(description: "it holds \(found.packets) packets, and its header says \(member.packets)")
        }
        guard found.earliest == member.earliest, found.latest == member.latest else {
            throw Damage(description: "its packets have other times than its header says")
        }
    }
}
