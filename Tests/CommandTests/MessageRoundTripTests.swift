import Foundation
import Support
import Testing

/// What `message decode --format json --raw` prints is written again as it was, to the octet.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct MessageRoundTripTests {
    /// A sentence with its check.
    private static func sentence(_ body: String) -> String {
        let check = body.utf8.reduce(0, ^)
        return "$\(body)*" + String(format: "%02X", check)
    }

    /// Decodes and encodes messages, a line each.
    private func again(_ messages: [String]) throws -> [String] {
        let input = Data(messages.joined(separator: "\n").utf8)
        let decoded = try Starlane.run(["message", "decode", "--format", "json", "--raw", "-"], input: input)
        let encoded = try Starlane.run(["message", "encode", "--json", "-"], input: Data(decoded.text.utf8))
        #expect(encoded.status == 0 && encoded.words.isEmpty, "\(encoded.words)")
        return encoded.text.split(separator: "\n").map(String.init)
    }

    @Test("vectors come back as they were", arguments: ["beidou-text", "nmea-beidou", "beidou-binary", "jtt808"])
    func vectors(_ name: String) throws {
        let messages = try Table(fixture("vectors/\(name).tsv")).rows.compactMap { row -> String? in
            // Of a batch its reports are printed, too.
            guard row["check"] == "ok", row["name"]?.contains("0x0704") != true else { return nil }
            if let sentence = row["sentence"] { return "$" + sentence.drop { $0 == "$" } }
            // Several in a row are several messages.
            let hex = row["hex"]?.filter { !$0.isWhitespace }.lowercased() ?? ""
            return hex.hasPrefix("7e") || Int(hex.dropFirst(10).prefix(4), radix: 16) == hex.count / 2 ? hex : nil
        }
        #expect(messages.count > 15)
        #expect(try again(messages) == messages)
    }

    @Test("columns that are there and empty stay, those that are not there stay away")
    func columns() throws {
        let bodies = [
            "BDGSA,A,1,,,,,,,,,,,,,,,,", "BDGSA,A,1,,", "GNGBS,003956.00,2.3,3.5,4.0,,,,,,", "GNGBS,003956.00",
            "BDVTG,,,,,0.16,N,0.30,K,A", "BDVTG,1.5", "BDVTG,1.5,T", "GNGGA", "GNGGA,", "GNGGA,,,N,,E,1",
            "GNGLL,3101.8", "GNGLL,3101.8,N,12113.2", "GNRMC,,V,,,,,,,,,,N", "GNRMC,,V,,,,,,,,,,N,V,,x",
            "GBGSV,3,1,10,01,29,321,,03,12,292,,04,37,345,,08,49,229,", "GBGSV,3,1,10,01,29,321,,03,12,292",
            "GBGSV,3,1,10,01,29,321,,1", "GBGSV,3,1,10,01,29,321,,1,", "GBGSV,1,1,00", "GBGSV,1,1,00,1",
            "BDFKI,DWA,N,Y,0058", "BDFKI,DWA,N,Y,0,0058", "BDPWI,000000.00,00,01,,40,33,0,", "BDPWI,000000.00,00,00",
            "BDBSI,01,03,,2,2,0,3,0,0,3,0,0", "GNTXT,01,01,02,0x41", "GNTXT,01,01,02,\"\\,a,", "CCTXA,0242286,1,2",
            "BDTXR", "BDTXR,1",
            "CCTXA,0242286,1,2,", "GPXXX", "GPXXX,", "GPXXX,1,,", "PUBX,00,1",
        ]
        let messages = bodies.map(Self.sentence)
        #expect(try again(messages) == messages)
    }

    @Test("what the layout does not know, and parts of messages, come back")
    func unknown() throws {
        let messages = [
            "2441414141000e000000010203" + "2a",
            "7e1205203804066657506200ec00020002"
                + "0120121900163320121900360700000000000000000001010f0ce4cd"
                + "0120121900002220121900163300000000000000000001010c6f9e7b" + "5d7e",
        ]
        #expect(try again(messages) == messages)
    }

    @Test("octets that are no text come back by their raw values")
    func damagedText() throws {
        let plate =
            "7e01000023000123456789000a002800323132333400746b3132333435004348493132330001d4c1413132333435059d1f7e"
        #expect(try again([plate]) == [plate])
    }

    @Test("an object without raw values gets the form that is usual")
    func usual() throws {
        let decoded = try Starlane.run(
            ["message", "decode", "--format", "json", Self.sentence("BDVTG,,,,,0.16,N,0.30,K,A")])
        let encoded = try Starlane.run(["message", "encode", "--json", "-"], input: Data(decoded.text.utf8))
        #expect(encoded.text == Self.sentence("BDVTG,,T,,M,0.16,N,0.3,K,A") + "\n")
    }

    @Test("a frame that was cut off is not written longer than it was")
    func cutOff() throws {
        let decoded = try Starlane.run(
            ["message", "decode", "--format", "json", "--raw", "245a4a5858000f02adfb0100640208"])
        let encoded = try Starlane.run(["message", "encode", "--json", "-"], input: Data(decoded.text.utf8))
        #expect(encoded.status == 1 && encoded.text.isEmpty)
        #expect(
            encoded.words == "starlane: line 1: refused: the message that was decoded ends in front of powers; "
                + "to write a whole one, leave \"invalid\" out\n")
    }

    @Test("raw columns with a gap between them are refused")
    func gap() throws {
        let object = #"{"type":"FKI","dialect":"rdss-2.1","raw":{"talker":"BD","sentence":"DWA","wait":"0058"}}"#
        let finished = try Starlane.run(["message", "encode", "--json", object])
        #expect(finished.status == 1)
        #expect(
            finished.words == "starlane: refused: executed: stands in front of wait, and its columns are not given; "
                + "raw, an empty one is \"\"\n")
    }

    @Test("a line that is refused does not stop those behind it")
    func lines() throws {
        let input = """
            {"type":"ICA","parameters":{"kind":"own_card","frame":0}}
            nonsense

            {"type":"TXA","parameters":{"receiver":1,"text":"12345"}}
            """
        let finished = try Starlane.run(["message", "encode", "--json", "-"], input: Data(input.utf8))
        #expect(finished.status == 1)
        #expect(finished.text == "$CCICA,0,00*7B\n$CCTXA,0000001,1,1,12345*4D\n")
        #expect(finished.words == "starlane: line 2: refused: this is no JSON: nonsense\n")
    }

    @Test("what is unknown is written when its dialect is told")
    func unknownByHand() throws {
        let vague = try Starlane.run(["message", "encode", "unknown", "talker=BD", "sentence=XYZ"])
        #expect(vague.status == 1)
        #expect(vague.words.contains("in nmea-0183, rdss-4.0, jtt-808: say which of them is meant"))
        let told = try Starlane.run(
            ["message", "encode", "--dialect", "nmea-0183", "unknown", "talker=BD", "sentence=XYZ", "raw.body=1,2"])
        #expect(told.text == Self.sentence("BDXYZ,1,2") + "\n")
        #expect(try Starlane.run(["message", "types", "unknown"]).text.contains("frame_name"))
    }

    @Test("a sentence with Chinese in it is text in UTF-8, and octets that are none are digits")
    func chinese() throws {
        let words = ["message", "encode", "TXA", "receiver=1", "form=chinese"]
        let text = try Starlane.run(words + ["text=我爱你"])
        #expect(text.text == "$CCTXA,0000001,1,0,我爱你*58\n")
        let line = text.text.trimmingCharacters(in: .newlines)
        #expect(try Starlane.run(["message", "decode", line]).text.contains("ced2b0aec4e3"))
        let octets = try Starlane.run(words + ["raw.body=0xFFFF"])
        #expect(octets.text.hasPrefix("24434354") && octets.status == 0)
    }
}
