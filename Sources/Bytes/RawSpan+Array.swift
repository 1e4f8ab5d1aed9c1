extension RawSpan {
    /// The octets in an array of their own.
    public func copied() -> [UInt8] {
        unsafe withUnsafeBytes { source in unsafe [UInt8](source) }
    }
}

extension [UInt8] {
    /// Adds octets at the end.
    public mutating func append(_ bytes: RawSpan) { unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) } }

    /// The octets of the array as a span, for as long as the array is borrowed.
    @inlinable
    public var octets: RawSpan {
        @_lifetime(borrow self)
        get { unsafe span.bytes }
    }
}

extension Span where Element: BitwiseCopyable {
    /// The octets of the elements, in the order of the machine.
    @inlinable
    public var octets: RawSpan {
        @_lifetime(copy self)
        get { unsafe bytes }
    }
}
