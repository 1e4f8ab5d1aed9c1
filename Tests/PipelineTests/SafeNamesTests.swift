import Pipeline
import Testing

/// Names of tables, columns and files.
@Suite struct SafeNamesTests {
    @Test("letters, digits and _ stay, in every script; all else becomes _")
    func safe() {
        var names = SafeNames()
        #expect(names.add("songjiang.eps_hk") == "songjiang_eps_hk")
        #expect(names.add("0x0200") == "_0x0200")
        #expect(names.add("电压") == "电压")
        #expect(names.add("../../etc/passwd") == "______etc_passwd")
        #expect(names.add("a\"; DROP TABLE b;\u{0}--") == "a___DROP_TABLE_b____")
        #expect(names.add("") == "_")
        #expect(names.add("SQLite_master") == "_SQLite_master")
    }

    @Test("no two are the same, also where capitals do not count")
    func unique() {
        var names = SafeNames(taken: ["time"])
        #expect(
            ["a.b", "a_b", "A_B", "Time", "a_b_2"].map { names.add($0) } == [
                "a_b", "a_b_2", "A_B_3", "Time_2", "a_b_2_2",
            ])
    }

    @Test("a name is no longer than files may be called")
    func long() {
        var names = SafeNames()
        #expect(names.add(String(repeating: "星", count: 300)).utf8.count < 210)
        #expect(names.add(String(repeating: "星", count: 301)).hasSuffix("_2"))
    }
}
