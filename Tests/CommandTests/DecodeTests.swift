import Foundation
import Support
import Testing

/// What `decode` writes. The values themselves are held against what is expected in PipelineTests.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct DecodeTests {
    @Test("a JSON line a packet, with the keys that programs rely on", arguments: ExitStatusTests.good)
    func lines(_ name: String) throws {
        let finished = try Starlane.run(["decode", "--format", "jsonl", name])
        let lines = try JSON.lines(finished.text)
        #expect(lines.count > 30)
        for line in lines {
            let keys = Set((line.object ?? [:]).keys)
            #expect(
                keys.isSuperset(of: [
                    "time", "packet", "flow", "spacecraft", "vcid", "apid", "sequence", "type", "parameters",
                ]))
            #expect(!keys.contains("raw"))
            #expect(line["flow"]?.text != nil && line["apid"]?.integer != nil && line["sequence"]?.integer != nil)
            #expect(line["type"]?.text?.contains(".") == true)
            #expect(line["parameters"]?.object?.isEmpty == false)
            #expect(line["limits"].map { $0.object?.isEmpty == false } ?? true)
        }
    }

    @Test("--raw adds the raw values, and only them")
    func raw() throws {
        let plain = try JSON.lines(try Starlane.run(["decode", "--format", "jsonl", "g60.packets"]).text)
        let raw = try JSON.lines(try Starlane.run(["decode", "--format", "jsonl", "--raw", "g60.packets"]).text)
        #expect(plain.count == raw.count)
        for (a, b) in zip(plain, raw) {
            #expect(Set((a["parameters"]?.object ?? [:]).keys) == Set((b["raw"]?.object ?? [:]).keys))
            #expect(JSON.object((b.object ?? [:]).filter { $0.key != "raw" }) == a)
        }
    }

    @Test("--fields gives these and no others, and only packets that have one", arguments: ["jsonl", "csv", "table"])
    func fields(_ format: String) throws {
        let finished = try Starlane.run(
            ["decode", "--format", format, "--fields", "time,eps_battery_voltage", "songjiang-packets.pcap"])
        #expect(finished.status == 0)
        let rows = finished.text.split(whereSeparator: \.isNewline)
        switch format {
        case "jsonl":
            #expect(rows.count == 18)
            for row in rows {
                #expect(Set((try JSON(String(row))["parameters"]?.object ?? [:]).keys) == ["eps_battery_voltage"])
            }
        case "csv":
            #expect(rows.first?.hasPrefix("time,eps_battery_voltage") == true)
            #expect(rows.count == 19)
        default: #expect(rows.count >= 19 && finished.text.contains("eps_battery_voltage"))
        }
    }

    @Test(
        "the table that people see is the text that is kept",
        arguments: ["songjiang-user0.pcap", "songjiang-frame-lost.frames"])
    func table(_ name: String) throws {
        let finished = try Starlane.run(["decode", name])
        #expect(!finished.text.contains("\u{1B}"))
        try expectGolden("decode/\(name).txt", finished.text)
        let few = try Starlane.run(["decode", "--fields", "packet,apid,sequence,eps_battery_voltage,adcs_mode", name])
        try expectGolden("decode/\(name).fields.txt", few.text)
    }

    @Test("a database that is named alone explains its own packets and leaves the others without a type")
    func spec() throws {
        let all = try JSON.lines(try Starlane.run(["decode", "--format", "jsonl", "songjiang-pass.pcapng"]).text)
        let one = try JSON.lines(
            try Starlane.run(["decode", "--format", "jsonl", "--spec", "songjiang", "songjiang-pass.pcapng"]).text)
        #expect(all.count == one.count)
        #expect(one.contains { $0["type"] == .null })
        for (a, b) in zip(all, one) where b["type"] != .null { #expect(a == b) }
        #expect(one.allSatisfy { $0["type"] == .null || $0["type"]?.text?.hasPrefix("songjiang.") == true })
        let path = try Starlane.run([
            "decode", "--format", "jsonl", "--spec", "../Specs/songjiang.xml", "songjiang-pass.pcapng",
        ])
        #expect(try JSON.lines(path.text) == one)
        let folder = try Starlane.run(["decode", "--format", "jsonl", "--spec", "../Specs", "songjiang-pass.pcapng"])
        #expect(try JSON.lines(folder.text) == all)
    }

    @Test("-o writes the same octets to a file and nothing to standard output", arguments: ["jsonl", "csv", "table"])
    func output(_ format: String) throws {
        let folder = try TemporaryFolder()
        let printed = try Starlane.run(["decode", "--format", format, fixture("g60.packets").path], in: folder.url)
        let written = try Starlane.run(
            ["decode", "--format", format, fixture("g60.packets").path, "-o", "out"], in: folder.url)
        #expect(written.status == 0)
        #expect(written.output.isEmpty)
        #expect(folder.names == ["out"])
        #expect(try Data(contentsOf: folder.file("out")) == printed.output)
    }

    @Test(
        "-o leaves nothing behind when the run fails, and what was there stays",
        arguments: [["--fields", "nosuch"], ["--spec", "nosuch"], ["--format", "nosuch"]])
    func failing(_ wrong: [String]) throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.run(["decode", fixture("g60.packets").path, "-o", "out"] + wrong, in: folder.url)
        #expect(finished.status != 0)
        #expect(folder.names.isEmpty)
        try Data("kept".utf8).write(to: folder.file("out"))
        #expect(
            try Starlane.run(["decode", fixture("g60.packets").path, "-o", "out"] + wrong, in: folder.url).status != 0)
        #expect(folder.names == ["out"])
        #expect(try Data(contentsOf: folder.file("out")) == Data("kept".utf8))
    }

    @Test("-o where no file could be read writes no file")
    func nothingRead() throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.run(["decode", "nothing.pcap", "--format", "jsonl", "-o", "out"], in: folder.url)
        #expect(finished.status == 2)
        #expect(folder.names.isEmpty)
    }

    @Test("-o writes to a device as it is")
    func device() throws {
        let finished = try Starlane.run(["decode", "g60.packets", "--format", "csv", "-o", "/dev/null"])
        #expect(finished.status == 0)
        #expect(finished.output.isEmpty && finished.words.isEmpty)
    }
}
