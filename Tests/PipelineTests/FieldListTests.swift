import BeiDou
import Capture
import Foundation
import Mission
import Pipeline
import Query
import Records
import Support
import Testing

/// The list of all fields, and what a survey finds of them.
@Suite struct FieldListTests {
    private static let databases: [Database] = ["g60", "songjiang"].compactMap {
        try? Database.load(projectFolder.appendingPathComponent("Specs/\($0).xml").path)
    }

    @Test("the example of every field is a filter, and so is its name alone")
    func examples() throws {
        let catalogue = FieldCatalogue(Self.databases)
        let fields = FieldList(Self.databases).fields
        #expect(fields.count > 700)
        for field in fields {
            #expect(throws: Never.self, "\(field.name)") { try catalogue.check(field.example) }
            #expect(throws: Never.self, "\(field.name)") { try catalogue.check(field.name) }
        }
    }

    @Test("so it is with databases that others wrote", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func foreign() throws {
        var count = 0
        for file in Corpus.files(below: "").filter({ $0.pathExtension == "xml" }) {
            guard let database = try? Database.load(file.path) else { continue }
            let catalogue = FieldCatalogue([database])
            let own = FieldList([database]).fields.filter { $0.owner == .mission(database.name) }
            // A check looks through all parameters, and some databases have tens of thousands.
            for field in own.prefix(100) {
                #expect(throws: Never.self, "\(file.lastPathComponent): \(field.name)") {
                    try catalogue.check(field.example)
                }
            }
            count += min(100, own.count)
        }
        #expect(count > 200)
    }

    @Test("every parameter of every type is in a field that its name and all other names find")
    func complete() {
        let fields = FieldList(Self.databases).fields
        var names: [String: Field] = [:]
        for field in fields { for name in [field.name] + field.others { names[name] = field } }
        let types = MissionDecoder.types(of: Self.databases) + MessageTypes.all.map(\.packetType)
        for type in types {
            for info in type.parameters {
                #expect(names[info.name]?.types.contains(type.name) == true, "\(type.name): \(info.name)")
            }
        }
    }

    @Test(
        "a pattern is a part of a name or alias, whatever its capitals, or a whole name with wildcards",
        arguments: [
            ("EPS_RAIL", ["eps_rail_3v3", "eps_rail_5v", "eps_rail_12v"]),
            ("eps_rail_?v", ["eps_rail_5v"]), ("*.eps_rail_[35]v", ["eps_rail_5v"]),
            ("songjiang.eps.rail_12", ["eps_rail_12v"]),
            ("scid", ["spacecraft"]), ("udp.*", ["udp.srcport", "udp.dstport", "udp.port"]),
            ("rail_3", ["eps_rail_3v3"]),
            ("rail_?", []), ("eps-rail", []), ("*", FieldList([]).fields.map(\.name)),
        ])
    func patterns(_ pattern: String, _ expected: [String]) {
        let databases = pattern == "*" ? [] : Self.databases
        #expect(FieldList(databases, matching: pattern).fields.map(\.name) == expected)
    }

    @Test(
        "a survey finds what the JSON lines of the same packets hold",
        arguments: [
            "songjiang-packets.pcap", "songjiang-pass.pcapng", "terminals.pcapng", "receiver-serial.log",
            "g60-skip4.packets",
            "terminal-2.1.log",
        ])
    func survey(_ file: String) throws {
        let told = file.contains("skip4") ? ToldLayout(skip: 4) : nil
        let list = FieldList(Self.databases)
        let survey = try FieldSurvey(Self.databases, list, FieldSurvey.Options())
        let known = Prescan.run(path: fixture(file).path, told: told)
        _ = survey.run(try CaptureReader.open(fixture(file).path), told: told, known: known)
        // Forms of one message have one name, so fields are compared by the last part of theirs.
        var found: [String: (packets: Int, least: Double)] = [:]
        for field in survey.finish() where field.owner != .packets && field.owner != .filters {
            let name = String((field.others.first ?? field.name).split(separator: ".").last ?? "")
            var sum = found[name] ?? (0, .infinity)
            sum.packets += field.found?.packets ?? 0
            if let least = field.found?.least, field.kind == .number {
                sum.least = min(sum.least, Double(least.words) ?? .nan)
            }
            found[name] = sum
        }
        var expected: [String: (packets: Int, least: Double)] = [:]
        let lines = try JSON.lines(try DecodedFile(fixture(file), told: told).text)
        for line in lines {
            for (key, value) in line["parameters"]?.object ?? [:] where value != .null {
                let name = String(key.split(separator: ".").last ?? "")
                var sum = expected[name] ?? (0, .infinity)
                sum.packets += 1
                if case .number = value, let number = value.double { sum.least = min(sum.least, number) }
                expected[name] = sum
            }
        }
        #expect(survey.packets == lines.count)
        #expect(Set(found.keys) == Set(expected.keys))
        for (name, sum) in expected {
            #expect(found[name]?.packets == sum.packets, "\(name)")
            // People read nine digits.
            guard sum.least.isFinite, let least = found[name]?.least, least.isFinite else { continue }
            #expect(abs(least - sum.least) <= abs(sum.least) * 1e-8, "\(name)")
        }
    }
}
