import Foundation
import Support
import Testing

/// `diff` as its users have it.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct DiffTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name).path }

    @discardableResult
    private func diff(_ arguments: [String], status: Int32, input: Data = Data()) throws -> Finished {
        try Starlane.checked(["diff"] + arguments, status: status, input: input)
    }

    private func lines(_ arguments: [String], status: Int32 = 1) throws -> [JSON] {
        try JSON.lines(try diff(arguments + ["--format", "jsonl"], status: status).text)
    }

    /// A classic capture: its head and its records.
    private func records(_ name: String = "songjiang-packets.pcap") throws -> (head: Data, all: [Data]) {
        let octets = [UInt8](try Data(contentsOf: fixture(name)))
        var (at, records) = (24, [Data]())
        while at < octets.count {
            let count = (0..<4).reduce(0) { $0 | Int(octets[at + 8 + $1]) << (8 * $1) }
            records.append(Data(octets[at..<at + 16 + count]))
            at += 16 + count
        }
        return (Data(octets[..<24]), records)
    }

    private func write(_ name: String, _ head: Data, _ records: [Data]) throws -> String {
        try (head + Data(records.joined())).write(to: folder.file(name))
        return path(name)
    }

    private func summary(_ lines: [JSON]) -> [Int?] {
        let last = lines.last
        return [
            last?["same"]?.integer, last?["changed"]?.integer, last?["a"]?["only"]?.integer,
            last?["b"]?["only"]?.integer,
        ]
    }

    @Test("a capture and its archive, and the same in another order and at another time, do not differ")
    func same() throws {
        _ = try Starlane.run(["archive", "songjiang-pass.pcapng", "-o", path("a.pcapng.gz")])
        let text = try diff(["songjiang-pass.pcapng", path("a.pcapng.gz")], status: 0).text
        #expect(text.hasSuffix("\n1183 packets: 1183 the same, 0 changed, 0 only in A, 0 only in B\n"))
        let (head, all) = try records()
        let shuffled = try write("s.pcap", head, all.reversed())
        // From the end on nothing is recognised, so it is told.
        let told = ["--skip", "0"]
        #expect(try summary(lines(["songjiang-packets.pcap", shuffled] + told, status: 0)) == [136, 0, 0, 0])
        // Years later.
        let late = all.map { record in
            var record = record
            record[3] &+= 1
            return record
        }
        let moved = try write("l.pcap", head, late)
        #expect(try summary(lines(["songjiang-packets.pcap", moved], status: 0)) == [136, 0, 0, 0])
        let input = try Data(contentsOf: fixture("songjiang-packets.pcap"))
        let piped = try diff(["-", path("s.pcap")] + told, status: 0, input: input)
        #expect(piped.text.hasPrefix("A  -\nB  \(path("s.pcap"))\n"))
    }

    @Test("packets that are missing, more, and changed are told, in whatever order they stand")
    func differing() throws {
        let (head, all) = try records()
        var changed = all
        // The last octet of a payload, and one of the packet behind a header of 6.
        changed[10][changed[10].endIndex - 1] ^= 1
        changed[20][changed[20].endIndex - 100] ^= 0x40
        changed.remove(at: 40)
        changed.remove(at: 30)
        changed = Array(changed[60...] + changed[..<60])
        let file = try write("c.pcap", head, changed)
        let found = try lines(["songjiang-packets.pcap", file])
        #expect(summary(found) == [132, 2, 2, 0])
        #expect(found.map { $0["difference"]?.text } == ["changed", "changed", "only-a", "only-a", "summary"])
        #expect(found[0]["a"]?["packet"]?.integer == 11 && found[0]["b"]?["packet"]?.integer == 85)
        #expect(found[0]["octets"]?["differing"]?.integer == 1 && found[0]["octets"]?["a"] == found[0]["octets"]?["b"])
        #expect(found[2]["a"]?["packet"]?.integer == 31 && found[2]["b"] == nil)
        #expect(found.dropLast().allSatisfy { $0["type"]?.text?.hasPrefix("songjiang.") == true })
        // The other way round.
        let turned = try lines([file, "songjiang-packets.pcap"])
        #expect(summary(turned) == [132, 2, 0, 2])
        let text = try diff(["songjiang-packets.pcap", file], status: 1).text
        #expect(text.contains("only in A  songjiang."))
        #expect(text.contains("\n136 packets in A, 134 in B: 132 the same, 2 changed, 2 only in A, 0 only in B\n"))
    }

    @Test("the values of a changed packet are those that decode shows of both")
    func values() throws {
        let (head, all) = try records()
        var changed = all
        for number in stride(from: 0, to: all.count, by: 3) { changed[number][all[number].endIndex - 3] ^= 0x11 }
        let file = try write("c.pcap", head, changed)
        try compare(
            try lines(["songjiang-packets.pcap", file]),
            try decoded(["songjiang-packets.pcap"]), try decoded([file]))
    }

    /// What decode says of each packet.
    private func decoded(_ arguments: [String]) throws -> [JSON] {
        try JSON.lines(try Starlane.run(["decode", "--format", "jsonl"] + arguments).text)
    }

    /// People see nine digits of a number.
    private func isSame(_ a: JSON?, _ b: JSON?) -> Bool {
        guard a != b, case .number = a, case .number = b, let a = a?.double, let b = b?.double else { return a == b }
        let size = max(abs(a), abs(b))
        return size >= 1e-3 && abs(a - b) < 1e-8 * size
    }

    /// Holds differences against what decode says of the same packets, one by one.
    private func compare(_ found: [JSON], _ one: [JSON], _ other: [JSON]) throws {
        try #require(one.count == other.count)
        var differences: [Int: JSON] = [:]
        for line in found where line["difference"]?.text == "changed" {
            differences[line["a"]?["packet"]?.integer ?? 0] = line
        }
        var seen = 0
        for (a, b) in zip(one, other) {
            var wrong: Set<String> = []
            for key in ["parameters", "limits", "invalid"] {
                let (here, there) = (a[key]?.object ?? [:], b[key]?.object ?? [:])
                for name in Set(here.keys).union(there.keys) where !isSame(here[name], there[name]) {
                    wrong.insert(name)
                }
            }
            let line = differences[a["packet"]?.integer ?? 0]
            let values = line?["values"]?.array ?? []
            #expect(Set(values.compactMap { $0["name"]?.text }) == wrong, "\(a) \(b)")
            for value in values {
                let name = value["name"]?.text ?? ""
                #expect(value["a"]?["value"] == a["parameters"]?[name] ?? .null)
                #expect(value["b"]?["value"] == b["parameters"]?[name] ?? .null)
                #expect(value["a"]?["limit"] == a["limits"]?[name] && value["b"]?["limit"] == b["limits"]?[name])
                seen += 1
            }
        }
        #expect(seen > 3)
    }

    /// A copy of a database with a change.
    private func edited(_ old: String, _ new: String) throws -> String {
        let text = try String(contentsOf: projectFolder.appendingPathComponent("Specs/songjiang.xml"), encoding: .utf8)
        try #require(text.contains(old))
        try text.replacing(old, with: new).write(to: folder.file("edited.xml"), atomically: true, encoding: .utf8)
        return path("edited.xml")
    }

    @Test(
        "under two databases calibrators, labels and limits that changed are told as decode shows them",
        arguments: [
            ("coefficient=\"0.01\"", "coefficient=\"0.011\""), ("label=\"VIDEO\"", "label=\"FILM\""),
            ("minInclusive=\"25.6\" maxInclusive=\"33.2\"", "minInclusive=\"31.5\" maxInclusive=\"33.2\""),
        ])
    func definitions(_ old: String, _ new: String) throws {
        let spec = try edited(old, new)
        let pass = ["songjiang-packets.pcap"]
        let found = try lines(pass + ["--spec", "songjiang", "--spec", spec])
        #expect(found.last?["changed"]?.integer ?? 0 > 3 && found.last?["definitions"]?.integer == 0)
        try compare(found, try decoded(pass + ["--spec", "songjiang"]), try decoded(pass + ["--spec", spec]))
        // Units are what people see, too.
        let volt = try edited("<Unit>V</Unit>", "<Unit>volt</Unit>")
        let units = try lines(pass + ["--spec", "songjiang", "--spec", volt])
        let value = units.first?["values"]?[0]
        #expect(value?["a"]?["unit"]?.text == "V" && value?["b"]?["unit"]?.text == "volt")
        #expect(value?["a"]?["value"] == value?["b"]?["value"])
        #expect(
            try summary(lines(pass + ["--spec", "songjiang", "--spec", "songjiang"], status: 0)) == [136, 0, 0, 0])
    }

    @Test("what only one database has is told once for each type, not for every packet")
    func alone() throws {
        let spec = try edited("mmp_media\"", "mmp_medium\"")
        let pass = ["songjiang-packets.pcap", "--spec", "songjiang"]
        let found = try lines(pass + ["--spec", spec])
        #expect(found.count == 2 && found[0]["difference"]?.text == "definition")
        #expect(found[0]["onlyA"]?.array == [.string("mmp_media")])
        #expect(found[0]["onlyB"]?.array == [.string("mmp_medium")])
        #expect(summary(found) == [136, 0, 0, 0] && found[1]["definitions"]?.integer == 2)
        // A filter on what only one of them has chooses by that one.
        let filtered = try lines(
            pass + ["--spec", spec, "-Y", "mmp_medium == VIDEO"])
        #expect(filtered.last?["a"]?["packets"]?.integer ?? 0 > 10 && filtered.last?["a"] != found.last?["a"])
        let types = try edited("SpaceSystem name=\"songjiang\"", "SpaceSystem name=\"yangtze\"")
        let named = try lines(pass + ["--spec", types])
        #expect(named.last?["changed"]?.integer == 136 && named.count < 20)
        #expect(named[0]["typeB"]?.text?.hasPrefix("yangtze.") == true && named[0]["onlyA"]?.array == [])
    }

    @Test("filters and times choose what is compared, and a limit what is shown")
    func selection() throws {
        let (head, all) = try records()
        let file = try write("c.pcap", head, Array(all[..<100]))
        let every = try lines(["songjiang-packets.pcap", file])
        #expect(summary(every) == [100, 0, 36, 0])
        let some = try lines(["songjiang-packets.pcap", file, "-Y", "apid == 272"])
        let count = every.count { $0["apid"]?.integer == 272 }
        #expect(summary(some)[2] == count && count > 0 && count < 36)
        let early = try lines(["songjiang-packets.pcap", file, "--until", "2026-03-15T02:30:10Z"], status: 0)
        #expect(summary(early)[1...] == [0, 0, 0] && summary(early)[0] ?? 0 > 20)
        let values = try lines(["songjiang-packets.pcap", file, "-Y", "eps_bus_voltage > 1 V"])
        #expect(summary(values)[2] == count)
        let short = try lines(["songjiang-packets.pcap", file, "--limit", "2"])
        #expect(short.count == 3 && short.last == every.last)
        let text = try diff(["songjiang-packets.pcap", file, "--limit", "0"], status: 1).text
        #expect(text.contains("36 differences more are not shown\n"))
        // Members of an archive that cannot hold what is asked for are passed.
        _ = try Starlane.run(["archive", "songjiang-pass.pcapng", "-o", path("a.gz"), "--member-size", "20000"])
        let pass = try diff(
            ["songjiang-pass.pcapng", path("a.gz"), "--until", "2026-03-15T02:30:20Z", "--explain"], status: 0)
        #expect(pass.words.contains("\(path("a.gz")): ") && pass.words.contains(" members are unpacked"))
        #expect(pass.words.contains("songjiang-pass.pcapng: all of it is read"))
    }

    @Test("messages are compared like packets, and damage changes nothing of the status")
    func messages() throws {
        let same = try diff(["terminals.pcapng", "terminals.pcapng"], status: 0)
        #expect(same.text.contains(" 0 changed, 0 only in A, 0 only in B\n") && same.words.contains("frame is wrong"))
        var lines = try Data(contentsOf: fixture("receiver-plain.nmea")).split(separator: 10)
        lines.remove(at: lines.count / 2)
        try Data(lines.map { $0 + [10] }.joined()).write(to: folder.file("r.nmea"))
        let found = try self.lines(["receiver-plain.nmea", path("r.nmea")])
        #expect(summary(found)[1...] == [0, 1, 0] && found.count == 2 && found[0]["dialect"]?.text == "nmea-0183")
    }

    @Test("what cannot be compared is refused in words")
    func refusals() throws {
        let pass = "songjiang-packets.pcap"
        func expect(_ arguments: [String], _ status: Int32, _ words: String) throws {
            let finished = try diff(arguments, status: status)
            #expect(finished.words.contains(words), "\(finished.words)")
            #expect(finished.text.isEmpty)
        }
        try expect([pass], 64, "One capture is compared under two databases, and 0 were given")
        try expect([pass, "--spec", "songjiang"], 64, "and 1 were given")
        try expect([pass, pass, pass], 64, "not 3 captures")
        try expect(["-", "-"], 64, "Standard input can be read once only")
        try expect([pass, "udp://127.0.0.1:10015"], 64, "has no end: diff compares files")
        try expect([pass, pass, "--limit=-1"], 64, "--limit takes 0 or more")
        try expect([pass, pass, "--format", "csv"], 64, "csv")
        try expect([pass, "nowhere.pcap"], 2, "nowhere.pcap")
        try expect([pass, "--spec", "songjiang", "--spec", "nowhere"], 2, "nowhere is no file, folder or name")
        try expect([pass, pass, "-Y", "nothing_of_it == 1"], 2, "nothing_of_it")
        try expect([pass, "--spec", "songjiang", "--spec", "g60", "-Y", "nothing_of_it == 1"], 2, "nothing_of_it")
        try expect([pass, pass, "--bpf", "udp prot 5"], 2, "udp prot 5")
        try expect(["/", pass], 2, "/")
    }
}
