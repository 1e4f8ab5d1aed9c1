import Bytes
import Pipeline
import Testing

/// How results of decoders are read: CSV, names of columns, and shares.
@Suite struct ScoreReadingTests {
    private func records(_ text: String) -> [CSVRecords.Record] {
        let records = CSVRecords(NumberedLines(MemorySource(Array(text.utf8))))
        var all: [CSVRecords.Record] = []
        while let record = records.next() { all.append(record) }
        return all
    }

    @Test("fields of CSV: quotes, quotes in quotes, commas and line feeds in quotes, empty ones, and none at the end")
    func fields() {
        let all = records("a,b,c\r\n\"1,\"\"x\"\"\",\"two\nlines\",\r\n\r\n3,,\"\"\nx\"y, z ,last")
        #expect(
            all.map(\.fields) == [
                ["a", "b", "c"], ["1,\"x\"", "two\nlines", ""], ["3", "", ""], ["x\"y", " z ", "last"],
            ])
        #expect(all.map(\.line) == [1, 2, 5, 6] && all.allSatisfy { $0.problem == nil })
        #expect(records("").isEmpty && records("\n\n").isEmpty)
    }

    @Test("an end of line in quotes is kept as it is")
    func endsOfLines() {
        #expect(
            records("a,b\r\n\"1\r\n2\n3\",4\r\n5,6").map(\.fields) == [["a", "b"], ["1\r\n2\n3", "4"], ["5", "6"]])
    }

    @Test("the first line's separator is everybody's")
    func separators() {
        #expect(records("a\tb\n1,5\t2\n").map(\.fields) == [["a", "b"], ["1,5", "2"]])
        #expect(records("a;b\n1,5;2\n").map(\.fields) == [["a", "b"], ["1,5", "2"]])
        #expect(records("alone\n1;2\n").map(\.fields) == [["alone"], ["1;2"]])
    }

    @Test("what is no CSV is said for its line, and what follows is read")
    func problems() {
        let all = records("a,b\n\"1\"2,3\n4,5\n\"6,7\n8,9\n")
        #expect(all.map { $0.problem != nil } == [false, true, false, true])
        #expect(all[2].fields == ["4", "5"] && all[3].line == 4)
        // A quote that is never closed takes no more than a piece.
        let line = String(repeating: "x", count: 1 << 16) + "\n"
        let endless = records("a\n\"" + String(repeating: line, count: NumberedLines.longest >> 16 + 8) + "1\n")
        #expect(endless.contains { $0.problem != nil } && endless.last?.fields == ["1"])
    }

    @Test(
        "names that programs give to APID and count are known, whatever stands in front",
        arguments: [
            ("apid", ScoreColumn.apid), ("APID", .apid), ("PKT_APID", .apid), ("CCSDS_APID", .apid),
            ("ccsds.apid", .apid),
            ("ccsds_ccsds_apid", .apid), ("pktApid", .apid), ("sequence", .count), ("SRC_SEQ_CTR", .count),
            ("CCSDS_SEQUENCE_COUNT", .count), ("ccsds.seqnum", .count), ("SEQ_COUNT", .count), ("seqCount", .count),
            ("scid", .spacecraft), ("tm.spacecraft_id", .spacecraft), ("frame.interface_name", .interface),
            ("Station", .interface), ("frame.time_epoch", .time), ("packet_time", .time),
        ])
    func names(_ name: String, _ column: ScoreColumn) throws {
        #expect(try #require(ScoreColumn.meaning(of: name)).column == column)
    }

    @Test(
        "names of parameters are none of them",
        arguments: ["", "_", "obc_last_apid", "apid_count", "SEQ_FLGS", "CCSDS_PACKET_LENGTH", "frame.number", "tm"])
    func others(_ name: String) { #expect(ScoreColumn.meaning(of: name) == nil) }

    @Test("a plain name goes before one with something in front")
    func ranks() throws {
        let ranks = try ["apid", "pkt_apid", "ccsds_pkt_apid"].map { try #require(ScoreColumn.meaning(of: $0)).rank }
        #expect(ranks == ranks.sorted() && Set(ranks).count == 3)
    }

    @Test("qualified names have a last part")
    func parts() {
        #expect(["a", "a.b", "/sc/eps/volts", "a.", "."].map(ScoreColumn.lastPart) == ["a", "b", "volts", "a.", "."])
    }

    @Test("shares are percentages, or parts of 1; all else is refused")
    func shares() {
        #expect(ScoreLimits.share("99.9%") == 0.999 && ScoreLimits.share("0.5") == 0.5 && ScoreLimits.share("1") == 1)
        for text in ["", "%", "101%", "1.5", "-1", "nan", "inf%", "all", "1 %", "+1"] {
            #expect(ScoreLimits.share(text) == nil, "\(text)")
        }
    }

    @Test("a share is 100 % only where nothing is missing")
    func percentages() {
        #expect(
            [1, 0.99999, 0.5, 0.0001, 0].map(ScoreReport.percentage) == [
                "100 %", "99.99 %", "50.00 %", "0.01 %", "0.00 %",
            ])
    }
}
