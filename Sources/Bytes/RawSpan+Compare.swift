internal import Glibc

extension RawSpan {
    /// Whether both hold the same octets.
    public func isEqual(to other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        return unsafe withUnsafeBytes { a in
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
