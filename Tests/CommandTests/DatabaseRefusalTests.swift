import Foundation
import Support
import Testing

/// What cannot be written is said, and what was there stays as it was.
@Suite(.enabled(if: Starlane.isThere, Starlane.why))
struct DatabaseRefusalTests {
    private func expectRefusal(
        _ arguments: [String], _ words: String, status: Int32 = 2, in folder: URL, leaving: [String]
    ) throws {
        let capture = fixture("g60.packets").path
        let finished = try Starlane.run(["decode", capture] + arguments, in: folder)
        #expect(finished.status == status)
        #expect(finished.words.contains(words), "\(finished.words)")
        #expect(finished.output.isEmpty)
        expectWords(finished)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == leaving)
    }

    @Test("standard output, folders and devices are no databases")
    func places() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("there"), withIntermediateDirectories: true)
        func expect(_ arguments: [String], _ words: String, _ status: Int32) throws {
            try expectRefusal(arguments, words, status: status, in: folder.url, leaving: ["there"])
        }
        try expect(["--format", "sqlite"], "A database is a file: name one", 64)
        try expect(["--format", "sqlite", "-o", "there"], "-o there is a folder", 64)
        try expect(["--format", "jsonl", "-o", "new/"], "-o new/ is a folder", 64)
        try expect(["-o", "absent/pass.db"], "there is no folder absent/", 2)
        try expect(["--format", "sqlite", "-o", "/dev/null"], "/dev/null is no regular file", 2)
    }

    @Test("a file that is no database is left as it is")
    func noDatabase() throws {
        let folder = try TemporaryFolder()
        try Data("plain text, and long enough".utf8).write(to: folder.file("notes.db"))
        try expectRefusal(
            ["-o", "notes.db"], "notes.db is there and is no SQLite database", in: folder.url, leaving: ["notes.db"])
        #expect(try String(contentsOf: folder.file("notes.db"), encoding: .utf8) == "plain text, and long enough")
    }

    @Test("a database of another program is left as it is", .enabled(if: Reader.hasShell, Reader.noShell))
    func foreign() throws {
        let folder = try TemporaryFolder()
        _ = try run("sqlite3", [folder.file("theirs.db").path, "CREATE TABLE stars(name); CREATE TABLE lanes(name)"])
        let before = try Data(contentsOf: folder.file("theirs.db"))
        try expectRefusal(
            ["-o", "theirs.db"], "of another program, with the tables lanes, stars", in: folder.url,
            leaving: ["theirs.db"])
        #expect(try Data(contentsOf: folder.file("theirs.db")) == before)
    }

    @Test("a database with other columns, or of another edition, is not continued")
    func others() throws {
        let folder = try TemporaryFolder()
        let capture = fixture("g60.packets").path
        _ = try Starlane.run(["decode", capture, "-o", "all.db"], in: folder.url)
        try expectRefusal(
            ["-o", "all.db", "--fields", "aocs_mode"], "cannot be continued: its table g60_", in: folder.url,
            leaving: ["all.db"])
        guard Reader.hasShell else { return }
        _ = try run("sqlite3", [folder.file("all.db").path, "PRAGMA user_version = 7"])
        try expectRefusal(["-o", "all.db"], "has tables of edition 7", in: folder.url, leaving: ["all.db"])
    }

    @Test(
        "a database that another program writes to is said to be locked", .enabled(if: Reader.hasShell, Reader.noShell))
    func locked() throws {
        let folder = try TemporaryFolder()
        let capture = fixture("g60.packets").path
        _ = try Starlane.run(["decode", capture, "-o", "a.db"], in: folder.url)
        let finished = try Starlane.bash(
            """
            mkfifo asked; exec 3<> asked
            sqlite3 a.db < asked > said 3>&- &
            echo 'BEGIN IMMEDIATE; SELECT 1;' >&3
            waiting lines said 1
            starlane decode \(capture) -o a.db
            echo .quit >&3; wait
            """, in: folder.url)
        #expect(finished.words.contains("a.db is locked: another program writes to it"), "\(finished.words)")
        #expect(try Reader.ask(folder.file("a.db"), "SELECT count(*) FROM packets") == ["95"])
    }

    @Test("where nothing can be read no database is left behind")
    func nothing() throws {
        let folder = try TemporaryFolder()
        let finished = try Starlane.run(["decode", "absent.pcap", "-o", "a.db"], in: folder.url)
        #expect(finished.status == 2)
        #expect(folder.names.isEmpty)
    }
}

/// What a database holds when the writing does not come to its end.
@Suite(.serialized, .enabled(if: Starlane.isThere && Reader.hasShell, Reader.noShell))
struct DatabaseEndTests {
    /// A capture of 136,000 packets, numbered from 1 on.
    private func large(in folder: TemporaryFolder) throws {
        let octets = try Data(contentsOf: fixture("songjiang-packets.pcap"))
        var all = octets
        for _ in 1..<1000 { all += octets.dropFirst(24) }
        try all.write(to: folder.file("large.pcap"))
    }

    private func expectPrefix(_ database: URL, of all: URL) throws {
        #expect(try Reader.ask(database, "PRAGMA integrity_check") == ["ok"])
        let counts = try Reader.ask(
            database,
            "SELECT (SELECT packets FROM files), (SELECT finished FROM files), count(*), max(packet) FROM packets")
        let numbers = counts.first?.split(separator: "|").compactMap { Int($0) } ?? []
        try #require(numbers.count == 4)
        // What the database says of itself is what is in it: a transaction is there whole or not at all.
        #expect(numbers[0] == numbers[2] && numbers[1] == 0)
        #expect(numbers[2] > 0 && numbers[2] < 136_000)
        let expected = try Reader.ask(all, "SELECT count(*) FROM packets WHERE packet <= \(numbers[3])")
        #expect(expected == ["\(numbers[2])"])
    }

    @Test("after kill -9 it holds the packets up to some transaction, and can be continued")
    func killed() throws {
        let folder = try TemporaryFolder()
        try large(in: folder)
        _ = try Starlane.run(["decode", "large.pcap", "-o", "all.db"], in: folder.url)
        // Held back by its input, it is killed for certain before it is done.
        let finished = try Starlane.bash(
            """
            mkfifo pipe
            "$STARLANE" decode pipe -o half.db & victim=$!
            { head -c 22000000 large.pcap; exec sleep 60; } > pipe & feeder=$!
            for i in $(seq 600); do
              [[ $(sqlite3 -readonly half.db 'SELECT packets FROM files' 2>/dev/null) -gt 0 ]] && break
              sleep 0.1
            done
            kill -9 $victim $feeder; wait
            """, in: folder.url)
        #expect(folder.names.contains("half.db-wal"), "\(finished.words)")
        // A reader that may write recovers the journal.
        _ = try run("sqlite3", [folder.file("half.db").path, "SELECT count(*) FROM packets"])
        try expectPrefix(folder.file("half.db"), of: folder.file("all.db"))
        let again = try Starlane.run(
            ["decode", fixture("songjiang-packets.pcap").path, "-o", "half.db"], in: folder.url)
        #expect(again.status == 0 && again.words.contains("half.db holds "))
        #expect(try Reader.ask(folder.file("half.db"), "PRAGMA integrity_check") == ["ok"])
    }

    private static let mayMount =
        (try? run(
            "bash",
            ["-c", "d=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d; s=$?; rmdir $d; exit $s"]))?
        .status == 0

    @Test("a full disk is said, and what was committed stays", .enabled(if: mayMount, "a small disk needs root"))
    func full() throws {
        let folder = try TemporaryFolder()
        try large(in: folder)
        _ = try Starlane.run(["decode", "large.pcap", "-o", "all.db"], in: folder.url)
        let finished = try Starlane.bash(
            """
            mkdir small && mount -t tmpfs -o size=30m tmpfs small || exit 99
            starlane decode large.pcap -o small/half.db; status=$?
            cp small/* .; umount small; exit $status
            """, in: folder.url)
        #expect(finished.status == 2)
        #expect(
            finished.words.contains("small/half.db cannot be written further: the disk is full"), "\(finished.words)")
        _ = try run("sqlite3", [folder.file("half.db").path, "SELECT count(*) FROM packets"])
        try expectPrefix(folder.file("half.db"), of: folder.file("all.db"))
    }
}
