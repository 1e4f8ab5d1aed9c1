import Foundation
import Support
import Testing

/// `decode --format csv -o FOLDER/`: a file a packet type.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct CSVFolderTests {
    /// The cells of each line. Lines with texts in quotes are left out: PipelineTests takes such apart.
    private func rows(_ text: String) -> [[Substring]] {
        text.replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n").filter { !$0.contains("\"") }
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    @Test("each type has a file with its own columns, and the rows that one table has", arguments: [[], ["--raw"]])
    func same(_ options: [String]) throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.run(
            ["decode", "songjiang-packets.pcap", "--format", "csv", "-o", folder.file("out/").path + "/"] + options)
        #expect(finished.status == 0 && finished.words.isEmpty && finished.output.isEmpty)
        let one = rows(try Starlane.run(["decode", "songjiang-packets.pcap", "--format", "csv"] + options).text)
        let head = try #require(one.first)
        let typeColumn = try #require(head.firstIndex(of: "type"))
        let types = Set(one.dropFirst().map { $0[typeColumn] })
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out").path).sorted()
        #expect(names == types.map { $0.replacing(".", with: "_") + ".csv" }.sorted())
        for type in types {
            let file = folder.file("out/\(type.replacing(".", with: "_")).csv")
            let own = rows(try String(contentsOf: file, encoding: .utf8))
            let ownHead = try #require(own.first)
            let expected = one.dropFirst().filter { $0[typeColumn] == type }
            #expect(own.count == expected.count + 1)
            for (row, all) in zip(own.dropFirst(), expected) {
                let values = Dictionary(zip(head, all)) { first, _ in first }
                for (name, value) in zip(ownHead, row) { #expect(values[name] == value, "\(type).\(name)") }
            }
            #expect(own.allSatisfy { $0.count == ownHead.count })
        }
    }

    @Test("a folder that is there is enough, names tell the format, and packets without a type have a file")
    func folder() throws {
        let folder = try TemporaryFolder()
        let skipped = try Starlane.run(
            ["decode", fixture("songjiang-packets.pcap").path, "--spec", "g60", "-o", folder.url.path])
        #expect(skipped.status == 0, "\(skipped.words)")
        #expect(folder.names == ["packets_unknown.csv"])
        let text = try String(contentsOf: folder.file("packets_unknown.csv"), encoding: .utf8)
        #expect(text.hasPrefix("time,packet,flow,spacecraft,vcid,apid,sequence,type\r\n"))
        #expect(rows(text).count == 137)
    }

    @Test("--fields chooses columns in the order asked for, and types by what they have")
    func fields() throws {
        let folder = try TemporaryFolder()
        _ = try Starlane.run([
            "decode", "songjiang-pass.pcapng", "--fields", "eps_battery_voltage,time", "-o", folder.url.path,
        ])
        #expect(folder.names == ["songjiang_beacon.csv", "songjiang_eps_housekeeping.csv"])
        let text = try String(contentsOf: folder.file("songjiang_eps_housekeeping.csv"), encoding: .utf8)
        #expect(text.hasPrefix("eps_battery_voltage,time,limits\r\n"))
    }

    @Test("what only the filter asks for has no column, and its limits are not told")
    func filtered() throws {
        let folder = try TemporaryFolder()
        let filter = "eps_bus_voltage > 1 and eps_battery_voltage < 24"
        let arguments = ["decode", "songjiang-pass.pcapng", "-Y", filter, "--fields"]
        for (fields, head) in [("time,eps_eclipse", "time,eps_eclipse\r\n"), ("time", "time\r\n")] {
            let finished = try Starlane.run(arguments + [fields, "-o", folder.file("out/").path + "/"])
            #expect(finished.status == 1, "\(finished.words)")
            let text = try String(contentsOf: folder.file("out/songjiang_eps_housekeeping.csv"), encoding: .utf8)
            #expect(text.hasPrefix(head) && text.count > head.count && !text.contains("="), "\(text)")
        }
        let table = try Starlane.run(arguments + ["eps_battery_current,eps_eclipse", "--format", "csv"]).text
        #expect(table.hasPrefix("eps_battery_current,eps_eclipse,limits\r\n") && table.count > 60)
        #expect(!table.contains("eps_battery_voltage"))
    }

    @Test("more types than files that may be open are written")
    func few() throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.bash(
            "ulimit -n 20; starlane decode terminals.pcapng songjiang-pass.pcapng -o '\(folder.url.path)'")
        #expect(finished.status == 1, "\(finished.words)")
        #expect(folder.names.count > 50)
        #expect(folder.names.allSatisfy { $0.hasSuffix(".csv") })
    }

    @Test("a folder that cannot be made is refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.run(["decode", "g60.packets", "-o", folder.file("a/b").path + "/"])
        #expect(finished.status == 2)
        #expect(finished.words.contains("cannot be made: No such file or directory"))
        expectWords(finished)
        #expect(folder.names.isEmpty)
    }

    @Test(
        "the name of the output tells the format", arguments: [("a.jsonl", "{"), ("a.csv", "time,"), ("a.txt", "g60.")])
    func named(_ name: String, _ start: String) throws {
        let folder = try TemporaryFolder()
        _ = try Starlane.run(["decode", "g60.packets", "-o", folder.file(name).path])
        #expect(try String(contentsOf: folder.file(name), encoding: .utf8).hasPrefix(start))
    }
}
