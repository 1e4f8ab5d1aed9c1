internal import Bytes

/// The section header and the interfaces of a section, as blocks: what a part of the section needs in front of itself to be a
/// pcapng of its own.
struct SectionBlocks {
    /// The blocks.
    private(set) var octets: [UInt8] = []
    /// How many interfaces there are.
    private(set) var count = 0
    /// Whether its most significant octets come first.
    let isBig: Bool

    /// A section from its first block.
    init(_ header: RawSpan) {
        octets = header.copied()
        isBig = header.u32(at: 8) == 0x1A2B_3C4D
    }

    /// A section as the header of a member tells it, where its own blocks are lost: without names.
    init(_ section: ArchiveMember.Section) {
        isBig = section.isBig
        append(
            BlockType.section,
            [number(0x1A2B_3C4D as UInt32), number(1 as UInt16), number(0 as UInt16)]
                + [number(UInt64.max)])
        for interface in section.interfaces {
            var body = [number(UInt16(truncatingIfNeeded: interface.linkType.rawValue)), number(0 as UInt16)]
            body += [number(interface.snapLength), number(9 as UInt16), number(1 as UInt16)]
            body += [[interface.resolution, 0, 0, 0], number(14 as UInt16), number(8 as UInt16)]
            body += [number(UInt64(bitPattern: interface.timeOffset)), number(0 as UInt32)]
            append(BlockType.interface, body)
            count += 1
        }
    }

    /// Adds an interface.
    mutating func append(interface block: RawSpan) {
        octets += block.copied()
        count += 1
    }

    /// The interfaces.
    var interfaces: [Interface] {
        let reader = CaptureReader(name: "", bytes: octets)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) {}
        return reader.interfaces
    }

    private mutating func append(_ type: UInt32, _ body: [[UInt8]]) {
        let body = Array(body.joined())
        let length = number(UInt32(body.count + 12))
        octets += number(type) + length + body + length
    }

    private func number(_ value: some FixedWidthInteger) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(le: isBig ? value.byteSwapped : value)
        return octets
    }
}
