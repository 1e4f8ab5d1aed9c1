internal import Glibc

extension RawSpan {
    /// Whether both hold the same octets.
    @inlinable
    public func isEqual(to other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        // Names and values are short, and a call costs more than they do.
        guard byteCount <= 32 else { return isLongEqual(to: other) }
        var place = 0
        while place &+ 8 <= byteCount {
            guard u64(at: place) == other.u64(at: place) else { return false }
            place &+= 8
        }
        while place < byteCount {
            guard u8(at: place) == other.u8(at: place) else { return false }
            place &+= 1
        }
        return true
    }

    @usableFromInline
    func isLongEqual(to other: RawSpan) -> Bool {
        unsafe withUnsafeBytes { a in
            unsafe other.withUnsafeBytes { b in
                // Both spans are borrowed, of one length, and read only.
                guard let a = a.baseAddress, let b = b.baseAddress else { return true }
                return unsafe memcmp(a, b, byteCount) == 0
            }
        }
    }

    /// Whether `octets` stand at `offset`; false when they do not all lie inside.
    public func holds(_ octets: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset <= byteCount, byteCount - offset >= octets.count else { return false }
        for index in octets.indices where u8(at: offset &+ index) != octets[index] { return false }
        return true
    }
}
