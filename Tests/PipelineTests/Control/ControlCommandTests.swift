import Pipeline
import Testing

/// Commands as scripts write them, and as keys say them.
struct ControlCommandTests {
    @Test(
        "a line is a command",
        arguments: [
            ("pause", ControlCommand.pause), ("resume", .resume), ("  status ", .status), ("quit", .quit),
            ("seek +10", .seekBy(10_000_000_000)), ("seek -0.5", .seekBy(-500_000_000)),
            ("seek 1970-01-01T00:00:02Z", .seekTo(2_000_000_000)), ("seek 1970-01-02", .seekTo(86_400_000_000_000)),
            ("speed 2", .pace(.original(speed: 2))), ("rate 5000", .pace(.packets(perSecond: 5000))),
            ("bitrate 1e6", .pace(.bits(perSecond: 1_000_000))), ("asap", .pace(.asSoonAsPossible)),
            ("step", .step(1)), ("step 10", .step(10)), ("filter", .filter(nil)),
            ("filter  apid == 1 and  tm.vcid in {1 2} ", .filter("apid == 1 and  tm.vcid in {1 2}")),
        ])
    func lines(_ line: String, _ command: ControlCommand) throws {
        #expect(try ControlCommand(line) == command)
    }

    @Test(
        "what is no command is refused with what is one",
        arguments: [
            ("sek +10", "near it is seek"), ("play", "allowed are pause, resume, seek +SECONDS"),
            ("", "'' is no command"),
            ("pause 3", "pause takes nothing, not '3'"), ("quit now", "quit takes nothing"),
            ("seek", "neither seconds from here"), ("seek +ten", "no number of seconds"),
            ("seek +1e99", "up to 1000000000"), ("seek +nan", "no number of seconds"), ("seek 10", "nor a time"),
            ("speed", "speed takes 0.000001 to 1000000, not ''"), ("speed -1", "not '-1'"), ("rate 0", "rate takes"),
            ("bitrate inf", "bitrate takes"), ("speed nan", "speed takes"), ("step 0", "from 1 to 1000000000"),
            ("step x", "not 'x'"),
        ])
    func refusals(_ line: String, _ words: String) {
        let refusal = #expect(throws: ControlCommand.Refusal.self) { try ControlCommand(line) }
        #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
    }

    @Test("keys say what lines say")
    func keys() {
        // Where nothing is filtered nothing is typed.
        var others = ControlKeys(filters: false)
        #expect(others.read(Array("/s".utf8)) == [.step(1)] && others.typed == nil)
        var keys = ControlKeys()
        #expect(keys.read(Array(" +=-sq".utf8)) == [.toggle, .faster(2), .faster(2), .faster(0.5), .step(1), .quit])
        let arrows = "\u{1B}[C\u{1B}[D\u{1B}OA\u{1B}[B\u{1B}[1;2C"
        let second: Int64 = 1_000_000_000
        #expect(
            keys.read(Array(arrows.utf8)) == [
                .seekBy(10 * second), .seekBy(-10 * second), .seekBy(60 * second), .seekBy(-60 * second),
                .seekBy(10 * second),
            ])
    }

    @Test("keys without a meaning say nothing, whatever they send")
    func others() {
        var keys = ControlKeys()
        #expect(keys.read(Array("xyz\u{1B}[3~\u{1B}[15~\u{1B}\r\n漢".utf8)).isEmpty)
        #expect(keys.read([0, 0x7F, 0xFF, 0x1B, 0x5B]).isEmpty)
        #expect(keys.typed == nil)
    }

    @Test("a filter is typed behind /, changed, and taken back with escape")
    func typing() {
        var keys = ControlKeys()
        #expect(keys.read(Array("/apid == 2漢".utf8)).isEmpty)
        #expect(keys.typed == "apid == 2漢")
        #expect(keys.read([0x7F, 0x7F] + Array("100\r".utf8)) == [.filter("apid == 100")])
        #expect(keys.typed == nil)
        // The one before is there to be changed.
        #expect(keys.read(Array("/".utf8)).isEmpty)
        #expect(keys.typed == "apid == 100")
        #expect(keys.read([0x1B]).isEmpty)
        #expect(keys.typed == nil)
        #expect(keys.read([UInt8(ascii: "/"), 0x15, 0x0D, UInt8(ascii: " ")]) == [.filter(nil), .toggle])
    }
}
