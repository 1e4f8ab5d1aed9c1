import BeiDou
import Bytes
import Records
import Support
import Testing

/// Every type there and back.
struct JTT808RoundTripTests {
    @Test func everyTypeIsCovered() {
        let made = MessageMaker.forms.map { typeIndex($0.name, $0.words) }
        #expect(
            Set(made + [JTT808Family.entryType, typeIndex("0x8003"), typeIndex("0x0005")])
                == Set(JTT808Family.types.indices))
    }

    @Test func randomMessagesAreWrittenAsTheyWereRead() throws {
        var maker = MessageMaker(seed: 808)
        for (name, words, is2019) in MessageMaker.forms {
            for _ in 0..<60 {
                let message = maker.message(name, words, is2019: is2019)
                let type = JTT808Family.type(of: message.octets)
                #expect(JTT808Family.types[type].name == name, "\(hex(message))")
                #expect(words.isEmpty || words == "again" || JTT808Family.types[type].title.contains(words))
                let cells = decodeJTT808(message)
                let doubtful = cells.values.filter { $0.validity != .valid && $0.validity != .notIncluded }
                #expect(doubtful.isEmpty, "\(doubtful.map { ($0.info.name, $0.validity) }): \(hex(message))")
                #expect(cells["extra"]?.value == nil)
                // What is read tells all but the order of items, which their octets tell.
                let all = try JTT808Family.encode(values(cells, raw: true), type: type)
                #expect(hex(all) == hex(message), "\(name) \(words)")
                let raws = try JTT808Family.encode(values(cells, raw: true, read: false), type: type)
                #expect(hex(raws) == hex(message), "\(name) \(words)")
                guard !["0x0200", "0x0201"].contains(name) else { continue }
                let read = try JTT808Family.encode(values(cells), type: type)
                #expect(hex(read) == hex(message), "\(name) \(words)")
            }
        }
    }

    @Test func locationReportsAreWrittenFromWhatIsRead() throws {
        var maker = MessageMaker(seed: 200)
        for _ in 0..<200 {
            let message = maker.message("0x0200", "", is2019: nil)
            let cells = decodeJTT808(message)
            let written = try JTT808Family.encode(values(cells), type: typeIndex("0x0200"))
            let again = decodeJTT808(written)
            for (name, cell) in cells { #expect(again[name]?.text == cell.text, "\(name): \(hex(message))") }
            #expect(written.count == message.count)
        }
    }

    @Test func anEntryIsWrittenAsAMessageOfOne() throws {
        var maker = MessageMaker(seed: 704)
        let report = maker.location()
        let message = maker.header(0x0704, is2019: true, body: [0, 1, 1] + maker.big(report.count, 2) + report)
        let entry = decodeJTT808([message], type: JTT808Family.entryType)[0]
        let written = try JTT808Family.encode(values(entry, raw: true), type: JTT808Family.entryType)
        #expect(hex(written) == hex(message))
    }

    @Test func aLongBodyIsSplitAndJoined() throws {
        let content = (0..<5000).map { UInt8($0 * 7 & 255) }
        let given = MessageValues(
            parameters: [
                "phone": .text("13800138000"), "flow_number": .integer(65_534), "kind": .text("serial_1"),
                "content": .octets(content),
            ])
        let message = try JTT808Family.encode(given, type: typeIndex("0x0900"))
        #expect(message.count == 12 + 5001)
        let stream = try JTT808Framing.frames(message)
        let joiner = SubpackageJoiner()
        var (place, frames) = (0, 0)
        while place < stream.count, case .whole(let count) = framing(stream, at: place) {
            let part = unescaped(Array(stream[place..<place + count]))
            frames += 1
            #expect(take(part, joiner) == (frames == 5 ? .joined : .kept))
            place += count
        }
        #expect(place == stream.count && frames == 5)
        let joined = joiner.joined.copied()
        #expect(joined == message)
        #expect(decodeJTT808(joined)["content"]?.value == .octets(content))
    }

    @Test func valuesOutOfBoundsAreRefused() {
        let position: [String: FieldValue] = [
            "phone": .text("1"), "latitude": .number(1), "longitude": .number(2), "utc": .text("2026-11-24T08:18:03Z"),
        ]
        func refusal(_ more: [String: FieldValue], raws: [String: FieldValue] = [:], _ name: String = "0x0200")
            -> String?
        {
            let all = (name == "0x0200" ? position : ["phone": .text("1")]).merging(more) { $1 }
            do throws(EncodingRefusal) {
                _ = try JTT808Family.encode(MessageValues(parameters: all, raws: raws), type: typeIndex(name))
                return nil
            } catch { return error.parameter ?? "message" }
        }
        #expect(refusal([:]) == nil)
        #expect(refusal(["latitude": .number(90.1)]) == "latitude")
        #expect(refusal(["latitude": .number(.nan)]) == "latitude")
        #expect(refusal(["latitude": .text("north")]) == "latitude")
        #expect(refusal(["speed": .number(-1)]) == "speed")
        #expect(refusal(["course": .number(360)]) == "course")
        #expect(refusal(["height": .number(40_000)]) == "height")
        #expect(refusal(["utc": .text("2026-02-30T00:00:00Z")]) == "utc")
        #expect(refusal(["utc": .text("1999-01-01T00:00:00Z")]) == "utc")
        #expect(refusal(["utc": .text("yesterday")]) == "utc")
        #expect(refusal(["zone": .text("+09:00")]) == "zone")
        #expect(refusal(["phone": .text("1234567890123")]) == "phone")
        #expect(refusal(["phone": .text("12a")]) == "phone")
        #expect(refusal(["version": .text("2018")]) == "version")
        #expect(refusal(["load": .text("heavy")]) == "load")
        #expect(refusal(["alarm": .list([.text("hunger")])]) == "alarm")
        #expect(refusal(["alarm": .list([.text("emergency")]), "emergency": .boolean(false)]) == "emergency")
        #expect(refusal(["latitude": .number(-1), "status_flags": .list([])]) == "status_flags")
        #expect(refusal(["mileage": .number(1e12)]) == "mileage")
        #expect(refusal(["items": .list([.text("E1:0A0")])]) == "items")
        #expect(refusal(["fuel": .number(5)], raws: ["items": .octets([2, 2, 0, 51])]) == "fuel")
        #expect(refusal([:], raws: ["items": .octets([2, 9, 0])]) == "items")
        #expect(refusal(["satelites": .integer(3)]) == "satelites")
        #expect(refusal(["flow_number": .integer(65_536)]) == "flow_number")
        #expect(refusal(["answered_id": .text("200")], "0x0001") == "answered_flow")
        #expect(refusal(["text": .text(String(repeating: "a", count: 1025))], "0x8300") == "text")
        #expect(
            refusal(["answered_flow": .integer(1), "result": .text("vehicle_unknown"), "code": .text("x")], "0x8100")
                == "code")
        #expect(refusal(["count": .integer(2), "parameters": .list([.text("0x0001=60")])], "0x8103") == "count")
        #expect(refusal(["parameters": .list([.text("0x0055=60")])], "0x8103") == "parameters")
        #expect(refusal(["message_id": .text("0x0002")], "unknown") == "message")
        #expect(refusal(["message_id": .text("0x1205"), "part_total": .integer(2)], "unknown") == "part_index")
    }
}
