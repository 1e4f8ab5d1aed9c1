import Foundation
import Query
import Support
import Testing

/// The examples of Specs/filter.md are filters, and what it calls wrong is refused.
@Suite struct FilterExampleTests {
    /// The lines of fenced blocks of a kind, and for filters what stands in the columns `example` of tables.
    private static func examples(_ kind: String) throws -> [String] {
        let page = try String(contentsOf: projectFolder.appendingPathComponent("Specs/filter.md"), encoding: .utf8)
        var (found, block, column): ([String], String?, Int?) = ([], nil, nil)
        for line in page.components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                block = block == nil ? String(line.dropFirst(3)) : nil
            } else if let block {
                if block == kind, !line.isEmpty { found.append(line) }
            } else if line.hasPrefix("|") {
                // A bar inside of code is written \| in a table.
                let cells = line.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false)
                    .map {
                        $0.trimmingCharacters(in: .whitespaces).replacing("\u{1}", with: "|")
                    }
                if column == nil { column = cells.firstIndex(of: "example") ?? -1 }
                guard let column, cells.indices.contains(column), kind == "filter" else { continue }
                let parts = cells[column].components(separatedBy: "`")
                for index in stride(from: 1, to: parts.count, by: 2) { found.append(parts[index]) }
            } else {
                column = nil
            }
        }
        return found
    }

    @Test("every example is a filter of the databases in Specs or of messages")
    func right() throws {
        let catalogue = try AllFields.catalogue()
        let examples = try Self.examples("filter")
        #expect(examples.count > 60)
        for example in examples {
            do { _ = try catalogue.check(example) } catch { Issue.record("Specs/filter.md: \(error)") }
        }
    }

    @Test("every header field's own example is a filter about it")
    func headers() throws {
        let catalogue = try AllFields.catalogue()
        for field in HeaderField.allCases {
            #expect(field.example.contains(field.rawValue) || field.aliases.contains { field.example.contains($0) })
            _ = try catalogue.check(field.example)
            for name in field.aliases + [field.rawValue] { _ = try catalogue.check(name) }
        }
    }

    @Test("what is called wrong is refused")
    func wrong() throws {
        let catalogue = try AllFields.catalogue()
        let examples = try Self.examples("wrong")
        #expect(examples.count >= 5)
        for example in examples {
            #expect(throws: FilterError.self, "\(example)") { try catalogue.check(example) }
        }
    }
}
