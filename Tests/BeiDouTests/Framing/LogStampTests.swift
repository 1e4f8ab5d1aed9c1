import BeiDou
import Bytes
import Support
import Testing

/// Times that loggers write in front of lines.
struct LogStampTests {
    private static let sentence = "$BDFKI,TXA,Y,Y,0,0040*17\r\n"

    @Test(arguments: [
        ("2024-05-01T04:00:00.25Z ", 1_714_536_000_250_000_000),
        ("2024-05-01 12:00:00.250+08:00 ", 1_714_536_000_250_000_000),
        ("[2024/05/01 04:00:00] RX: ", 1_714_536_000_000_000_000),
        ("1714536000.5 ", 1_714_536_000_500_000_000),
        ("1714536000250: ", 1_714_536_000_250_000_000),
        ("9223372035.999999999 ", 9_223_372_035_999_999_999),
    ])
    func aStampInFrontOfALineIsItsTime(prefix: String, nanoseconds: Int64) {
        let scanned = scan(Array((prefix + Self.sentence).utf8), isLog: true)
        #expect(scanned.messages.map(\.time) == [nanoseconds])
        #expect(scanned.ledger.unclaimedBytes == 0 && scanned.ledger.isBalanced)
    }

    @Test(arguments: [
        "12:00:00 ", "2024-13-01 00:00:00 ", "#17 ", "2024-05-01 ", "COM3> ", "9223372036 ", "9999999999999 ",
    ])
    func whatIsNoWholeTimeIsNone(prefix: String) {
        let scanned = scan(Array((prefix + Self.sentence).utf8), isLog: true)
        #expect(scanned.messages.map(\.time) == [CaptureTime.unknown.nanoseconds])
    }

    @Test func aStampHoldsForItsLineAlone() {
        let text = "2024-05-01T04:00:00Z " + Self.sentence + Self.sentence
        let scanned = scan(Array(text.utf8), isLog: true)
        #expect(scanned.messages.map(\.time) == [1_714_536_000_000_000_000, CaptureTime.unknown.nanoseconds])
    }

    @Test func aFlowOfACaptureHasItsOwnTimes() {
        let scanned = scan(Array(("2024-05-01T04:00:00Z " + Self.sentence).utf8))
        #expect(scanned.messages.map(\.time) == [CaptureTime.unknown.nanoseconds])
    }
}
