import BeiDou
import Bytes
import Simulator
import Support
import Testing

/// Terminals: they go their way, keep their cards' pace, and what became of each message is told; the same seed, the same octets.
@Suite struct TerminalTests {
    /// A route of some 10 km to the east on which one goes there and back.
    private static let route = "route: {points: [[30, 120, 100], [30, 120.1, 200]], speed: 36, turn: back}\n"

    private func fleet(
        _ more: String, protocol name: String = "rdss-4.0", count: Int = 20, card: String = "first: 1000, every: 60 s"
    ) -> String {
        "protocol: \(name)\ncount: \(count)\ncard: {\(card)}\n" + Self.route + more
    }

    private func byTerminal(_ messages: [TerminalMessage]) -> [[TerminalMessage]] {
        Dictionary(grouping: messages, by: \.terminal).values.map { $0.sorted { $0.sent < $1.sent } }
    }

    @Test("no card sends sooner than it may, however much there is to say; what waits is bounded, and counted")
    func pace() throws {
        let run = try TerminalRun([
            "a": fleet("positions: {every: 10 s}\ntexts: {every: 5 s, list: [一切正常]}\n")
        ])
        for sent in byTerminal(run.messages) {
            #expect(zip(sent, sent.dropFirst()).allSatisfy { $1.sent - $0.sent >= 62_000_000_000 })
            #expect((28...30).contains(sent.count))
        }
        // Of 540 occasions a terminal 29 are taken, and 8 may still wait.
        #expect(run.counts.dropped > 20 * 490 && run.counts.dropped < 20 * 512)
        #expect(run.counts.sent == UInt64(run.messages.count) && run.counts.received == run.counts.sent)
        let calm = try TerminalRun(["a": fleet("positions: {every: 62 s}\n")])
        #expect(calm.counts.dropped == 0 && calm.counts.sent >= 20 * 29)
    }

    @Test(
        "what is sent is received, or lost for a reason that is true; the counts are those of the messages and datagrams"
    )
    func balance() throws {
        let gap = "no-coverage: [{name: tunnel, stretch: [4, 6]}]\nloss: 0.1\n"
        let run = try TerminalRun(
            ["a": fleet("positions: {every: 62 s}\ntexts: {every: 300 s, list: [道路中断]}\n" + gap, count: 200)],
            unit: "command-unit: {answers: nothing, beams: 2 h}")
        let lost = Dictionary(grouping: run.messages) { $0.reason }
        #expect(run.counts.sent == UInt64(run.messages.count))
        #expect(run.counts.coverage == UInt64(lost[.coverage]?.count ?? 0) && run.counts.coverage > 800)
        #expect(run.counts.loss == UInt64(lost[.loss]?.count ?? 0))
        #expect(run.counts.sent == run.counts.received + run.counts.coverage + run.counts.loss)
        let share = Double(run.counts.loss) / Double(run.counts.sent - run.counts.coverage)
        #expect((0.08...0.12).contains(share), "\(share)")
        #expect(run.messages.allSatisfy { ($0.received == nil) == ($0.reason != nil) })
        // Two datagrams are of the unit itself: its card and its beams.
        #expect(run.datagrams.count == Int(run.counts.received) + 2)
        #expect(
            run.messages.allSatisfy { message in
                message.received.map { 700_000_000...1_300_000_000 ~= $0 - message.sent } ?? true
            })
        for message in run.messages {
            guard case .position(_, let longitude, _) = message.content else { continue }
            let isInside = 4.0...6.0 ~= (longitude - 120) / 0.1 * 9.648
            if message.reason == .coverage { #expect(isInside) } else { #expect(!isInside) }
        }
    }

    @Test("without coverage a text is tried again at the card's pace, a call for help until it is heard")
    func tries() throws {
        let gap = "no-coverage: [{name: valley, around: [30, 120.05], radius: 3000}]\n"
        let texts = "texts: {every: 10 min, list: [道路中断]}\nemergency: {at: 5 min, terminals: 20, text: 求救}\n"
        let run = try TerminalRun(["a": fleet(texts + gap, card: "first: 1000, every: 20 s")], seconds: 1800)
        let calls = run.messages.filter { $0.type == "emergency" }
        let heard = calls.filter { $0.received != nil }
        #expect(Set(calls.map(\.terminal)).count == 20 && heard.count == 20)
        #expect(calls.count { $0.reason == .coverage } > 50)
        for sent in byTerminal(calls) {
            #expect(sent.dropLast().allSatisfy { $0.reason == .coverage } && sent.last?.received != nil)
        }
        #expect(run.counts.givenUp > 0)
        let once = try TerminalRun(["a": fleet(texts + gap + "tries: 1\n", card: "first: 1000, every: 20 s")])
        #expect(once.counts.givenUp > run.counts.givenUp)
    }

    @Test("a call for help marks positions of its time, of so many terminals as are told, and goes in front")
    func emergencies() throws {
        let run = try TerminalRun([
            "a": fleet(
                "positions: {every: 62 s}\ntexts: {every: 1 min, list: [一切正常]}\n"
                    + "emergency: {at: 10 min, terminals: 3, for: 5 min, text: 求救}\n")
        ])
        let marked = run.messages.filter { $0.isEmergency }
        #expect(Set(marked.map(\.terminal)).count == 3)
        let times = marked.map { ($0.sent - TerminalRun.start) / 1_000_000_000 }
        #expect(times.allSatisfy { (600..<900).contains($0) })
        for sent in byTerminal(marked) { #expect(sent.first?.type == "emergency") }
        // DWXX has a bit for it.
        let fixes = run.datagrams.filter { $0.octets.starts(with: Array("$DWXX".utf8)) && $0.octets[10] & 0x04 != 0 }
        #expect(fixes.count == marked.count { $0.type == "position" } && !fixes.isEmpty)
    }

    @Test("a vehicle that waits for the answer to a text goes on with all else, a call for help in front")
    func waitingVehicles() throws {
        let run = try TerminalRun([
            "v": fleet(
                "positions: {every: 10 s}\ntexts: {every: 60 s, list: [一切正常]}\nloss: 0.3\ntries: 8\n"
                    + "emergency: {at: 10 min, terminals: 20, for: 5 min, text: 求救}\n",
                protocol: "jtt-808", card: "first: 13900000001, every: 1 s")
        ])
        for sent in byTerminal(run.messages) {
            let known = sent.drop { $0.type == "registration" || $0.type == "authentication" }
            #expect(zip(known, known.dropFirst()).allSatisfy { $1.sent - $0.sent <= 12_000_000_000 })
            let texts = sent.filter { $0.type == "text" }
            #expect(texts.count > 25 && texts.contains { $0.reason == .loss })
            let call = try #require(sent.first { $0.type == "emergency" })
            #expect(call.sent - TerminalRun.start - 600_000_000_000 <= 1_000_000_000)
            // It is tried again until it is heard, ten seconds later and then twenty.
            let calls = sent.filter { $0.type == "emergency" }
            #expect(calls.dropLast().allSatisfy { $0.reason == .loss } && calls.last?.received != nil)
            #expect(zip(calls, calls.dropFirst()).allSatisfy { $1.sent - $0.sent >= 10_000_000_000 })
        }
        // Nothing is taken of who is not known.
        let late = try TerminalRun([
            "v": fleet(
                "positions: {every: 10 s}\nloss: 0.9\n", protocol: "jtt-808", card: "first: 13900000001, every: 1 s")
        ])
        for sent in byTerminal(late.messages) {
            let received = sent.first { $0.type == "registration" && $0.received != nil }?.sent ?? .max
            #expect(sent.allSatisfy { $0.type == "registration" || $0.sent > received })
        }
    }

    @Test("receivers tell their places five times a second, which no card states")
    func fractions() throws {
        let text = "protocol: nmea-0183\ncard: {every: 0.2 s}\n\(Self.route)positions: {every: 0.2 s}\n"
        let run = try TerminalRun(["a": text], duration: "1 min", seconds: 60)
        #expect((299...300).contains(run.messages.count) && run.counts.dropped == 0)
        let times = run.messages.map(\.sent).sorted()
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 200_000_000 })
        #expect(
            TerminalRun.refusal(["a": fleet("positions: {every: 62 s}\n")], unit: "command-unit: {every: 0.5 s}")
                .contains("cards state 1 to 65535 whole seconds, found '0.5 s'"))
        #expect(
            TerminalRun.refusal(["a": fleet("positions: {every: 62 s}\n")], unit: "command-unit: {every: 20 h}")
                .contains("cards state 1 to 65535 whole seconds, found '20 h'"))
    }

    @Test("the same seed gives the same octets, however the time is cut; another one others")
    func seeds() throws {
        let fleets = [
            "a": fleet("positions: {every: 62 s}\ntexts: {every: 3 min, chance: 0.5, list: [求油, 平安]}\nloss: 0.05\n"),
            "b": fleet("positions: {every: 20 s}\n", protocol: "jtt-808", card: "first: 13900000001, every: 1 s"),
        ]
        let one = try TerminalRun(fleets)
        #expect(try TerminalRun(fleets, window: 0.37).datagrams == one.datagrams)
        #expect(try TerminalRun(fleets, window: 1800).datagrams == one.datagrams)
        #expect(try TerminalRun(fleets, seed: 2).datagrams != one.datagrams)
        #expect(zip(one.datagrams, one.datagrams.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(one.interfaces == ["command-unit", "platform"])
    }

    @Test("ways lead once, round or back; points have pauses and speeds of their own")
    func ways() throws {
        func places(_ route: String, every: String = "10 s") throws -> [(Double, Double, Double)] {
            let text = "protocol: nmea-0183\nroute: \(route)\npositions: {every: \(every)}\n"
            let run = try TerminalRun(["a": text], seconds: 1800)
            return run.messages.compactMap { message in
                guard case .position(let north, let east, _) = message.content else { return nil }
                return (Double(message.sent - TerminalRun.start) / 1e9, north, east)
            }
        }
        // A degree of latitude on the equator is 110.574 km: 36 km/h are 10 m/s.
        let once = try places("{points: [[0, 0], [0.05, 0]], speed: 36}")
        for (time, north, _) in once { #expect(abs(north - min(0.05, time * 10 / 110_574)) < 1e-5, "\(time)") }
        let paused = try places(
            "{points: [{at: [0, 0], pause: 5 min}, {at: [0.05, 0], speed: 72}, [0.1, 0]], speed: 36}")
        for (time, north, _) in paused {
            let way = time < 300 ? 0 : time < 852.87 ? (time - 300) * 10 : 5528.7 + (time - 852.87) * 20
            #expect(abs(north - min(0.1, way / 110_574)) < 1e-5, "\(time)")
        }
        let round = try places("{points: [[0, 0], [0.01, 0], [0.01, 0.01]], speed: 72, turn: loop}")
        #expect(round.map(\.1).max() ?? 0 > 0.0099 && round.map(\.2).min() ?? 1 < 0.0005)
        #expect(round.allSatisfy { $0.1 <= 0.01 + 1e-9 && $0.2 <= $0.1 + 1e-9 })
        // Over the antimeridian, the short way.
        let fiji = try places("{points: [[-17, 179.95], [-17, -179.95]], speed: 72}")
        #expect(fiji.allSatisfy { abs($0.2) >= 179.94 && abs($0.2) <= 180 } && fiji.contains { $0.2 < 0 })
        #expect(try Set(places("{points: [[1, 2]], speed: 1}").map { [$0.1, $0.2] }) == [[1, 2]])
    }

    @Test("a long text goes in parts, each in its turn, and its letter changes from text to text")
    func segments() throws {
        let long = String(repeating: "山高路远坑深 ", count: 10)
        let run = try TerminalRun([
            "a": fleet(
                "texts: {every: 10 min, list: ['\(long)']}\n", count: 3, card: "first: 7, every: 30 s, level: 2")
        ])
        var letters: [String: Set<UInt8>] = [:]
        for sent in byTerminal(run.messages) {
            let parts = sent.compactMap { message -> Int? in
                guard case .text(_, let part, let parts) = message.content, parts == 4 else { return nil }
                return part
            }
            #expect(parts.starts(with: [1, 2, 3, 4, 1, 2, 3, 4]) && parts.count == sent.count)
            let whole = sent.prefix(4).map { message -> String in
                guard case .text(let text, _, _) = message.content else { return "" }
                return text
            }
            #expect(whole.joined() == long)
        }
        for datagram in run.datagrams where datagram.octets.starts(with: Array("$TXXX".utf8)) {
            #expect(datagram.octets[18] == 0xA4 && datagram.octets[19] == 0x5B)
            letters["\(datagram.octets[11...13])", default: []].insert(datagram.octets[20])
        }
        #expect(letters.count == 3 && letters.values.allSatisfy { $0.isSuperset(of: [0x61, 0x62]) })
    }

    @Test("vehicles register first, each is answered, and what is not answered goes again with its number")
    func vehicles() throws {
        let run = try TerminalRun(
            [
                "a": fleet(
                    "positions: {every: 20 s}\ntexts: {every: 1 min, list: [前方事故]}\nloss: 0.2\n",
                    protocol: "jtt-808", count: 30, card: "first: 13900000001, every: 1 s")
            ], seconds: 1800)
        #expect(run.counts.answers == run.counts.received)
        var soon = 0
        for sent in byTerminal(run.messages) {
            let heard = sent.filter { $0.received != nil }
            #expect(heard.prefix(2).map(\.type) == ["registration", "authentication"])
            // As long as nobody knows the vehicle it waits for that alone.
            soon += zip(sent, sent.dropFirst()).count { one, next in
                one.reason != nil && (one.type == "registration" || one.type == "authentication")
                    && next.sent - one.sent < 10_000_000_000
            }
        }
        #expect(soon == 0)
        let texts = run.messages.filter { $0.type == "text" }
        #expect(texts.contains { $0.reason == .loss } && run.counts.givenUp < 20)
    }

    @Test("a host has its unit answer, at the pace of the unit's card")
    func answers() throws {
        let texts = fleet("texts: {every: 5 min, list: [求油]}\n")
        let run = try TerminalRun(["a": texts], unit: "command-unit: {answers: texts, every: 8 s, text: 收到}")
        func named(_ name: String) -> [TerminalRun.Datagram] {
            run.datagrams.filter { $0.octets.starts(with: Array(name.utf8)) }
        }
        let (asked, fed, came) = (named("$TXSQ"), named("$FKXX"), named("$TXXX"))
        // What is to be answered at the end of the scenario is not any more.
        #expect((came.count - 20...came.count).contains(asked.count) && asked.count > 80)
        #expect(fed.count == asked.count && run.counts.answers == UInt64(asked.count))
        #expect(zip(asked, asked.dropFirst()).allSatisfy { $1.time - $0.time >= 10_000_000_000 })
        let quiet = try TerminalRun(["a": texts], unit: "command-unit: {answers: nothing}")
        #expect(quiet.counts.answers == 0)
    }
}
