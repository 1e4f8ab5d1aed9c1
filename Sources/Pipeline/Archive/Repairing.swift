internal import Bytes
public import Capture

/// Makes an archive of what can be read of a damaged one: whole members are copied as they stand, and of a torn one at its
/// end the packets that can be unpacked.
public final class Repairing {
    /// What could not be read.
    public struct Loss: Sendable {
        /// Octets of the file, and where they begin.
        public let octets: UInt64, offset: UInt64
        /// Packets of the new archive in front of it.
        public let behind: UInt64
        /// Packets that a lost member had by its header.
        public let packets: UInt32?
        /// Packets that were read of a torn member; nil for all other losses.
        public let found: Int?
        /// What is wrong, in words.
        public let what: String
    }

    /// What could not be read, in the order of the file.
    public private(set) var losses: [Loss] = []
    /// How many members were copied whole, of how many.
    public private(set) var members = (whole: 0, all: 0)
    /// How many packets the new archive has.
    public private(set) var packets: UInt64 = 0

    private let archive: ArchiveReading

    /// A repair of an archive.
    public init(_ archive: ArchiveReading) { self.archive = archive }

    /// Whether something is damaged in front of the end: that cannot be mended in place.
    public var isDamagedInside: Bool {
        !archive.index.gaps.isEmpty || archive.index.entries.contains { (try? archive.verify($0)) == nil }
    }

    /// Writes a new archive, until `progress` says false.
    public func run(into file: OutputFile, progress: (UInt64) -> Bool = { _ in true }) throws {
        let index = archive.index
        let copier = MemberCopier(archive)
        let summaries = CopySummaries()
        copier.summarise = { summaries.summary($0, $1) }
        var gaps = index.gaps[...]
        members.all = index.entries.count
        for (number, entry) in index.entries.enumerated() {
            guard progress(entry.offset) else { break }
            while let gap = gaps.first, gap.range.lowerBound < entry.offset {
                lose(gap, behind: copier.packets)
                gaps.removeFirst()
            }
            do throws(ArchiveReading.Damage) {
                _ = try copier.look(number)
                try copier.copy()
                members.whole += 1
            } catch {
                losses.append(
                    Loss(
                        octets: UInt64(entry.member.size), offset: entry.offset, behind: copier.packets,
                        packets: entry.member.packets, found: nil, what: error.description))
            }
            if copier.buffer.count > 1 << 20 { try file.write(members: copier.buffer) }
        }
        for gap in gaps { lose(gap, behind: copier.packets) }
        if let tail = index.tail {
            let before = copier.packets
            lose(tail, behind: before, copier.copyTorn())
        }
        packets = copier.packets
        try file.write(members: copier.buffer)
        try file.finishArchive()
    }

    private func lose(_ gap: ArchiveIndex.Gap, behind packets: UInt64) {
        losses.append(
            Loss(
                octets: UInt64(gap.range.count), offset: gap.range.lowerBound, behind: packets, packets: nil,
                found: nil,
                what: gap.words))
    }

    private func lose(_ tail: String, behind packets: UInt64, _ found: Int) {
        losses.append(
            Loss(
                octets: archive.index.tornOctets, offset: archive.index.end, behind: packets, packets: nil,
                found: found,
                what: tail))
    }

    /// Mends the end of an archive in its place.
    public func mend(_ path: String) throws {
        let index = archive.index
        packets = index.packets
        members = (index.entries.count, index.entries.count)
        guard let tail = index.tail else { return }
        let mended = archive.mended()
        let file = try OutputFile(path: path, from: index.end, of: index.size)
        try file.cutNow()
        if let mended { try file.write(mended.member.octets, .whole(records: mended.packets)) }
        lose(tail, behind: packets, mended?.packets ?? 0)
        packets += UInt64(mended?.packets ?? 0)
        try file.finishArchive()
        try file.close()
    }
}
