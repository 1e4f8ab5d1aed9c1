import Foundation
import Support
import Testing

/// Frames, several clients, interfaces and terminals: `replay.py` is at their other end.
@Suite(
    .serialized, .enabled(if: Starlane.isThere, Starlane.why),
    .enabled(if: hasProgram("python3"), "python3, which receives, is not on the path"))
struct ReplayTargetTests {
    /// Runs `replay.py`; gives the folder with what arrived, and what it says.
    private func play(_ kind: String, _ arguments: [String]) throws -> (folder: TemporaryFolder, said: JSON) {
        try Starlane.replay(kind, arguments)
    }

    private func decoded(_ file: String) throws -> [Substring] {
        let finished = try Starlane.run(["decode", file, "--format", "jsonl"])
        return Starlane.values(finished.text)
    }

    @Test("frames go out of bare files as they came, markers too, and as datagrams without them")
    func frames() throws {
        let stream = try Starlane.run(["replay", "songjiang.frames", "--payload", "frame", "--asap", "--to", "-"])
        #expect(stream.status == 0, "\(stream.words)")
        #expect(try stream.output == Data(contentsOf: fixture("songjiang.frames")))
        // Behind a marker each, in a capture of TCP.
        let cadus = try Starlane.run(["replay", "g60-cadu.pcap", "--payload", "frame", "--asap", "--to", "-"])
        #expect(cadus.status == 0, "\(cadus.words)")
        #expect(cadus.output.starts(with: [0x1A, 0xCF, 0xFC, 0x1D]))
        let (folder, said) = try play(
            "udp", ["g60-cadu.pcap", "--payload", "frame", "--rate", "2000", "--to", "udp://127.0.0.1:PORT"])
        #expect(said["status"]?.integer == 0, "\(said)")
        #expect(try decoded(folder.file("0.pcap").path) == decoded("g60-cadu.pcap"))
        let bare = folder.file("cadus").path
        try cadus.output.write(to: URL(fileURLWithPath: bare))
        #expect(try decoded(bare) == decoded("g60-cadu.pcap"))
    }

    @Test("a bad frame is left out and named, and what has no frames is said")
    func badFrames() throws {
        let bad = try Starlane.run([
            "replay", "songjiang-frame-bad-fecf.frames", "--payload", "frame", "--asap", "--to", "-",
        ])
        #expect(bad.status == 1)
        #expect(bad.words.contains("frame error control is wrong"))
        #expect(bad.output.count == 29 * 1115)
        let none = try Starlane.run(["replay", "songjiang-packets.pcap", "--payload", "frame", "--asap", "--to", "-"])
        #expect(none.status == 2)
        #expect(none.words.contains("nothing was sent"))
    }

    @Test(
        "each client gets whole packets from when it came; one that is slow loses some, one that leaves holds nobody up"
    )
    func clients() throws {
        let (_, said) = try play(
            "clients:\(40 * 286_203)",
            [
                "songjiang-pass.pcapng", "--asap", "--times", "40", "--control", "--paused", "--payload", "link",
                "--report", "-",
            ]
                + ["--to", "tcp-listen://127.0.0.1:PORT"])
        #expect(said["status"]?.integer == 1, "\(said)")
        let report = try #require(try JSON.lines(said["text"]?.text ?? "").last)
        let clients = try #require(report["clients"]?.array)
        let whole = try #require(report["octets_sent"]?.integer)
        #expect(whole == 40 * 286_203)
        #expect(said["octets"]?.array?.map(\.integer).contains(whole) == true, "\(said)")
        #expect(clients.count == 3)
        #expect(clients.count { $0["left_early"]?.bool == true } == 1)
        #expect(clients.count { $0["octets"]?.integer == whole && $0["lost"]?.integer == 0 } == 1)
        let slow = try #require(clients.first { $0["lost"]?.integer ?? 0 > 0 })
        #expect(slow["packets"]?.integer.map { $0 + (slow["lost"]?.integer ?? 0) } == 40 * 253)
        #expect(said["octets"]?.array?.map(\.integer).contains(slow["octets"]?.integer) == true, "\(said)")
        #expect(said["words"]?.text?.contains("lost by clients that read too slowly") == true)
    }

    @Test("the last client's leaving ends it, with words")
    func lastClient() throws {
        let (_, said) = try play(
            "leaving",
            [
                "songjiang-packets.pcap", "--rate", "100", "--loop", "--report", "-", "--to",
                "tcp-listen://127.0.0.1:PORT",
            ])
        #expect(said["status"]?.integer == 1)
        // What it was to be given when it was seen that it had left is none of its packets.
        let report = try #require(try JSON.lines(said["text"]?.text ?? "").last)
        let client = try #require(report["clients"]?.array?.first)
        #expect(client["packets"]?.integer == report["packets_sent"]?.integer && client["left_early"]?.bool == true)
        #expect(said["words"]?.text?.contains("the last one has left") == true, "\(said)")
    }

    @Test("keys pause, step, seek, filter and end it; the terminal is as it was, however it ends")
    func keys() throws {
        let (_, said) = try play("keys", ["songjiang-packets.pcap", "--paused", "--to", "udp://127.0.0.1:PORT"])
        #expect(said["status"]?.integer == 1)
        // A step, one behind a seek, and one that a filter chose.
        #expect(said["datagrams"]?.integer == 3, "\(said)")
        for ending in ["quit", "interrupt", "terminate", "stop", "go on"] {
            #expect(said["restored"]?[ending]?.bool == true, "\(ending): \(said)")
        }
        #expect(said["was_raw"]?.bool == true)
        let screen = try #require(said["screen"]?.text)
        #expect(screen.contains("space pauses"))
        #expect(screen.contains("filter: apid == 272"))
        #expect(screen.contains("paused"))
    }

    static let canMakeInterfaces =
        (try? run("unshare", ["-n", "sh", "-c", "ip link add sl0 type veth peer name sl1 && ip link set sl0 up"]).status)
        == 0

    @Test(
        "whole packets go over an interface, and those of other links are refused",
        .enabled(if: canMakeInterfaces, "network namespaces or 'ip' are not to be had here"),
        .enabled(if: hasProgram("tcpdump"), "tcpdump, which captures, is not on the path"))
    func interface() throws {
        let folder = try TemporaryFolder()
        let captured = folder.file("captured.pcap").path
        let script = """
            ip link set lo up; ip link add sl0 type veth peer name sl1 && ip link set sl0 up && ip link set sl1 up
            sysctl -qw net.ipv6.conf.all.disable_ipv6=1
            tcpdump -i sl1 -n -U -c 136 -w '\(captured)' 2>'\(folder.url.path)/said' &
            until grep -q listening '\(folder.url.path)/said'; do sleep 0.05; done
            "$STARLANE" replay songjiang-packets.pcap --asap --to pcap://sl0; echo $?
            wait
            "$STARLANE" replay songjiang-user0.pcap --asap --to pcap://sl0; echo $?
            """
        let finished = try Starlane.bash("unshare -n bash -c '\(script.replacingOccurrences(of: "'", with: "'\\''"))'")
        #expect(finished.text == "0\n2\n", "\(finished.words)")
        #expect(finished.words.contains("of links of another kind (USER0), not sent: the interface takes Ethernet"))
        #expect(try decoded(captured) == decoded("songjiang-packets.pcap"))
    }

    @Test("without the right to it an interface is refused, with what gives it", .enabled(if: hasProgram("setpriv")))
    func permission() throws {
        let finished = try Starlane.bash(
            "drop=; [ \"$(id -u)\" != 0 ] || drop='setpriv --bounding-set=-net_raw --inh-caps=-net_raw'; "
                + "$drop \"$STARLANE\" replay songjiang-packets.pcap --to pcap://lo")
        #expect(finished.status == 2, "\(finished.words)")
        #expect(finished.words.contains("sudo setcap cap_net_raw"), "\(finished.words)")
    }
}
