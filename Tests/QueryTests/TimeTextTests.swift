import Records
import Testing

/// Points in time as people write them.
@Suite struct TimeTextTests {
    private static let second: Int128 = 1_000_000_000_000_000_000

    @Test(
        "times are read",
        arguments: [
            ("1970-01-01", 0.0), ("1970-01-01T00:00", 0), ("2026-03-01T04:00:00Z", 1_772_337_600),
            ("2026-03-01 04:00:00", 1_772_337_600), ("2026-03-01T12:00:00+08:00", 1_772_337_600),
            ("2026-03-01T12:00+08", 1_772_337_600), ("2026-02-28T22:30-05:30", 1_772_337_600),
            ("2026-060T04:00", 1_772_337_600), ("2024-366", 1_735_603_200), ("2024-02-29", 1_709_164_800),
            ("2026-03-01T04:00:00.25Z", 1_772_337_600.25), ("2026-03-01T04:00:00,5", 1_772_337_600.5),
            ("1969-12-31T23:59:59.5Z", -0.5), ("0001-01-01", -62_135_596_800), ("9999-12-31T23:59:59", 253_402_300_799),
        ])
    func read(_ text: String, _ seconds: Double) {
        #expect(TimeText.attoseconds(text) == Int128(seconds * 4) * Self.second / 4)
    }

    @Test("a fraction is exact to the attosecond")
    func fraction() {
        #expect(TimeText.attoseconds("1970-01-01T00:00:00.000000000000000001Z") == 1)
        #expect(TimeText.attoseconds("1970-01-01T00:00:00.0000000000000000019Z") == 1)
        #expect(TimeText.attosecondsSince1970("1772337600.123456789") == 1_772_337_600_123_456_789_000_000_000)
        #expect(TimeText.attosecondsSince1970("-0.5") == -Self.second / 2)
        #expect(TimeText.attosecondsSince1970(".5") == Self.second / 2)
    }

    @Test("days of all years are those that counting finds")
    func days() {
        for year in stride(from: 1970, to: 2500, by: 7) {
            for (date, clock) in [
                ("-01-01", ""), ("-02-28", "T23:59:59Z"), ("-12-31", "T12:00+08:00"), ("-060", "T01:00"),
            ] {
                let digits = String(year)
                #expect(TimeText.attoseconds(digits + date + clock) == SlowTime.read(digits + date + clock))
            }
        }
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "2026", "2026-03", "2026-3-1", "2026-02-29", "2026-04-31", "2025-366", "2026-000", "2026-13-01",
            "0000-01-01",
            "2026-03-01T", "2026-03-01T4:00", "2026-03-01T24:00", "2026-03-01T04:60", "2026-03-01T04:00:60",
            "2026-03-01T04:00:00.", "2026-03-01T04:00Zx", "2026-03-01T04:00+15:00", "2026-03-01T04:00+8",
            "2026-03-01X04:00",
            "yesterday", "2026-03-01T04:00 +08:00", "26-03-01", " 2026-03-01", "２０２６-03-01", "2026-03-01T04:00+08:60",
        ])
    func refused(_ text: String) { #expect(TimeText.attoseconds(text) == nil) }

    @Test(
        "seconds that are not written in digits, or lie beyond what times are, are refused",
        arguments: [
            "", "-", ".", "1e9", "0x10", "1.2.3", "1.x", "x", "--1", "+1", "1234567890123", "1.-5", " 1",
        ])
    func refusedSeconds(_ text: String) { #expect(TimeText.attosecondsSince1970(text) == nil) }
}
