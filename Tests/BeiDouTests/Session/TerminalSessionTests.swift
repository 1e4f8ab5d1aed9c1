import BeiDou
import Support
import Testing

/// The rules of a session, each as a script of times and events and the whole transcript.
@Suite struct TerminalSessionTests {
    struct Rule: CustomTestStringConvertible, Sendable {
        var name: String
        var dialects: [Dialect] = [.rdss2]
        var rules = SessionRules()
        var script: [(Int64, Happening)]
        var reached = false
        var transcript: [String]
        var testDescription: String { name }
    }

    private static func rules(_ change: (inout SessionRules) -> Void) -> SessionRules {
        var rules = SessionRules()
        change(&rules)
        return rules
    }

    /// What stands in front of every transcript in which a card of 60 s answers at 100.
    private static let opening = ["0 > CCICA", "0 asking rdss-2.1 1", "100 card 242286 rdss-2.1 60 s"]
    private static let first = ["100 1.1/1 queued 1/1 for 100", "100 > CCTXA", "100 1.1/1 handed 1"]

    static let sending: [Rule] = [
        Rule(
            name: "a message is sent when feedback says so, and not before",
            script: [(0, .enqueue(message())), (100, card()), (500, done(wait: 0))], reached: true,
            transcript: opening + first + ["500 1.1/1 sent"]),
        Rule(
            name: "several messages keep their order and the pace that feedback tells, and a reserve",
            script: [
                (0, .enqueue(message())), (0, .enqueue(message("more"))), (100, card()), (500, done(wait: 40)),
                (42_900, done()),
            ], reached: true,
            transcript: opening + [
                "100 1.1/1 queued 1/2 for 100", "100 2.1/1 queued 2/2 for 62100", "100 > CCTXA", "100 1.1/1 handed 1",
                "500 1.1/1 sent wait 40", "42500 > CCTXA", "42500 2.1/1 handed 1", "42900 2.1/1 sent",
            ]),
        Rule(
            name: "the card's frequency is the pace where feedback tells no wait, and of each part",
            script: [(0, .enqueue(message("a b"))), (100, card()), (500, done()), (62_600, done())], reached: true,
            transcript: opening + [
                "100 1.1/2 queued 1/2 for 100", "100 1.2/2 queued 2/2 for 62100", "100 > CCTXA", "100 1.1/2 handed 1",
                "500 1.1/2 sent", "62500 > CCTXA", "62500 1.2/2 handed 1", "62600 1.2/2 sent",
            ]),
        Rule(
            name: "a request too soon is repeated after the wait that is told",
            script: [
                (0, .enqueue(message())), (100, card()), (200, refused(wait: 58)), (60_300, done()),
            ], reached: true,
            transcript: opening + first + [
                "200 1.1/1 retry at 60200: too_soon", "60200 > CCTXA", "60200 1.1/1 handed 2", "60300 1.1/1 sent",
            ]),
        Rule(
            name: "a failure is repeated after a minute, three times, and then is one",
            script: [
                (0, .enqueue(message())), (100, card()), (200, refused()), (60_300, refused()),
                (120_400, refused()), (180_500, refused()),
            ],
            transcript: opening + first + [
                "200 1.1/1 retry at 60200: none", "60200 > CCTXA", "60200 1.1/1 handed 2",
                "60300 1.1/1 retry at 120300: none", "120300 > CCTXA", "120300 1.1/1 handed 3",
                "120400 1.1/1 retry at 180400: none", "180400 > CCTXA", "180400 1.1/1 handed 4",
                "180500 1 failed: none",
            ]),
        Rule(
            name: "the kinds of RDSS 4.0: a wait, no signal, a failure, done; a maker's own kind is no outcome",
            dialects: [.rdss4],
            script: [
                (0, .enqueue(message())), (100, card(.rdss4)), (200, fkxx(4, wait: 10)), (12_300, fkxx(2, "TXSQ")),
                (72_400, fkxx(0xA5)), (72_500, fkxx(1, "TXSQ")), (132_600, fkxx(0, "TXSQ")),
            ], reached: true,
            transcript: [
                "0 > ICJC", "0 asking rdss-4.0 1", "100 card 242286 rdss-4.0 60 s", "100 1.1/1 queued 1/1 for 100",
                "100 > TXSQ", "100 1.1/1 handed 1", "200 1.1/1 retry at 12200: too_soon", "12200 > TXSQ",
                "12200 1.1/1 handed 2", "12300 1.1/1 retry at 72300: signal_not_locked", "72300 > TXSQ",
                "72300 1.1/1 handed 3", "72400 heard feedback -", "72500 1.1/1 retry at 132500: failure",
                "132500 > TXSQ", "132500 1.1/1 handed 4", "132600 1.1/1 sent",
            ]),
        Rule(
            name: "silence is repeated when a sent message would allow it",
            script: [(0, .enqueue(message())), (100, card()), (62_200, done())], reached: true,
            transcript: opening + first + [
                "8100 1.1/1 retry at 62100: no_feedback", "62100 > CCTXA", "62100 1.1/1 handed 2", "62200 1.1/1 sent",
            ]),
        Rule(
            name: "feedback that comes late counts, and nothing is sent twice",
            script: [(0, .enqueue(message())), (100, card()), (9000, done())], reached: true,
            transcript: opening + first + ["8100 1.1/1 retry at 62100: no_feedback", "9000 1.1/1 sent"]),
        Rule(
            name: "without tries left the first refusal is the last",
            rules: rules { $0.limits.tries = 0 },
            script: [(0, .enqueue(message())), (100, card()), (200, done("DWA")), (300, refused(wait: 58))],
            transcript: opening + first + ["200 heard feedback DWA", "300 1 failed: too_soon"]),
        Rule(
            name: "silence to the last is a failure",
            rules: rules { $0.limits.tries = 2 },
            script: [(0, .enqueue(message())), (100, card())],
            transcript: opening + first + [
                "8100 1.1/1 retry at 62100: no_feedback", "62100 > CCTXA", "62100 1.1/1 handed 2",
                "70100 1 failed: no_feedback",
            ]),
        Rule(
            name: "a lasting refusal ends the message and all behind it",
            script: [
                (0, .enqueue(message())), (0, .enqueue(message("more"))), (100, card()), (200, refused(1)),
            ],
            transcript: opening + [
                "100 1.1/1 queued 1/2 for 100", "100 2.1/1 queued 2/2 for 62100", "100 > CCTXA", "100 1.1/1 handed 1",
                "200 1 failed: suppressed", "200 2 failed: earlier_failed",
            ]),
        Rule(
            name: "feedback for another sentence, messages and noise are heard and change nothing",
            script: [
                (0, .enqueue(message())), (100, card()), (200, done("DWA")), (300, heard(from: 9)),
                (400, .says(.noise(octets: 5, reason: ""))), (450, .says(.other(name: "BDZTI"))), (500, done()),
            ], reached: true,
            transcript: opening + first + [
                "200 heard feedback DWA", "300 heard message 9", "400 heard noise 5", "450 heard other BDZTI",
                "500 1.1/1 sent",
            ]),
        Rule(
            name: "what cannot be written is refused before anything is sent, and the others go",
            script: [
                (0, .enqueue(message("é"))), (0, .enqueue(message("x", to: 2_097_151))), (0, .enqueue(message())),
                (100, card()), (500, done()),
            ],
            transcript: opening + [
                "100 1 failed: impossible", "100 2 failed: impossible", "100 3.1/1 queued 1/1 for 100", "100 > CCTXA",
                "100 3.1/1 handed 1", "500 3.1/1 sent",
            ]),
        Rule(
            name: "a text that no content can hold fails before the terminal is asked for anything",
            script: [(0, .enqueue(message("SOS 😀"))), (100, card())], transcript: ["0 1 failed: impossible"]),
        Rule(
            name: "a user who ends it learns what is known",
            script: [(0, .enqueue(message())), (100, card()), (500, .stop(.stopped))],
            transcript: opening + first + ["500 1 failed: stopped"]),
    ]

    static let asking: [Rule] = [
        Rule(
            name: "all three dialects are asked in turn, and the one that answers wins",
            dialects: Dialect.ofTerminals,
            script: [(0, .enqueue(message())), (4100, card(.rdss4)), (4200, done("TXSQ"))], reached: true,
            transcript: [
                "0 > CCICR", "0 asking bds-3 1", "2000 > CCICA", "2000 asking rdss-2.1 1", "4000 > ICJC",
                "4000 asking rdss-4.0 1", "4100 card 242286 rdss-4.0 60 s", "4100 1.1/1 queued 1/1 for 4100",
                "4100 > TXSQ", "4100 1.1/1 handed 1", "4200 1.1/1 sent",
            ]),
        Rule(
            name: "an answer in a dialect that was asked before wins too",
            dialects: Dialect.ofTerminals,
            script: [(0, .enqueue(message())), (2500, card(.regional)), (2600, done("TCQ", wait: 0))], reached: true,
            transcript: [
                "0 > CCICR", "0 asking bds-3 1", "2000 > CCICA", "2000 asking rdss-2.1 1",
                "2500 card 242286 bds-3 60 s", "2500 1.1/1 queued 1/1 for 2500", "2500 > CCTCQ",
                "2500 1.1/1 handed 1", "2600 1.1/1 sent",
            ]),
        Rule(
            name: "silence to three rounds of asking is a failure",
            script: [(0, .enqueue(message()))],
            transcript: [
                "0 > CCICA", "0 asking rdss-2.1 1", "2000 > CCICA", "2000 asking rdss-2.1 2", "4000 > CCICA",
                "4000 asking rdss-2.1 3", "6000 1 failed: terminal_silent",
            ]),
        Rule(
            name: "an answer in another dialect than the told one is said once, and used not",
            rules: rules { $0.limits.tries = 1 },
            script: [(0, .enqueue(message())), (100, card(.rdss4)), (200, card(.rdss4))],
            transcript: [
                "0 > CCICA", "0 asking rdss-2.1 1", "100 other dialect rdss-4.0", "2000 1 failed: terminal_silent",
            ]),
        Rule(
            name: "an address of 0 is no card",
            script: [(0, .enqueue(message())), (100, card(address: 0))],
            transcript: ["0 > CCICA", "0 asking rdss-2.1 1", "100 1 failed: no_card"]),
        Rule(
            name: "an address of all 21 bits is no card",
            script: [(0, .enqueue(message())), (100, card(address: 2_097_151))],
            transcript: ["0 > CCICA", "0 asking rdss-2.1 1", "100 1 failed: no_card"]),
        Rule(
            name: "where one dialect knows of no card the others are asked once",
            dialects: Dialect.ofTerminals,
            script: [(0, .enqueue(message())), (100, card(.regional, address: 0)), (2100, card()), (2200, done())],
            reached: true,
            transcript: [
                "0 > CCICR", "0 asking bds-3 1", "2000 > CCICA", "2000 asking rdss-2.1 1",
                "2100 card 242286 rdss-2.1 60 s", "2100 1.1/1 queued 1/1 for 2100", "2100 > CCTXA",
                "2100 1.1/1 handed 1", "2200 1.1/1 sent",
            ]),
    ]

    /// Two parts sent through a card of 1 s.
    private static let two = [
        "0 > CCICA", "0 asking rdss-2.1 1", "100 card 242286 rdss-2.1 1 s", "100 1.1/2 queued 1/2 for 100",
        "100 1.2/2 queued 2/2 for 3100", "100 > CCTXA", "100 1.1/2 handed 1", "500 1.1/2 sent", "3500 > CCTXA",
        "3500 1.2/2 handed 1", "3600 1.2/2 sent",
    ]
    private static let ack: [UInt8] = segmentNotice("a", missing: [], of: 2)

    static let evidence: [Rule] = [
        Rule(
            name: "a receipt is asked for in its turn, and has to be of the minute of sending",
            rules: rules { $0.goal = .receipt },
            script: [
                (0, .enqueue(message())), (100, card()), (500, done()), (62_600, done("CXA")),
                (62_700, .says(.receipts(of: 195_817, [ReceiptPair(sent: 700, received: 701)]))),
                (124_800, .says(.receipts(of: 195_817, [ReceiptPair(sent: 480, received: 481)]))),
            ], reached: true,
            transcript: opening + first + [
                "500 1.1/1 sent", "62500 > CCCXA", "62500 1 receipt asked", "62700 1 heard receipts",
                "124700 > CCCXA", "124700 1 receipt asked", "124800 1 receipt 480-481",
            ]),
        Rule(
            name: "a receipt that does not come in time is a failure",
            rules: rules {
                $0.goal = .receipt
                $0.goalTimeout = 100_000
            },
            script: [(0, .enqueue(message())), (100, card()), (500, done()), (62_600, done("CXA"))],
            transcript: opening + first + [
                "500 1.1/1 sent", "62500 > CCCXA", "62500 1 receipt asked", "100500 1 failed: no_receipt",
            ]),
        Rule(
            name: "the BeiDou-3 sentences have no receipts to ask for",
            dialects: [.regional], rules: rules { $0.goal = .receipt },
            script: [(0, .enqueue(message())), (100, card(.regional))],
            transcript: ["0 > CCICR", "0 asking bds-3 1", "100 card 242286 bds-3 60 s", "100 1 failed: impossible"]),
        Rule(
            name: "a text from the receiver after sending is an answer, from others or before it is none",
            rules: rules { $0.goal = .answered },
            script: [
                (0, .enqueue(message())), (100, card()), (300, heard(from: 195_817)), (500, done()),
                (700, heard(from: 9)), (900, heard(from: 195_817)),
            ], reached: true,
            transcript: opening + first + [
                "300 heard message 195817", "500 1.1/1 sent", "700 heard message 9", "900 1 answered A46F6B",
            ]),
        Rule(
            name: "one answer is evidence for one message",
            rules: rules {
                $0.goal = .answered
                $0.goalTimeout = 5000
            },
            script: [
                (0, .enqueue(message())), (0, .enqueue(message("more"))), (100, card(frequency: 1)), (500, done()),
                (3600, done()), (4000, heard(from: 195_817)),
            ],
            transcript: [
                "0 > CCICA", "0 asking rdss-2.1 1", "100 card 242286 rdss-2.1 1 s", "100 1.1/1 queued 1/2 for 100",
                "100 2.1/1 queued 2/2 for 3100", "100 > CCTXA", "100 1.1/1 handed 1", "500 1.1/1 sent",
                "3500 > CCTXA", "3500 2.1/1 handed 1", "3600 2.1/1 sent", "4000 1 answered A46F6B",
                "8600 2 failed: no_answer",
            ]),
        Rule(
            name: "nobody acknowledges a broadcast",
            rules: rules { $0.goal = .acknowledged },
            script: [(0, .enqueue(message(to: 11))), (100, card())],
            transcript: opening + ["100 1 failed: impossible"]),
        Rule(
            name: "a broadcast is sent like others",
            script: [(0, .enqueue(message(to: 11))), (100, card()), (200, done())], reached: true,
            transcript: opening + first + ["200 1.1/1 sent"]),
        Rule(
            name: "the acknowledgement of the text is one, of other texts it is none",
            rules: rules { $0.goal = .acknowledged },
            script: [
                (0, .enqueue(message("a b"))), (100, card(frequency: 1)), (500, done()), (3600, done()),
                (3700, heard(from: 195_817, segmentNotice("b", missing: [], of: 2))),
                (3800, heard(from: 195_817, segmentNotice("a", missing: [], of: 3))),
                (3900, heard(from: 195_817, segmentNotice("a", missing: [], of: 2, check: 1))),
                (4000, heard(from: 9, ack)), (4100, heard(from: 195_817, ack)),
            ], reached: true,
            transcript: two + [
                "3700 heard message 195817", "3800 heard message 195817", "3900 heard message 195817",
                "4000 heard message 9", "4100 1 acknowledged",
            ]),
        Rule(
            name: "an acknowledgement is no answer",
            rules: rules {
                $0.goal = .answered
                $0.goalTimeout = 5000
            },
            script: [
                (0, .enqueue(message("a b"))), (100, card(frequency: 1)), (500, done()), (3600, done()),
                (4000, heard(from: 195_817, ack)),
            ],
            transcript: two + ["4000 1 acknowledged", "8600 1 failed: no_answer"]),
        Rule(
            name: "missing parts are sent again",
            rules: rules { $0.goal = .acknowledged },
            script: [
                (0, .enqueue(message("a b"))), (100, card(frequency: 1)), (500, done()), (3600, done()),
                (4000, heard(from: 195_817, segmentNotice("a", missing: [2], of: 2))), (6700, done()),
                (7000, heard(from: 195_817, ack)),
            ], reached: true,
            transcript: two + [
                "4000 1 missing [2]", "6600 > CCTXA",
                "6600 1.2/2 handed 1", "6700 1.2/2 sent", "7000 1 acknowledged",
            ]),
    ]

    @Test("sending", arguments: sending) func sends(_ rule: Rule) { check(rule) }
    @Test("asking for the card", arguments: asking) func asks(_ rule: Rule) { check(rule) }
    @Test("evidence that it arrived", arguments: evidence) func proves(_ rule: Rule) { check(rule) }

    private func check(_ rule: Rule) {
        var session = wordSession(rule.dialects, rule.rules)
        let found = play(&session, rule.script)
        #expect(found == rule.transcript)
        #expect(session.hasReached == rule.reached)
        #expect(session.isOver)
    }

    @Test func standingsSayWhatIsKnownAndWhatIsNot() {
        var session = wordSession()
        _ = play(
            &session,
            [(0, .enqueue(message("a b c"))), (100, card()), (500, done()), (62_600, .stop(.stopped))])
        let standing = session.standings[0]
        #expect((standing.parts, standing.sent, standing.unknown) == (3, 1, 1))
        #expect(standing.best == nil)
        #expect(standing.failure == .stopped)
    }

    @Test func refusalLeavesNothingUnknownButSilenceDoes() {
        var session = wordSession()
        _ = play(&session, [(0, .enqueue(message())), (100, card()), (500, refused(3))])
        #expect(session.standings[0].unknown == 0)
        var silent = wordSession()
        _ = play(&silent, [(0, .enqueue(message())), (100, card()), (62_200, refused(3))])
        #expect(silent.standings[0].unknown == 1)
    }

    @Test func openSessionTakesMoreAndAsksOnce() {
        var rules = SessionRules()
        rules.staysOpen = true
        var session = wordSession([.rdss2], rules)
        let found = play(
            &session,
            [
                (0, .enqueue(message())), (100, card()), (500, done(wait: 1)), (9000, .enqueue(message())),
                (9100, done()),
            ])
        #expect(found.filter { $0.contains(">") } == ["0 > CCICA", "100 > CCTXA", "9000 > CCTXA"])
        #expect(!session.isOver)
    }

    @Test func whatTheLinkDidNotTakeIsNotSent() {
        var session = wordSession()
        _ = play(&session, [(0, .enqueue(message())), (100, card())], until: 200)
        session.couldNotWrite("gone", at: 200)
        #expect(session.standings[0].unknown == 0)
        #expect(session.standings[0].failure == .link("gone"))
        #expect(session.isOver)
    }

    @Test("any events at any times end, and messages keep their distance", arguments: SessionGoal.allCases)
    func anyEvents(_ goal: SessionGoal) {
        var generator = SeededGenerator(seed: 20)
        let events: [Happening] = [
            card(), card(.rdss4), card(address: 0), done(), done("CXA"), done(nil, wait: 30), refused(),
            refused(wait: 9),
            refused(1), refused(4), fkxx(4, wait: 70_000), fkxx(0xB0), heard(from: 195_817), heard(from: 9),
            heard(from: 195_817, segmentNotice("a", missing: [1], of: 2)),
            heard(from: 195_817, segmentNotice("a", missing: [], of: 2)),
            .says(.receipts(of: 195_817, [ReceiptPair(sent: 1, received: 1)])), .says(.noise(octets: 1, reason: "")),
            .enqueue(message("c d")),
        ]
        for _ in 0..<500 {
            var rules = SessionRules()
            rules.goal = goal
            var session = wordSession([.rdss2], rules)
            var script: [(Int64, Happening)] = [(0, .enqueue(message("a b"))), (0, card())]
            var time: Int64 = 0
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                time += Int64.random(in: 0...20_000, using: &generator)
                if let event = events.randomElement(using: &generator) { script.append((time, event)) }
            }
            let lines = play(&session, script, until: .max / 4)
            #expect(session.isOver)
            let written = lines.filter { $0.hasSuffix("> CCTXA") }.compactMap { Int64($0.prefix { $0 != " " }) }
            for (one, two) in zip(written, written.dropFirst()) { #expect(two - one >= 9000) }
        }
    }
}
