import Bytes
import Query
import Records
import Testing

/// Filters that are made to hurt: each is refused or checked and bound in no time.
@Suite struct HostileFilterTests {
    /// Checks and binds; what is wrong, or nothing.
    private func check(_ text: String, _ sourceLocation: SourceLocation = #_sourceLocation) -> String? {
        var reason: String?
        let duration = ContinuousClock().measure {
            do throws(FilterError) {
                let checked = try FieldCatalogue(types: TableMaker.types).check(text)
                _ = Filter(checked, types: TableMaker.types)
            } catch { reason = error.reason }
        }
        #expect(duration < .seconds(20), "\(duration)", sourceLocation: sourceLocation)
        return reason
    }

    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test(
        "deep filters are refused", arguments: ["(", "-(", "abs(", "!(", "within 1 s of (", "within 1 s of ", "not ("])
    func deep(_ opening: String) {
        #expect(check(repeated(opening, 2_000) + "apid")?.contains("100 deep") == true)
        #expect(check(repeated(opening, 45) + "apid")?.contains("100 deep") != true)
    }

    @Test(
        "long filters are refused when their operations are too many, and not before",
        arguments: [
            ("apid == 1 and ", "apid == 1"), ("apid == 1 or ", "apid == 1"), ("!", "apid"), ("not ", "apid"),
            ("apid == 1 xor ", "apid == 1"),
        ])
    func long(_ part: String, _ end: String) {
        #expect(check(repeated(part, 60_000 / part.utf8.count) + end)?.contains("operations") ?? (part.count > 8))
        #expect(check(repeated(part, 900) + end) == nil)
    }

    @Test("arithmetic is checked once, however long and deep", arguments: ["+", "-", "*", "/", "%"])
    func arithmetic(_ sign: String) {
        #expect(check(repeated("apid \(sign) ", 900) + "apid == 1") == nil)
        #expect(check(repeated("(apid \(sign) ", 90) + "apid" + repeated(")", 90) + " == 1") == nil)
        #expect(check(repeated("-(", 90) + "apid" + repeated(")", 90) + " == 1") == nil)
    }

    @Test(
        "sets may be as long as filters",
        arguments: [
            ("apid", "1"), ("apid", "7..9"), ("time", "5"), ("frame.quality", "good"), ("limit(voltage)", "watch"),
            ("ip.addr", "10.0.0.0/8"), ("flow", "\"a\""), ("octets[0:2]", "7"), ("voltage", "1 V"), ("udp.port", "3"),
            ("flag", "on"), ("mode", "2"),
        ])
    func sets(_ field: String, _ value: String) {
        let count = 64_000 / (value.utf8.count + 1)
        #expect(check("\(field) in {\(repeated(value + " ", count))}") == nil)
        #expect(check("\(field) in {\(repeated("\(value),", count / 2))nonsense}") != nil)
    }

    @Test(
        "numbers at the ends of all kinds are compared",
        arguments: [
            "170141183460469231731687303715884105727", "-170141183460469231731687303715884105727",
            "170141183460469231731687303715884105728", "0xffffffffffffffffffffffffffffffff", "1e308", "-1e308", "-0.0",
            "1267650600228229401496703205375", "1267650600228229401496703205376",
        ])
    func extremes(_ number: String) {
        for field in ["apid", "real", "count", "big", "small", "octets[0:8]", "raw(sat.power.mode)", "len(octets)"] {
            for comparison in ["==", "!=", "<", "<=", ">", ">="] {
                #expect(check("\(field) \(comparison) \(number)") == nil)
                #expect(check("\(field) in {\(number)..\(number), 5}") == nil)
            }
        }
    }

    @Test(
        "what has no value is refused",
        arguments: [
            "real == 1 / 0", "real == 1 % 0", "real > 1e308 * 10", "real > 1e308 * 10 - 1e308 * 10", "real == 0.5 & 1",
            "1 / 0 == real", "real in {1 / 0}", "real > 1e400", "real == 99999999999999999999999999 & 1",
        ])
    func noValue(_ filter: String) { #expect(check(filter) != nil) }

    @Test(
        "times beyond what is counted are refused or never come",
        arguments: [
            "time > 999999999999999", "time > 1e300", "time > -1e18", "time == 0x10", "within 1e300 s of apid",
            "within -1 s of apid", "within 1 of apid", "within 1 V of apid", "time > \"9999-12-31T23:59:59.9Z\"",
        ])
    func times(_ filter: String) { #expect((check(filter) == nil) == filter.contains("9999-12")) }
}
