import Records
import Bytes
import Foundation
import Pipeline
import Support
import Testing

@Suite struct TextBufferTests {
    private func text(_ fill: (inout TextBuffer) -> Void) -> String {
        var out = TextBuffer(capacity: 16)
        fill(&out)
        return String(decoding: out.bytes.copied(), as: UTF8.self)
    }

    @Test("whole numbers of every length read back")
    func integers() {
        var values: [Int64] = [0, 1, -1, 9, 10, 99, 100, .max, .min]
        for power in 0..<19 {
            values.append(contentsOf: [Int64(pow(10.0, Double(power))), -Int64(pow(10.0, Double(power))) + 1])
        }
        for value in values { #expect(text { $0.append(value) } == String(value)) }
        #expect(text { $0.append(UInt64.max) } == "18446744073709551615")
        #expect(text { $0.append(7, digits: 3) } == "007")
    }

    @Test("numbers with a point are written as Swift writes them: shortest, and they read back")
    func doubles() {
        var random = SeededGenerator(seed: 7)
        var values: [Double] = [
            0, -0.0, 1, 24.5, 0.1, 1e-7, 1e22, 123456.789, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e15, 1e-4,
            28.830000000000002, 0.30000000000000004, 9_007_199_254_740_994, 2.2250738585072014e-308, 1e14 + 0.5,
        ]
        for _ in 0..<200_000 {
            values.append(Double(bitPattern: random.next()))
            values.append(Double(Int.random(in: -5_000_000...5_000_000, using: &random)) * 0.01)
            values.append(Double.random(in: -2000...2000, using: &random))
            values.append(Double(sign: .plus, exponent: Int.random(in: -14...50, using: &random), significand: 1))
        }
        for value in values where value.isFinite {
            let written = text { $0.append(value) }
            guard Double(written)?.bitPattern == value.bitPattern else {
                Issue.record("\(value) is written \(written)")
                continue
            }
            if value.magnitude < 1e15 && value.magnitude >= 1e-4 { #expect(written == value.description) }
        }
    }

    @Test("what JSON has no words for becomes strings that read back")
    func nonFinite() {
        #expect(text { $0.appendJSON(Double.nan) } == "\"NaN\"")
        #expect(text { $0.appendJSON(Double.infinity) } == "\"Infinity\"")
        #expect(text { $0.appendJSON(-Double.infinity) } == "\"-Infinity\"")
    }

    @Test("strings are escaped so that any reader of JSON gives them back")
    func strings() throws {
        for value in ["", "a\"b\\c", "\u{0}\u{1}\n\r\t\u{7F}", "松江", "\u{1F6F0}"] {
            let json = text { $0.appendJSON(value) }
            let back = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String
            #expect(back == value)
        }
    }

    @Test(
        "octets that are no UTF-8 are shown as hexadecimal digits",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE6, 0x9D], [0xF4, 0x90, 0x80, 0x80]])
    func notText(_ octets: [UInt8]) {
        let digits = octets.map { String(format: "%02x", $0) }.joined()
        #expect(text { $0.appendJSON(text: octets.octets) } == "\"\(digits)\"")
    }

    @Test("times are UTC with the decimals they carry")
    func times() {
        #expect(text { $0.append(CaptureTime(nanoseconds: 0), digits: 0) } == "1970-01-01T00:00:00Z")
        #expect(
            text { $0.append(CaptureTime(nanoseconds: 1_772_337_600_250_000_000), digits: 3) }
                == "2026-03-01T04:00:00.250Z")
        #expect(text { $0.append(CaptureTime(nanoseconds: -1), digits: 9) } == "1969-12-31T23:59:59.999999999Z")
        #expect(
            text { $0.append(CaptureTime(nanoseconds: 951_782_400_000_000_000), digits: 0) } == "2000-02-29T00:00:00Z")
        #expect(
            text { $0.append(CaptureTime(nanoseconds: 4_107_542_400_000_000_000), digits: 0) } == "2100-03-01T00:00:00Z"
        )
        #expect(text { $0.append(CaptureTime.unknown, digits: 6) } == "")
    }
}
