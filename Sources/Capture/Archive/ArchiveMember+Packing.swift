internal import Bytes

extension ArchiveMember {
    /// Adds the whole member: its header, blocks compressed, check and length.
    mutating func pack(_ blocks: RawSpan, _ deflater: Deflater, into out: ByteBuffer) {
        let (start, head) = (out.count, headerSize)
        out.appendZeros(head)
        let count = deflater.compress(blocks, into: out)
        let check = Deflate.crc32(blocks)
        out.append(room: Self.trailerSize) { room in
            room.append(le: check)
            room.append(le: UInt32(truncatingIfNeeded: blocks.byteCount))
        }
        size = UInt32(head + count + Self.trailerSize)
        out.replace(at: start, with: header().octets)
    }
}
