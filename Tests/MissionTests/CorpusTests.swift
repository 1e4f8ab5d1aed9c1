import Records
import Foundation
import Mission
import Support
import Testing

/// Databases that we did not write: each is loaded, or refused for a reason with its line.
@Suite(.enabled(if: Corpus.isThere, "\(Corpus.why)"))
struct CorpusTests {
    /// Nil: it loads. Otherwise the line of the first error, and what it says.
    static let files: [(file: String, refusal: (line: Int, message: String)?)] = [
        ("yamcs/BogusSAT-1.xml", nil), ("yamcs/a1.xml", nil), ("yamcs/a2.xml", nil), ("yamcs/array-arg.xml", nil),
        ("yamcs/array-in-array-arg.xml", nil), ("yamcs/b.xml", nil), ("yamcs/basetype.xml", nil),
        ("yamcs/booleans.xml", nil), ("yamcs/ccsds-green-book.xml", nil), ("yamcs/container-entry.xml", nil),
        ("yamcs/empty-match-criteria.xml", nil), ("yamcs/enum-arg.xml", nil),
        ("yamcs/indirect-param.xml", (33, "IndirectParameterRefEntry is not supported yet")),
        ("yamcs/ipre-no-instance.xml", (24, "IndirectParameterRefEntry is not supported yet")),
        ("yamcs/pus.xml", (28, "parameter type \"/dt/uint11\" is not declared")),
        ("yamcs/ref-xtce.xml", (18, "IntegerParameterType \"int_encoded_as_string\" is encoded in a way")),
        ("yamcs/refsolver1.xml", (10, "parameter type \"/refsolver2/bool_type\" is not declared")),
        ("yamcs/refsolver2.xml", (10, "base type \"/refsolver3/base_type\" is not declared")),
        ("yamcs/refsolver3.xml", nil), ("yamcs/strings-cmd.xml", nil), ("yamcs/test_float_add_js.xml", nil),
        ("yamcs/to-string.xml", nil), ("spp/ctim/ctim_xtce_v1.xml", nil),
        ("spp/jpss/contrived_inheritance_structure.xml", nil), ("spp/jpss/jpss1_geolocation_xtce_v1.xml", nil),
        ("spp/test_xtce.xml", nil), ("spp/test_xtce_4byte.xml", nil), ("spp/test_xtce_default_namespace.xml", nil),
        ("spp/test_xtce_no_namespace.xml", nil), ("spp/udp_packet.xml", nil),
    ]

    @Test("every database is loaded or refused for a stated reason", arguments: files)
    func loads(file: String, refusal: (line: Int, message: String)?) throws {
        do {
            let loaded = try Database.load(Corpus.file(file).path)
            #expect(refusal == nil, "it should not load")
            #expect(loaded.diagnostics.allSatisfy { $0.severity == .warning && $0.line > 0 })
        } catch {
            let first = try #require(error.errors.first)
            #expect(first.line == refusal?.line)
            #expect(first.message.hasPrefix(refusal?.message ?? "it should load"), "\(first)")
        }
    }

    @Test("the table has every database of the corpus")
    func complete() {
        let there = (Corpus.files(below: "yamcs") + Corpus.files(below: "spp")).filter { $0.pathExtension == "xml" }
        let listed = Set(Self.files.map { Corpus.file($0.file).path })
        // Further databases may lie there: none of ours may be missing.
        #expect(listed.isSubset(of: Set(there.map(\.path))))
    }
}
