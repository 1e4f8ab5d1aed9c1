import Support
import Testing

/// What `message decode` shows of one message, as a whole: whoever changes a layout or a word sees what users will see.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct MessageScreenTests {
    /// A message as it is typed, the name of its screen, and whether it is good.
    static let screens: [(name: String, message: String, isGood: Bool)] = [
        ("gga", "$GNGGA,024000.00,3103.87153,N,12119.07852,E,1,18,0.80,11.0,M,9.8,M,,*4F", true),
        // A terminal that speaks UTF-8 hands Chinese on as UTF-8; the checksum is that of the line, which has GBK.
        ("tci-chinese", "$BDTCI,4204986,4204990,2,142204,1,0,水位上涨，已撤离*66", true),
        ("tci-mixed", "$BDTCI,4204986,4204990,2,142204,3,0,A4CBAECEBB332E32C3D7A3ACD2D1B3B7C0EB*43", true),
        ("txsq", "24545853510018 02adf7 44 02adf7 0030 00 ced2b0aec4e3 63", true),
        (
            "0x0200",
            "7E0200002611223344556622B8000000010000000200BA7F0E07E4F11C0028003C000018071510101001040000006402020037577E",
            true
        ),
        ("gga-checksum-wrong", "$GNGGA,024000.00,3103.87153,N,12119.07852,E,1,18,0.80,11.0,M,9.8,M,,*4E", false),
        ("txsq-check-wrong", "24545853510018 02adf7 44 02adf7 0030 00 ced2b0aec4e3 62", false),
        (
            "0x0200-check-wrong",
            "7E0200002611223344556622B8000000010000000200BA7F0E07E4F11C0028003C000018071510101001040000006402020037587E",
            false
        ),
        ("gga-latitude-malformed", "$GNGGA,024000.00,31x3.87153,N,12119.07852,E,1,18,0.80,11.0,M,9.8,M,,*07", false),
    ]

    @Test("a message's screen is the one that is kept, words on standard error below it", arguments: screens)
    func shown(_ screen: (name: String, message: String, isGood: Bool)) throws {
        for (ending, options) in [("", []), (".raw", ["--raw"])] {
            let finished = try Starlane.run(["message", "decode"] + options + [screen.message])
            #expect(finished.status == (screen.isGood ? 0 : 1))
            #expect(finished.words.isEmpty == screen.isGood)
            // What is refused is shown where it is.
            #expect(screen.isGood || finished.words.hasSuffix("^\n"))
            expectWords(finished)
            try expectGolden("message/\(screen.name)\(ending).txt", finished.text + finished.words)
        }
    }
}
