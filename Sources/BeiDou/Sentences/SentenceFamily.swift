internal import Bytes
package import Records

/// The dialects whose messages are sentences: NMEA 0183, RDSS 2.1, and the regional service of BeiDou-3.
///
/// To a maintainer: ``SentenceCatalogue`` numbers the types; a layout that is added stands in the `all` of its dialect and
/// is found by its name, or by a rule of ``SentenceCatalogue`` where two layouts share a name.
package enum SentenceFamily: MessageFamily {
    package static let types: [MessageType] = SentenceCatalogue.shared.plans.map(\.type) + [UnknownSentence.type]

    /// The number of a sentence's type; a sentence that no layout names is `unknown`.
    package static func type(of message: RawSpan) -> Int {
        let catalogue = SentenceCatalogue.shared
        guard message.byteCount >= 9 else { return catalogue.unknown }
        let word = message.u64le(at: 1)
        // What follows a name of two letters, and one of three.
        let fourth = UInt8(truncatingIfNeeded: word &>> 32)
        let fifth = UInt8(truncatingIfNeeded: word &>> 40)
        let found: UInt16
        if fourth == ASCII.comma || fourth == ASCII.star {
            found = catalogue.find(UInt32(truncatingIfNeeded: (word &>> 16) & 0xFFFF))
        } else if fifth == ASCII.comma || fifth == ASCII.star {
            found = catalogue.find(UInt32(truncatingIfNeeded: (word &>> 16) & 0xFF_FFFF))
        } else {
            return catalogue.unknown
        }
        return found < SentenceCatalogue.firstRule ? Int(found) : catalogue.choose(found, message)
    }

    package static func decode(_ table: DecodedTable, type: Int) {
        guard table.count > 0 else { return }
        let catalogue = SentenceCatalogue.shared
        if type == catalogue.unknown { return UnknownSentence.decode(table) }
        SentenceDecoder(table, catalogue.plans[type]).run()
    }

    package static func encode(_ values: MessageValues, type: Int) throws(EncodingRefusal) -> [UInt8] {
        let catalogue = SentenceCatalogue.shared
        if type == catalogue.unknown { return try UnknownSentence.encode(values) }
        return try SentenceEncoder(values, catalogue.plans[type], type: type).sentence()
    }
}
