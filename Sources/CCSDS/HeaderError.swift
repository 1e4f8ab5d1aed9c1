/// Why octets are no header of the kind that was asked for, or values make none.
public enum HeaderError: Error, Sendable, Equatable {
    /// There are fewer octets than the header needs.
    case tooShort(needed: Int, present: Int)
    /// The version bits are those of something else.
    case version(found: Int, expected: Int)
    /// The length field is less than the header itself.
    case length(found: Int, least: Int)
    /// A value does not fit its field; the field's name in the standard's words.
    case outOfRange(String)
}

/// Refuses a value that does not fit its field.
func fits(_ isRight: Bool, _ field: String) throws(HeaderError) {
    if !isRight { throw .outOfRange(field) }
}
