import Foundation
import Support
import Testing

/// `fields`: what can be asked for, and what occurs in files.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct FieldsTests {
    private func fields(_ arguments: [String]) throws -> Finished { try Starlane.run(["fields"] + arguments) }

    @Test(
        "a list is the screen that is kept",
        arguments: [
            ("one", ["eps_battery_voltage"]), ("few", ["frame", "--spec", "g60"]), ("many", ["eps_"]),
            ("found-one", ["battery_voltage", "songjiang-packets.pcap"]), ("found", ["songjiang-packets.pcap"]),
            ("messages", ["message.*", "terminals.pcapng"]), ("position", ["position.*", "receiver-serial.log"]),
        ])
    func screens(_ name: String, _ arguments: [String]) throws {
        let finished = try fields(arguments)
        try expectGolden("fields/\(name).txt", finished.text)
        #expect(finished.text.split(separator: "\n").allSatisfy { $0.count <= 132 })
    }

    @Test("JSON is an object a field, with the keys of the manual, and examples that decode takes")
    func json() throws {
        let finished = try fields(["battery", "songjiang-packets.pcap", "--format", "json"])
        #expect(finished.status == 0 && finished.words.isEmpty)
        let lines = try JSON.lines(finished.text)
        #expect(lines.contains { $0["name"]?.text == "eps_battery_voltage" })
        for line in lines {
            let keys: Set = ["name", "group", "mission", "kind", "unit", "meaning", "labels", "limits", "other_names"]
            #expect(keys.isSubset(of: Set(line.object?.keys ?? [:].keys)))
            let example = try #require(line["example"]?.text)
            let decoded = try Starlane.run(
                ["decode", "songjiang-packets.pcap", "-Y", example, "--format", "null"])
            #expect(decoded.status == 0, "\(example): \(decoded.words)")
        }
        let voltage = try #require(lines.first { $0["name"]?.text == "eps_battery_voltage" })
        #expect(voltage["unit"]?.text == "V" && voltage["kind"]?.text == "number")
        #expect(voltage["least"]?.double ?? 0 > 20 && voltage["greatest"]?.double ?? 99 < 40)
        let mode = try JSON.lines(try fields(["obc_mode", "songjiang-packets.pcap", "--format", "json"]).text)
        let counts = try #require(mode.first?["values"]?.object)
        #expect(counts.values.compactMap(\.integer).reduce(0, +) == mode.first?["packets"]?.integer)
        #expect(Set(counts.keys).isSubset(of: Set((mode.first?["labels"]?.array ?? []).compactMap(\.text))))
    }

    @Test("files and the pattern come in any order, a pipe is a file, and several files are one survey")
    func order() throws {
        let one = try fields(["eps_battery", "songjiang-packets.pcap"])
        #expect(try fields(["songjiang-packets.pcap", "eps_battery"]).text == one.text)
        let piped = try Starlane.bash("starlane fields eps_battery - < songjiang-packets.pcap")
        #expect(piped.status == 0 && piped.text == one.text)
        func packets(_ files: [String]) throws -> Int {
            let lines = try JSON.lines(try fields(["length", "--format", "json"] + files).text)
            return lines.first { $0["name"]?.text == "length" }?["packets"]?.integer ?? 0
        }
        let sum = try packets(["songjiang-packets.pcap"]) + packets(["receiver-plain.nmea"])
        #expect(try packets(["receiver-plain.nmea", "songjiang-packets.pcap"]) == sum)
    }

    @Test("filters and times choose the packets that count")
    func chosen() throws {
        let all = try JSON.lines(try fields(["apid", "songjiang-packets.pcap", "--format", "json"]).text)
        let some = try JSON.lines(
            try fields(["apid", "songjiang-packets.pcap", "--format", "json", "-Y", "apid == 272"]).text)
        func packets(_ lines: [JSON]) -> Int? { lines.first { $0["name"]?.text == "apid" }?["packets"]?.integer }
        #expect(packets(some) == all.first { $0["name"]?.text == "apid" }?["values"]?["272"]?.integer)
        let late = try fields(["apid", "songjiang-packets.pcap", "--from", "2030-01-01"])
        #expect(
            late.status == 0 && late.text.isEmpty && late.words.contains("no packet or message was found or chosen"))
    }

    @Test("only what occurs is listed")
    func occurring() throws {
        let names = Set(
            try JSON.lines(try fields(["g60.packets", "--format", "json"]).text).compactMap { $0["name"]?.text })
        #expect(names.contains("obc_state") && names.contains("apid"))
        #expect(names.isDisjoint(with: ["eps_battery_voltage", "latitude", "dialect", "ip.src", "vcid", "time"]))
    }

    @Test("1 where something was rejected, and what was read is listed all the same")
    func damaged() throws {
        let finished = try fields(["eps_battery_v", "songjiang-pass.pcapng"])
        #expect(finished.status == 1 && finished.text.contains("in 73 packets"))
        #expect(finished.words.contains("frame error control is wrong"))
        expectWords(finished)
    }

    @Test(
        "2 where nothing is called so, or cannot be read: the reason is told",
        arguments: [
            (
                ["eps_batery_voltage"],
                "no field is called 'eps_batery_voltage', or has it as a part; near it are eps_battery_voltage"
            ),
            (["qqqqqqqqqqqqqq"], "no field is called 'qqqqqqqqqqqqqq'"),
            (["batery", "songjiang-packets.pcap"], "near it are"), (["nothing.pcap"], "nothing.pcap cannot be opened"),
            (["latitude", "songjiang-packets.pcap"], "no field that has 'latitude' in its name occurs"),
            (["songjiang-packets.pcap", "-Y", "apdi == 1"], "no field is called 'apdi'"),
            (["songjiang-packets.pcap", "--bpf", "udp prot 1"], "starlane: "),
            (["--spec", "nosuch"], "known by name are"),
        ])
    func refused(_ arguments: [String], _ words: String) throws {
        let finished = try fields(arguments)
        #expect(finished.status == 2 && finished.output.isEmpty, "\(finished.text)")
        #expect(finished.words.contains(words), "\(finished.words)")
        expectWords(finished)
    }

    @Test(
        "64 where what is asked makes no sense",
        arguments: [
            (["eps", "apid"], "only one pattern is taken"), ([""], "pattern is empty"),
            (["-Y", "apid == 1"], "Packets are chosen of files"),
            (["eps", "--count", "3"], "Packets are chosen of files"),
            (["--format", "csv"], "table"), (["udp://x", "eps"], "udp://x"),
        ])
    func wrong(_ arguments: [String], _ words: String) throws {
        let finished = try fields(arguments)
        #expect(finished.status == 64 && finished.words.contains(words), "\(finished.words)")
    }

    @Test("a closed pipe is no failure")
    func closed() throws {
        let finished = try Starlane.bash("starlane fields | head -3; echo ${PIPESTATUS[0]}")
        #expect(finished.text.hasSuffix("\n0\n") && finished.words.isEmpty)
    }

    @Test(
        "on a terminal it has colours, unless they are forbidden, and its width", .enabled(if: hasProgram("script")),
        arguments: [60, 80, 100, 140])
    func terminal(_ width: Int) throws {
        for (environment, hasColours) in [("", true), ("NO_COLOR=1", false)] {
            for arguments in ["eps songjiang-packets.pcap", "", "battery_voltage", "receiver-plain.nmea"] {
                let line = "stty cols \(width); \(environment) '\(Starlane.program.path)' fields \(arguments)"
                let finished = try Starlane.bash("script -qec \"\(line)\" /dev/null")
                #expect(finished.text.contains("\u{1B}[") == hasColours)
                let plain = finished.text.replacing(/\u{1B}\[[0-9;]*m/, with: "").replacing("\r\n", with: "\n")
                let widest = plain.split(separator: "\n").max { $0.count < $1.count } ?? ""
                #expect(widest.count <= max(width, 60), "\(arguments): \(widest)")
            }
        }
    }
}
