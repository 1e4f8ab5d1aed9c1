import BeiDou
import Foundation
import Mission
import Query
import Records
import Support
import Testing

/// The fields of the databases of Specs and of all messages.
enum AllFields {
    static func catalogue() throws -> FieldCatalogue {
        let databases = try ["g60", "songjiang"].map {
            try Database.load(projectFolder.appendingPathComponent("Specs/\($0).xml").path)
        }
        return FieldCatalogue(types: MissionDecoder.types(of: databases) + MessageTypes.all.map(\.packetType))
    }
}

/// What is said of filters that are wrong, as a whole: `UPDATE_GOLDENS=1 swift test --filter QueryTests` writes it anew,
/// and the difference is for a person to judge.
@Suite struct FilterErrorTests {
    private static let wrong: [(subject: String, filters: [String])] = [
        (
            "Syntax",
            [
                "", "apid = 100", "apid == 100 &", "apid == 100 | apid == 101", "apid == 100 and", "(apid == 100",
                "apid == 100)",
                "apid 100", "apid in 100", "apid in {100", "apid == {100}", "flow == \"udp", "flow == 'a\\q'",
                "octets[0:0] == 1",
                "octets[5-2] == 1", "octets[a] == 1", "apid == 100 $ 3", "apid => 100", "apid === 100", "not",
                "apid == 100; apid",
                String(repeating: "(", count: 101) + "apid", "within 5 s (apid == 1)", "apid.== 1",
                "obc.mode == NOMINAL or\n\tapid = 3",
            ]
        ),
        (
            "Names",
            [
                "aipd == 100", "eps.batery_voltage > 24", "eps.battery_votlage", "voltage > 24",
                "spacecraft_id == 68", "ip.source == 10.0.0.1", "udp.ports == 5", "frame.length > 100",
                "frame.num == 1",
                "eps.panel_1 > 3", "lattitude > 31", "messages", "udp == 5", "Apid == 100", "changed(aipd)",
                "apid == batery", "apid == nothing or obc.mode == SAVE",
            ]
        ),
        (
            "Numbers and units",
            [
                "apid == \"100\"", "apid == good", "apid == 10.0.0.1", "apid == 100 V", "eps.battery_voltage > 24 K",
                "eps.battery_voltage > 24 volt2", "eps.battery_voltage > \"24\"", "obc.temperature > 300 V",
                "apid contains 1",
                "apid matches \"1\"", "apid > 1e400", "apid in {1, \"2\"}", "apid in {1..sequence}",
                "apid in {sequence}",
                "radio.agc > 3 V", "apid == 1 / 0", "eps.battery_voltage > 2 V * 3 V", "1 == 2", "100 in {100}",
                "eps.battery_voltage + obc.temperature > 3", "eps.battery_voltage == obc.temperature",
            ]
        ),
        (
            "Labels, limits and truths",
            [
                "obc.mode == NOMINEL", "obc.mode > SAFE", "obc.mode == 3 V", "obc.mode == 10.0.0.1",
                "frame.quality == bad",
                "frame.quality < good", "limit(eps.battery_voltage) == bad", "limit(eps.battery_voltage) == 2",
                "limit(apid) == warning",
                "limit(obc.boot_count) == warning", "obc.edac_on == maybe", "obc.mode contains 3",
            ]
        ),
        (
            "Texts, octets and patterns",
            [
                "text == SOS", "text > 5", "text contains 1a:zz:00", "type == 1", "flow matches \"(\"",
                "flow matches \"[a\"",
                "\"udp\" contains flow", "octets == 5", "octets[0:9] == 5", "octets[0:2] == 1 V", "octets contains 5",
                "apid[0] == 1",
                "octets[0:4][1] == 1", "text[0:2] > 1 K", "text matches flow", "\"a\" == \"b\"", "text == apid",
                "octets[0:] + 1 == 2",
            ]
        ),
        (
            "Times and addresses",
            [
                "time > \"yesterday\"", "time > \"2026-02-30\"", "time > 5 s", "time > 1e9", "time contains \"2026\"",
                "time == 10.0.0.1",
                "time + 5 > 3", "gnss.time > \"12:00\"", "ip.src == 10.0.0", "ip.src == 10.0.0.0/33",
                "ip.src == \"10.0.0.1\"",
                "ip.src == fe80::1", "ipv6.src == 10.0.0.1", "ip.src > 10.0.0.1", "ip.src == 5", "ip.addr + 1 == 2",
                "ip.addr == fe80::1",
                "within 5 of apid", "within 5 V of apid", "within -5 s of apid", "within apid of apid",
                "within 1e12 h of apid",
            ]
        ),
        (
            "Functions and conditions",
            [
                "apid + 1", "5", "\"a\"", "len(octets)", "apid and 5", "not sequence + 1", "abs(apid)",
                "changed(apid) == 1", "changed()",
                "changed(apid, vcid)", "changed(5)", "changed(apid + 1)", "changed(apid == 1)", "delta(obc.mode) > 1",
                "delta(flow) > 1",
                "delta(time) > 1", "rate(octets) > 1", "abs(flow) > 1", "abs(1, 2) > 1", "len(apid) > 1",
                "lower(apid) == \"a\"",
                "raw(apid) == 1", "raw(raw(obc.mode)) == 1", "lenght(octets) > 1", "maximum(apid) > 1",
                "(apid == 1) == 1", "(apid == 1) + 1 > 0",
                "delta(udp.port) > 1", "changed(udp)",
            ]
        ),
    ]

    @Test("a filter that is wrong is refused with words and carets that are kept")
    func goldens() throws {
        let catalogue = try AllFields.catalogue()
        var text = ""
        for (subject, filters) in Self.wrong {
            text += "# \(subject)\n\n"
            for filter in filters {
                do {
                    _ = try catalogue.check(filter)
                    Issue.record("'\(filter)' is taken")
                } catch { text += "\(error)\n\n" }
            }
        }
        let file = projectFolder.appendingPathComponent("Tests/Goldens/filter-errors.txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { return try Data(text.utf8).write(to: file) }
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for (was, now) in zip(kept.components(separatedBy: "\n\n"), text.components(separatedBy: "\n\n"))
        where was != now {
            Issue.record("expected is\n\(was)\nfound is\n\(now)\nUPDATE_GOLDENS=1 keeps what is found.")
        }
        #expect(kept.count == text.count)
    }
}
