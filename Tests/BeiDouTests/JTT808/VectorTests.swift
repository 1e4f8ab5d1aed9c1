import BeiDou
import Bytes
import Records
import Support
import Testing

/// Frames that other implementations made or met: `Fixtures/vectors/jtt808.tsv`.
struct JTT808VectorTests {
    struct Row { let frame: [UInt8], name: String, stated: String, check: String }

    static let rows: [Row] = ((try? Table(fixture("vectors/jtt808.tsv")).rows) ?? []).map {
        Row(
            frame: octets($0["hex"] ?? ""), name: $0["name"] ?? "", stated: $0["stated by the source"] ?? "",
            check: $0["check"] ?? "")
    }
    static let good = rows.filter { $0.check == "ok" }
    static let bad = rows.filter { $0.check != "ok" }

    /// What the sources say of the good frames, in their order: type, then parameters.
    static let expectations: [(String, [String: String])] = [
        (
            "0x0001",
            [
                "version": "2013", "phone": "12345678900", "flow_number": "1203", "answered_id": "0x0002",
                "answered_flow": "1000", "result": "success",
            ]
        ),
        ("0x0002", ["version": "2013", "phone": "12345678900", "flow_number": "10"]),
        ("0x0002", ["version": "2013", "phone": "40021679287", "flow_number": "43"]),
        ("0x0002", [:]),
        ("0x0003", ["phone": "12345678900", "flow_number": "1"]),
        (
            "0x0100",
            [
                "version": "2013", "province": "40", "city": "50", "maker": "1234", "model": "smallchi123",
                "terminal_id": "CHI123", "plate_colour": "blue", "plate": "粤A12345", "flow_number": "10",
            ]
        ),
        (
            "0x0100",
            [
                "version": "2011", "province": "40", "city": "50", "maker": "1234", "model": "tk12345",
                "terminal_id": "CHI123", "plate_colour": "blue", "plate": "粤A12345", "flow_number": "10",
            ]
        ),
        (
            "0x0100",
            [
                "version": "2019", "phone": "123456789", "province": "40", "city": "50", "maker": "1234",
                "model": "smallchi123", "terminal_id": "CHI123", "plate_colour": "blue", "plate": "粤A12345",
            ]
        ),
        ("0x0102", ["version": "2013", "phone": "12345678900", "flow_number": "12345", "code": "456121111"]),
        ("0x0102", ["version": "2013", "code": "authentication"]),
        (
            "0x0200",
            [
                "phone": "112233445566", "flow_number": "8888", "alarm": "[\"emergency\"]", "emergency": "true",
                "status_flags": "[\"positioned\"]", "acc_on": "false", "positioned": "true", "latitude": "12.222222",
                "longitude": "132.444444", "height": "40.0", "speed": "6.0", "course": "0.0",
                "utc": "2018-07-15T02:10:10Z", "zone": "+08:00", "mileage": "10.0", "fuel": "5.5", "load": "empty",
                "satellite_systems": "[]", "items": "[]",
            ]
        ),
        (
            "0x0200",
            [
                "flow_number": "126", "fuel": "12.5", "utc": "2018-10-15T02:10:10Z", "alarm": "[\"emergency\"]",
                "latitude": "12.222222", "longitude": "132.444444", "height": "40.0", "speed": "6.0",
                "course": "0.0", "mileage": "10.0",
            ]
        ),
        (
            "0x0200",
            [
                "alarm": "[]", "latitude": "-19.591535", "longitude": "-46.912186", "height": "0.0", "speed": "0.0",
                "utc": "2015-01-01T11:42:57Z", "mileage": "11.9",
                "status_flags": "[\"positioned\",\"south\",\"west\",\"middle_door_open\"]",
            ]
        ),
        (
            "0x0200",
            [
                "latitude": "-27.455656", "longitude": "153.029616", "course": "237.0", "utc": "2020-11-02T19:17:33Z",
                "items": "[\"00:\",\"00:\",\"00:\",\"00:\"]", "extra": "00780000000018000000",
                "status_flags":
                    "[\"positioned\",\"south\",\"fuel_cut\",\"circuit_cut\",\"doors_locked\"]",
            ]
        ),
        (
            "0x0200",
            [
                "latitude": "6.152695", "longitude": "106.720495", "utc": "2017-01-17T02:04:42Z", "mileage": "4326.4",
                "io_status": "0", "network_strength": "27", "satellites": "3", "acc_on": "true", "positioned": "false",
                "satellite_systems": "[\"gps\"]",
            ]
        ),
        ("0x0704", ["phone": "112233445566", "flow_number": "8888", "count": "2", "kind": "ordinary"]),
        ("0x0704", ["phone": "13567777777", "count": "8", "kind": "late"]),
        (
            "0x8001",
            [
                "phone": "12345678900", "flow_number": "10", "answered_id": "0x0200", "answered_flow": "100",
                "result": "success",
            ]
        ),
        (
            "0x8004",
            ["version": "2019", "phone": "123456789012", "flow_number": "1", "utc": "2019-12-02T10:10:10Z"]
        ),
        ("0x8100", ["answered_flow": "100", "result": "success", "code": "123456"]),
        ("0x8100", ["answered_flow": "100", "result": "terminal_unknown"]),
        ("0x8104", ["flow_number": "1"]),
        (
            "0x8300",
            [
                "version": "2013", "flags": "[\"emergency\",\"display\"]", "emergency": "true", "text": "smallchi 518",
                "source": "navigation",
            ]
        ),
        (
            "0x8300",
            [
                "version": "2019", "flags": "[\"display\"]", "urgency": "service", "text_kind": "notice",
                "text": "smallchi 518",
            ]
        ),
        ("0x0900", ["flow_number": "10", "content": "736D616C6C636869", "text": "smallchi"]),
        (
            "unknown",
            [
                "message_id": "0x1205", "phone": "40666575062", "flow_number": "235", "part_total": "2",
                "part_index": "1",
            ]
        ),
        ("unknown", ["message_id": "0x1205", "flow_number": "236", "part_total": "2", "part_index": "2"]),
    ]

    @Test func everyGoodFrameSaysWhatItsSourceSays() throws {
        #expect(Self.good.count == 27 && Self.expectations.count == Self.good.count)
        for (row, (name, expected)) in zip(Self.good, Self.expectations) {
            #expect(framing(row.frame) == .whole(row.frame.count), "\(row.stated)")
            let message = unescaped(row.frame)
            #expect(JTT808Family.types[JTT808Family.type(of: message.octets)].name == name)
            let cells = decodeJTT808(message)
            for (parameter, value) in expected {
                #expect(cells[parameter]?.text == value, "\(parameter) of \(row.stated)")
            }
            if name != "0x0900" {
                #expect(cells.values.allSatisfy { [.valid, .notIncluded].contains($0.validity) }, "\(row.stated)")
            }
            #expect(JTT808Family.explain(row.frame.octets) == nil)
        }
    }

    /// From what people read, from what stands in the message, and from both.
    @Test(arguments: [(false, true), (true, false), (true, true)])
    func everyGoodFrameIsWrittenAsItWas(raw: Bool, read: Bool) throws {
        for row in Self.good {
            let message = unescaped(row.frame)
            let type = JTT808Family.type(of: message.octets)
            var values = values(decodeJTT808(message), raw: raw, read: read)
            // A kind that no source names is told by its number alone.
            if row.name.contains("0x0900") { values.raws["kind"] = .integer(0x83) }
            let written = try JTT808Family.encode(values, type: type)
            #expect(hex(written) == hex(message), "\(row.stated)")
            #expect(JTT808Framing.escape(written) == row.frame)
        }
    }

    @Test func everyBadFrameIsRefusedForItsReason() {
        #expect(Self.bad.count == 6)
        for row in Self.bad {
            var reason: StaticString = "no frame"
            switch framing(row.frame) {
            case .bad(let count, let words):
                #expect(count == row.frame.count)
                reason = words
            case .none: break
            case .whole, .needs: Issue.record("taken: \(row.stated)")
            }
            let why = JTT808Family.explain(row.frame.octets)?.reason ?? "nothing wrong"
            if row.check.contains("body length") {
                #expect(why.hasPrefix(row.check.dropFirst(5)), "\(why)")
                #expect(reason.description.contains("body length"))
            } else if row.check.contains("XOR") {
                #expect(why.hasSuffix("XOR is B5") && reason.description.contains("check of"), "\(why)")
            } else {
                #expect(row.check.contains("bare 7E") && why.contains("a bare 7E inside the frame"))
            }
        }
    }

    @Test func aHeaderOfTheOtherVersionIsRefusedAndNamed() {
        let told = Self.bad.filter { $0.stated.contains("version bit") }
        #expect(told.count == 3)
        for row in told {
            let why = JTT808Family.explain(row.frame.octets)?.reason ?? ""
            #expect(why.contains("version bit is"), "\(row.stated): \(why)")
        }
    }

    @Test func bothPartsOfTheLongMessageJoin() {
        let joiner = SubpackageJoiner()
        let parts = Self.good.filter { $0.name.contains("0x1205") }.map { unescaped($0.frame) }
        #expect(take(parts[0], joiner) == .kept)
        #expect(take(parts[1], joiner) == .joined)
        #expect(joiner.joined.byteCount == 12 + 930 + 56)
        let joined = joiner.joined.copied()
        #expect(hex(Array(joined.prefix(12))) == "120503DA04066657506200EB")
        let cells = decodeJTT808(joined)
        #expect(cells["message_id"]?.text == "0x1205" && cells["part_total"]?.validity == .notIncluded)
        #expect(cells["body"]?.value == .octets(Array(parts[0].dropFirst(16) + parts[1].dropFirst(16))))
    }

    @Test func theEntriesOfABatchArePositions() {
        let batches = Self.good.filter { $0.name.contains("0x0704") }.map { unescaped($0.frame) }
        var entries: [[String: JTT808Cell]] = []
        for batch in batches {
            let units = JTT808Family.entries(of: batch.octets).map { range in
                let buffer = ByteBuffer()
                JTT808Family.appendEntry(range, of: batch.octets, to: buffer)
                return buffer.bytes.copied()
            }
            entries += decodeJTT808(units, type: JTT808Family.entryType)
        }
        #expect(entries.count == 10)
        let first: [String: String] = [
            "phone": "112233445566", "alarm": "[\"emergency\"]", "status_flags": "[\"positioned\"]",
            "latitude": "12.222222", "longitude": "132.444444", "speed": "6.0", "utc": "2018-07-15T02:10:10Z",
            "mileage": "10.0", "fuel": "5.5", "kind": "ordinary", "count": "2",
        ]
        let second: [String: String] = [
            "alarm": "[\"overspeed\"]", "acc_on": "true", "positioned": "false", "latitude": "13.333333",
            "longitude": "132.555555", "height": "41.0", "speed": "5.4", "course": "120.0",
            "utc": "2018-07-15T02:10:30Z", "mileage": "9.6", "fuel": "6.6",
        ]
        for (expected, cells) in [(first, entries[0]), (second, entries[1])] {
            for (name, value) in expected { #expect(cells[name]?.text == value, "\(name)") }
        }
        #expect(entries[2...].allSatisfy { $0["kind"]?.text == "late" && $0["recorder_speed"]?.text == "0.0" })
        #expect(entries[9]["utc"]?.text == "2016-05-27T01:10:02Z" && entries[9]["latitude"]?.text == "22.64055")
    }
}
