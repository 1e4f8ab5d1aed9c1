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
            for field in own {
                #expect(throws: Never.self, "\(file.lastPathComponent): \(field.name)") {
                    try catalogue.check(field.example)
                }
            }
            count += own.count
        }
        #expect(count > 1_000)
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
        var owners: [String: Field] = [:]
        for field in survey.finish() where field.owner != .packets && field.owner != .filters {
            for name in [field.name] + field.others { for type in field.types { owners["\(type) \(name)"] = field } }
        }
        // What the lines say of each field, by its name and kind.
        var packets: [String: Int] = [:]
        var least: [String: Double] = [:]
        let lines = try JSON.lines(try DecodedFile(fixture(file), told: told).text)
        for line in lines {
            let type = line["type"]?.text ?? ""
            for (name, value) in line["parameters"]?.object ?? [:] where value != .null {
                let field = try #require(owners["\(type) \(name)"], "\(type): \(name)")
                let key = "\(field.owner) \(field.name) \(field.unit) \(field.kind)"
                packets[key, default: 0] += 1
                if field.kind == .number, let number = value.double {
                    least[key] = min(least[key] ?? .infinity, number)
                }
            }
        }
        #expect(survey.packets == lines.count)
        for field in Set(owners.values.map { "\($0.owner) \($0.name) \($0.unit) \($0.kind)" }) {
            let own = try #require(
                owners.values.first { "\($0.owner) \($0.name) \($0.unit) \($0.kind)" == field })
            #expect(own.found?.packets == packets[field], "\(field)")
            if let least = least[field] {
                #expect(
                    own.found?.least.flatMap { Double($0.words) }.map { abs($0 - least) <= abs(least) * 1e-8 } == true,
                    "\(field)")
            }
            if own.kind == .label || own.kind == .truth {
                #expect(own.found?.counts.reduce(0) { $0 + $1.packets } == own.found?.packets, "\(field)")
            }
        }
    }
}
