import BeiDou
import Support
import Testing

private let mixed = MessageContent(form: .mixed, octets: octets("A43132335F414243BABAD7D6"))

@Suite struct TerminalCodecTests {
    @Test func cardQueriesAreThoseOfTheVectors() {
        #expect(RDSS4Codec.cardQuery() == octets("24 49 43 4A 43 00 0C 00 00 00 00 2B"))
        #expect(RDSS2Codec.cardQuery() == Array("$CCICA,0,00*7B\r\n".utf8))
        #expect(RegionalCodec.cardQuery() == Array("$CCICR,0,00*68\r\n".utf8))
    }

    @Test func messagesAreThoseOfTheVectors() throws {
        let chinese = MessageContent(form: .chinese, octets: octets("CED2B0AEC4E3"))
        #expect(
            try RDSS4Codec.message(chinese, to: 0x02ADF7, from: 0x02ADF7, SendOptions())
                == octets("24545853510018 02adf7 44 02adf7 0030 00 ced2b0aec4e3 63"))
        let payload = MessageContent(form: .code, octets: octets("F1011EAB9172140B92161E1E53"))
        #expect(
            try RDSS4Codec.message(payload, to: 0x1FFC09, from: 0x1FFC09, SendOptions())
                == octets(
                    "24 54 58 53 51 00 1F 1F FC 09 46 1F FC 09 00 68 00 F1 01 1E AB 91 72 14 0B 92 16 1E 1E 53 75"))
        #expect(
            try RDSS2Codec.message(mixed, to: 967_760, from: 1, SendOptions())
                == Array("$CCTXA,0967760,1,2,A43132335F414243BABAD7D6*77\r\n".utf8))
        let code = MessageContent(form: .code, octets: octets("3132333435"))
        #expect(
            try RDSS2Codec.message(code, to: 247_718, from: 1, SendOptions())
                == Array("$CCTXA,0247718,1,1,3132333435*70\r\n".utf8))
    }

    @Test func oddDigitIsCountedAndPadded() throws {
        let odd = MessageContent(form: .code, octets: [0x12, 0x3F], bits: 12)
        let frame = try RDSS4Codec.message(odd, to: 2, from: 1, SendOptions())
        #expect(Array(frame[14...18]) == [0, 12, 0, 0x12, 0x3F])
        let sentence = try RDSS2Codec.message(odd, to: 2, from: 1, SendOptions())
        #expect(String(decoding: sentence, as: UTF8.self).hasPrefix("$CCTXA,0000002,1,1,123*"))
    }

    @Test func expressAndPointStandWhereTheyBelong() throws {
        #expect(try RDSS4Codec.message(mixed, to: 2, from: 1, SendOptions(isExpress: true))[10] == 0x42)
        let express = try RDSS2Codec.message(mixed, to: 2, from: 1, SendOptions(isExpress: true))
        #expect(String(decoding: express, as: UTF8.self).hasPrefix("$CCTXA,0000002,0,2,A4"))
        let regional = try RegionalCodec.message(mixed, to: 4_238_473, from: 1, SendOptions(point: 3))
        #expect(
            String(decoding: regional, as: UTF8.self).hasPrefix("$CCTCQ,4238473,3,1,3,A43132335F414243BABAD7D6,0*"))
    }

    @Test func receiptQueryHasNoBodyBehindTheAddress() throws {
        #expect(try RDSS4Codec.receiptQuery(195_817, from: 142_020) == octets("245458535100 0F 022AC4 78 02FCE9 A6"))
        let query = try RDSS2Codec.receiptQuery(195_817, from: 1)
        #expect(String(decoding: query, as: UTF8.self).hasPrefix("$CCCXA,1,3,0195817*"))
    }

    @Test(arguments: [0, 2_097_151, 15_240_507] as [UInt32])
    func addressOfMoreThan21BitsIsRefused(_ address: UInt32) {
        #expect(throws: EncodingRefusal.self) { try RDSS4Codec.message(mixed, to: address, from: 1, SendOptions()) }
        #expect(throws: EncodingRefusal.self) { try RDSS2Codec.message(mixed, to: address, from: 1, SendOptions()) }
        #expect(throws: EncodingRefusal.self) { try RDSS4Codec.receiptQuery(address, from: 1) }
    }

    @Test func whatBeiDou3HasNotIsRefused() throws {
        _ = try RegionalCodec.message(mixed, to: 15_240_507, from: 1, SendOptions())
        #expect(throws: EncodingRefusal.self) { try RegionalCodec.message(mixed, to: 0, from: 1, SendOptions()) }
        #expect(throws: EncodingRefusal.self) {
            try RegionalCodec.message(mixed, to: 5, from: 1, SendOptions(isExpress: true))
        }
        #expect(throws: EncodingRefusal.self) { try RegionalCodec.receiptQuery(5, from: 1) }
    }
}
