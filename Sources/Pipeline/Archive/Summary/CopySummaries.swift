internal import Bytes
internal import Capture

/// Summaries of members that are copied into another archive, in which others stand in front of them.
final class CopySummaries {
    private let summariser = Summariser(firstInterface: 0)
    /// The interfaces of the new archive.
    private var interfaces: [Interface] = []
    private var batch = Batch<Packet>()

    /// What the packets are of a member, by its header in the new archive and its blocks.
    func summary(_ member: ArchiveMember, _ blocks: [UInt8]) -> [UInt8] {
        let reader = CaptureReader(member, blocks: blocks)
        // A section that begins here has its interfaces behind all others.
        let first = member.section?.firstInterface ?? interfaces.count
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) {
            interfaces.replaceSubrange(min(first, interfaces.count)..., with: reader.interfaces)
            for index in 0..<batch.count {
                batch[index].number &+= member.packetsBefore
                batch[index].offset &+= member.rawOffset
                batch[index].interface &+= UInt32(first)
            }
            summariser.look(batch, interfaces: interfaces)
        }
        return summariser.summary()?.octets ?? []
    }
}
