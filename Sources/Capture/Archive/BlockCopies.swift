internal import Bytes

/// What a reader leaves behind, as blocks of a pcapng: those of a pcapng octet for octet, and what is no block of any
/// capture, which the format has no place for, in blocks of our own.
///
/// The blocks of our own have the type `0x80534C44` of those that are for local use (draft-ietf-opsawg-pcapng, section
/// 11.1), so that other programs pass them:
///
///     type  length  1  offset in the source (64 bits)  octets  …  padding  length       all in the order of the section
final class BlockCopies {
    /// The blocks.
    let buffer = ByteBuffer(capacity: 1 << 20)
    /// Whether the source is a pcapng, whose blocks are copied.
    let isVerbatim: Bool

    static var lostType: UInt32 { 0x8053_4C44 }
    /// Octets that one of these blocks holds at most.
    private static var longest: Int { 1 << 20 }

    init(isVerbatim: Bool) { self.isVerbatim = isVerbatim }

    /// Adds octets that are no blocks.
    func append(lost octets: RawSpan, at offset: UInt64, isBig: Bool) {
        var at = 0
        while at < octets.byteCount {
            let count = min(Self.longest, octets.byteCount - at)
            let padded = (count + 3) & ~3
            let length = UInt32(truncatingIfNeeded: 32 + padded)
            let place = offset + UInt64(at)
            buffer.append(room: 28) { out in
                // The upper half of the offset first, as in time stamps.
                let words = [
                    Self.lostType, length, 1, UInt32(truncatingIfNeeded: place >> 32),
                    UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: count), 0,
                ]
                for word in words { out.append(le: isBig ? word.byteSwapped : word) }
            }
            buffer.append(octets.slice(at: at, count: count))
            buffer.appendZeros(padded - count)
            buffer.append(room: 4) { $0.append(le: isBig ? length.byteSwapped : length) }
            at += count
        }
    }
}
