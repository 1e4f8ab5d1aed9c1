import BeiDou
import Bytes
import Foundation
import Support
import Testing

/// Every code of two octets that GBK could have.
private let allCodes: [UInt16] = (0x81...0xFE).flatMap { lead in
    (0x40...0xFE).filter { $0 != 0x7F }.map { UInt16(lead << 8 | $0) }
}

func gbkText(_ octets: [UInt8], controls: GBK.Controls = .all) -> String? {
    let buffer = ByteBuffer()
    buffer.append(octets: [0x3E])
    guard GBK.append(octets.octets, to: buffer, controls: controls) else {
        #expect(buffer.count == 1, "nothing is added when something is wrong")
        return nil
    }
    return String(decoding: buffer.bytes.copied().dropFirst(), as: UTF8.self)
}

@Suite struct GBKTests {
    @Test func theTableHoldsAllCharactersOfGBKAndOfGB2312() {
        #expect(allCodes.filter { GBK.character(of: $0) != nil }.count == 21_791)
        #expect(allCodes.filter(GBK.isGB2312).count == 7_445)
        #expect(allCodes.allSatisfy { !GBK.isGB2312($0) || GBK.character(of: $0) != nil })
        #expect(Set(allCodes.compactMap(GBK.character)).count == 21_791, "no character has two codes")
    }

    @Test(.enabled(if: hasProgram("iconv"), "iconv is not installed"))
    func everyCodeIsWhatIconvReads() throws {
        var valid = Data()
        for code in allCodes where GBK.character(of: code) != nil {
            valid.append(contentsOf: [UInt8(code >> 8), UInt8(code & 0xFF), 0x0A])
        }
        let done = try run("iconv", ["-f", "GBK", "-t", "UTF-8"], input: valid)
        #expect(done.status == 0)
        let lines = done.text.split(separator: "\n").map(String.init)
        let ours = allCodes.compactMap { GBK.character(of: $0).map { String($0) } }
        #expect(lines == ours)
        // In the other direction iconv knows none that we lack.
        let every = (0xA0...0xFFFF).compactMap { Unicode.Scalar($0 as Int) }.map { "\($0)\n" }.joined()
        let back = try run("iconv", ["-c", "-f", "UTF-8", "-t", "GBK"], input: Data(every.utf8))
        let codes = Set(
            back.output.split(separator: 0x0A).map { line in line.reduce(0) { UInt16($0) << 8 | UInt16($1) } })
        // The euro sign goes to the octet 80 there, which does not come back.
        #expect(codes.subtracting(allCodes.filter { GBK.character(of: $0) != nil }) == [0x80])
        #expect(codes.count == 21_792)
    }

    @Test(.enabled(if: hasProgram("python3"), "python3 is not installed"))
    func everyCodeIsWhatPythonReads() throws {
        let script = """
            import sys
            for name in ("gbk", "gb2312"):
                for lead in range(0x81, 0xFF):
                    for second in range(0x40, 0xFF):
                        try: text = bytes([lead, second]).decode(name)
                        except UnicodeDecodeError: text = ""
                        if len(text) == 1:
                            sys.stdout.buffer.write(f"{lead:02x}{second:02x}={text}\\n".encode())
                sys.stdout.buffer.write(b"--\\n")
            """
        let output = try run("python3", ["-c", script]).text.components(separatedBy: "--\n")
        func codes(_ text: String) -> [UInt16: String] {
            var table: [UInt16: String] = [:]
            for line in text.split(separator: "\n") {
                if let code = UInt16(line.prefix(4), radix: 16) { table[code] = String(line.dropFirst(5)) }
            }
            return table
        }
        let gbk = codes(output[0])
        let ours = allCodes.reduce(into: [UInt16: String]()) { table, code in
            if let character = GBK.character(of: code) { table[code] = String(character) }
        }
        #expect(gbk == ours)
        let gb2312 = codes(output[1])
        #expect(Set(gb2312.keys) == Set(allCodes.filter(GBK.isGB2312)))
        // The two that the codecs for GB 2312 read in another way.
        #expect(gb2312.filter { ours[$0.key] != $0.value } == [0xA1A4: "・", 0xA1AA: "―"])
    }

    @Test func everyCharacterGoesThereAndBack() throws {
        let text = String(String.UnicodeScalarView(allCodes.compactMap(GBK.character)))
        let ascii = String(String.UnicodeScalarView((0..<0x80).compactMap { Unicode.Scalar($0 as Int) }))
        let octets = try GBK.encode(ascii + text + "x")
        #expect(octets.count == 0x80 + 2 * 21_791 + 1)
        #expect(gbkText(octets) == ascii + text + "x")
        let count = GBK.characterCount(octets.octets)
        #expect(count == 0x80 + 21_791 + 1)
    }

    @Test func everyLengthIsConvertedWhole() throws {
        for length in 0..<800 {
            for first in ["", "a"] {
                let text = first + String(repeating: "北", count: length)
                #expect(gbkText(try GBK.encode(text)) == text)
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xFF], [0x81], [0xB0, 0x3F], [0xB0, 0x7F], [0xB0, 0xFF], [0xAA, 0xA1], [0xFE, 0xFE], [0xD7, 0xFA],
            [0xA1, 0x40], [0xFF, 0xA1], [0x80, 0xA1], [0x81, 0x30, 0x81, 0x30],
        ] as [[UInt8]])
    func octetsThatAreNoCharacterAreRefused(_ octets: [UInt8]) {
        #expect(gbkText(octets) == nil)
        #expect(gbkText(Array("text ".utf8) + octets) == nil)
        #expect(gbkText(Array(repeating: 0x41, count: 1_000) + octets) == nil)
        let isValid = GBK.isValid(octets.octets)
        #expect(!isValid)
    }

    @Test func nothingIsAddedWhereverTheOctetsAreWrong() {
        for length in 1..<200 {
            for place in 0..<length {
                var octets = [UInt8](repeating: 0x41, count: length)
                octets[place] = 0xFF
                #expect(gbkText(octets) == nil)
            }
        }
    }

    @Test func controlCharactersAreRefusedWhereTextIsGuessed() {
        #expect(gbkText(Array("a\tb\r\n".utf8), controls: .layout) == "a\tb\r\n")
        for octet in Array(0..<9 as Range<UInt8>) + [0x0B, 0x0C, 0x1B, 0x7F] {
            #expect(gbkText([0x41, octet], controls: .layout) == nil)
            #expect(gbkText([0x41, octet]) != nil)
        }
    }

    @Test func aForgivingReaderMarksEachOctetThatIsWrong() {
        let buffer = ByteBuffer()
        GBK.appendForgiving(([0xC4, 0xE3, 0xFF, 0x80, 0x41, 0xBA] as [UInt8]).octets, to: buffer)
        #expect(String(decoding: buffer.bytes.copied(), as: UTF8.self) == "你\u{FFFD}\u{FFFD}A\u{FFFD}")
        buffer.removeAll()
        GBK.appendForgiving([UInt8](repeating: 0xFF, count: 1_000).octets, to: buffer)
        #expect(buffer.count == 3_000)
    }

    @Test func aRefusalNamesWhatIsLackingOnce() {
        func refusal(_ text: String) -> String {
            do {
                _ = try GBK.encode(text)
                return "none"
            } catch {
                return error.description
            }
        }
        #expect(
            refusal("naïve ñ ñ 你好")
                == "text: GBK lacks ï (U+00EF), ñ (U+00F1); short messages carry no others: write the text without them"
        )
        #expect(refusal("ok \u{1F600}").contains("😀 (U+1F600)"))
        #expect(refusal("a\u{200B}b").contains("GBK lacks U+200B;"))
        let many = refusal("ąćęłńóśźżąćęłńóśźż")
        #expect(many.contains("ą (U+0105), ć (U+0107), ę (U+0119), ł (U+0142)"))
        #expect(!many.contains("more"), "\(many)")
        #expect(refusal("ąćęłśźżđħŋ").contains("ħ (U+0127)") == false)
        #expect(refusal("ąćęłśźżđħŋ").contains(" and 2 more"))
    }
}
