import Query
import Testing

/// What may stand at the end of a filter that somebody types.
@Suite struct FilterCompletionTests {
    private static let completion = (try? AllFields.completeCatalogue()).map { FilterCompletion($0) }

    @Test(
        "a filter's last word becomes names, labels or words of the language, whatever stands in front",
        arguments: [
            ("eps_battery_v", ["eps_battery_voltage"]), ("apid == 3 and not (eps_battery_v", ["eps_battery_voltage"]),
            ("eps.battery_v", ["eps.battery_voltage"]), ("songjiang.eps_battery_v", ["songjiang.eps_battery_voltage"]),
            ("limit(eps_battery_v", ["eps_battery_voltage"]), ("ip.s", ["ip.src"]), ("udp.p", ["udp.port"]),
            ("obc_mode == S", ["SAFE"]), ("obc_mode in {NOMINAL, S", ["SAFE"]), ("obc_mode not in {S", ["SAFE"]),
            ("obc_mode == \"S", ["\"SAFE\""]), ("frame.quality != g", ["good", "gap"]),
            ("type == 'songjiang.eps_h", ["'songjiang.eps_housekeeping'"]), ("spacecraft == \"s", ["\"songjiang\""]),
            ("dialect in {\"nm", ["\"nmea-0183\""]), ("wit", ["within "]), ("rat", ["rate("]),
            ("apid == 100 a", ["and"]), ("obc_mode == SAFE o", ["or"]), ("(apid == 1) x", ["xor"]),
        ])
    func found(_ typed: String, _ expected: [String]) throws {
        let completion = try #require(Self.completion)
        let stem = typed.reversed().drop { $0.isLetter || $0.isNumber || "_.\"'".contains($0) }.count
        let found = Set(completion.filters(typed))
        for word in expected { #expect(found.contains(typed.prefix(stem) + word), "\(typed): \(found)") }
        #expect(found.allSatisfy { $0.hasPrefix(typed) }, "\(found)")
    }

    @Test(
        "where nothing fits, nothing comes",
        arguments: ["eps_battery_x", "obc_mode == X", "text == \"S", "apid == 3", "type == 'x", #"text == "\"" ob"#])
    func nothing(_ typed: String) throws { #expect(try #require(Self.completion).filters(typed).isEmpty) }

    @Test("one field comes with what may stand behind it, so that a shell does not end the word")
    func alone() throws {
        let completion = try #require(Self.completion)
        #expect(completion.filters("obc_mod") == ["obc_mode", "obc_mode ==", "obc_mode !=", "obc_mode in {"])
        #expect(completion.filters("apid and ether") == [])
        #expect(
            completion.filters("x == 1 or vla") == [
                "x == 1 or vlan", "x == 1 or vlan and", "x == 1 or vlan or", "x == 1 or vlan xor",
            ])
    }

    @Test("--fields takes no layers and no functions")
    func fields() throws {
        let completion = try #require(Self.completion)
        #expect(completion.fields("vlan").isEmpty && completion.fields("udp.port").isEmpty)
        #expect(completion.fields("eps_battery_v") == ["eps_battery_voltage"])
        #expect(completion.fields("").contains("apid"))
    }

    @Test("every name that is offered is one that a filter takes")
    func good() throws {
        let catalogue = try AllFields.completeCatalogue()
        let completion = FilterCompletion(catalogue)
        for start in ["", "s", "eps.", "message.", "songjiang.", "jtt808."] {
            for name in completion.fields(start) {
                #expect(throws: Never.self, "\(name)") { try catalogue.check(name) }
            }
        }
    }
}

extension AllFields {
    /// All fields there are: other types and dialects are refused.
    fileprivate static func completeCatalogue() throws -> FieldCatalogue {
        FieldCatalogue(types: try catalogue().types, isComplete: true)
    }
}
