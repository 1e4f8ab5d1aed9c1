import Foundation
import Support
import Testing

/// `starlane message send` and `listen` with a terminal that answers by a script.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct MessageSendTests {
    private static let card21 = ScriptedTerminal.sentence("BDICI,0242286,00242286,0000011,6,1,3,N,0")
    private static let card4 = ScriptedTerminal.frame("ICXX", [0, 0x1D, 0x77, 0x14, 6, 0, 1, 3, 0, 0, 0])
    private static let card3 = ScriptedTerminal.sentence(
        "BDICP,15240507,2032472,1,3,0,N,1,Y,1,0,0,3,1,1,5,1,1,2,2,500,100,10,10")

    /// How long a terminal has to answer a request, and how often it is asked.
    private struct Patience {
        /// Where an answer comes, however late: a terminal is a thread of this process, which may get no time for a while.
        static let long = Patience(seconds: 60, tries: 30)
        /// Where nothing comes, so that tests last seconds.
        static let short = Patience(seconds: 1, tries: 2)
        let seconds: Int
        let tries: Int
    }

    private func limits(_ patience: Patience, _ folder: TemporaryFolder) throws -> String {
        let text =
            "service: {reserve: {seconds: 0}, feedback: {seconds: \(patience.seconds)}, tries: {count: \(patience.tries)}}"
        try Data(text.utf8).write(to: folder.file("limits.yaml"))
        return folder.file("limits.yaml").path
    }

    /// Runs `message send` with words that are the same each time: times of day are T, and asking for the card again is left out
    /// where an answer comes.
    private func send(
        _ terminal: ScriptedTerminal, _ arguments: [String], _ patience: Patience = .long
    ) throws -> (Finished, [String]) {
        defer { terminal.end() }
        let folder = try TemporaryFolder()
        let finished = try Starlane.run(
            ["message", "send", "--via", terminal.address, "--limits", try limits(patience, folder), "--to", "195817"]
                + arguments)
        let lines = (finished.words + finished.text).split(separator: "\n").map {
            String($0).replacing(/\d\d:\d\d:\d\d\.\d{3}/, with: "T").replacing(/\s+/, with: " ")
        }
        // A terminal that got no time for so long is asked again, and answers twice.
        let card = lines.firstIndex { $0.hasPrefix("T card ") }
        let first = lines.enumerated().filter { !$1.hasPrefix("T card ") || $0 == card }.map(\.element)
        return (finished, first.filter { patience.tries < 3 || !$0.contains(/^T asking for the card, .*, round/) })
    }

    /// The same where an answer is to come soon and then none: again, until the terminal was in time, which words show.
    private func send(
        _ script: @escaping ScriptedTerminal.Script, _ arguments: [String], until words: String
    ) throws -> (Finished, [String]) {
        for _ in 0..<20 {
            let (finished, lines) = try send(ScriptedTerminal(.udp, script), arguments, .short)
            if lines.contains(where: { $0.contains(words) }) { return (finished, lines) }
        }
        throw LateTerminal()
    }

    private struct LateTerminal: Error {}

    @Test("success on every kind of link, an answer in two pieces", arguments: ScriptedTerminal.Kind.allCases)
    func success(_ kind: ScriptedTerminal.Kind) throws {
        let terminal = ScriptedTerminal(kind) { name, _ in
            switch name {
            case "CCICA": [Array(Self.card21.prefix(9)), Array(Self.card21.dropFirst(9))]
            case "CCTXA": [ScriptedTerminal.sentence("BDFKI,TXA,Y,Y,0,0001")]
            default: []
            }
        }
        let (finished, lines) = try send(terminal, ["--dialect", "rdss-2.1", "123_ABC汉字"])
        #expect(finished.status == 0)
        #expect(
            lines == [
                "T asking for the card, in rdss-2.1", "T card 0242286 in rdss-2.1, 1 s between messages, level 3",
                "T 1 queued 1 of 1, goes T; mixed, 96 of 628 bits, 532 left: 66 octets",
                "T 1 handed to the terminal, 48 octets", "T 1 sent by the terminal; it takes the next one in 1 s",
                "message 1: sent by the terminal; whether it arrived is not known",
            ])
        let requests = terminal.requests.drop { $0 == "$CCICA,0,00*7B" }
        #expect(requests.count < terminal.requests.count)
        #expect(requests == ["$CCTXA,0195817,1,2,A43132335F414243BABAD7D6*7D"])
    }

    @Test func dialectIsFoundAndAWaitIsKept() throws {
        let terminal = ScriptedTerminal(.udp) { name, times in
            switch name {
            case "ICJC": [Self.card4]
            case "TXSQ": [ScriptedTerminal.frame("FKXX", times == 1 ? [4, 0, 0, 0, 1] : [0] + Array("TXSQ".utf8))]
            default: []
            }
        }
        let start = Date()
        let (finished, lines) = try send(terminal, ["12345"])
        #expect(finished.status == 0)
        // Two dialects that stay silent, and a wait.
        #expect(Date().timeIntervalSince(start) >= 5)
        #expect(
            lines == [
                "T asking for the card, in bds-3", "T asking for the card, in rdss-2.1",
                "T asking for the card, in rdss-4.0", "T card 0142020 in rdss-4.0, 1 s between messages, level 3",
                "T 1 queued 1 of 1, goes T; code, 20 of 628 bits, 608 left: 152 digits",
                "T 1 handed to the terminal, 21 octets",
                "T 1 not yet the service frequency is not reached, 1 s to wait; again T",
                "T 1 handed to the terminal, 21 octets, try 2", "T 1 sent by the terminal",
                "message 1: sent by the terminal; whether it arrived is not known",
            ])
    }

    @Test func silenceOfTheTerminalIsAFailure() throws {
        let terminal = ScriptedTerminal(.tcp) { _, _ in [] }
        let (finished, lines) = try send(terminal, ["--dialect", "bds-3", "hello"], .short)
        #expect(finished.status == 1)
        #expect(
            lines == [
                "T asking for the card, in bds-3", "T asking for the card, in bds-3, round 2",
                "T 1 failed the terminal does not answer (asked in bds-3)",
                "message 1: not sent; the terminal does not answer (asked in bds-3)",
            ])
    }

    @Test func silenceAfterHandingOverLeavesItUnknown() throws {
        let (finished, lines) = try send(
            { name, _ in name == "CCICR" ? [Self.card3] : [] }, ["--dialect", "bds-3", "hello"], until: "handed")
        #expect(finished.status == 1)
        #expect(
            lines.suffix(5) == [
                "T 1 handed to the terminal, 40 octets",
                "T 1 not yet no feedback within 1 s: whether the terminal sent it is not known; again T",
                "T 1 handed to the terminal, 40 octets, try 2",
                "T 1 failed no feedback within 1 s: whether the terminal sent it is not known",
                "message 1: handed to the terminal; whether it was sent is not known; no feedback within 1 s: "
                    + "whether the terminal sent it is not known",
            ])
    }

    @Test func aTextThatNoContentHoldsIsRefusedBeforeTheTerminalIsAsked() throws {
        let terminal = ScriptedTerminal(.udp) { _, _ in
            Issue.record("it was asked")
            return []
        }
        let (finished, words) = try send(terminal, ["SOS 😀"])
        #expect(finished.status == 2)
        #expect(words.last?.hasPrefix("message 1: not sent; text: GBK lacks 😀 (U+1F600)") == true)
    }

    @Test func noCardGarbageAndAnotherDialectAreSaid() throws {
        let empty = ScriptedTerminal(.udp) { _, _ in
            [ScriptedTerminal.sentence("BDICI,0000000,00000000,0000000,0,0,0,N,0")]
        }
        let (noCard, words) = try send(empty, ["--dialect", "rdss-2.1", "hello"])
        #expect(noCard.status == 1)
        #expect(words.last == "message 1: not sent; the terminal has no card: it gives the address 0")

        let noisy = ScriptedTerminal(.serial) { _, _ in [[0x80, 0x81, 0xFE, 0x00]] }
        let (garbage, noise) = try send(noisy, ["--dialect", "rdss-4.0", "hello"], .short)
        #expect(garbage.status == 1)
        #expect(noise.contains("T noise 4 octets: no sentence begins there"))
        // What comes too late for one round is in the next, and behind the last one it is not waited for.
        #expect(
            noise.last?.contains(/[48] octets came that are no sentences: is the rate of the line right\?$/) == true)

        let (wrong, dialect) = try send(
            { _, _ in [Self.card21] }, ["--dialect", "rdss-4.0", "hello"],
            until: "T other the terminal answers in rdss-2.1, which was not told")
        #expect(wrong.status == 1)
        #expect(dialect.last?.hasSuffix("; it speaks rdss-2.1: --dialect rdss-2.1, or none") == true)
    }

    @Test func jsonHasALineForEachStateAndTheAnswer() throws {
        let terminal = ScriptedTerminal(.udp) { name, _ in
            switch name {
            case "CCICA": [Self.card21]
            case "CCTXA":
                [
                    ScriptedTerminal.sentence("BDFKI,TXA,Y,Y,0,0001"),
                    ScriptedTerminal.sentence("BDTXR,1,0195817,2,,A4CAD5B5BD"),
                ]
            default: []
            }
        }
        let (finished, _) = try send(
            terminal, ["--dialect", "rdss-2.1", "--format", "json", "--wait", "answer", "hello"])
        #expect(finished.status == 0)
        #expect(finished.words.isEmpty)
        let lines = try JSON.lines(finished.text)
        let states = lines.compactMap { $0["state"]?.text }
        #expect(
            // The card may be asked for more than once.
            ["asking"] + states.drop { $0 == "asking" } == [
                "asking", "card", "queued", "handed", "sent", "answered", "result",
            ])
        #expect(lines.dropLast().last?["text"]?.text == "收到")
        #expect(lines.last?["is_reached"]?.bool == true)
        #expect(lines.last?["known"]?.text == "answer")
    }

    @Test func goalThatIsNotReachedIsNotWell() throws {
        let terminal = ScriptedTerminal(.udp) { name, _ in
            switch name {
            case "CCICA": [Self.card21]
            case "CCTXA": [ScriptedTerminal.sentence("BDFKI,TXA,Y,Y,0,0001")]
            default: []
            }
        }
        let (finished, lines) = try send(
            terminal, ["--dialect", "rdss-2.1", "--wait", "ack", "--timeout", "1", "hello"])
        #expect(finished.status == 1)
        #expect(
            lines.last == "message 1: sent by the terminal; whether it arrived is not known; "
                + "no acknowledgement of the receiver within 1 s")
    }

    @Test func lastingRefusalEndsAll() throws {
        let terminal = ScriptedTerminal(.udp) { name, _ in
            switch name {
            case "CCICA": [Self.card21]
            case "CCTXA": [ScriptedTerminal.sentence("BDFKI,TXA,N,Y,1,0000")]
            default: []
            }
        }
        let (finished, lines) = try send(terminal, ["--dialect", "rdss-2.1", "hello", "more"])
        #expect(finished.status == 1)
        #expect(
            lines.suffix(2) == [
                "message 1: not sent; the system suppresses sending",
                "message 2: not sent; not tried, because a message in front of it failed",
            ])
    }

    @Test func linkThatIsLostLeavesItUnknown() throws {
        let terminal = ScriptedTerminal(.tcp) { name, _ in
            // An empty piece closes the stream.
            name == "CCICA" ? [Self.card21] : [[]]
        }
        let (finished, lines) = try send(terminal, ["--dialect", "rdss-2.1", "hello"])
        #expect(finished.status == 1)
        #expect(
            lines.last == "message 1: handed to the terminal; whether it was sent is not known; "
                + "\(terminal.address) was closed by the other side")
    }

    @Test func receiptOfTheNetworkIsAskedForAndShown() throws {
        let terminal = ScriptedTerminal(.udp) { name, _ in
            switch name {
            case "CCICA": return [Self.card21]
            case "CCTXA": return [ScriptedTerminal.sentence("BDFKI,TXA,Y,Y,0,0001")]
            case "CCCXA":
                let minute = Int(Date().timeIntervalSince1970) / 60 % 1440
                let clock = String(format: "%02d%02d", minute / 60, minute % 60)
                return [ScriptedTerminal.sentence("BDHZR,0195817,1,\(clock),\(clock)")]
            default: return []
            }
        }
        let (finished, lines) = try send(terminal, ["--dialect", "rdss-2.1", "--wait", "receipt", "hello"])
        #expect(finished.status == 0)
        #expect(lines.contains("T 1 asking the network for its receipt"))
        #expect(lines.last == "message 1: the network received it; whether the receiver has it is not known")
    }

    @Test func interruptionSaysWhatIsKnown() throws {
        let terminal = ScriptedTerminal(.udp) { name, _ in name == "CCICA" ? [Self.card21] : [] }
        defer { terminal.end() }
        let folder = try TemporaryFolder()
        let command = "message send --via \(terminal.address) --dialect rdss-2.1 --to 195817 --limits "
        let finished = try Starlane.bash(
            """
            "$STARLANE" \(command) '\(try limits(.long, folder))' hello 2> words &
            waiting said words handed
            kill -INT $!
            wait $!; echo $?
            cat words >&2
            """, in: folder.url)
        #expect(finished.text == "1\n")
        #expect(
            finished.words.hasSuffix("message 1: handed to the terminal; whether it was sent is not known; stopped\n"))
    }

    @Test func whatCannotBeDoneIs2AndWrongUseIs64() throws {
        for (arguments, status, words) in [
            (["--via", "tcp://127.0.0.1:1", "--to", "1", "x"], 2, "cannot be opened: Connection refused"),
            (["--via", "serial:/dev/null", "--to", "1", "x"], 2, "it is no serial line"),
            (["--via", "upd://a:1", "--to", "1", "x"], 64, "near it is udp"),
            (["--via", "udp://127.0.0.1:9", "--to", "0", "x"], 64, "--to takes a card's address, 1 to 99999999"),
            (["--via", "udp://127.0.0.1:9", "--to", "1", ""], 64, "there is nothing to send"),
            (["--via", "udp://127.0.0.1:9", "--to", "1", "--point", "6", "x"], 64, "--point takes 1 to 5"),
            (
                ["--via", "udp://127.0.0.1:9", "--to", "1", "--limits", "absent.yaml", "x"], 2,
                "absent.yaml cannot be read"
            ),
        ] as [([String], Int32, String)] {
            let finished = try Starlane.run(["message", "send"] + arguments)
            #expect(finished.status == status, "\(arguments)")
            #expect(finished.words.contains(words), "\(finished.words)")
        }
    }

    @Test func listeningPrintsWhatComesAndEndsByCount() throws {
        let terminal = ScriptedTerminal(
            .tcp,
            greeting: [
                [0x81, 0x0D, 0x0A], Array("$BDTXR,1,0166166,1,,3132333433333335*46\r\n$BDZTI,0,1,0,".utf8),
                Array("0,0,*70\r\n$BDWAA,0,,0312194,072236.37,3802.69000,N,11426.16000,E,61,M*05\r\n".utf8),
            ]
        ) { _, _ in [] }
        defer { terminal.end() }
        let finished = try Starlane.run(
            ["message", "listen", "--via", terminal.address, "--count", "2", "--for", "20"])
        #expect(finished.status == 0)
        #expect(
            finished.text.replacing(/\d\d:\d\d:\d\d\.\d{3}/, with: "T") == """
                T  message   from 0166166: 3132333433333335
                T  position  of 0312194 at 07:22:36.37 UTC: 38.044833, 114.436000, 61 m

                """)
        #expect(finished.words.contains("noise     1 octets: no sentence begins there"))
        #expect(terminal.requests.isEmpty)
    }

    @Test func listeningJoinsAndAcknowledges() throws {
        let terminal = ScriptedTerminal(
            .serial, greeting: Self.segments.map { ScriptedTerminal.sentence("BDTXR,1,0195817,2,,\($0)") }
        ) { name, _ in
            switch name {
            case "CCICA": [Self.card21]
            case "CCTXA": [ScriptedTerminal.sentence("BDFKI,TXA,Y,Y,0,0001")]
            default: []
            }
        }
        defer { terminal.end() }
        let finished = try Starlane.run(
            [
                "message", "listen", "--via", terminal.address, "--dialect", "rdss-2.1", "--count", "1", "--for", "20",
                "--format", "json",
            ])
        #expect(finished.status == 0)
        let lines = try JSON.lines(finished.text)
        #expect(lines.first { $0["state"]?.text == "message" }?["text"]?.text == "the bridge is open")
        #expect(lines.last?["reply"]?.text == "sent")
        #expect(terminal.requests.last?.hasPrefix("$CCTXA,0195817,1,2,A45B61213220") == true)
    }

    /// "the bridge is open" in two parts, in hexadecimal digits with A4: the check is CRC-16 (0x1021, preset to ones).
    private static let segments: [String] = {
        let text = Array("the bridge is open".utf8)
        var crc: UInt16 = 0xFFFF
        for octet in text {
            crc ^= UInt16(octet) << 8
            for _ in 0..<8 { crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
        }
        let digits = String(format: "%04X", crc)
        return [("1", digits.prefix(2), text.prefix(9)), ("2", digits.suffix(2), text.dropFirst(9))].map {
            let octets = [0xA4] + Array("[a\($0.0)/2 \($0.1)]".utf8) + $0.2
            return octets.map { String(format: "%02X", $0) }.joined()
        }
    }()

    @Test func listeningEndsInTimeAndSaysWhatIsMissing() throws {
        let terminal = ScriptedTerminal(.serial) { _, _ in [] }
        defer { terminal.end() }
        let quiet = try Starlane.run(["message", "listen", "--via", terminal.address, "--for", "0.2"])
        #expect(quiet.status == 0 && quiet.words.isEmpty && quiet.text.isEmpty)
        let missing = try Starlane.run(
            ["message", "listen", "--via", terminal.address, "--for", "0.2", "--count", "1"])
        #expect(missing.status == 1)
        #expect(missing.words == "starlane: 0 of 1 came in time\n")
        let stopped = try Starlane.bash(
            """
            "$STARLANE" message listen --via \(terminal.address) &
            waiting catches $! INT
            waiting asleep $!
            kill -INT $!
            wait $!; echo $?
            """)
        #expect(stopped.text == "0\n")
    }
}
