import Foundation
import Support
import Testing

/// Peers that read what `decode --format sqlite` writes.
enum Reader {
    static let python = ProcessInfo.processInfo.environment["STARLANE_PYTHON"] ?? "python3"
    static let hasPython = (try? run(python, ["-c", "import sqlite3"]))?.status == 0
    static let noPython: Comment = "no Python with sqlite3 is here"
    static let hasPandas = (try? run(python, ["-c", "import pandas"]))?.status == 0
    static let noPandas: Comment = "no Python with pandas is here"
    static let hasShell = hasProgram("sqlite3")
    static let noShell: Comment = "there is no sqlite3 here"

    /// The lines that a query gives in the sqlite3 shell, columns with | between.
    static func ask(_ database: URL, _ queries: String...) throws -> [String] {
        let finished = try run("sqlite3", ["-batch", "-readonly", database.path] + queries)
        #expect(finished.status == 0, "\(finished.words)")
        return finished.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}

/// What `decode` writes into databases, read by programs that are not ours.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct DatabaseOutputTests {
    /// Values, raw values, limits, headers and ledger of a database and the JSON lines of the same input.
    private func expectSame(_ arguments: [String], in folder: URL, atLeast: Int) throws {
        let place = try TemporaryFolder()
        let lines = try Starlane.run(["decode", "--format", "jsonl", "--raw"] + arguments, in: folder)
        try lines.output.write(to: place.file("lines"))
        let written = try Starlane.run(["decode", "-o", place.file("all.db").path] + arguments, in: folder)
        #expect(written.status == lines.status && written.words == lines.words, "\(written.words)")
        #expect(place.names == ["all.db", "lines"], "a journal is left")
        let script = projectFolder.appendingPathComponent("Tests/CommandTests/peers/same_values.py").path
        let compared = try run(Reader.python, [script, place.file("all.db").path, place.file("lines").path])
        #expect(compared.status == 0, "\(arguments): \(compared.words)")
        #expect(Int(compared.text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 >= atLeast, "\(arguments)")
    }

    @Test(
        "a database has the values, raw values, limits and ledger of the JSON lines",
        .enabled(if: Reader.hasPython, Reader.noPython),
        arguments: [
            ("songjiang-pass.pcapng", 60_000), ("g60-skip4.packets", 5_000), ("songjiang-frame-lost.frames", 6_000),
            ("g60-cadu-segment-lost.pcap", 5_000), ("terminals.pcapng", 24_000), ("receiver-serial.log", 29_000),
            ("terminal-2.1.log", 3_000),
        ])
    func fixtures(_ name: String, _ atLeast: Int) throws {
        try expectSame([name], in: fixture(""), atLeast: atLeast)
    }

    @Test("every kind of value is kept, integers of 64 bits exactly", .enabled(if: Reader.hasPython, Reader.noPython))
    func kinds() throws {
        try expectSame(["peer.bin", "--skip", "0", "--spec", "peer.xml"], in: fixture("xtce"), atLeast: 9_000)
    }

    @Test(
        "so it is with captures and telemetry that others recorded",
        .enabled(if: Corpus.isThere && Reader.hasPython, "\(Corpus.why)"),
        arguments: [
            (["spacecraft/pcap/change5-stereo-mars2020.pcap"], 30_000), (["spacecraft/kplo/0844.frames"], 12_000),
            (["gpsd/telit-pls83-w.log"], 9_000), (["spacecraft/voyager-1/bits.bin"], 0),
            (
                [
                    "spp/jpss/J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1", "--spec",
                    "spp/jpss/jpss1_geolocation_xtce_v1.xml",
                ], 400_000
            ),
        ])
    func corpus(_ arguments: [String], _ atLeast: Int) throws {
        try expectSame(arguments, in: Corpus.folder, atLeast: atLeast)
    }

    @Test("the sqlite3 shell finds tables, views, indexes and words", .enabled(if: Reader.hasShell, Reader.noShell))
    func shell() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("pass.sqlite")
        let finished = try Starlane.run(["decode", "songjiang-pass.pcapng", "g60.packets", "-o", database.path])
        #expect(finished.status == 1 && finished.output.isEmpty)
        #expect(try Reader.ask(database, "PRAGMA integrity_check", "PRAGMA foreign_key_check") == ["ok"])
        #expect(try Reader.ask(database, "PRAGMA journal_mode") == ["wal"])
        #expect(
            try Reader.ask(database, "SELECT id, name, finished FROM files") == [
                "1|songjiang-pass.pcapng|1", "2|g60.packets|1",
            ])
        // Every table of a type has an index on time, and every one is in the view of its packets.
        #expect(
            try Reader.ask(
                database,
                "SELECT count(*) FROM types WHERE table_name || '_time' NOT IN (SELECT name FROM sqlite_master)") == [
                    "0"
                ])
        #expect(
            try Reader.ask(database, "SELECT (SELECT count(*) FROM packets) = (SELECT sum(packets) FROM files)") == [
                "1"
            ])
        let plan = try Reader.ask(
            database, "EXPLAIN QUERY PLAN SELECT * FROM songjiang_beacon WHERE time > 5"
        ).joined()
        #expect(plan.contains("songjiang_beacon_time"))
        #expect(
            try Reader.ask(database, "SELECT DISTINCT spacecraft FROM spacecraft_421") == ["421"])
        #expect(
            try Reader.ask(
                database, "SELECT utc, apid, type FROM packets WHERE time > 0 ORDER BY time, sequence LIMIT 1"
            ).first
                == "2026-03-15T02:30:02.413558450Z|353|songjiang.mmp_segment_packet")
        #expect(
            try Reader.ask(
                database,
                """
                SELECT unit, kind, raw_column FROM parameters
                WHERE table_name = 'songjiang_eps_housekeeping' AND column_name = 'eps_battery_voltage'
                """) == ["V|float|eps_battery_voltage_raw"])
        #expect(
            try Reader.ask(
                database,
                "SELECT octets - decoded - overhead - idle - unclaimed - rejected - pending FROM ledger_totals") == [
                    "0", "0",
                ])
        #expect(
            try Reader.ask(
                database,
                "SELECT sum(r.octets) = sum(DISTINCT t.rejected) FROM ledger_rejections r, ledger_totals t WHERE t.file = 1 AND r.file = 1"
            ) == ["1"])
        #expect(try Reader.ask(database, "SELECT count(*) FROM messages") == ["0"])
    }

    @Test("pandas reads a table, times and all", .enabled(if: Reader.hasPandas, Reader.noPandas))
    func pandas() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("pass.db")
        _ = try Starlane.run(["decode", "songjiang-pass.pcapng", "-o", database.path])
        let script = """
            import pandas, sqlite3, sys
            table = pandas.read_sql("SELECT * FROM songjiang_eps_housekeeping ORDER BY time", sqlite3.connect(sys.argv[1]))
            table["time"] = pandas.to_datetime(table["time"], unit="ns", utc=True)
            assert table["eps_battery_voltage"].dtype == "float64" and table["eps_battery_voltage_raw"].dtype == "int64"
            assert table["time"].is_monotonic_increasing and table["time"].iloc[0].year == 2026
            print(len(table), round(table["eps_battery_voltage"].mean(), 3))
            """
        let finished = try run(Reader.python, ["-c", script, database.path])
        #expect(finished.status == 0, "\(finished.words)")
        let lines = try JSON.lines(try Starlane.run(["decode", "--format", "jsonl", "songjiang-pass.pcapng"]).text)
        let voltages = lines.filter { $0["type"]?.text == "songjiang.eps_housekeeping" }
            .compactMap { $0["parameters"]?["eps_battery_voltage"]?.double }
        let words = finished.text.split(separator: " ")
        #expect(Int(words.first ?? "") == voltages.count && voltages.count > 3)
        let mean = voltages.reduce(0, +) / Double(voltages.count)
        #expect(abs((Double(words.last?.dropLast() ?? "") ?? 0) - mean) < 0.001)
    }

    @Test("what only the filter asks for is not written", .enabled(if: Reader.hasShell, Reader.noShell))
    func filtered() throws {
        let folder = try TemporaryFolder()
        let header = ["time", "packet", "flow", "spacecraft", "vcid", "apid", "sequence"]
        let filter = "eps_bus_voltage > 1 and eps_battery_voltage < 24"
        for (index, (fields, columns)) in [
            ("time", []), ("eps_eclipse,time", ["eps_eclipse", "eps_eclipse_raw", "invalid"]),
            (
                "eps_battery_current,eps_charge_mode",
                [
                    "eps_battery_current", "eps_battery_current_raw", "eps_battery_current_limit", "eps_charge_mode",
                    "eps_charge_mode_raw", "invalid",
                ]
            ),
        ].enumerated() {
            let file = folder.file("\(index).db")
            let arguments = ["decode", "songjiang-pass.pcapng", "-Y", filter, "--fields", fields]
            for _ in 0..<2 { #expect(try Starlane.run(arguments + ["-o", file.path]).status == 1) }
            let names = "SELECT name FROM pragma_table_info('songjiang_eps_housekeeping')"
            #expect(try Reader.ask(file, names) == header + columns)
            let described = "SELECT column_name FROM parameters WHERE table_name = 'songjiang_eps_housekeeping'"
            #expect(
                try Reader.ask(file, described)
                    == columns.filter { $0.hasPrefix("eps") && !$0.hasSuffix("_raw") && !$0.hasSuffix("_limit") })
            // The rows are those of the table that people see, each twice.
            guard let field = columns.first else { continue }
            let lines = try Starlane.run(arguments + ["--format", "jsonl"]).text
            let values = try JSON.lines(lines).map { $0["parameters"]?[field] }
            #expect(values.count > 0)
            let rows = try Reader.ask(file, "SELECT \(field) FROM songjiang_eps_housekeeping")
            #expect(rows.count == 2 * values.count)
            for (row, value) in zip(rows, values) {
                if let number = value?.double {
                    #expect(Double(row) == number)
                } else {
                    #expect(row == "0" || row == "1")
                }
            }
        }
    }

    @Test("--fields chooses the columns and the packets", .enabled(if: Reader.hasShell, Reader.noShell))
    func fields() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("few.db3")
        let fields = ["--format", "sqlite", "--fields", "time,eps_battery_voltage,eps_charge_mode"]
        _ = try Starlane.run(["decode", "songjiang-pass.pcapng", "-o", database.path] + fields)
        #expect(
            try Reader.ask(database, "SELECT type FROM types ORDER BY type") == [
                "songjiang.beacon", "songjiang.eps_housekeeping",
            ])
        #expect(
            try Reader.ask(database, "SELECT name FROM pragma_table_info('songjiang_eps_housekeeping')") == [
                "time", "packet", "flow", "spacecraft", "vcid", "apid", "sequence", "eps_battery_voltage",
                "eps_battery_voltage_raw", "eps_battery_voltage_limit", "eps_charge_mode", "eps_charge_mode_raw",
                "invalid",
            ])
    }

    @Test("an existing database of ours is continued, and that is said", .enabled(if: Reader.hasShell, Reader.noShell))
    func continued() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("a.db")
        #expect(try Starlane.run(["decode", "g60.packets", "-o", database.path]).words.isEmpty)
        let again = try Starlane.run(["decode", "terminals.pcapng", "g60.packets", "-o", database.path])
        #expect(again.words.contains("a.db holds 95 packets; these come behind them"))
        #expect(
            try Reader.ask(database, "SELECT name, packets FROM files") == [
                "g60.packets|95", "terminals.pcapng|654", "g60.packets|95",
            ])
        #expect(
            try Reader.ask(database, "SELECT count(*) FROM packets", "SELECT count(*) FROM messages") == ["190", "654"])
        #expect(try Reader.ask(database, "SELECT count(*) FROM starlane", "PRAGMA integrity_check") == ["2", "ok"])
    }
}
