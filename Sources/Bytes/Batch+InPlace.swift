extension Batch {
    /// All records, to be changed where they stand.
    @inlinable
    public var mutableRecords: MutableSpan<Record> {
        @_lifetime(&self)
        mutating get {
            // The storage is this batch's own, and `count` records of it are initialized.
            let span = unsafe MutableSpan(_unsafeStart: storage, count: count)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }
}
