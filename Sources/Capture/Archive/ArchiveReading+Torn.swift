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
        let whole = Self.wholeBlocks(blocks.bytes, isBig: member.section?.isBig ?? false)
        guard whole > 0 else { return nil }
        var torn = ArchiveMember()
        torn.section = member.section
        return Torn(member: torn, blocks: blocks.bytes.slice(at: 0, count: whole).copied())
    }

    /// How many octets are whole blocks.
    private static func wholeBlocks(_ bytes: RawSpan, isBig: Bool) -> Int {
        var (at, isBig) = (0, isBig)
        while at + 12 <= bytes.byteCount {
            if bytes.u32(at: at) == BlockType.section { isBig = bytes.u32(at: at + 8) == 0x1A2B_3C4D }
            let count = Int(BlockFields(bytes.slice(at: at, count: 12), isBig: isBig).u32(at: 4))
            guard count >= 12, count % 4 == 0, at + count <= bytes.byteCount else { break }
            at += count
        }
        return at
    }

    /// What can be had of a torn member, as a member that stands in its place; nil where nothing can.
    public func mended() -> (member: [UInt8], packets: Int)? {
        guard let torn = torn() else { return nil }
        var member = torn.member
        let reader = CaptureReader(member, blocks: torn.blocks)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) {
            member.packets += UInt32(batch.count)
            for index in 0..<batch.count where batch[index].time.isKnown {
                member.earliest = min(member.earliest, batch[index].time.nanoseconds)
                member.latest = max(member.latest, batch[index].time.nanoseconds)
            }
        }
        guard member.packets > 0, ledger.rejections.isEmpty else { return nil }
        member.rawSize = UInt32(torn.blocks.count)
        (member.rawOffset, member.packetsBefore) = (index.rawOctets, index.packets)
        let packed = member.packed(torn.blocks.octets, Deflater(level: ArchiveWriter.usualLevel))
        return (packed, Int(member.packets))
    }
}
