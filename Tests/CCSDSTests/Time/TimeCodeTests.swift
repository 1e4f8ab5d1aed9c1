import Bytes
import CCSDS
import Support
import Testing

/// Time codes, against rows that other implementations made.
struct TimeCodeTests {
    /// The epoch that a row names.
    private func epoch(_ text: String) throws -> TimeEpoch {
        switch text {
        case "1958-01-01T00:00:00 TAI", "1958-01-01T00:00:00 UTC": return .ccsds
        case "2000-01-01T12:00:00 TT": return .j2000
        case "2000-01-01T00:00:00 UTC": return .year2000
        case "1980-01-06T00:00:00 UTC": return .gps
        default:
            let time = try UTCTime.read(ascii: Octets(Array(text.prefix(19).utf8)).bytes).time
            return TimeEpoch(time)
        }
    }

    private func rows(_ kind: String) throws -> [[String: String]] {
        try Table(fixture("vectors/ccsds-time.tsv")).rows.filter { ($0["kind"] ?? "").hasPrefix(kind) }
    }

    @Test(
        "every row reads as the time it stands for, and writes back to the same octets",
        arguments: ["cuc", "cds", "ccs"])
    func vectors(kind: String) throws {
        let rows = try rows(kind)
        #expect(rows.count >= 8)
        for row in rows {
            let name = Comment(rawValue: row["name"] ?? "")
            let (pField, tField) = (octets(row["p_field"] ?? ""), octets(row["t_field"] ?? ""))
            let agency = kind == "ccs" ? TimeEpoch.ccsds : try epoch(row["epoch"] ?? "")
            let (code, length) = try TimeCode.read(pField: Octets(pField).bytes, agencyEpoch: agency)
            #expect(length == pField.count, name)
            #expect(code.length == tField.count, name)
            let time = try code.decode(Octets(tField).bytes)
            // The rows are rounded to nanoseconds (or picoseconds); the printed ones are what somebody put in, and the
            // code has cut it.
            let wanted = try UTCTime.read(ascii: Octets(Array((row["utc"] ?? "").utf8)).bytes).time
            var slack = 500_000_000
            if row["elapsed"] == "printed", case .cuc(let cuc) = code, cuc.fine == 3 { slack += 59_604_644_775 }
            #expect(time.day == wanted.day && time.second == wanted.second, name)
            #expect(abs(Int(time.attoseconds) - Int(wanted.attoseconds)) <= slack, name)
            if kind != "cuc" { #expect(time.text(decimals: (row["utc"] ?? "").count - 21) == row["utc"], name) }
            var (p, t): ([UInt8], [UInt8]) = ([], [])
            code.encodePField(into: &p)
            try code.encode(time, into: &t)
            #expect(p == pField, name)
            if case .cuc(let cuc) = code, cuc.fine > 7 {
                // Octets of fraction past the seventh are finer than the attosecond a time has.
                #expect(t.prefix(cuc.coarse + 7) == tField.prefix(cuc.coarse + 7), name)
            } else {
                #expect(t == tField, name)
            }
            #expect(throws: TimeCodeError.tooShort(needed: tField.count, present: tField.count - 1), name) {
                try code.decode(Octets(Array(tField.dropLast())).bytes)
            }
        }
    }

    @Test("ASCII codes A and B read and write")
    func ascii() throws {
        let rows = try rows("ascii")
        #expect(rows.count >= 12)
        for row in rows {
            let text = octets(row["t_field"] ?? "")
            let (time, decimals) = try UTCTime.read(ascii: Octets(text).bytes)
            #expect(time.text(decimals: 9) == row["utc"])
            let written =
                row["kind"] == "ascii-a" ? time.text(decimals: decimals) : time.dayOfYearText(decimals: decimals)
            #expect(Array(written.utf8) == text)
        }
    }

    @Test(
        "ASCII codes refuse what is no time",
        arguments: [
            "", "2020", "2020-02-30T00:00:00Z", "2021-366T00:00:00", "2020-13-01T00:00:00", "2020-01-01 00:00:00",
            "2020-01-01T24:00:00", "2020-01-01T00:60:00", "2020-01-01T00:00:60", "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00ZZ", "2020-1-01T00:00:00", "20200-01-01T00:00:00", "2020-01-01T0a:00:00",
            "2020-000T00:00:00",
        ])
    func asciiRefusals(text: String) {
        #expect(throws: TimeCodeError.self) { try UTCTime.read(ascii: Octets(Array(text.utf8)).bytes) }
    }

    @Test("ASCII fractions of any length are taken, past the eighteenth digit they are cut")
    func asciiFraction() throws {
        let long = "2016-12-31T23:59:60.1234567890123456789999Z"
        let (time, decimals) = try UTCTime.read(ascii: Octets(Array(long.utf8)).bytes)
        #expect(decimals == 18 && time.attoseconds == 123_456_789_012_345_678)
        #expect(time.text(decimals: 1) == "2016-12-31T23:59:60.1Z")
        #expect(time.dayOfYearText(decimals: 0) == "2016-366T23:59:60Z")
    }

    @Test(
        "P-fields that 301.0-B-4 does not define are refused",
        arguments: [[], [0x00], [0x3C], [0x43], [0x60], [0x70], [0x57], [0x9C], [0x9C, 0x80], [0xC0, 0], [0xD0, 0]])
    func pFields(octets: [UInt8]) {
        #expect(throws: TimeCodeError.self) { try TimeCode.read(pField: Octets(octets).bytes) }
    }

    @Test(
        "T-fields with values over their range are refused",
        arguments: [
            ([0x40], [0, 0, 0x05, 0x26, 0x5F, 0xE8]), ([0x41], [0, 0, 0, 0, 0, 0, 0x03, 0xE8]),
            ([0x42], [0, 0, 0, 0, 0, 0, 0x3B, 0x9A, 0xCA, 0x00]), ([0x50], [0x19, 0x8A, 1, 1, 0, 0, 0]),
            ([0x50], [0x19, 0x85, 0x13, 1, 0, 0, 0]), ([0x50], [0x19, 0x85, 0x02, 0x29, 0, 0, 0]),
            ([0x58], [0x19, 0x85, 0x03, 0x66, 0, 0, 0]), ([0x50], [0x19, 0x85, 1, 1, 0x24, 0, 0]),
            ([0x50], [0x19, 0x85, 1, 1, 0, 0, 0x60]), ([0x51], [0x19, 0x85, 1, 1, 0, 0, 0, 0xA0]),
        ] as [([UInt8], [UInt8])])
    func tFields(p: [UInt8], t: [UInt8]) throws {
        let code = try TimeCode.read(pField: Octets(p).bytes).code
        #expect(throws: TimeCodeError.self) { try code.decode(Octets(t).bytes) }
    }

    @Test("times that a code cannot hold are refused when written")
    func encodeRefusals() throws {
        let before = try #require(UTCTime(year: 1957, month: 12, day: 31))
        let late = try #require(UTCTime(year: 2137, month: 6, day: 7))
        var octets: [UInt8] = []
        #expect(throws: TimeCodeError.self) { try CUC(coarse: 4, fine: 0).encode(before, into: &octets) }
        #expect(throws: TimeCodeError.self) { try CUC(coarse: 4, fine: 0).encode(late, into: &octets) }
        #expect(throws: TimeCodeError.self) { try CDS().encode(late, into: &octets) }
        #expect(throws: TimeCodeError.self) { try CUC(coarse: 8, fine: 0) }
        #expect(throws: TimeCodeError.self) { try CUC(coarse: 4, fine: 11) }
        #expect(octets.isEmpty)
    }

    @Test("the calendar agrees with itself over eight hundred years, and leap seconds go round")
    func roundTrips() throws {
        for day in stride(from: -146_100, to: 146_100, by: 1) {
            let time = UTCTime(day: day, second: 43_210)
            let date = time.date
            let again = UTCTime(year: date.year, month: date.month, day: date.day, hour: 12, minute: 0, second: 10)
            guard again == time, time.tai.utc == time else {
                Issue.record("day \(day) comes back as another")
                return
            }
        }
        let leap = try #require(UTCTime(year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60))
        #expect(leap.tai.utc == leap)
        let next = try #require(UTCTime(year: 2017, month: 1, day: 1))
        #expect(next.tai.seconds == leap.tai.seconds + 1)
        #expect(
            TAITime(seconds: next.tai.seconds - 1, attoseconds: 999_999_999_999_999_999).utc.text(decimals: 3)
                == "2017-01-01T00:00:00.000Z")
    }

    @Test("counts without leap seconds follow UTC, as Unix time does")
    func unix() throws {
        let code = try CUC(coarse: 4, fine: 2, epoch: .unix)
        let time = try code.decode(Octets([0x58, 0x68, 0x46, 0x80, 0x80, 0]).bytes)
        #expect(time.text(decimals: 1) == "2017-01-01T00:00:00.5Z")
        #expect(time.unixNanoseconds == 1_483_228_800_500_000_000)
        var written: [UInt8] = []
        try code.encode(time, into: &written)
        #expect(written == [0x58, 0x68, 0x46, 0x80, 0x80, 0])
        #expect(UTCTime(day: 200_000_000, second: 0).unixNanoseconds == nil)
    }
}
