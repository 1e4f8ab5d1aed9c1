internal import Bytes

/// One of the blocks of a pcapng that stand one behind the other.
struct BlockRow {
    let type: UInt32
    /// Where it begins.
    let at: Int
    /// Octets of it.
    let count: Int

    /// Where it ends.
    var end: Int { at + count }
    /// Whether it holds a packet.
    var isPacket: Bool { [BlockType.enhancedPacket, BlockType.simplePacket, BlockType.packet].contains(type) }

    /// The blocks of some octets, up to the first that is not whole.
    ///
    /// - Parameter isBig: whether the section that the first of them stands in is big-endian.
    static func all(in bytes: RawSpan, isBig: Bool) -> [BlockRow] {
        var rows: [BlockRow] = []
        var (at, isBig) = (0, isBig)
        while at + 12 <= bytes.byteCount {
            if bytes.u32(at: at) == BlockType.section { isBig = bytes.u32(at: at + 8) == 0x1A2B_3C4D }
            let block = BlockFields(bytes.slice(at: at, count: 12), isBig: isBig)
            let row = BlockRow(type: block.u32(at: 0), at: at, count: Int(block.u32(at: 4)))
            guard row.count >= 12, row.count % 4 == 0, row.end <= bytes.byteCount else { break }
            rows.append(row)
            at = row.end
        }
        return rows
    }
}
