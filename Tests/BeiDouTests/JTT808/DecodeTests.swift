import BeiDou
import Bytes
import Records
import Support
import Testing

/// Messages that are not as they should be.
struct JTT808DecodeTests {
    private static let head: [UInt8] = octets("0200001C0138001380000001")

    @Test func aMessageThatEndsEarlySaysWhichValuesAreNotThere() {
        var maker = MessageMaker(seed: 1)
        for (name, words, is2019) in MessageMaker.forms {
            let message = maker.message(name, words, is2019: is2019)
            let type = JTT808Family.type(of: message.octets)
            for count in 0..<min(message.count, 120) {
                let cells = decodeJTT808([Array(message.prefix(count))], type: type)[0]
                if count < 12 { #expect(cells["phone"]?.validity == .beyondEnd) }
            }
        }
        let cells = decodeJTT808(Self.head + [0, 0, 0, 1, 0, 0, 0, 2, 1])
        #expect(cells["emergency"]?.text == "true" && cells["positioned"]?.text == "true")
        #expect(cells["latitude"]?.validity == .beyondEnd && cells["utc"]?.validity == .beyondEnd)
        #expect(cells["mileage"]?.validity == .notIncluded)
    }

    @Test func everyTypeTakesRandomOctets() {
        var maker = MessageMaker(seed: 2)
        for type in JTT808Family.types.indices {
            let messages = (0..<300).map { _ in maker.octets(maker.number(0...150)) }
            #expect(decodeJTT808(messages, type: type).count == 300)
        }
    }

    @Test func timesThatAreNoneAreTold() {
        func utc(_ digits: String) -> Validity? {
            decodeJTT808(Self.head + [UInt8](repeating: 0, count: 22) + octets(digits))["utc"]?.validity
        }
        #expect(utc("260101000000") == .valid)
        #expect(utc("000000000000") == .noTime)
        #expect(utc("260230000000") == .noTime)
        #expect(utc("260101240000") == .noTime)
        #expect(utc("2601010000A0") == .malformed)
        #expect(utc("26010100") == .beyondEnd)
    }

    @Test func valuesThatCannotBeAreNotTrusted() {
        let cells = decodeJTT808(
            Self.head + octets("000000000000030005F5E10010A0B1818001FFFF0168260101000000"))
        #expect(cells["latitude"]?.validity == .outOfRange && cells["latitude"]?.text == "100.0")
        #expect(cells["longitude"]?.validity == .outOfRange)
        #expect(cells["height"]?.validity == .outOfRange && cells["height"]?.raw == .integer(0x8001))
        #expect(cells["course"]?.validity == .outOfRange)
        #expect(cells["load"]?.text == "full")
    }

    @Test func itemsThatOverrunAreKeptAsATail() {
        let fixed = [UInt8](repeating: 0, count: 22) + octets("260101000000")
        let cells = decodeJTT808(Self.head + fixed + octets("0104000000640104000000C8020137E100310505"))
        #expect(cells["mileage"]?.text == "10.0" && cells["fuel"]?.validity == .notIncluded)
        #expect(cells["items"]?.text == "[\"01:000000C8\",\"02:37\",\"E1:\"]")
        #expect(cells["extra"]?.text == "310505" && cells["satellites"]?.validity == .notIncluded)
    }

    @Test func aPhoneWithOtherThanDigitsIsMalformed() {
        let cells = decodeJTT808(octets("000200000138001380AB0001"))
        #expect(cells["phone"]?.validity == .malformed)
        #expect(cells["phone"]?.raw == .octets(octets("0138001380AB")))
        #expect(decodeJTT808(octets("000200000000000000000001"))["phone"]?.text == "0")
    }

    @Test func textsThatAreNoneAreMarked() {
        let cells = decodeJTT808(octets("83000005013800138000000105") + [0x41, 0xFF, 0x42, 0x00])
        #expect(cells["text"]?.validity == .badText && cells["text"]?.text == "A\u{FFFD}B\0")
    }

    @Test func anEncryptedMessageIsCarriedAsOctets() {
        let cells = decodeJTT808(octets("02000404013800138000000101020304"))
        #expect(cells["message_id"]?.text == "0x0200" && cells["encryption"]?.text == "rsa")
        #expect(cells["body"]?.text == "01020304")
    }

    @Test func usersKindsHaveLeadAndText() {
        func cells(_ hex: String) -> [String: JTT808Cell] { decodeJTT808(octets("0900000001380013800000 01" + hex)) }
        let mixed = cells("F0A4616263")
        #expect(mixed["lead"]?.text == "164" && mixed["text"]?.text == "abc" && mixed["content"]?.text == "A4616263")
        #expect(mixed["kind"]?.text == "user_f0")
        #expect(cells("F0A001020304")["text"]?.validity == .notIncluded)
        #expect(cells("F0A001020304")["lead"]?.text == "160")
        #expect(cells("41A4616263")["lead"]?.validity == .notIncluded)
        #expect(cells("42616263")["text"]?.text == "abc")
        #expect(cells("F7010203")["text"]?.validity == .notIncluded)
        #expect(cells("77")["kind"]?.validity == .noLabel && cells("77")["content"]?.validity == .notIncluded)
    }

    @Test func reservedAlarmBitsHaveNumbers() {
        let fixed = [UInt8](repeating: 0, count: 18) + octets("260101000000")
        let old = decodeJTT808(Self.head + octets("80038000") + fixed)
        #expect(old["alarm"]?.text == "[\"bit_15\",\"bit_16\",\"bit_17\",\"illegal_door\"]")
        let new = decodeJTT808(octets("0200401C01000000000138001380000001") + octets("80038000") + fixed)
        #expect(new["alarm"]?.text == "[\"illegal_driving\",\"tyre_pressure\",\"blind_zone\",\"bit_31\"]")
    }

    @Test func parametersOfATerminalAreListed() {
        let list = "03" + "00000001 04 0000003C" + "00000013 03 613A62" + "00000055 02 0A0B"
        let cells = decodeJTT808(octets("810300000138001380000001" + list))
        #expect(cells["parameters"]?.text == "[\"0x0001=60\",\"0x0013=a:b\",\"0x0055:0A0B\"]")
        #expect(cells["count"]?.text == "3" && cells["extra"]?.validity == .notIncluded)
    }

    @Test func aLongModelWithoutVersionBitTellsTheEdition() {
        let vin = Array("LSVAA4182E2123456".utf8)
        let old = octets("01000000013800138000000100280032") + [UInt8](repeating: 0x41, count: 20) + [0] + vin
        #expect(JTT808Family.types[JTT808Family.type(of: old.octets)].title.contains("2011"))
        #expect(decodeJTT808(old)["plate"]?.text == "LSVAA4182E2123456")
    }
}
