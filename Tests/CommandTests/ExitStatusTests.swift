import Foundation
import Support
import Testing

/// 0 all well, 1 done but something was rejected, 2 could not be done, 64 wrong usage.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct ExitStatusTests {
    static let good = [
        "g60-cadu.pcap", "g60-skip4.packets", "g60.packets", "songjiang-packets-members.pcap.gz",
        "songjiang-packets.pcap", "songjiang-user0.pcap", "songjiang.frames",
    ]
    static let damaged = [
        "g60-cadu-segment-lost.pcap", "g60-packet-length-wrong.packets", "g60-packet-truncated.packets",
        "songjiang-frame-bad-fecf.frames", "songjiang-frame-lost.frames", "songjiang-packets-member-cut.pcap.gz",
        "songjiang-pass-block-length-wrong.pcapng", "songjiang-pass-capture-cut.pcapng", "songjiang-pass.pcapng",
    ]

    @Test("0 where all is well, and then nothing is said", arguments: good)
    func well(_ name: String) throws {
        for command in [["inspect"], ["decode"], ["decode", "--format", "null"]] {
            let finished = try Starlane.run(command + [name])
            #expect(finished.status == 0)
            #expect(finished.words.isEmpty)
        }
    }

    @Test("1 where something was rejected; decode says what and where in a line a reason", arguments: damaged)
    func rejected(_ name: String) throws {
        let inspected = try Starlane.run(["inspect", name])
        #expect(inspected.status == 1)
        #expect(inspected.words.isEmpty)
        #expect(inspected.text.contains("rejected"))
        let decoded = try Starlane.run(["decode", "--format", "jsonl", name])
        #expect(decoded.status == 1)
        expectWords(decoded)
        #expect(!decoded.words.isEmpty)
        for line in decoded.words.split(separator: "\n") { #expect(line.hasPrefix("starlane: \(name): ")) }
        #expect(decoded.words.contains(/octet [\d,]+/))
    }

    @Test(
        "2 where it could not be done, the reason and the file in one line and nothing on standard output",
        arguments: [
            (["inspect", "nothing.pcap"], "nothing.pcap cannot be opened"),
            (["decode", "nothing.pcap"], "nothing.pcap cannot be opened"), (["inspect", "."], "is a folder"),
            (["inspect", "/dev/null"], "/dev/null is empty"), (["inspect", "-"], "standard input is empty"),
            (["decode", "g60.packets", "--spec", "nosuch"], "known by name are g60, songjiang"),
            (["decode", "g60.packets", "--spec", "vectors"], "holds no database"),
            (["decode", "g60.packets", "--spec", "README.md"], "README.md"),
            (["decode", "g60.packets", "-o", "/nonexistent/out"], "/nonexistent/out cannot be written"),
            (["decode", "g60.packets", "--fields", "eps_battery_voltag"], "near it are eps_battery_voltage"),
            (["decode", "g60.packets", "--fields", "tiem"], "besides parameters there are time, packet, flow"),
            (["spec", "check", "nosuch"], "known by name are g60, songjiang"),
        ])
    func refused(_ arguments: [String], _ words: String) throws {
        let finished = try Starlane.run(arguments)
        #expect(finished.status == 2)
        #expect(finished.output.isEmpty)
        #expect(finished.words.contains(words), "\(finished.words)")
        expectWords(finished)
    }

    @Test("2 when standard output cannot take it")
    func fullDevice() throws {
        let finished = try Starlane.bash("starlane decode songjiang-pass.pcapng --format jsonl > /dev/full")
        #expect(finished.status == 2)
        #expect(finished.words.contains("standard output cannot be written: No space left on device"))
        expectWords(finished)
    }

    @Test(
        "64 for wrong usage, and how it is used is said",
        arguments: [
            (["frobnicate"], "Unexpected argument 'frobnicate'"), (["inspect"], "Missing expected argument"),
            (["decode"], "Missing expected argument"), (["inspect", "--format", "xml", "x"], "'text' and 'json'"),
            (["decode", "--format", "xml", "x"], "one of the following:\n  - table"),
            (["decode", "--fields", "a,,b", "x"], "--fields has an empty name"),
            (["decode", "--fields", "", "x"], "--fields has an empty name"),
            (["inspect", "--skip", "4", "--frames", "tm:1115", "x"], "give one of them"),
            (["inspect", "--skip=-4", "x"], "--skip takes 0 to 65535"),
            (["inspect", "--skip", "70000", "x"], "0 to 65535"),
            (["inspect", "--skip", "four", "x"], "'four' is invalid"),
            (["inspect", "--frames", "", "x"], "tm:LENGTH or aos:LENGTH"),
            (["inspect", "--frames", "uslp:100", "x"], "tm:LENGTH or aos:LENGTH"),
            (["inspect", "--frames", "tm:7", "x"], "allowed is 8 to"),
            (["inspect", "--frames", "aos:220,colour=red", "x"], "allowed are insert=N"),
            (["decode", "--frames", "aos:220,marker=1AC", "x"], "hexadecimal digits"),
            (["inspect", "--nosuch", "x"], "Unknown option"),
            (["spec", "check"], "Missing expected argument"),
        ])
    func usage(_ arguments: [String], _ words: String) throws {
        let finished = try Starlane.run(arguments)
        #expect(finished.status == 64)
        #expect(finished.output.isEmpty)
        #expect(finished.words.contains(words), "\(finished.words)")
        #expect(finished.words.contains("Usage: starlane"))
        expectWords(finished)
    }

    @Test("of several files the bad one is said and the others are read", arguments: ["inspect", "decode"])
    func several(_ command: String) throws {
        let format = command == "inspect" ? "json" : "jsonl"
        let whole = try Starlane.run([command, "--format", format, "g60.packets", "songjiang.frames"])
        let finished = try Starlane.run([
            command, "--format", format, "g60.packets", "nothing.pcap", "songjiang.frames",
        ])
        #expect(whole.status == 0)
        #expect(finished.status == 2)
        #expect(finished.output == whole.output)
        #expect(finished.words.split(separator: "\n").count == 1)
        #expect(finished.words.hasPrefix("starlane: nothing.pcap cannot be opened"))
    }

    @Test("a refused file outweighs a damaged one")
    func worst() throws {
        let finished = try Starlane.run(["decode", "--format", "null", "nothing.pcap", "songjiang-frame-lost.frames"])
        #expect(finished.status == 2)
        #expect(finished.words.contains("songjiang-frame-lost.frames"))
    }
}
