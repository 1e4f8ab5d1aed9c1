import BeiDou
import Testing

private func encode(_ parameters: [String: FieldValue], form: ContentForm? = nil) throws -> EncodedContent {
    try ContentCoding.encode(MessageValues(parameters: parameters), form: form)
}

private let place: [String: FieldValue] = [
    "time_of_day": .text("08:49:36.50"), "latitude": .number(23.5), "longitude": .integer(113), "height": .number(-12),
    "height_anomaly": .integer(3),
]

@Suite struct ContentValuesTests {
    @Test func aTextOrOctetsOrAPositionIsTheContent() throws {
        #expect(hexText(try encode(["text": .text("你")]).octets) == "C4E3")
        #expect(hexText(try encode(["text": .text("12")], form: .mixed).octets) == "A43132")
        #expect(hexText(try encode(["content": .octets([1, 2])]).octets) == "A40102")
        #expect(hexText(try encode(["content": .octets([1, 2])], form: .code).octets) == "0102")
        let raw = MessageValues(raws: ["content": .octets([1, 2])])
        #expect(hexText(try ContentCoding.encode(raw, form: nil).octets) == "A40102")
        let position = ContentCoding.decode(try encode(place).octets, form: .code).position
        #expect(
            position
                == PositionPayload(hundredths: 3_177_650, latitude: 23.5, longitude: 113, height: -12, heightAnomaly: 3)
        )
    }

    @Test func whatIsDecodedCanBeEncodedAgain() throws {
        let both: [String: FieldValue] = [
            "text": .text("a你"), "content": .octets([0x61, 0xC4, 0xE3]), "lead": .integer(0xA4),
        ]
        #expect(hexText(try encode(both, form: .mixed).octets) == "A461C4E3")
        let odd: [String: FieldValue] = ["text": .text("123"), "content": .octets([0x12, 0x3F])]
        #expect(try encode(odd, form: .code).wireBits == 12)
    }

    @Test func timesMayHaveNoFraction() throws {
        for (time, hundredths) in [("00:00:01", 100), ("00:00:01.5", 150), ("23:59:59.99", 8_639_999)] {
            let octets = try encode(place.merging(["time_of_day": .text(time)]) { $1 }).octets
            #expect(PositionPayload(octets)?.hundredths == hundredths)
        }
        for time in [
            "", "8:49:36", "24:00:00", "00:60:00", "00:00:60", "00:00:00.", "00:00:00.123", "00-00-00", "००:००:००",
        ] {
            #expect(
                refusal { _ = try encode(place.merging(["time_of_day": .text(time)]) { $1 }) }
                    == "time_of_day: has to be a time as 08:49:36.50")
        }
    }

    @Test func whatDoesNotAgreeIsRefused() {
        #expect(refusal { _ = try encode([:]) } == "text: is missing; give text, content, or a position")
        #expect(
            refusal { _ = try encode(["text": .text("a"), "content": .octets([0x62])]) }
                == "content: and text mean different octets; give one of them")
        #expect(
            refusal { _ = try encode(["text": .text("a"), "lead": .integer(0xA0)]) }
                == "lead: is the content's first octet; leave it out")
        #expect(refusal { _ = try encode(["text": .integer(5)]) } == "text: has to be a text")
        #expect(refusal { _ = try encode(["content": .text("00")]) } == "content: has to be octets")
        #expect(
            refusal { _ = try encode(place.filter { $0.key != "height" }) }
                == "height: is missing; a position payload has time, latitude, longitude and height")
        #expect(
            refusal { _ = try encode(place.merging(["height": .number(1.5)]) { $1 }) }
                == "height: whole metres have room, here is 1.5")
        #expect(refusal { _ = try encode(place.merging(["height": .number(.nan)]) { $1 }) }.hasPrefix("height:"))
    }
}
