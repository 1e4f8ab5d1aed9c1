import Records
import Foundation
import Mission
import Support
import Testing

struct DatabaseTests {
    @Test("a summary counts what is there and names the root")
    func summary() throws {
        let loaded = try database("inheritance")
        #expect(loaded.summary.name == "Test")
        #expect(loaded.summary.spaceSystems == 1)
        #expect(loaded.summary.parameters == 11)
        #expect(loaded.summary.containers == 7)
        #expect(loaded.summary.roots == ["Test.Header"])
        #expect(loaded.summary.packetTypes == 4)
        #expect(loaded.diagnostics.isEmpty)
    }

    @Test(
        "documents of 1.1, with a prefix, and without namespace are read alike",
        arguments: ["repeated", "namespace-1.1-prefixed", "namespace-none"])
    func namespaces(name: String) throws {
        let decoded = Decoded([try database(name)], [[1, 2, 3, 4]])
        #expect(decoded.texts(0) == ["spare#1": "1", "value": "2", "spare#2": "3", "spare": "4"])
    }

    @Test("references are searched from where they stand outwards, names are paths with dots")
    func names() throws {
        let loaded = try database("nested")
        #expect(loaded.parameterNames == ["Sat.count", "Sat.eps.battery_voltage", "Sat.eps.mode", "Sat.aocs.mode"])
        let decoder = MissionDecoder([loaded])
        #expect(decoder.types.map(\.name) == ["Sat.Frame"])
        #expect(decoder.types[0].parameters.map(\.name) == ["Sat.count", "Sat.eps.battery_voltage", "Sat.aocs.mode"])
        #expect(decoder.meaning(of: "battery_voltage") == .parameter("Sat.eps.battery_voltage"))
        #expect(decoder.meaning(of: "eps/battery_voltage") == .parameter("Sat.eps.battery_voltage"))
        #expect(decoder.meaning(of: "eps.mode") == .parameter("Sat.eps.mode"))
        #expect(decoder.meaning(of: "mode") == .ambiguous(["Sat.eps.mode", "Sat.aocs.mode"]))
        #expect(decoder.meaning(of: "battery_voltag") == .unknown(nearest: ["battery_voltage"]))
        #expect(decoder.meaning(of: "attery_voltage") == .unknown(nearest: ["battery_voltage"]))
    }

    @Test("a type takes from its base type what it does not say itself, whatever the order")
    func baseTypes() throws {
        let decoded = Decoded([try database("derived-types")], [[0xFE, 0xFF, 0x03, 0x00]])
        #expect(decoded.values(0)["a"] == Shown(raw: "-2", value: "-4.0"))
        #expect(decoded.values(0)["b"] == Shown(raw: "3", value: "1.5"))
        #expect(decoded.decoder.types[0].parameters.map(\.unit) == ["V", "V"])
    }
}
