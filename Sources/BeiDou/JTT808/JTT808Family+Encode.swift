internal import Bytes

extension JTT808Family {
    /// Writes a message: header and body, to be framed by ``JTT808Framing/frames(_:)``. A body over 1023 octets is
    /// written in one piece.
    ///
    /// A value that is given several times (as it is read, as it stands, as a bit of another one) has to be the same.
    /// Without `version` a message that both editions have gets the header of 2013.
    ///
    /// - Throws: what cannot be written, what is missing, and names that the type does not have.
    package static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8] {
        guard JTT808Kind.layouts.indices.contains(type) else {
            throw EncodingRefusal(nil, "there is no type \(type); there are \(JTT808Kind.layouts.count)")
        }
        var writer = JTT808Writer(values, JTT808Kind.layouts[type])
        let message = try writer.message()
        let read = Self.type(of: message.octets)
        guard read == type || type == entryType else {
            throw EncodingRefusal(
                nil, "written so it would be read as '\(types[read].title)', not '\(types[type].title)'")
        }
        return message
    }
}
