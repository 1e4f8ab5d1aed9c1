extension [UInt8] {
    /// Adds an integer, most significant octet first.
    @inlinable
    package mutating func append<Value: FixedWidthInteger>(big value: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Adds an integer, least significant octet first.
    @inlinable
    package mutating func append<Value: FixedWidthInteger>(le value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// Puts an integer over octets that are there, least significant first.
    package mutating func set<Value: FixedWidthInteger>(le value: Value, at place: Int) {
        for index in 0..<Value.bitWidth / 8 {
            self[place + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
        }
    }
}
