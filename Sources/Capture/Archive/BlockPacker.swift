package import Bytes

/// Packs the blocks of a pcapng of one little-endian section, which come piece by piece, into members of an archive.
package final class BlockPacker {
    /// Members that were not taken yet: the caller writes them out and empties it.
    package let buffer = ByteBuffer(capacity: 1 << 20)
    /// Says what the packets of a member are, by its header and its blocks.
    package var summarise: ((ArchiveMember, [UInt8]) -> [UInt8])?

    private let deflater: Deflater
    /// How the section stands behind what was packed; nil in front of it.
    private var section: ArchiveMember.Section?
    private var rawOctets: UInt64 = 0
    private var packets: UInt64 = 0

    /// A packer of an empty archive.
    package init(level: Int = ArchiveWriter.usualLevel) { deflater = Deflater(level: level) }

    /// Says which mission databases are in force, in front of all blocks; false where they are more than a header has room for.
    package func define(_ databases: [DatabaseIdentity]) -> Bool {
        guard let octets = DatabaseIdentity.octets(of: databases) else { return false }
        if !databases.isEmpty {
            buffer.append(ArchiveMember.definitions(octets, rawOffset: 0, packetsBefore: 0).octets)
        }
        return true
    }

    /// Packs whole blocks into a member.
    package func pack(_ blocks: RawSpan) {
        guard blocks.byteCount > 0 else { return }
        var member = ArchiveMember()
        (member.section, member.rawOffset, member.packetsBefore) = (section, rawOctets, packets)
        member.rawSize = UInt32(blocks.byteCount)
        let octets = blocks.copied()
        let reader = CaptureReader(member, blocks: octets)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) { member.count(batch) }
        if let summarise { member.tell(summarise(member, octets)) }
        member.pack(blocks, deflater, into: buffer)
        rawOctets += UInt64(blocks.byteCount)
        packets += UInt64(member.packets)
        var standing = ArchiveMember.Section()
        standing.interfaces = reader.interfaces
        section = standing
    }
}
