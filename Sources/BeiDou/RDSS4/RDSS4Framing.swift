internal import Bytes

/// How frames of RDSS 4.0 stand in a stream: `$`, four capital letters, the length of the whole frame (two octets, high
/// first), three octets of address, the body, and the XOR of all octets in front. Source: beidou-rdss-4.0.md, Frame.
///
/// There is no escape, so `$` may stand in a body: a frame is one when name, length and check agree. A text sentence is
/// never taken for one: behind `$` and four letters it has a printable octet, 0x2A or more, where a frame has the high
/// octet of its length, which is 8 at the most.
package enum RDSS4Framing {
    /// What stands at `start`.
    ///
    /// - Parameters:
    ///   - window: the octets that are there.
    ///   - isLast: no more will come. A frame that is cut off gives way to another one that begins inside it.
    package static func frame(_ window: RawSpan, at start: Int, isLast: Bool) -> Framing {
        let available = window.byteCount &- start
        guard start >= 0, available >= 8 else { return beginning(window, at: start) }
        let head = window.u64(at: start)
        let length = Int(head &>> 8 & 0xFFFF)
        guard head &>> 56 == 0x24, length >= RDSS4Layout.shortest, length <= RDSS4Layout.longest else { return .none }
        let letters = UInt32(truncatingIfNeeded: head &>> 24)
        guard areCapitals(letters) else { return .none }
        let entry = RDSS4Names.all.entry(letters)
        if let entry, length > Int(entry.longest) { return .none }
        guard length <= available else {
            guard isLast, let next = nextFrame(window, after: start) else { return .needs(length) }
            return .bad(next &- start, "RDSS 4.0 frame is cut off by another")
        }
        if parity(window.slice(at: start, count: length)) == 0 { return .whole(length) }
        guard entry != nil else { return .none }
        return .bad(octetsToReject(window, at: start, length: length), "check of an RDSS 4.0 frame is wrong")
    }

    /// The XOR of all octets; 0 for a whole frame with its check.
    @inline(__always)
    static func parity(_ bytes: RawSpan) -> UInt8 {
        var wide: UInt64 = 0
        var index = 0
        while index &+ 8 <= bytes.byteCount {
            wide ^= bytes.u64(at: index)
            index &+= 8
        }
        var folded = UInt32(truncatingIfNeeded: wide ^ wide &>> 32)
        if index &+ 4 <= bytes.byteCount {
            folded ^= bytes.u32(at: index)
            index &+= 4
        }
        folded ^= folded &>> 16
        var narrow = UInt8(truncatingIfNeeded: folded ^ folded &>> 8)
        while index < bytes.byteCount {
            narrow ^= bytes.u8(at: index)
            index &+= 1
        }
        return narrow
    }

    /// Whether all four octets are A to Z.
    @inline(__always)
    static func areCapitals(_ letters: UInt32) -> Bool {
        // Bit 7 of each octet: set in the first sum from A on, in the second behind Z. Octets below 0x80 carry nothing
        // into the next one.
        letters & 0x8080_8080 == 0
            && ~(letters &+ 0x3F3F_3F3F) & 0x8080_8080 == 0 && (letters &+ 0x2525_2525) & 0x8080_8080 == 0
    }

    /// Fewer than eight octets: whether a frame may begin with them.
    private static func beginning(_ window: RawSpan, at start: Int) -> Framing {
        guard start >= 0, start < window.byteCount, window.u8(at: start) == 0x24 else { return .none }
        let available = window.byteCount - start
        for index in 1..<max(2, min(5, available)) where index < available {
            guard (0x41...0x5A).contains(window.u8(at: start + index)) else { return .none }
        }
        guard available > 5 else { return .needs(RDSS4Layout.shortest) }
        guard Int(window.u8(at: start + 5)) <= RDSS4Layout.longest >> 8 else { return .none }
        guard available > 6 else { return .needs(RDSS4Layout.shortest) }
        let length = Int(window.u16(at: start + 5))
        guard length >= RDSS4Layout.shortest, length <= RDSS4Layout.longest else { return .none }
        let letters = UInt32(window.u8(at: start + 1)) << 24 | window.u24(at: start + 2)
        if let entry = RDSS4Names.all.entry(letters), length > Int(entry.longest) { return .none }
        return .needs(length)
    }

    /// How far to go after a wrong check: to the next dollar sign, since the length may be what is wrong and a good
    /// frame may begin inside; or behind the frame.
    private static func octetsToReject(_ window: RawSpan, at start: Int, length: Int) -> Int {
        var count = 1
        while count < length, window.u8(at: start &+ count) != 0x24 { count &+= 1 }
        return count
    }

    /// Where the next frame with a known name begins.
    private static func nextFrame(_ window: RawSpan, after start: Int) -> Int? {
        var place = start + 1
        while place + RDSS4Layout.shortest <= window.byteCount {
            let letters = window.u32(at: place + 1)
            // The table's empty places have no letters.
            if window.u8(at: place) == 0x24, areCapitals(letters), let entry = RDSS4Names.all.entry(letters) {
                let length = Int(window.u16(at: place + 5))
                if length >= RDSS4Layout.shortest, length <= Int(entry.longest) { return place }
            }
            place += 1
        }
        return nil
    }
}
