internal import Bytes
package import Records

/// Every kind of message that Starlane knows, of all dialects, with one numbering: that of ``Unit/apid``.
public enum MessageTypes {
    /// Sentences first, then frames of protocol 4.0, then messages of JT/T 808.
    public static let all: [MessageType] = SentenceFamily.types + RDSS4Family.types + JTT808Family.types

    static let rdss4Base = SentenceFamily.types.count
    static let jtt808Base = rdss4Base + RDSS4Family.types.count

    /// Fills the needed columns of a table whose rows are messages of one type.
    package static func decode(_ table: DecodedTable, type: Int) {
        if type < rdss4Base {
            SentenceFamily.decode(table, type: type)
        } else if type < jtt808Base {
            RDSS4Family.decode(table, type: type - rdss4Base)
        } else {
            JTT808Family.decode(table, type: type - jtt808Base)
        }
    }

    /// Writes a message from named values: a sentence up to its check digits, a frame of 4.0 whole, a JT/T 808 frame whole
    /// and escaped.
    public static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8] {
        if type < rdss4Base { return try SentenceFamily.encode(values, type: type) }
        if type < jtt808Base { return try RDSS4Family.encode(values, type: type - rdss4Base) }
        return try JTT808Framing.frames(try JTT808Family.encode(values, type: type - jtt808Base))
    }
}
