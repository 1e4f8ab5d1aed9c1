import Foundation
import Mission
import Support
import Testing

/// Inputs that once ended the program, or broke a promise, are read again for ever: `Fixtures/crashes/KIND-WHAT`, where
/// the kind is the entry point of `Tools/fuzz` that found it.
@Suite struct CrashTests {
    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: fixture("crashes").path)) ?? []).sorted()

    @Test("an input that was mended stays mended", arguments: names)
    func replay(_ name: String) throws {
        guard let entryPoint = CrashReplay(file: name) else {
            let known = CrashReplay.allCases.map(\.rawValue).joined(separator: ", ")
            Issue.record(
                """
                Fixtures/crashes/\(name) does not begin with an entry point that is replayed (\(known)) and a hyphen: \
                rename it, or teach CrashReplay what that entry point does
                """)
            return
        }
        try entryPoint.replay(fixture("crashes/\(name)"))
    }

    @Test("what is replayed are entry points of Tools/fuzz, and files that begin with no such name are none")
    func entryPoints() {
        for entryPoint in CrashReplay.allCases {
            let target = projectFolder.appendingPathComponent("Tools/fuzzing/\(entryPoint.rawValue)/Target.swift")
            #expect(FileManager.default.fileExists(atPath: target.path), "\(entryPoint)")
        }
        for name in ["message-of-old.bin", "messages", "Messages-x", "-x", "x.bin", "whole.bin"] {
            #expect(CrashReplay(file: name) == (name == "messages" ? .messages : nil), "\(name)")
        }
    }

    @Test(
        "published messages, and what entry points of terminals make of them, are read",
        arguments: ["beidou-text", "nmea-beidou", "beidou-binary", "jtt808"])
    func vectors(_ name: String) throws {
        let vectors = try Table(fixture("vectors/\(name).tsv")).rows.map { row in
            row["hex"].map { octets(String($0.filter(\.isHexDigit))) } ?? Array((row["sentence"] ?? "").utf8)
        }
        #expect(vectors.count > 20)
        for octets in vectors {
            for entryPoint in [CrashReplay.messages, .sentences, .rdss4, .jtt808] { entryPoint.scan(octets) }
        }
    }

    @Test("a database that is no UTF-8 is refused at the octet where that shows")
    func notUTF8() throws {
        let data = try Data(contentsOf: fixture("crashes/xtce-attribute-not-utf8.xml"))
        do {
            _ = try Database(xml: data, file: "bad.xml")
            Issue.record("it is taken")
        } catch {
            let first = try #require(error.errors.first)
            #expect(first.line == 2 && first.column == 78, "\(first)")
            #expect(first.message.contains("no UTF-8"))
        }
    }

    @Test(
        "an encoding that is not read is refused by name, one that is read is taken",
        arguments: [
            ("UTF-16", false), ("windows-1252", false), ("EBCDIC-CP-US", false), ("UTF-8", true), ("ISO-8859-1", true),
            ("us-ascii", true),
        ])
    func encodings(_ name: String, _ isRead: Bool) throws {
        let text = """
            <?xml version="1.0" encoding="\(name)"?>
            <SpaceSystem name="Small" xmlns="http://www.omg.org/spec/XTCE/20180204"/>
            """
        do {
            _ = try Database(xml: Data(text.utf8), file: "small.xml")
            #expect(isRead)
        } catch {
            let words = error.errors.map(\.message).joined(separator: " ")
            #expect(isRead || words.contains("encoding \"\(name.lowercased())\" is not read"), "\(words)")
        }
    }
}
