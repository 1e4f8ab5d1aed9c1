import Records
import Testing

/// Names as people type them, beside those that parameters have.
@Suite struct NamesTests {
    @Test(
        "a name is meant by itself and by its last parts, with slashes for dots",
        arguments: ["songjiang.eps.voltage", "eps.voltage", "voltage", "songjiang/eps/voltage", "eps/voltage"])
    func meant(typed: String) {
        #expect(Names.matches("songjiang.eps.voltage", tail: typed))
        let info = ParameterInfo(
            name: "craft.x", shortName: "x", aliases: ["other", "songjiang.eps.voltage"], kind: .float, rawKind: .float)
        #expect(info.isMeant(by: typed) && Selection.parameters(["y", typed]).contains(info))
    }

    @Test(
        "parts of parts, other names and nothing mean none",
        arguments: [
            "", ".", "age", ".voltage", "/voltage", "eps", "songjiang", "x.songjiang.eps.voltage", "eps..voltage",
            "Voltage", "eps_voltage",
        ])
    func others(typed: String) {
        #expect(!Names.matches("songjiang.eps.voltage", tail: typed))
        // A name has no slashes: one that stood there would be another letter.
        #expect(!Names.matches("eps/voltage", tail: "eps/voltage"))
    }
}
