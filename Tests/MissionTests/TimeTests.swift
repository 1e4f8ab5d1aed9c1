import Bytes
import Records
import Mission
import Testing

struct TimeTests {
    /// unix, gps, tai, j2000, day, coarse, fine, bare, span.
    private func packet(
        unix: UInt64 = 1_764_000_000, gps: UInt64 = 1_000_000_000, tai: UInt64 = 1_861_920_037, j2000: UInt64 = 0,
        day: UInt64 = 21_915, coarse: UInt64 = 1_000_000_000, fine: UInt64 = 0x8000
    ) -> [UInt8] {
        packed([(unix, 32), (gps, 32), (tai, 32), (j2000, 48), (day, 16), (coarse, 32), (fine, 16), (4, 8), (250, 16)])
    }

    @Test("times count from their epoch, with leap seconds where the clock counts them")
    func epochs() throws {
        let values = Decoded([try database("times")], [packet()]).texts(0)
        #expect(values["unix"] == "2025-11-24T16:00:00Z")
        #expect(values["gps"] == "2011-09-14T01:46:25Z")
        #expect(values["tai"] == "2017-01-01T00:00:00Z")
        #expect(values["j2000"] == "2000-01-01T11:58:55.816Z")
        #expect(values["day"] == "2018-01-01T00:00:00Z")
    }

    @Test("a leap second has a second of its own")
    func leap() throws {
        let decoded = Decoded([try database("times")], [packet(tai: 1_861_920_036), packet(tai: 1_861_920_035)])
        #expect(decoded.texts(0)["tai"] == "2016-12-31T23:59:60Z")
        #expect(decoded.texts(1)["tai"] == "2016-12-31T23:59:59Z")
    }

    @Test("the fine part counts from the coarse one, at the precision of both")
    func chain() throws {
        let decoded = Decoded([try database("times")], [packet(), packet(fine: 0xFFFF), packet(fine: 1)])
        #expect(decoded.texts(0)["fine"] == "2011-09-14T01:46:25.50000Z")
        #expect(decoded.texts(1)["fine"] == "2011-09-14T01:46:25.99998Z")
        #expect(decoded.texts(2)["fine"] == "2011-09-14T01:46:25.00001Z")
        #expect(decoded.values(0)["fine"]?.raw == "32768")
    }

    @Test("without an epoch a time is a number of seconds")
    func numbers() throws {
        let decoded = Decoded([try database("times")], [packet()])
        #expect(decoded.values(0)["bare"] == Shown(raw: "4", value: "12.0"))
        #expect(decoded.values(0)["span"] == Shown(raw: "250", value: "2.5"))
    }

    @Test("a time beyond the year 9999 has no text and keeps its raw value")
    func far() throws {
        let decoded = Decoded([try database("times")], [packet(j2000: 0xFFFF_FFFF_FFFF)])
        #expect(decoded.values(0)["j2000"]?.validity == .noTime)
        #expect(decoded.values(0)["j2000"]?.raw == "281474976710655")
        #expect(decoded.ledger.rejections.map(\.reason) == ["time cannot be told"])
    }

    @Test(
        "dates are told for every day around leap years and centuries",
        arguments: [
            (-62_135_596_800, "0001-01-01T00:00:00Z"), (-2_203_891_200, "1900-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ])
    func calendar(seconds: Int, text: String) {
        #expect(StatedTime(seconds: Int64(seconds), attoseconds: 0).text(digits: 0) == text)
    }

    @Test("decimals are cut, not rounded, up to 18")
    func digits() {
        let time = StatedTime(seconds: 0, attoseconds: 999_999_999_999_999_999)
        #expect(time.text(digits: 3) == "1970-01-01T00:00:00.999Z")
        #expect(time.text(digits: 18) == "1970-01-01T00:00:00.999999999999999999Z")
        #expect(time.text(digits: 99) == time.text(digits: 18))
        #expect(StatedTime(seconds: 1, attoseconds: 1).text(digits: 1) == "1970-01-01T00:00:01.0Z")
    }
}
