extension [UInt8] {
    /// The octets of the array as a span, for as long as the array is borrowed.
    public var octets: RawSpan {
        @_lifetime(borrow self)
        get {
            // In Swift 6.3 the compiler takes a span's bytes for unsafe; an octet has no padding to show.
            unsafe span.bytes
        }
    }
}
