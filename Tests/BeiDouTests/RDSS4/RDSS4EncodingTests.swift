import BeiDou
import Bytes
import Records
import Support
import Testing

struct RDSS4EncodingTests {
    @Test func everyLayoutComesBackToTheSameOctets() throws {
        var random = SeededGenerator(seed: 1)
        for type in RDSS4Family.types.indices {
            for _ in 0..<60 {
                let frame = try #require(
                    RDSS4.randomFrame(type, &random), "no frame of \(RDSS4Family.types[type].name), \(type)")
                let values = RDSS4.everything(frame)
                do throws(EncodingRefusal) {
                    let written = try RDSS4Family.encode(values, type: type)
                    #expect(written == frame, "\(RDSS4Family.types[type].name)")
                } catch {
                    Issue.record("\(RDSS4Family.types[type].name) \(hex(frame)): \(error)")
                    return
                }
            }
        }
    }

    @Test func whatPeopleReadIsEnoughToSayTheSame() throws {
        var random = SeededGenerator(seed: 2)
        var written = 0
        for type in RDSS4Family.types.indices {
            for _ in 0..<200 {
                guard let frame = RDSS4.randomFrame(type, &random) else { continue }
                let reading = RDSS4Reading(frame)
                var values = RDSS4.everything(frame)
                let areRight = RDSS4Family.types[type].parameters.indices.allSatisfy {
                    [.valid, .notIncluded].contains(reading.validity($0))
                }
                guard areRight else { continue }
                values.raws = [:]
                do throws(EncodingRefusal) {
                    let again = try RDSS4Family.encode(values, type: type)
                    #expect(RDSS4.everything(again).parameters == values.parameters)
                    written += 1
                } catch {
                    Issue.record("\(RDSS4Family.types[type].name) \(hex(frame)): \(error)")
                    return
                }
            }
        }
        #expect(written > 3_000)
    }

    private func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test func whatIsNotGivenIsWhatApplicationsSend() throws {
        #expect(try RDSS4.encode("ICJC", [:]) == octets("2449434A43000C000000002B"))
        #expect(try RDSS4.encode("GLJC", ["frequency": .integer(1)]) == octets("24474C4A43000C000000012B"))
        #expect(
            try RDSS4.encode("DWSQ", [:]) == octets("24445753510016000000 0400000000000000000000 27"))
        #expect(try RDSS4.values(RDSS4.encode("ZJXX", [:]))["battery"] == .integer(100))
        #expect(
            try RDSS4.values(RDSS4.encode("JSZL", form: 1, [:]))["word"] == .octets([0x55, 0x55, 0x55]))
        #expect(try RDSS4.values(RDSS4.encode("TXSQ", [:]))["form"] == .text("chinese"))
    }

    @Test func messagesAreWrittenFromTextAndFromOctets() throws {
        let mixed = try RDSS4.encode("TXSQ", ["receiver": .integer(9), "text": .text("HELLO")])
        #expect(Array(mixed[10...]) == [0x46, 0, 0, 9, 0, 48, 0, 0xA4] + Array("HELLO".utf8) + [mixed.last ?? 0])
        let code = try RDSS4.encode("TXXX", ["form": .text("code"), "text": .text("12F")])
        #expect(Array(code[10..<20]) == [0x60, 0, 0, 0, 0, 0, 0, 12, 0x12, 0xFF])
        let chinese = try RDSS4.encode(
            "TXSQ", ["form": .text("chinese"), "class": .text("express"), "content": .octets([0xCE, 0xD2])])
        #expect(chinese[10] == 0x40 && chinese[15] == 16)
        let text = try RDSS4.encode("TXSQ", ["text": .text("我爱你")])
        #expect(Array(text[10...]) == octets("440000000030 00ced2b0aec4e3") + [text.last ?? 0])
        // Content of the mixed form gets its A4; what is code stands by itself.
        let payload = try RDSS4.encode("TXXX", ["form": .text("code"), "content": .octets([0xA0, 1])])
        #expect(Array(payload[18..<20]) == [0xA0, 1])
        for given: [UInt8] in [[7], [0xA4, 7]] {
            let mixed = try RDSS4.encode("TXXX", ["form": .text("mixed"), "content": .octets(given)])
            #expect(Array(mixed[18..<20]) == [0xA4, 7])
        }
    }

    @Test func aPositionIsPutIntoAMessage() throws {
        let given: [String: FieldValue] = [
            "latitude": .number(22.5), "longitude": .number(113.25), "height": .integer(-21),
            "height_anomaly": .integer(7), "time_of_day": .text("08:49:36.50"),
        ]
        let read = RDSS4.values(try RDSS4.encode("TXXX", given))
        for (name, value) in given where name != "height" && name != "height_anomaly" { #expect(read[name] == value) }
        #expect(read["height"] == .number(-21) && read["height_anomaly"] == .number(7))
        #expect(read["lead"] == .integer(0xA0))
        #expect(RDSS4.refusal("TXXX", ["latitude": .number(64), "longitude": .number(1)])?.parameter == "latitude")
        #expect(RDSS4.refusal("TXXX", ["latitude": .number(.nan), "longitude": .number(1)])?.parameter == "latitude")
    }

    @Test func aTesterMayWriteAWrongLengthByName() throws {
        let content: [String: FieldValue] = ["form": .text("code"), "content": .octets([0x12, 0x34])]
        let octets = try RDSS4.encode("TXSQ", content.merging(["length_state": .text("octets")]) { $1 })
        #expect(octets[15] == 2)
        let wrong: [String: FieldValue] = ["length_state": .text("wrong"), "length": .integer(99)]
        #expect(try RDSS4.encode("TXSQ", content.merging(wrong) { $1 })[15] == 99)
        #expect(RDSS4.refusal("TXSQ", content.merging(["length_state": .text("wrong")]) { $1 })?.parameter == "length")
        #expect(RDSS4.refusal("TXSQ", content.merging(["length": .integer(99)]) { $1 })?.parameter == "length")
        // Of one octet, "octets" cannot be told from bits.
        #expect(
            RDSS4.refusal(
                "TXSQ",
                ["form": .text("code"), "content": .octets([0x12]), "length_state": .text("octets")])?.parameter
                == "length_state")
    }

    @Test(arguments: [
        ("XTZJ", "frequency", FieldValue.integer(65_536)), ("XTZJ", "frequency", .integer(-1)),
        ("XTZJ", "frequency", .text("1")), ("XTZJ", "address", .integer(0x20_0000)), ("XTZJ", "colour", .integer(1)),
        ("DWXX", "longitude", .number(-1)), ("DWXX", "longitude", .number(180.1)), ("DWXX", "latitude", .number(90.1)),
        ("DWXX", "latitude", .number(.nan)), ("DWXX", "height", .number(20_000)), ("DWXX", "height", .number(.nan)),
        ("DWXX", "height_anomaly", .integer(256)), ("DWXX", "time_of_day", .text("8:49:36")),
        ("DWXX", "time_of_day", .text("24:00:00")), ("DWXX", "emergency", .text("yes")),
        ("DWXX", "origin", .text("mine")), ("DWSQ", "pressure", .number(-1)), ("DWSQ", "temperature", .number(300)),
        ("DWSQ", "pressure", .number(.infinity)), ("GNPX", "latitude", .number(-91)),
        ("CKSC", "rate", .text("14400")), ("BSSZ", "beams", .list([.integer(1)])),
        ("BSSZ", "beams", .list([1, 2, 3, 4, 5, 256].map(FieldValue.integer))), ("GLXX", "information", .octets([1])),
        ("ZJXX", "battery", .integer(101)), ("SJXX", "utc", .text("2026-02-29T00:00:00Z")),
        ("SJXX", "utc", .text("2026-02-28")), ("FKXX", "wait", .integer(5)), ("FKXX", "sentence", .text("txsq")),
        ("ICXX", "frame", .integer(256)), ("TXHZ", "sent_times", .list([.text("08:49")])),
        ("BBXX", "version", .text("😀")), ("TXSQ", "form", .text("morse")), ("TXSQ", "content", .text("12")),
        ("TXSQ", "content", .octets([1])), ("TXSQ", "text", .text("😀")), ("HXSZ", "body", .integer(1)),
    ])
    func valuesThatDoNotFitAreRefused(name: String, parameter: String, value: FieldValue) {
        let refusal = RDSS4.refusal(name, [parameter: value])
        #expect(refusal != nil, "\(name) \(parameter)")
        #expect(refusal?.reason.isEmpty == false)
    }

    @Test func refusalsSayWhatWasFoundAndWhatIsAllowed() {
        #expect(
            RDSS4.refusal("XTZJ", ["frequency": .integer(65_536)])?.description
                == "frequency: 65536 is given; 0 to 65535 is allowed")
        #expect(
            RDSS4.refusal("XTZJ", ["colour": .integer(1)])?.description
                == "colour: XTZJ has no such parameter; it has address, frequency, extra")
        #expect(
            RDSS4.refusal("DWXX", ["longitude": .number(-1)])?.description
                == "longitude: -1.0 is given; 0 to 180 degrees is allowed")
    }

    @Test func valuesThatContradictEachOtherAreRefused() {
        #expect(
            RDSS4.refusal("DWXX", ["category": .integer(0), "emergency": .boolean(true)])?.parameter == "category")
        #expect(RDSS4.refusal("XTZJ", ["frequency": .integer(5)], raws: ["frequency": .integer(6)]) != nil)
        #expect(RDSS4.refusal("XTZJ", ["frequency": .integer(5)], raws: ["frequency": .integer(5)]) == nil)
        #expect(
            RDSS4.refusal("FKXX", ["kind": .text("frequency_not_reached"), "sentence": .text("TXSQ")])?.parameter
                == "sentence")
        #expect(RDSS4.refusal("DWSQ", ["height_kind": .text("high")])?.parameter == nil)
        #expect(RDSS4.refusal("ICXX", ["frame": .integer(1)]) != nil)
        #expect(RDSS4.refusal("TXSQ", form: 1, ["category": .integer(0x44)]) != nil)
        #expect(
            RDSS4.refusal("TXSQ", ["form": .text("code"), "content": .octets([0xA4, 0x31])])?.parameter == "form")
        let text: [String: FieldValue] = ["form": .text("mixed"), "content": .octets([0x31]), "text": .text("2")]
        #expect(RDSS4.refusal("TXSQ", text)?.parameter == "text")
    }

    @Test func nothingIsWrittenThatAReaderWouldNotBelieve() {
        let long = FieldValue.octets([UInt8](repeating: 0x12, count: 2_031))
        #expect(RDSS4.refusal("TXSQ", ["form": .text("code"), "content": long]) != nil)
        #expect(RDSS4.refusal("XTZJ", ["extra": .octets([UInt8](repeating: 0, count: 116))]) != nil)
        #expect(RDSS4.refusal("unknown", ["frame_name": .text("DWXX")]) != nil)
        #expect(RDSS4.refusal("unknown", [:])?.parameter == "frame_name")
        #expect(RDSS4.refusal("SJXX", [:])?.parameter == "utc")
    }

    @Test func aSelfDestructIsWrittenOnlyWithItsWord() throws {
        #expect(RDSS4.refusal("JJZH", [:])?.parameter == "word")
        let written = try RDSS4.encode("JJZH", ["word": .octets([0x55, 0xAA, 0xAA, 0x55])])
        #expect(RDSS4.values(written)["word"] == .octets([0x55, 0xAA, 0xAA, 0x55]))
    }
}
