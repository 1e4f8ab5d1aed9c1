/// What makes many numbers of one seed (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
@frozen
package struct SplitMix64: Sendable {
    @usableFromInline var state: UInt64

    /// A generator of a seed.
    @inlinable
    package init(_ seed: UInt64) { state = seed }

    /// The next number.
    @inlinable @inline(__always)
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed &>> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed &>> 31
    }
}
