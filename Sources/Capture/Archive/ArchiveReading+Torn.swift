internal import Bytes
internal import Glibc

extension ArchiveReading {
    /// A member that was torn: what its header says of its section, and the whole blocks that can be had of it.
    struct Torn {
        let member: ArchiveMember
        let blocks: [UInt8]
    }

    /// What is left of the member behind the last whole one; nil where nothing is.
    func torn() -> Torn? {
        guard index.tail != nil, let octets = octets(from: index.end, to: index.size),
            let member = try? ArchiveMember(octets.octets), member.kind == .blocks
        else { return nil }
        let source = GzipSource(MemorySource(octets))
        let blocks = ByteBuffer(capacity: 1 << 16)
        while source.ending == nil, blocks.count <= Int(member.rawSize) {
            let got = unsafe blocks.fill(room: 1 << 16) { unsafe source.read(into: $0) }
            if got == 0 { break }
        }
        let whole = BlockRow.all(in: blocks.bytes, isBig: member.section?.isBig ?? false).last?.end ?? 0
        guard whole > 0 else { return nil }
        var torn = ArchiveMember()
        torn.section = member.section
        return Torn(member: torn, blocks: blocks.bytes.slice(at: 0, count: whole).copied())
    }

    /// What can be had of a torn member, as a member that stands in its place; nil where nothing can.
    public func mended() -> (member: [UInt8], packets: Int)? {
        guard let torn = torn() else { return nil }
        var member = torn.member
        let reader = CaptureReader(member, blocks: torn.blocks)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) { member.count(batch) }
        guard member.packets > 0, ledger.rejections.isEmpty else { return nil }
        member.rawSize = UInt32(torn.blocks.count)
        (member.rawOffset, member.packetsBefore) = (index.rawOctets, index.packets)
        let packed = ByteBuffer(capacity: torn.blocks.count)
        let blocks = torn.blocks
        member.pack(blocks.octets, Deflater(level: ArchiveWriter.usualLevel), into: packed)
        return (packed.bytes.copied(), Int(member.packets))
    }
}
