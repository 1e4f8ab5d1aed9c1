import Bytes

/// The fields of one pcapng block, in the order of octets of its section.
struct BlockFields: ~Escapable {
    /// The whole block, from its type to its second length.
    let bytes: RawSpan
    let isBig: Bool

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, isBig: Bool) {
        self.bytes = bytes
        self.isBig = isBig
    }

    /// Two octets at `offset`.
    func u16(at offset: Int) -> UInt16 { isBig ? bytes.u16(at: offset) : bytes.u16le(at: offset) }
    /// Four octets at `offset`.
    func u32(at offset: Int) -> UInt32 { isBig ? bytes.u32(at: offset) : bytes.u32le(at: offset) }

    /// A time stamp: its upper half first, whatever the order.
    func stamp(at offset: Int) -> UInt64 { UInt64(u32(at: offset)) << 32 | UInt64(u32(at: offset + 4)) }

    /// Calls `body` with code, offset and length of each option from `offset` on, until the end mark, the end of the block
    /// or an option that does not fit; `body` says whether to go on.
    func forEachOption(from offset: Int, _ body: (_ code: UInt16, _ at: Int, _ length: Int) -> Bool) {
        let end = bytes.byteCount - 4
        var at = offset
        while at + 4 <= end {
            let code = u16(at: at)
            let length = Int(u16(at: at + 2))
            if code == 0 || at + 4 + length > end || !body(code, at + 4, length) { return }
            at += 4 + (length + 3) / 4 * 4
        }
    }

    /// Whether a comment is among the options from `offset` on.
    func hasComment(from offset: Int) -> Bool {
        var found = false
        forEachOption(from: offset) { code, _, _ in
            found = code == 1
            return !found
        }
        return found
    }

    /// The text of an option, cut after 512 octets, without zeros at its end.
    func text(at offset: Int, _ length: Int) -> String {
        var octets: [UInt8] = []
        for index in 0..<min(length, 512) { octets.append(bytes.u8(at: offset + index)) }
        while octets.last == 0 { octets.removeLast() }
        return String(decoding: octets, as: UTF8.self)
    }
}
