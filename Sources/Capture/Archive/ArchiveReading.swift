internal import Glibc
public import Bytes

/// Reads an archive through, member by member, and holds each against what its header says.
public final class ArchiveReading {
    /// The archive.
    public let index: ArchiveIndex
    private let file: Int32
    private let inflater = Inflater()
    private let packed = ByteBuffer(capacity: 1 << 16)
    private let raw = ByteBuffer(capacity: 1 << 16)

    /// Opens an archive; nil where a file is none.
    public init?(path: String) throws(SystemError) {
        guard let index = try ArchiveIndex(path: path) else { return nil }
        self.index = index
        file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError(number: errno) }
    }

    deinit { if file >= 0 { close(file) } }

    /// Why a member cannot be trusted.
    public struct Damage: Error, Sendable, Equatable, CustomStringConvertible {
        /// What was found.
        public let description: String
    }

    /// The blocks of a member, whose checks agree; true until the next call.
    public func blocks(of entry: ArchiveIndex.Entry) throws(Damage) -> ByteBuffer {
        let size = Int(entry.member.size)
        packed.removeAll()
        raw.removeAll()
        let got = unsafe packed.fill(room: size) { room in
            unsafe max(0, pread(file, room.baseAddress, room.count, Int(entry.offset)))
        }
        guard got == size else { throw Damage(description: "\(got) of its \(size) octets can be read") }
        let packed = self.packed
        guard inflater.unpack(packed.bytes, size: Int(entry.member.rawSize), into: raw) else {
            throw Damage(description: "its octets do not agree with its check, or cannot be unpacked")
        }
        return raw
    }

    /// How many sections and interfaces there are up to the end of a member.
    func standing(behind entry: ArchiveIndex.Entry) throws(Damage) -> (sections: Int, interfaces: Int) {
        let blocks = try blocks(of: entry)
        let reader = CaptureReader(entry.member, blocks: blocks.bytes.copied())
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) {}
        guard let section = entry.member.section else {
            // It begins a section: what is in front of it, its own reader does not count.
            let before = index.entries.last { $0.offset < entry.offset }
            guard let before else { return (reader.sections, reader.interfaces.count) }
            let (sections, interfaces) = try standing(behind: before)
            return (sections + reader.sections, interfaces + reader.interfaces.count)
        }
        return (section.number + reader.sections, section.firstInterface + reader.interfaces.count)
    }

    /// Unpacks a member, reads its blocks, and counts.
    public func verify(_ entry: ArchiveIndex.Entry) throws(Damage) {
        let member = entry.member
        let blocks = try blocks(of: entry)
        // A member that begins a section tells it by itself; all others by their headers.
        let reader = CaptureReader(member, blocks: blocks.bytes.copied())
        var batch = Batch<Packet>()
        var ledger = Ledger()
        var (count, earliest, latest) = (0, Int64.max, Int64.min)
        while reader.next(into: &batch, ledger: &ledger) {
            let records = batch.records
            for index in records.indices where records[index].time.isKnown {
                earliest = min(earliest, records[index].time.nanoseconds)
                latest = max(latest, records[index].time.nanoseconds)
            }
            count += records.count
        }
        if let row = ledger.rejections.first { throw Damage(description: "its blocks: \(row.reason)") }
        guard count == Int(member.packets) else {
            throw Damage(description: "it holds \(count) packets, and its header says \(member.packets)")
        }
        guard earliest == member.earliest, latest == member.latest else {
            throw Damage(description: "its packets have other times than its header says")
        }
    }
}
