internal import Bytes
package import Records

/// RDSS terminal protocol 4.0: binary frames. Source: beidou-rdss-4.0.md.
///
/// Every number is decoded from a flat table of layouts, ``RDSS4Layouts``. Raw values are the numbers as they stand: of
/// an address all 24 bits, of a coordinate its four octets as one number, of a flag its bit.
package enum RDSS4Family: MessageFamily {
    /// A type for each sentence, two where a name has two forms, and one for names that are not known.
    package static let types: [MessageType] = RDSS4Layouts.all.map(\.type)

    /// The number of the type of a whole frame.
    package static func type(of message: RawSpan) -> Int { RDSS4Names.all.type(of: message) }

    /// Fills the needed columns of a table.
    package static func decode(_ table: DecodedTable, type: Int) {
        RDSS4Decoder(table: table, layout: RDSS4Layouts.all[type]).decode()
    }

    /// Writes a frame: the values that are given, zeros or what the layout recommends for the others.
    package static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8] {
        var encoder = RDSS4Encoder(values: values, type: type)
        return try encoder.frame()
    }
}
