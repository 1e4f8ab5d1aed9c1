import BeiDou
import Bytes
import Records
import Support
import Testing

/// The frames that sources print, and what they state of them.
struct RDSS4VectorTests {
    /// What is stated, in the order of the vectors that are single frames.
    static let stated: [[String: FieldValue]] = [
        [
            "address": .integer(0x2ADF7), "receiver": .integer(0x2ADF7), "class": .text("ordinary"),
            "form": .text("chinese"), "length": .integer(48), "length_state": .text("ok"), "answer": .integer(0),
            "category": .integer(0x44), "kind": .text("communication"), "key": .boolean(false),
        ],
        [
            "sender": .integer(0x2ADF7), "address": .integer(0x2ADF7), "sent_time": .text("00:00"),
            "form": .text("chinese"), "length": .integer(48), "crc": .text("good"), "receipt": .boolean(false),
        ],
        [
            "sender": .integer(0x22AC3), "address": .integer(0x22AC3), "form": .text("mixed"),
            "length": .integer(88), "category": .integer(0x62), "kind": .text("communication"),
        ],
        ["form": .text("code"), "length": .integer(480), "sender": .integer(0x22AC4), "length_state": .text("ok")],
        ["form": .text("code"), "length": .integer(480), "receiver": .integer(0x22AC3)],
        ["address": .integer(0), "frame": .integer(0)],
        ["address": .integer(0), "frame": .integer(1)],
        ["address": .integer(0), "frequency": .integer(1)],
        ["address": .integer(0), "frequency": .integer(0)],
        ["address": .integer(0x22AC4), "frequency": .integer(0)],
        ["address": .integer(0x2ADFB), "frequency": .integer(0)],
        ["address": .integer(0), "frequency": .integer(1)],
        ["address": .integer(0)],
        [
            "address": .integer(0), "category": .integer(4), "height_mode": .text("none"),
            "height_kind": .text("ordinary"), "emergency": .boolean(false), "height": .number(0),
            "antenna_height": .number(0), "pressure": .number(0), "temperature": .number(0), "frequency": .integer(0),
        ],
        [
            "address": .integer(142_020), "frame": .integer(0), "broadcast": .integer(1_931_028),
            "user_kind": .integer(6), "service_frequency": .integer(60), "level": .integer(4),
            "encryption": .integer(0), "subordinate_count": .integer(0),
        ],
        [
            "address": .integer(0x22AC4), "ic": .integer(1), "hardware": .integer(0), "battery": .integer(100),
            "inbound": .integer(2), "powers": .list([2, 4, 2, 0, 4, 2].map(FieldValue.integer)),
        ],
        [
            "address": .integer(0x2ADFB), "ic": .integer(1), "hardware": .integer(0), "battery": .integer(100),
            "inbound": .integer(2), "powers": .list([0, 0, 3, 0, 2, 0].map(FieldValue.integer)),
        ],
        [
            "address": .integer(0x22AC4), "kind": .text("success"), "sentence": .text("TXSQ"),
            "detail": .octets(Array("TXSQ".utf8)),
        ],
        [
            "address": .integer(0x1FFC09), "receiver": .integer(0x1FFC09), "class": .text("ordinary"),
            "length": .integer(104), "answer": .integer(0), "form": .text("code"),
        ],
        [
            "address": .integer(0), "receiver": .integer(0x3C930), "form": .text("mixed"), "length": .integer(11),
            "length_state": .text("octets"),
        ],
        [
            "address": .integer(0x5D460), "sender": .integer(0x5D469), "category": .integer(0x60),
            "sent_time": .text("00:00"), "length": .integer(496), "form": .text("mixed"), "crc": .text("good"),
        ],
    ]

    @Test func everyStatedValueIsRead() throws {
        let good = try RDSS4.vectors().filter { $0.check == "ok" && $0.name != "stream" }
        try #require(good.count == Self.stated.count)
        for (vector, stated) in zip(good, Self.stated) {
            #expect(RDSS4Framing.frame(vector.octets.octets, at: 0, isLast: true) == .whole(vector.octets.count))
            #expect(RDSS4Family.types[RDSS4Family.type(of: vector.octets.octets)].name == vector.name)
            let read = RDSS4.values(vector.octets)
            for (name, value) in stated { #expect(read[name] == value, "\(vector.name) \(name)") }
            #expect(read["extra"] == nil)
            #expect(RDSS4Family.explain(vector.octets.octets) == nil)
        }
    }

    @Test func everyGoodFrameIsWrittenAgainAsItWas() throws {
        for vector in try RDSS4.vectors() where vector.check == "ok" && vector.name != "stream" {
            var values = RDSS4.everything(vector.octets)
            let type = RDSS4Family.type(of: vector.octets.octets)
            #expect(try RDSS4Family.encode(values, type: type) == vector.octets, "\(vector.name)")
            // These have no spare bits: what people read is enough.
            values.raws = [:]
            #expect(try RDSS4Family.encode(values, type: type) == vector.octets, "\(vector.name) without raw values")
        }
    }

    @Test func textsAreThoseThatTheSourcesState() throws {
        let vectors = try RDSS4.vectors()
        let texts = [0: "我爱你", 1: "我爱你", 2: "你好中国人", 19: "你好ABC123"]
        for (index, text) in texts {
            #expect(RDSS4.values(vectors[index].octets)["text"] == .text(text), "\(index)")
        }
        #expect(
            RDSS4.values(vectors[20].octets)["text"]
                == .text("0 4 0 0 0 0 0 0 0 0 0 448 0 0 0 0 0 0 0 -286331154 -286331154"))
        #expect(RDSS4.values(vectors[18].octets)["lead"] == .integer(0xF1))
    }

    @Test func aFrameWithAWrongCheckIsRefusedForIt() throws {
        let bad = try #require(RDSS4.vectors().first { $0.check.hasPrefix("bad") })
        guard case .bad(let count, _) = RDSS4Framing.frame(bad.octets.octets, at: 0, isLast: true) else {
            Issue.record("not refused")
            return
        }
        #expect(count >= 1 && count <= 36)
        let explanation = RDSS4Family.explain(bad.octets.octets)
        let why = try #require(explanation)
        #expect(why.offset == 35)
        #expect(why.reason.contains("the length says 36, 37 octets are there"))
        #expect(why.reason.contains("the last is BE, the XOR of those in front AF"))
    }

    @Test func sixFramesInARowAreSix() throws {
        let stream = try #require(RDSS4.vectors().first { $0.name == "stream" }).octets
        var names: [String] = []
        var place = 0
        while case .whole(let count) = RDSS4Framing.frame(stream.octets, at: place, isLast: true) {
            let frame = Array(stream[place..<place + count])
            names.append(RDSS4Family.types[RDSS4Family.type(of: frame.octets)].name)
            place += count
        }
        #expect(names == ["ICJC", "ICXX", "XTZJ", "ZJXX", "TXSQ", "FKXX"])
        #expect(place == stream.count)
    }
}
