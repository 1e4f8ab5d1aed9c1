import Foundation
import Support
import Testing

/// `starlane encode`, and that what was decoded is made again.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct EncodeCommandTests {
    /// The octets of all packets, and those made of what `decode` prints of them.
    private func again(
        _ file: String, _ spec: [String] = [], raw: Bool
    ) throws -> (before: Data, after: Finished, lines: Int) {
        let before = try Starlane.run(["decode", file, "--format", "packets"] + spec)
        let lines = try Starlane.run(["decode", file, "--format", "jsonl"] + (raw ? ["--raw"] : []) + spec)
        let after = try Starlane.run(["encode", "--from", "-"] + spec, input: lines.output)
        return (before.output, after, lines.text.split(separator: "\n").count)
    }

    @Test(
        "the packets of every fixture come back to the octet, from raw values and from engineering values alone",
        arguments: [
            "g60.packets", "g60-cadu.pcap", "g60-skip4.packets", "g60-cadu-segment-lost.pcap", "songjiang.frames",
            "songjiang-packets.pcap", "songjiang-pass.pcapng", "songjiang-user0.pcap", "songjiang-frame-lost.frames",
            "songjiang-frame-bad-fecf.frames", "g60-packet-truncated.packets", "g60-packet-length-wrong.packets",
        ])
    func fixtures(_ file: String) throws {
        for raw in [true, false] {
            let (before, after, lines) = try again(file, raw: raw)
            #expect(lines > 30 && after.words.isEmpty && after.status == 0, "\(after.words.prefix(400))")
            #expect(before == after.output)
        }
    }

    @Test("the packets of JPSS-1 come back to the octet", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func jpss() throws {
        let folder = Corpus.file("spp/jpss")
        let spec = ["--spec", folder.appendingPathComponent("jpss1_geolocation_xtce_v1.xml").path]
        let file = folder.appendingPathComponent("J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1").path
        for raw in [true, false] {
            let (before, after, lines) = try again(file, spec, raw: raw)
            #expect(lines == 7_200 && before == after.output && after.words.isEmpty)
        }
    }

    @Test(
        "of the packets of CTIM all bits come back that a parameter covers",
        .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func ctim() throws {
        let spec = ["--spec", Corpus.file("spp/ctim/ctim_xtce_v1.xml").path]
        let (before, after, lines) = try again(Corpus.file("spp/ctim/ccsds_2021_155_14_39_51").path, spec, raw: true)
        #expect(lines == 1_499 && before.count == after.output.count && after.words.isEmpty)
        // 104 packets have 12 bits more than their definition, and one is longer than it.
        let different = zip(before, after.output).count { $0 != $1 }
        #expect(different == 217)
        let folder = try TemporaryFolder()
        try after.output.write(to: folder.file("again.packets"))
        let ours = try Starlane.run(["decode", folder.file("again.packets").path, "--format", "jsonl"] + spec)
        let theirs = try Starlane.run(
            ["decode", Corpus.file("spp/ctim/ccsds_2021_155_14_39_51").path, "--format", "jsonl"] + spec)
        #expect(Starlane.values(ours.text) == Starlane.values(theirs.text))
    }

    @Test("a packet of words decodes to them, and counts are those of its APID")
    func words() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("one.pcap").path
        try Starlane.checked([
            "encode", "--spec", "songjiang", "eps_housekeeping", "eps_battery_voltage=28.4 V", "eps_charge_mode=BULK",
            "packet_time=2026-03-15T02:30:00.5Z", "raw.eps_switches=ffff", "--count", "3", "-o", file,
        ])
        let lines = try JSON.lines(try Starlane.checked(["decode", file, "--format", "jsonl"]).text)
        #expect(lines.count == 3)
        #expect(lines.map { $0["sequence"]?.integer } == [0, 1, 2])
        let parameters = lines[2]["parameters"]
        #expect(parameters?["eps_battery_voltage"]?.double == 28.400000000000002)
        #expect(parameters?["eps_charge_mode"]?.text == "BULK")
        #expect(parameters?["packet_time"]?.text == "2026-03-15T02:30:00.50000Z")
        #expect(parameters?["eps_switches"]?.text == "ffff")
        #expect(parameters?["PKT_LEN"]?.integer == 31)
    }

    @Test("hexadecimal is a line a packet, and an explanation says where each bit comes from")
    func shown() throws {
        let hex = try Starlane.checked(["encode", "--spec", "songjiang", "eps_housekeeping", "--format", "hex"])
        #expect(hex.text == "0910c000001f" + String(repeating: "0", count: 64) + "\n")
        let explained = try Starlane.checked([
            "encode", "--spec", "songjiang", "eps_housekeeping", "eps_battery_voltage=28.4", "--explain",
        ])
        #expect(explained.text.hasPrefix("songjiang.eps_housekeeping  38 octets\n"))
        #expect(explained.text.contains("12.0+12"))
        #expect(explained.text.contains("1011 00011000"))
    }

    @Test("sizes of data that are not given follow from the data")
    func sizes() throws {
        let made = try Starlane.checked(["encode", "--spec", "songjiang", "mmp_segment_packet", "mmp_data=010203"])
        let folder = try TemporaryFolder()
        try made.output.write(to: folder.file("one.packets"))
        let lines = try JSON.lines(
            try Starlane.checked(["decode", folder.file("one.packets").path, "--format", "jsonl"]).text)
        #expect(lines.first?["parameters"]?["mmp_data_length"]?.integer == 3)
        #expect(lines.first?["parameters"]?["mmp_data"]?.text == "010203")
    }

    @Test(
        "1 when a packet is refused, and why",
        arguments: [
            (["eps_housekeepin"], "no packet type is called 'eps_housekeepin'; near it are eps_housekeeping"),
            (["packet"], "no packet type is called 'packet'"),
            (["eps_housekeeping", "eps_batery_voltage=1"], "near it are eps_battery_voltage"),
            (["eps_housekeeping", "eps_battery_voltage=99"], "0.0 V to 40.95 V (raw 0 to 4095) are allowed"),
            (["eps_housekeeping", "eps_battery_voltage=x"], "x is given, a number is wanted"),
            (["eps_housekeeping", "raw.eps_battery_voltage=4096"], "raw 0 to 4095 are allowed"),
            (["eps_housekeeping", "eps_charge_mode=IDEL"], "near it are IDLE"),
            (["eps_housekeeping", "PKT_APID=9"], "9 is given, packets of this type have 272"),
            (["eps_housekeeping", "PKT_LEN=3"], "3 says 10 octets, a packet with these values has 38 (31)"),
            (["eps_housekeeping", "SRC_SEQ_CTR=16384"], "raw 0 to 16383 are allowed"),
            (
                ["eps_housekeeping", "packet_time=1950-01-01T00:00:00Z"],
                "1950-01-01T00:00:00Z does not fit: 1957-12-31"
            ),
            (["eps_housekeeping", "packet_time=noon"], "a time is wanted"),
            (["eps_housekeeping", "eps_switches=ff"], "1 octets are given, it has 2"),
            (["eps_housekeeping", "eps_switches=fg00"], "no even number of hexadecimal digits"),
            (["eps_housekeeping", "eps_eclipse=maybe"], "False or True is wanted"),
            (
                ["mmp_segment_packet", "mmp_data=0102", "mmp_data_length=3"],
                "2 octets are given, it has 3 by mmp_data_length"
            ),
            (["eps_housekeeping", "--strict"], "is not given and has no initial value"),
            (["eps_housekeeping", "voltage"], "'voltage' is no value: values are written as name=value"),
            (["eps_housekeeping", "eps_eclipse=1", "eps_eclipse=0"], "eps_eclipse is given twice"),
        ])
    func refused(_ arguments: [String], _ words: String) throws {
        let finished = try Starlane.checked(["encode", "--spec", "songjiang"] + arguments, status: 1)
        #expect(finished.output.isEmpty)
        #expect(finished.words.contains(words), "\(finished.words)")
    }

    @Test("lines that are refused do not stop those behind them")
    func lines() throws {
        let input = """
            {"type":"eps_housekeeping","parameters":{"eps_battery_voltage":28.4}}
            nonsense
            {"type":null,"parameters":{}}
            {"type":"TXA","dialect":"rdss-4.0","parameters":{}}
            {"type":"eps_housekeeping","parameters":{"eps_battery_voltage":28.4},"raw":{"eps_battery_voltage":7}}
            {"type":"eps_housekeeping","parameters":{"eps_battery_voltage":[1]}}

            {"parameters":{"eps_battery_voltage":12}}
            {"type":"eps_housekeeping","raw":{"eps_battery_voltage":7}}
            """
        let finished = try Starlane.checked(
            ["encode", "--spec", "songjiang", "--from", "-"], status: 1, input: Data(input.utf8))
        #expect(finished.output.count == 76)
        for words in [
            "line 2: refused: this is no JSON object: nonsense", "line 3: refused: no database explains this packet",
            "line 4: refused: this is a message", "line 5: refused: songjiang.eps_housekeeping: eps_battery_voltage: ",
            "line 6: refused: \"eps_battery_voltage\" is a list", "line 8: refused: the object needs a member \"type\"",
        ] {
            #expect(finished.words.contains(words), "\(words) is not in \(finished.words)")
        }
        #expect(finished.words.split(separator: "\n").count == 6)
    }

    @Test(
        "64 for wrong usage, 2 where it could not be done",
        arguments: [
            (["encode"], 64, "Name a packet type, or give --from"),
            (["encode", "--from", "-", "eps_housekeeping", "a=1"], 64, "values come from the lines"),
            (["encode", "x", "--count", "0"], 64, "--count takes 1 to"),
            (["encode", "x", "--format", "hex", "-o", "udp://127.0.0.1:9"], 64, "A peer gets packets"),
            (["encode", "--spec", "nosuch", "x"], 2, "known by name are g60, songjiang"),
            (["encode", "--from", "nothing.jsonl"], 2, "nothing.jsonl cannot be read: No such file"),
            (["encode", "--spec", "songjiang", "eps_housekeeping", "-o", "/nonexistent/x"], 2, "cannot be written"),
        ])
    func usage(_ arguments: [String], _ status: Int, _ words: String) throws {
        let finished = try Starlane.run(arguments)
        #expect(finished.status == Int32(status) && finished.output.isEmpty)
        #expect(finished.words.contains(words), "\(finished.words)")
        expectWords(finished)
    }
}
