import Foundation
import Support
import Testing

/// What somebody meets who pipes logs and makes small mistakes.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct MessageWalkTests {
    @Test("a log in GBK is read line by line as it is")
    func logs() throws {
        let finished = try Starlane.bash("starlane message decode --format json - < terminal-2.1.log")
        let lines = try JSON.lines(finished.text)
        let whole = try JSON.lines(try Starlane.run(["decode", "--format", "jsonl", "terminal-2.1.log"]).text)
        #expect(lines.map { $0["type"]?.text } == whole.map { $0["type"]?.text })
        #expect(lines.map { $0["parameters"] } == whole.map { $0["parameters"] })
        // Lines of text are no messages, and are told in characters.
        #expect(finished.status == 1)
        #expect(finished.words.contains("'-- 操作员换班 --' is neither a sentence"))
    }

    @Test("a line for the terminal's own ears is not said as it is")
    func controls() throws {
        let finished = try Starlane.run(["message", "decode", "a\u{1B}[31mb"])
        #expect(finished.words.hasPrefix("starlane: 'a·[31mb' is neither"))
    }

    @Test("Ctrl-C ends a decoding that waits for a line")
    func interrupt() throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.bash(
            """
            mkfifo fifo; exec 3<> fifo
            "$STARLANE" message decode - <&3 &
            waiting drained $! fifo
            kill -INT $!
            wait $!; echo $?
            """, in: folder.url)
        #expect(finished.text == "130\n")
    }

    @Test("sentences without a known name are something, too")
    func others() throws {
        let lines = (0..<30).map { number in
            let body = "APXDR,A,\(number),D,PTCH"
            return "$\(body)*" + String(format: "%02X", body.utf8.reduce(0, ^))
        }
        let input = Data(lines.joined(separator: "\r\n").utf8)
        #expect(try Starlane.run(["inspect", "-"], input: input).text.contains("other sentences"))
    }

    @Test(
        "one message is one message",
        arguments: [(1, "1 message says that it has"), (2, "2 messages say that they have")])
    func numbers(_ count: Int, _ words: String) throws {
        let void = ScriptedTerminal.sentence("GNRMC,,V,,,,,,,,,,N")
        let other = ScriptedTerminal.sentence("GNZDA,024500.00,15,03,2026,00,00")
        let input = Data((0..<count).flatMap { _ in void } + (0..<8).flatMap { _ in other })
        let finished = try Starlane.run(["tracks", "-"], input: input)
        #expect(finished.words.contains("\(words) no valid position\n"), "\(finished.words)")
    }

    @Test("settings that cannot be read are no settings")
    func folder() throws {
        let finished = try Starlane.run(
            ["message", "send", "--via", "udp://127.0.0.1:9", "--to", "1", "--limits", "/tmp", "x"])
        #expect(finished.status == 2)
        #expect(finished.words == "starlane: /tmp cannot be read: Is a directory\n")
    }

    @Test("a receipt that does not come is not a message that was not sent")
    func receipt() throws {
        let folder = try TemporaryFolder()
        let limits = folder.file("limits.yaml")
        try Data("service: {reserve: {seconds: 0}, feedback: {seconds: 1}}".utf8).write(to: limits)
        func send() throws -> Finished {
            let terminal = ScriptedTerminal(.udp) { name, _ in
                switch name {
                case "CCICA": [ScriptedTerminal.sentence("BDICI,0242286,00242286,0000011,6,1,3,N,0")]
                case "CCTXA": [ScriptedTerminal.sentence("BDFKI,TXA,Y,Y,0,0001")]
                default: []
                }
            }
            defer { terminal.end() }
            return try Starlane.run(
                [
                    "message", "send", "--via", terminal.address, "--limits", limits.path, "--dialect", "rdss-2.1",
                    "--to", "195817", "--wait", "receipt", "--timeout", "3", "x",
                ])
        }
        var finished = try send()
        // A terminal that got no time for so long is another one, whose answer comes too late: then it is known to be sent
        // later than it is not known, or never.
        for _ in 0..<20 {
            let sent = finished.words.range(of: "sent by the terminal;")?.lowerBound ?? finished.words.endIndex
            guard
                finished.words[..<sent].contains("whether the terminal sent it is not known")
                    || !finished.words.contains("handed") || !finished.words.contains("within 1 s; again")
            else { break }
            finished = try send()
        }
        #expect(finished.status == 1)
        #expect(finished.words.contains("not yet   no receipt of the network within 1 s; again"))
        #expect(!finished.words.contains("whether the terminal sent it is not known"))
        #expect(finished.words.contains("message 1: sent by the terminal; whether it arrived is not known; no receipt"))
    }

    @Test("a position is the same however it comes")
    func position() throws {
        let sentence = ScriptedTerminal.sentence(
            "BDDWR,1,0242286,084936.50,2302.2434,N,11323.6667,E,31,M,-6,M,1,V,V,L")
        let terminal = ScriptedTerminal(.tcp, greeting: [sentence]) { _, _ in [] }
        defer { terminal.end() }
        let heard = try Starlane.run(
            ["message", "listen", "--via", terminal.address, "--count", "1", "--for", "20", "--format", "json"])
        let decoded = try Starlane.run(
            ["message", "decode", "--format", "json", String(decoding: sentence, as: UTF8.self)])
        let event = try #require(try JSON.lines(heard.text).first)
        let parameters = try #require(try JSON.lines(decoded.text).first?["parameters"])
        for name in ["latitude", "longitude"] { #expect(event[name] == parameters[name]) }
        #expect(heard.text.contains("113.394445"))
    }

    @Test("what is wrong in a request is named")
    func requests() throws {
        let cases: [([String], String)] = [
            (["TXA", "receiver=1", "text=a", "text=b"], "text: is given twice; a list is written as text=1,2,3"),
            (["TXA", "receiver=1"], "text: is missing: the message would be empty"),
            (["--json", #"{"type":"TXA","parameters":[1]}"#], "parameters: is no object of names and values"),
            (["--json", #"{"type":"TXA","parameters":{},"raw":"x"}"#], "raw: is no object of names and values"),
        ]
        for (words, reason) in cases {
            let finished = try Starlane.run(["message", "encode"] + words)
            #expect(finished.status == 1 && finished.text.isEmpty)
            #expect(finished.words == "starlane: refused: \(reason)\n")
        }
    }

    @Test("types says of every value what it is")
    func types() throws {
        let names = try Starlane.run(["message", "types"]).text.split(separator: "\n")
            .filter { $0.hasPrefix("  ") }.compactMap { $0.split(separator: " ").first.map(String.init) }
        let text = try Starlane.run(["message", "types"] + Set(names).sorted()).text
        let bare = text.split(separator: "\n").filter { line in
            line.hasPrefix("  ") && line.split(separator: " ").count < 3
        }
        #expect(bare.count <= 2, "\(bare)")
        #expect(try Starlane.run(["message", "types"]).text.contains("  0x0704 entry  one of several"))
    }
}
