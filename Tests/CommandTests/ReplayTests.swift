import Foundation
import Support
import Testing

/// What arrives of a replay is what the capture holds: `replay.py` receives it, and says when by the kernel's clock.
@Suite(
    .serialized, .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which receives, is not on the path"))
struct ReplayTests {
    private static let capture = "songjiang-packets.pcap"
    private static let target = ["--to", "udp://127.0.0.1:PORT"]

    /// Runs a replay against a receiver; gives the folder with what arrived, and what was said.
    private func play(_ kind: String, _ arguments: [String]) throws -> (folder: TemporaryFolder, said: JSON) {
        try Starlane.replay(kind, arguments)
    }

    /// The lines of packets without what another way gives them: time, number and flow.
    private func values(_ file: String, _ more: [String] = []) throws -> [Substring] {
        let finished = try Starlane.run(["decode", file, "--format", "jsonl"] + more)
        #expect(finished.status == 0, "\(finished.words)")
        return Starlane.values(finished.text)
    }

    /// Holds the time that a replay took against what was planned, on a machine that may have other things to do: nothing comes
    /// sooner, and what comes later is told as late.
    private func expectPace(_ said: JSON, _ planned: Double, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let seconds = try #require(said["seconds"]?.double)
        let report = try #require(try JSON.lines(said["text"]?.text ?? "").first)
        let late = try #require(report["lateness_us"]?["worst"]?.double) / 1e6
        #expect(
            abs(seconds - planned) < late + 0.05, "\(seconds) s for \(planned) s, at worst \(late) s late",
            sourceLocation: sourceLocation)
    }

    @Test("datagrams decode to what their capture decodes to, and take the capture's time")
    func original() throws {
        let speed = 20.0
        let (folder, said) = try play("udp", [Self.capture, "--speed", "\(speed)", "--report", "-"] + Self.target)
        #expect(said["status"]?.integer == 0)
        #expect(try values(folder.file("0.pcap").path) == values(Self.capture))
        let times = try JSON.lines(Starlane.run(["decode", Self.capture, "--format", "jsonl"]).text).compactMap {
            $0["time"]?.text
        }
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let (first, last) = (try #require(times.first), try #require(times.last))
        let span = try format.parse(last).timeIntervalSince(format.parse(first))
        try expectPace(said, span / speed)
        let words = try #require(said["words"]?.text)
        #expect(words.contains("136 packets sent"))
        #expect(words.contains(/lateness: median [0-9.,]+ us, 99 of 100 within [0-9.,]+ us, worst [0-9.,]+ us/))
    }

    @Test("a rate is kept, and a report says what was sent")
    func rate() throws {
        let (_, said) = try play("udp", [Self.capture, "--rate", "500", "--report", "-"] + Self.target)
        try expectPace(said, 135.0 / 500)
        let report = try #require(try JSON.lines(said["text"]?.text ?? "").first)
        #expect(report["packets_sent"]?.integer == 136)
        #expect(report["packets_read"]?.integer == 136)
        #expect(report["lateness_us"]?["packets"]?.integer == 136)
    }

    @Test("a filter chooses, by datagrams and by packets", arguments: ["datagram", "packet"])
    func filter(_ payload: String) throws {
        let filter = ["-Y", "apid == 272"]
        let (folder, said) = try play(
            "udp", [Self.capture, "--asap", "--payload", payload] + filter + Self.target)
        #expect(said["status"]?.integer == 0, "\(said)")
        let sent = try values(folder.file("0.pcap").path)
        #expect(!sent.isEmpty)
        #expect(try sent == values(Self.capture, filter))
        #expect(said["words"]?.text?.contains("not chosen by the conditions") == true)
    }

    @Test("a map sends flows elsewhere, and nothing else where nothing else is told")
    func maps() throws {
        let packets = try JSON.lines(Starlane.run(["decode", Self.capture, "--format", "jsonl"]).text)
        let flow = try #require(packets.first?["flow"]?.text)
        let destination = try #require(flow.split(separator: " ").last)
        let (folder, said) = try play(
            "udp", [Self.capture, "--asap", "--map", "\(destination)=127.0.0.1:PORT2"] + Self.target)
        #expect(said["status"]?.integer == 0, "\(said)")
        #expect(try values(folder.file("1.pcap").path) == values(Self.capture))
        #expect(said["counts"]?.array?.first?.integer == 0)
        let (_, other) = try play("udp", [Self.capture, "--asap", "--map", "10.9.9.9:9=127.0.0.1:PORT2"])
        #expect(other["status"]?.integer == 2)
        #expect(other["words"]?.text?.contains("nothing was sent") == true)
    }

    @Test("packets of bare frames go over a stream, to a server and to a client", arguments: ["tcp", "listen"])
    func streams(_ kind: String) throws {
        let address = kind == "tcp" ? "tcp://127.0.0.1:PORT" : "tcp-listen://127.0.0.1:PORT"
        let (folder, said) = try play(
            kind, ["songjiang.frames", "--payload", "packet", "--rate", "20000", "--to", address])
        #expect(said["status"]?.integer == 0, "\(said)")
        let whole = try Starlane.run(["decode", "songjiang.frames", "--format", "packets", "-o", "-"])
        #expect(try Data(contentsOf: folder.file("stream")) == whole.output)
    }

    @Test("a loop goes on until Ctrl-C, which ends it with its report")
    func loop() throws {
        let (_, said) = try play("udp", [Self.capture, "--rate", "2000", "--loop", "--report", "-"] + Self.target)
        #expect(said["status"]?.integer == 130)
        let report = try #require(try JSON.lines(said["text"]?.text ?? "").first)
        #expect(report["interrupted"]?.bool == true)
        #expect(report["packets_sent"]?.integer ?? 0 > 300)
        #expect(report["packets_sent"]?.integer == said["counts"]?.array?.first?.integer)
    }

    @Test("captured packets go out whole, to standard output too")
    func link() throws {
        let sent = try Starlane.run([
            "replay", Self.capture, "--asap", "--payload", "link", "--times", "2", "--to", "-",
        ])
        #expect(sent.status == 0, "\(sent.words)")
        // A classic pcap: 24 octets, and 16 in front of each packet.
        let file = try Data(contentsOf: fixture(Self.capture))
        #expect(sent.output.count == 2 * (file.count - 24 - 136 * 16))
    }

    @Test(
        "what is not sent as a whole says why",
        arguments: [
            (["songjiang-packets.pcap", "--from", "2200-01-01T00:00:00Z"], 2, "none is what was asked for"),
            (["songjiang.frames"], 2, "--payload packet sends the packets in it"),
            (["songjiang.frames", "--payload", "packet"], 2, "--rate, --bitrate or --asap"),
            (["absent.pcap"], 2, "absent.pcap"),
            (["songjiang-pass-capture-cut.pcapng", "--asap"], 1, "songjiang-pass-capture-cut.pcapng"),
            (["songjiang-packets.pcap", "-Y", "apud == 1"], 2, "apid"),
            (["songjiang-packets.pcap", "--bpf", "udp port"], 2, "udp port"),
        ])
    func shortfalls(_ arguments: [String], _ status: Int32, _ words: String) throws {
        let finished = try Starlane.run(["replay", "--to", "-"] + arguments)
        #expect(finished.status == status, "\(finished.words)")
        #expect(finished.words.contains(words), "\(finished.words)")
        expectWords(finished)
    }

    @Test("a peer where nobody listens is noticed, and one that cannot be reached is said")
    func refused() throws {
        // Port 9 is that of the discard service, which hardly anybody runs any more.
        let datagrams = try Starlane.run(["replay", Self.capture, "--rate", "1000", "--to", "udp://127.0.0.1:9"])
        #expect(datagrams.status == 1)
        #expect(datagrams.words.contains("nobody listens there"), "\(datagrams.words)")
        let stream = try Starlane.run(["replay", Self.capture, "--asap", "--to", "tcp://127.0.0.1:9"])
        #expect(stream.status == 2)
        #expect(stream.words.contains("tcp://127.0.0.1:9 cannot be opened"), "\(stream.words)")
    }

    @Test(
        "wrong usage is refused before anything is opened",
        arguments: [
            ([], "--to udp://HOST:PORT"),
            (["--to", "udp://0.0.0.0:5"], "nobody to send to"),
            (["--to", "udb://127.0.0.1:5"], "near it is udp"),
            (["--to", "-", "--speed", "2", "--asap"], "--speed and --asap"),
            (["--to", "-", "--rate", "0"], "--rate takes"),
            (["--to", "-", "--times", "0"], "--times takes 1"),
            (["--to", "-", "--loop", "--times", "3"], "--loop has no end"),
            (["--to", "-", "--payload", "frame", "-Y", "apid == 1"], "a frame carries several and parts of them"),
            (["--to", "-", "--payload", "frames"], "payload"),
            (["--to", "pcap://lo", "--payload", "datagram"], "leave --payload datagram out"),
            (["--to", "pcap://lo?filter=udp"], "is for what is received"),
            (["--to", "-", "--paused"], "give --control"),
            (["--to", "-", "--control", "-"], "so does the file -"),
            (["--map", "10.0.0.1:5"], "is no map"),
            (["--map", "host:5=127.0.0.1:5"], "knows numbers and no names"),
            (["--map", "10.0.0.1:5=0.0.0.0:5"], "nobody to send to"),
            (["--map", "10.0.0.1:5=127.0.0.1:5", "--payload", "link"], "leave one out"),
            (["--to", "-", "--report", "-"], "give the report a file"),
            (["--to", "-", "udp://127.0.0.1:5"], "is live"),
            (["--to", "-", "-", "--loop"], "standard input can be read once"),
        ])
    func usage(_ arguments: [String], _ words: String) throws {
        let finished = try Starlane.run(["replay", Self.capture] + arguments)
        #expect(finished.status == 64, "\(finished.words)")
        #expect(finished.words.contains(words), "\(finished.words)")
    }
}
