import Foundation
import Support
import Testing

/// Sources that are live: what comes of them is what comes of a capture of the same packets. `live.py` feeds the program.
@Suite(
    .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which feeds the program, is not on the path"))
struct LiveCommandTests {
    private static let capture = "songjiang-packets.pcap"

    /// Runs a case of `live.py`; gives the folder with what it wrote, and the lines that it printed: status and words.
    private func play(_ name: String) throws -> (folder: TemporaryFolder, lines: [String]) {
        let folder = try TemporaryFolder()
        let finished = try Starlane.python(
            "live.py", [name, Starlane.program.path, fixture(Self.capture).path, folder.url.path])
        #expect(finished.status == 0, "\(finished.words)")
        return (folder, finished.text.split(separator: "\n").map(String.init))
    }

    /// The lines of packets without what a live source cannot have the same: time, number and flow.
    private func values(_ text: String) -> [Substring] {
        Starlane.values(text)
    }

    private func values(of file: URL) throws -> [Substring] {
        values(try String(contentsOf: file, encoding: .utf8))
    }

    /// Whether a stream that was interrupted gave what its capture gives, and at most the packet that it has more.
    private func isWhole(_ live: [Substring], _ file: [Substring]) -> Bool {
        live.starts(with: file) && live.count <= file.count + 1
    }

    /// The words of a command that was interrupted while it read a source.
    private func isStopped(_ line: String) -> Bool {
        line.hasPrefix("130 starlane: ") && line.hasSuffix(": stopped; what was read until then is written ")
    }

    private func decoded(_ file: String, _ more: [String] = []) throws -> [Substring] {
        let finished = try Starlane.run(["decode", file, "--format", "jsonl"] + more)
        #expect(finished.status == 0, "\(finished.words)")
        return values(finished.text)
    }

    @Test("twenty thousand datagrams decode to what their capture decodes to")
    func datagrams() throws {
        let (folder, lines) = try play("udp")
        #expect(lines == ["0 "])
        let live = try values(of: folder.file("live"))
        #expect(live.count == 20_400)
        #expect(live == (try decoded(folder.file("file.pcap").path)))
    }

    @Test("streams cut anywhere give their packets in every framing, live and from a capture")
    func framings() throws {
        let (folder, lines) = try play("framings")
        #expect(lines.count == 7 && lines.allSatisfy(isStopped), "\(lines)")
        let whole = try decoded(Self.capture)
        for number in 0..<7 {
            let framing = try String(contentsOf: folder.file("\(number).name"), encoding: .utf8)
            let live = try values(of: folder.file("\(number).live"))
            let file = try decoded(folder.file("\(number).pcap").path, ["--framing", framing])
            #expect(isWhole(live, file), "\(framing): \(live.count) and \(file.count)")
            // Some framings cannot carry every length: those have fewer packets.
            let hasAll = !framing.hasPrefix("fixed") && !framing.hasPrefix("length:1")
            #expect(!file.isEmpty && (file == whole) == hasAll, "\(framing)")
        }
    }

    @Test("a server that goes away is connected to again, and nothing is lost")
    func reconnect() throws {
        let (folder, lines) = try play("reconnect")
        #expect(lines.count == 1 && lines.allSatisfy(isStopped), "\(lines)")
        #expect(isWhole(try values(of: folder.file("live")), try decoded(Self.capture)))
    }

    @Test("several clients are decoded at once, each as a flow")
    func clients() throws {
        let (folder, lines) = try play("clients")
        #expect(lines.count == 1 && lines.allSatisfy(isStopped), "\(lines)")
        let text = try String(contentsOf: folder.file("live"), encoding: .utf8)
        let flows = Dictionary(grouping: try JSON.lines(text)) { $0["flow"]?.text ?? "" }
        #expect(flows.count == 3)
        #expect(flows.values.allSatisfy { $0.count == 136 })
        #expect(values(text).sorted() == (try (0..<3).flatMap { _ in try decoded(Self.capture) }.sorted()))
    }

    @Test("a group is joined on an interface")
    func multicast() throws {
        let (folder, lines) = try play("multicast")
        #expect(lines == ["0 "])
        #expect(try values(of: folder.file("live")) == (try decoded(Self.capture)))
    }

    private static let mayCapture =
        (try? Starlane.run(["inspect", "pcap://lo", "--duration", "0.1", "--format", "json"]))?.status == 0

    @Test("an interface is captured from", .enabled(if: mayCapture, "capturing on lo is not permitted here"))
    func interface() throws {
        let (folder, lines) = try play("pcap")
        #expect(lines == ["0 "])
        #expect(try values(of: folder.file("live")) == (try decoded(Self.capture)))
    }

    @Test("a serial line is a stream", .enabled(if: hasProgram("socat"), "socat is not on the path"))
    func serial() throws {
        let (folder, lines) = try play("serial")
        #expect(lines.count == 1 && lines.allSatisfy(isStopped), "\(lines)")
        #expect(isWhole(try values(of: folder.file("live")), try decoded(Self.capture)))
    }

    @Test("a source that nobody feeds ends when it is interrupted, or has its time, with a ledger")
    func idle() throws {
        let (folder, lines) = try play("idle")
        #expect(lines == ["130 ", "130 ", "0 "])
        for name in ["udp", "tcp-listen", "limited"] {
            let report = try JSON(try String(contentsOf: folder.file(name), encoding: .utf8))
            #expect(report["ledger"]?["bytes"] == .number("0"))
            #expect(report["ledger"]?["balanced"] == .bool(true))
            #expect(report["complete"] == nil)
        }
    }

    @Test("what the kernel drops is in the ledger, and makes the status 1")
    func dropped() throws {
        let (folder, lines) = try play("dropped")
        #expect(lines.count == 2 && lines[0] == "1 ", "\(lines)")
        let dropped = try #require(lines.last.flatMap { Int($0) })
        let report = try JSON(try String(contentsOf: folder.file("live"), encoding: .utf8))
        let row = report["ledger"]?["rejected"]?[0]
        #expect(row?["reason"]?.text == "dropped by the kernel before it was read")
        #expect(row?["bytes"]?.integer == 0)
        // What the kernel says itself; then it read on until it had 3,000.
        #expect(dropped > 1000 && row?["count"]?.integer == dropped)
        #expect(report["capture"]?["packets"]?.integer == 3000)
        #expect(report["ledger"]?["balanced"] == .bool(true))
        #expect(report["problems"]?[0]?.text?.contains("were dropped by the kernel") == true)
    }

    @Test(
        "an address that is none is wrong usage, and says what is allowed",
        arguments: [
            ("updp://0.0.0.0:1", "near it is udp:"), ("udp://0.0.0.0", "has no port"),
            ("udp://0.0.0.0:0", "from 1 to 65535"), ("tcp://h:5?framing=length:3", "allowed are 1, 2 and 4"),
            ("tcp://h:5?framming=none", "near it is framing"), ("pcap://", "names no interface"),
            ("udp://0.0.0.0:5?framing=none", "allowed are multicast=, interface="),
            ("serial:ttyUSB0", "a device is a whole path"),
        ])
    func refusals(_ address: String, _ words: String) throws {
        for command in ["inspect", "decode", "tracks"] {
            let finished = try Starlane.run([command, address])
            #expect(finished.status == 64)
            #expect(finished.words.contains(words), "\(finished.words)")
            expectWords(finished)
        }
    }

    @Test(
        "a source that cannot be opened says why, and what to do",
        arguments: [
            ("udp://203.0.113.7:5000", "0.0.0.0 or [::] are all of them"), ("tcp://127.0.0.1:1", "Connection refused"),
            ("udp://239.1.1.1:5000?interface=nope", "there is no interface 'nope'"),
            ("udp://0.0.0.0:5000?multicast=10.0.0.1", "no multicast group"), ("serial:/dev/null", "no serial line"),
        ])
    func unopened(_ address: String, _ words: String) throws {
        let finished = try Starlane.run(["decode", address])
        #expect(finished.status == 2)
        #expect(finished.words.contains(words), "\(finished.words)")
        expectWords(finished)
    }

    @Test("options that make no sense are refused")
    func options() throws {
        for arguments in [
            ["--duration", "0"], ["--duration", "-1"], ["--count", "0"], ["--framing", "length:4,trip=2"],
            ["--framing", "fixed:0"], ["udp://127.0.0.1:5000"],
        ] {
            let finished = try Starlane.run(["inspect"] + arguments + [Self.capture])
            #expect(finished.status == 64, "\(arguments)")
            expectWords(finished)
        }
    }

    @Test("--count ends a file, too, and the ledger balances over what was read")
    func count() throws {
        let finished = try Starlane.run(["inspect", "--count", "10", "--format", "json", Self.capture])
        let report = try JSON(finished.text)
        #expect(report["capture"]?["packets"]?.integer == 10)
        #expect(report["ledger"]?["balanced"] == .bool(true))
        #expect(report["complete"] == .bool(false))
        #expect(try decoded(Self.capture, ["--count", "10"]).count == 10)
    }
}
