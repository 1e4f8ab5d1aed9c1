import Query
import Testing

/// How filters are understood, and what is said of those that are none.
@Suite struct FilterParserTests {
    @Test(
        "a filter is understood as the grammar says",
        arguments: [
            ("apid == 100 and eps.battery_voltage < 24.5", "((apid == 100) and (eps.battery_voltage < 24.5))"),
            ("a or b and c xor d", "((a or (b and c)) xor d)"),
            ("!a && !!b || not c", "(((not a) and (not (not b))) or (not c))"),
            (#"spacecraft in {"songjiang", "g60"}"#, #"(spacecraft in {"songjiang", "g60"})"#),
            ("apid in {1 2 5..9}", "(apid in {1, 2, 5..9})"),
            ("apid not in {1}", "(not (apid in {1}))"),
            (#"time >= "2026-03-01T04:00:00Z""#, #"(time >= "2026-03-01T04:00:00Z")"#),
            ("vcid == 2 && !(frame.quality == good)", "((vcid == 2) and (not (frame.quality == good)))"),
            (#"message.text contains "SOS""#, #"(message.text contains "SOS")"#),
            (#"message.text matches r"^\d+""#, #"(message.text matches "^\d+")"#),
            ("ip.src == 10.0.0.0/8", "(ip.src == 10.0.0.0/8)"),
            (
                "ip.src == fe80::1/64 or eth.src == 00:1b:aa:bb:cc:dd",
                "((ip.src == fe80::1/64) or (eth.src == 00:1b:aa:bb:cc:dd))"
            ),
            ("temperature > 310 K", "(temperature > 310 K)"),
            ("speed > 72km/h and x < 1 and y < 2 or z", "((((speed > 72 km/h) and (x < 1)) and (y < 2)) or z)"),
            ("a + b * 2 - -c / 4 >= 0x1F", "(((a + (b * 2)) - ((- c) / 4)) >= 0x1F)"),
            ("1 < x <= 5", "((1 < x) and (x <= 5))"),
            ("payload[0:2] == aa:bb:cc", "(payload[0:2] == aa:bb:cc)"),
            (
                "p[1] == 1 and p[-4:] == 2 and p[:3] == 3 and p[2-5,7] == 4",
                "((((p[1:1] == 1) and (p[-4:] == 2)) and (p[0:3] == 3)) and (p[2:4,7:1] == 4))"
            ),
            (
                "raw(x) == 3 and limit(x) >= warning and changed(x)",
                "(((raw(x) == 3) and (limit(x) >= warning)) and changed(x))"
            ),
            ("within 5s of (type == TXSQ)", "(within 5 s of (type == TXSQ))"),
            (
                #"battery_low and within 5 s of (message.text contains "SOS" or emergency) and a"#,
                #"((battery_low and (within 5 s of ((message.text contains "SOS") or emergency))) and a)"#
            ),
            (
                "x eq 1 or x ne 2 or x lt 3 or x le 4 or x gt 5 or x ge 6",
                "((((((x == 1) or (x != 2)) or (x < 3)) or (x <= 4)) or (x > 5)) or (x >= 6))"
            ),
            ("value#2 == 1e-3", "(value#2 == 1e-3)"), ("温度 > 1.5", "(温度 > 1.5)"), ("x in {1..2.5}", "(x in {1..2.5})"),
            ("1 < x in {2}", "((1 < x) and (x in {2}))"), ("1 < x not in {2}", "((1 < x) and (not (x in {2})))"),
            (#"x not ~ "a""#, #"(not (x matches "a"))"#), ("p[0:2] == 08:64", "(p[0:2] == 08:64)"),
            ("p[12:34] == aa:bb and q[-4:2] == 1", "((p[12:34] == aa:bb) and (q[-4:2] == 1))"),
            ("x < 20% and y in {5%..10 %, 3}", "((x < 20 %) and (y in {5 %..10 %, 3}))"),
            ("x == 20 % 3 and y % 2 == 1 % (z)", "((x == (20 % 3)) and ((y % 2) == (1 % z)))"),
            (#"t == "a\"b\\\x41\n""#, "(t == \"a\"b\\A\n\")"), ("((((a))))", "a"),
        ])
    func understood(_ filter: String, _ meaning: String) throws {
        #expect(try FilterParser.parse(filter).description == meaning)
    }

    @Test(
        "what is no filter is refused where it is wrong",
        arguments: [
            ("", "^", "the filter is empty: a name, a comparison or 'not' may begin it"),
            ("apid = 1", "     ^", "'=' is no comparison: '==' is"),
            ("a | b", "  ^", "'|' is no operator: '||' or 'or' is"),
            ("apid == ", "        ^", "the end of the filter stands where a name or a value may"),
            ("apid == and", "        ^^^", "'and' stands where a name or a value may"),
            ("(a or b", "       ^", "the end of the filter stands where a comparison, 'and', 'or' or ')' may"),
            ("a b", "  ^", "'b' stands where a comparison, 'and', 'or' or the end of the filter may"),
            ("a)", " ^", "')' stands where a comparison, 'and', 'or' or the end of the filter may"),
            ("apid in 5", "        ^", "'5' stands where a set in braces, {1, 3..5}, may"),
            ("apid in {}", "         ^", "'}' stands where a name or a value may"),
            ("apid in {1", "          ^", "the end of the filter stands where a name or a value may"),
            (#"t == "ab"#, "     ^^^", "the text that begins here has no closing quote"),
            (
                #"t == "a\q""#, "       ^^",
                #"no escape: \n, \r, \t, \\, \", \' and \x00 to \x7F are; a text r"…" has none"#
            ),
            ("p[1:0] == 2", "    ^", "a slice has one octet or more, not 0"),
            ("p[5-2] == 2", "    ^", "a slice ends at or behind its beginning, 5"),
            ("p[:0] == 2", "   ^", "a slice has one octet or more, not 0"),
            ("p[:-1] == 2", "   ^", "a slice has one octet or more, not -1"),
            ("p[-4-2] == 2", "     ^", "a slice that begins below 0 has a count and no end: [-4:2]"),
            ("p[x] == 2", "  ^", "'x' stands where a whole number of octets may"),
            ("p[1 == 2", "    ^^", "'==' stands where ',' or ']' may"),
            ("f(a", "   ^", "the end of the filter stands where ',' or ')' may"),
            ("within 5s (a)", "          ^", "'(' stands where 'of', as in: within 5s of (…) may"),
            ("a == 1 $", "       ^", "'$' has no meaning in a filter; texts stand in quotes"),
            ("a not == 1", "  ^^^", "'not' stands where a comparison, 'and', 'or' or the end of the filter may"),
        ])
    func refused(_ filter: String, _ carets: String, _ reason: String) {
        do {
            Issue.record("it is taken: \(try FilterParser.parse(filter))")
        } catch {
            #expect(error.reason == reason)
            #expect(error.pointing.line == filter)
            #expect(error.pointing.carets == carets)
        }
    }

    @Test("brackets and texts have bounds, and no octets do harm")
    func bounds() {
        for deep in [String(repeating: "(", count: 5_000) + "a", String(repeating: "f(", count: 5_000)] {
            #expect(throws: FilterError.self) { try FilterParser.parse(deep) }
        }
        #expect(throws: FilterError.self) { try FilterParser.parse(String(repeating: "a and ", count: 20_000) + "a") }
        var generator = SystemRandomNumberGenerator()
        let parts = [
            "a", "(", ")", "{", "}", "[", "]", "..", "not", "in", "and", "or", "\"", "1", "-", "5s", "within", "of",
            ",", "==",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).map { _ in parts.randomElement(using: &generator) ?? "" }.joined(separator: " ")
            do { _ = try FilterParser.parse(text) } catch {
                #expect(error.range.start <= text.utf8.count && error.range.end <= text.utf8.count)
            }
        }
    }

    @Test("carets stand under the line of a filter that has several")
    func lines() {
        do { _ = try FilterParser.parse("a == 1 and\n\tb = 温度") } catch {
            #expect(error.pointing.line == "\tb = 温度" && error.pointing.carets == "\t  ^")
        }
    }
}
