import Records
import Bytes
import Capture
import Foundation
import Mission
import Pipeline
import Support
import Testing

/// Inputs that once ended the program, or broke a promise, are read again for ever: `Fixtures/crashes/KIND-WHAT`, where
/// the kind is the entry point of `Tools/fuzz` that found it.
@Suite struct CrashTests {
    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: fixture("crashes").path)) ?? []).sorted()

    @Test("an input that was mended stays mended", arguments: names)
    func replay(_ name: String) throws {
        let data = try Data(contentsOf: fixture("crashes/\(name)"))
        switch name.prefix(while: { $0 != "-" }) {
        case "capture", "transport", "whole":
            let octets = [UInt8](data)
            let report = Inspection.run(CaptureReader(name: name, bytes: octets))
            #expect(report.ledger.isBalanced)
            for format in [Decoding.Format.jsonl, .csv, .table] {
                let decoded = try? DecodedFile(fixture("crashes/\(name)")) { $0.format = format }
                #expect(decoded?.ledger.isBalanced ?? true)
            }
        case "message":
            // A stream, cut and whole: what the four entry points for messages put together of their input.
            let octets = [UInt8](data)
            let report = Inspection.run(CaptureReader(name: name, bytes: octets))
            #expect(report.ledger.isBalanced)
            for count in octets.indices.reversed().prefix(300) {
                let part = Inspection.run(CaptureReader(name: name, bytes: Array(octets[..<count])))
                #expect(part.ledger.isBalanced)
            }
        case "xtce":
            do {
                let database = try Database(xml: data, file: name)
                let decoded = try DecodedFile(fixture("g60.packets"), databases: [database])
                #expect(decoded.ledger.isBalanced)
            } catch let error as MissionError {
                #expect(!error.errors.isEmpty)
                #expect(error.diagnostics.allSatisfy { $0.line >= 1 && $0.column >= 1 })
            }
        default: Issue.record("\(name): say here how this kind is read")
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
