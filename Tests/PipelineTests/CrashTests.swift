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

    @Test("all entry points of Tools/fuzz are replayed, and a file that begins with no such name is refused")
    func entryPoints() throws {
        let folder = projectFolder.appendingPathComponent("Tools/fuzzing")
        let targets = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent("\($0)/Target.swift").path)
        }
        #expect(targets.sorted() == CrashReplay.allCases.map(\.rawValue).sorted())
        #expect(CrashReplay(file: "messages-cut.bin") == .messages)
        for name in ["message-cut.bin", "messages", "Messages-cut", "-cut", "messages.bin"] {
            #expect(CrashReplay(file: name) == nil, "\(name)")
        }
    }

    @Test(
        "fixtures are read by the entry points of frames and packets, in the ways of their trailers",
        arguments: [
            (CrashReplay.frames, ["songjiang.frames", "songjiang-frame-lost.frames", "g60.packets"]),
            (CrashReplay.packets, ["g60.packets", "g60-skip4.packets", "songjiang.frames"]),
        ])
    func trailers(_ entryPoint: CrashReplay, _ names: [String]) throws {
        let file = projectFolder.appendingPathComponent("Tools/fuzzing/trailers/\(entryPoint.rawValue)")
        let trailers = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
            !$0.hasPrefix("#")
        }
        #expect(trailers.count >= 3)
        let folder = try TemporaryFolder()
        for name in names {
            let data = try Data(contentsOf: fixture(name))
            for trailer in trailers {
                try (data + Data(octets(String(trailer)))).write(to: folder.file("input"))
                try entryPoint.replay(folder.file("input"))
            }
        }
    }

    @Test(
        "captures are read by the entry points of captures and their transport",
        arguments: ["g60-cadu-segment-lost.pcap", "songjiang-packets-member-cut.pcap.gz", "terminals.pcapng"])
    func captures(_ name: String) throws {
        for entryPoint in [CrashReplay.capture, .transport, .bytes] { try entryPoint.replay(fixture(name)) }
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
