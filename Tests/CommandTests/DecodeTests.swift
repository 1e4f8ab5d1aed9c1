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

    @Test("several files in one run give what each gives alone")
    func together() throws {
        let names = ["songjiang.frames", "g60.packets", "songjiang-packets.pcap", "songjiang.frames"]
        for format in ["jsonl", "table"] {
            let alone = try names.map { try Starlane.run(["decode", "--format", format, $0]).text }
            let together = try Starlane.run(["decode", "--format", format] + names)
            #expect(together.status == 0)
            let all = together.text.split(separator: "\n")
            #expect(all == alone.flatMap { $0.split(separator: "\n") })
        }
    }

    @Test("--join decodes segments whole; those that miss their others are rejected with their place")
    func joined() throws {
        let folder = try TemporaryFolder()
        // The first packet of the file, once more as two segments: the data field cut behind its header's six octets and more.
        let octets = [UInt8](try Data(contentsOf: fixture("g60.packets")))
        var cut: [UInt8] = []
        var at = 0
        var count = 0
        while at + 6 <= octets.count {
            let end = at + 7 + Int(octets[at + 4]) << 8 + Int(octets[at + 5])
            let (head, data) = (Array(octets[at..<at + 4]), Array(octets[at + 6..<end]))
            for (flags, part) in [(UInt8(1), data.prefix(10)), (2, data.dropFirst(10))] {
                let sequence = (Int(head[2] & 0x3F) << 8 | Int(head[3])) * 2 + (flags == 1 ? 0 : 1)
                cut += [head[0], head[1], flags << 6 | UInt8(sequence >> 8 & 0x3F), UInt8(sequence & 0xFF)]
                cut += [UInt8((part.count - 1) >> 8), UInt8((part.count - 1) & 0xFF)] + part
            }
            count += 1
            at = end
        }
        try Data(cut).write(to: folder.file("cut.packets"))
        try Data(cut.dropFirst(16)).write(to: folder.file("headless.packets"))
        let command = ["decode", "--join", "--format", "jsonl", "--skip", "0"]
        let whole = try Starlane.run(command + ["cut.packets"], in: folder.url)
        #expect(whole.status == 0)
        let parameters = try JSON.lines(whole.text).map { $0["type"] }
        let expected = try JSON.lines(try Starlane.run(["decode", "--format", "jsonl", "g60.packets"]).text)
        #expect(parameters.count == count && parameters == expected.map { $0["type"] })
        let headless = try Starlane.run(command + ["headless.packets"], in: folder.url)
        #expect(headless.status == 1)
        #expect(headless.words.contains("segments that are missing their others, once at octet 0"))
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

extension DecodeTests {
    @Test("a CSV has columns for what the captures carry, and for nothing else")
    func columnsOfContents() throws {
        func names(_ files: [String]) throws -> Set<Substring> {
            let text = try Starlane.run(["decode", "--format", "csv"] + files).text
            return Set(text.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: ","))
        }
        let messages = try names(["receiver-plain.nmea"])
        #expect(messages.contains("latitude"))
        #expect(!messages.contains { $0.hasPrefix("songjiang.") || $0 == "phone" || $0 == "receiver" })
        let packets = try names(["songjiang-pass.pcapng"])
        #expect(packets.contains { $0.contains("battery_voltage") } && !packets.contains("latitude"))
        let both = try names(["receiver-plain.nmea", "songjiang-pass.pcapng"])
        #expect(both == messages.union(packets))
    }

    @Test("a kind of message that comes once, far behind the beginning, has its columns too")
    func columnsOfTheEnd() throws {
        let folder = try TemporaryFolder()
        let log = folder.file("long.log")
        let position = "$GNGLL,3030.00000,N,12100.00000,E,084936.50,A,A*70\r\n"
        let text = "$BDTXR,1,0247911,2,0417,A4534F53*4A\r\n"
        try Data((String(repeating: position, count: 400_000) + text).utf8).write(to: log)
        let finished = try Starlane.run(["decode", "--format", "csv", log.path])
        let rows = finished.text.split(separator: "\r\n", omittingEmptySubsequences: true)
        #expect(rows.count == 400_002 && finished.status == 0, "\(finished.words)")
        #expect(rows.first?.contains(",text,") == true && rows.last?.contains("SOS") == true)
    }
}
