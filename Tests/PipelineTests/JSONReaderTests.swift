import Records
import Support
import Testing

/// The reader of JSON that the other tests rest on.
@Suite struct JSONReaderTests {
    @Test("what is JSON is read")
    func good() throws {
        let value = try JSON(
            #" {"a": [1, -2.5e+3, 18446744073709551615, 0, -0.0], "b": {"c": null, "d": true}, "e": "x\"\u00e9\n"} "#)
        #expect(value["a"]?[2] == .number("18446744073709551615"))
        #expect(value["a"]?[1]?.double == -2500)
        #expect(value["b"]?["c"] == .null && value["b"]?["d"] == .bool(true))
        #expect(value["e"] == .string("x\"é\n"))
        #expect(try JSON("[]") == .array([]) && JSON("{}") == .object([:]))
        #expect(try JSON.lines("1\n{}\n") == [.number("1"), .object([:])])
        #expect(try JSON.lines("").isEmpty)
    }

    @Test(
        "what is none is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\" 1}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", ".5", "1e", "-", "+1", "NaN",
            "Infinity", "nul",
            "\"a", "\"\u{1}\"", "'a'", "1 2", "[1}", "\"\\x\"",
        ])
    func bad(_ text: String) {
        #expect(throws: (any Error).self) { try JSON(text) }
    }
}
