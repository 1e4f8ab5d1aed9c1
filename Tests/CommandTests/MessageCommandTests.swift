import Foundation
import Support
import Testing

/// `message decode`, `encode` and `types`: single messages on a command line.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct MessageCommandTests {
    /// The messages of a table of vectors as they are given on a command line.
    private static func vectors(_ name: String, good: Bool) throws -> [String] {
        try Table(fixture("vectors/\(name).tsv")).rows.compactMap { row in
            let isGood = row["check"] == "ok"
            guard isGood == good else { return nil }
            return row["sentence"] ?? row["hex"]?.filter { !$0.isWhitespace }
        }
    }

    static let tables = ["beidou-text", "nmea-beidou", "beidou-binary", "jtt808"]

    @Test("good vectors are decoded with status 0, and written again as they were", arguments: tables)
    func good(_ name: String) throws {
        for message in try Self.vectors(name, good: true) {
            let decoded = try Starlane.run(["message", "decode", "--format", "json", "--raw", message])
            #expect(decoded.status == 0, "\(message): \(decoded.words)")
            let lines = decoded.text.split(separator: "\n").map(String.init)
            let values = try lines.map { try JSON($0) }
            #expect(!lines.isEmpty)
            // Several in a row are written one by one; the entries of a batch are in the batch.
            var written = ""
            for (line, value) in zip(lines, values) where value["type"]?.text?.hasSuffix(" entry") == false {
                let encoded = try Starlane.run(
                    ["message", "encode", "--format", "hex", "--json", "-"], input: Data(line.utf8))
                #expect(encoded.status == 0, "\(message): \(encoded.words)")
                written += encoded.text.trimmingCharacters(in: .newlines)
            }
            #expect(written == (message.hasPrefix("$") ? Self.hex(message) : message.lowercased()))
        }
    }

    /// The octets of a sentence from its last leading dollar sign on, in hexadecimal. One vector has Chinese in it.
    private static func hex(_ sentence: String) -> String {
        let gbk: [Character: String] = ["救": "bec8", "命": "c3fc"]
        return ("$" + sentence.drop { $0 == "$" }).map { character in
            character.asciiValue.map { String(format: "%02x", $0) } ?? gbk[character] ?? "??"
        }.joined()
    }

    @Test("bad vectors are refused with status 1 and a caret", arguments: tables)
    func bad(_ name: String) throws {
        for message in try Self.vectors(name, good: false) {
            let finished = try Starlane.run(["message", "decode", message])
            #expect(finished.status == 1, "\(message)")
            #expect(finished.words.contains("starlane: refused: ") && finished.words.contains("^"), "\(message)")
        }
    }

    @Test("what is wrong is shown where it is")
    func carets() throws {
        let cases: [([String], String)] = [
            (
                ["$BDFKI,DWA,N,Y,0,0058*17"],
                """
                starlane: refused: the checksum says 17, the octets between $ and * give 16
                  $BDFKI,DWA,N,Y,0,0058*17
                                        ^

                """
            ),
            (
                ["24 54 58 53 51 00 18"],
                """
                starlane: refused: the length says 24, 7 octets are there
                  24 54 58 53 51 00 18
                                 ^^

                """
            ),
            (["hello"], "starlane: 'hello' is neither a sentence (it begins with $) nor octets in hexadecimal\n"),
        ]
        for (arguments, words) in cases {
            let finished = try Starlane.run(["message", "decode"] + arguments)
            #expect(finished.status == 1)
            #expect(finished.words == words)
        }
    }

    @Test("messages are written from words, in the form that holds their text")
    func encode() throws {
        let cases: [([String], String)] = [
            (["TXA", "receiver=242286", "text=你好 123"], "$CCTXA,0242286,1,2,A4C4E3BAC320313233*70"),
            (["TXA", "receiver=242286", "text=12345"], "$CCTXA,0242286,1,1,12345*44"),
            (["ICA", "kind=own_card", "frame=0"], "$CCICA,0,00*7B"),
            (
                ["TXSQ", "address=175607", "receiver=175607", "text=我爱你"],
                "2454585351001802adf74402adf7003000ced2b0aec4e363"
            ),
        ]
        for (words, written) in cases {
            let finished = try Starlane.run(["message", "encode"] + words)
            #expect(finished.text == written + "\n", "\(words): \(finished.words)")
            #expect(finished.status == 0)
        }
    }

    @Test("what cannot be written is refused, with what is allowed")
    func refusals() throws {
        let cases: [([String], String)] = [
            (["TXB"], "no sentence or frame is called 'TXB'; near it are TXA, TXR, TXT"),
            (["TXA", "reciever=3"], "reciever: TXA has no such value; near it are receiver"),
            (["TXA", "receiver=1", "text=€😀"], "text: GBK lacks € (U+20AC), 😀 (U+1F600)"),
            (["TXSQ", "receiver=3000000", "text=x"], "0 to 2097151 is allowed"),
            (["TXA", "receiver=1", "kind=late", "text=x"], "express, ordinary"),
            (["--json", "{}"], "the object needs a member \"type\""),
            (["--json", "nonsense"], "this is no JSON"),
        ]
        for (words, reason) in cases {
            let finished = try Starlane.run(["message", "encode"] + words)
            #expect(finished.status == 1, "\(words)")
            #expect(finished.words.contains(reason), "\(words): \(finished.words)")
            #expect(finished.text.isEmpty)
        }
    }

    @Test("a list of messages comes from standard input, a line each")
    func lines() throws {
        let input = "$CCICA,0,00*7B\n\n2449434A43000C000000002B\n"
        let finished = try Starlane.run(["message", "decode", "--format", "json", "-"], input: Data(input.utf8))
        #expect(try JSON.lines(finished.text).map { $0["type"]?.text } == ["ICA", "ICJC"])
        #expect(finished.status == 0)
    }

    @Test("types lists what is known, and refuses what is not")
    func types() throws {
        let all = try Starlane.run(["message", "types"])
        for word in ["RDSS 4.0", "TXSQ", "TXR", "TCQ", "GGA", "0x0200"] { #expect(all.text.contains(word)) }
        #expect(try Starlane.run(["message", "types", "TXA"]).text.contains("receiver"))
        #expect(try Starlane.run(["message", "types", "TXB"]).status == 2)
    }
}
