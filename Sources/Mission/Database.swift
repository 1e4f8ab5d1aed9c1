public import Foundation

/// A mission database: an XTCE document, checked and compiled to plans.
///
/// Loading tells everything that is not honoured, with file, line and column: ``diagnostics``. What would make values
/// wrong refuses the database.
///
/// Source: OMG XTCE 1.2 (dtc/18-02-04, CCSDS 660.0-B-2); documents of 1.0 and 1.1 and without namespace are read too.
public final class Database: Sendable {
    /// What the standard leaves open.
    public struct Options: Sendable, Hashable {
        /// Whether the size tag in front of a string counts bits (as space_packet_parser takes it) or octets (Yamcs).
        public var sizeTagsCountBits = false
        /// Whether an epoch that is a date counts leap seconds, as the named epochs TAI, GPS and J2000 do.
        public var datesCountLeapSeconds = false

        /// Octets, and no leap seconds.
        public init() {}
    }

    /// What a database holds, in numbers.
    public struct Summary: Sendable, Hashable {
        /// The name of the root space system.
        public let name: String
        /// Space systems, the root included.
        public let spaceSystems: Int
        /// Parameter types.
        public let parameterTypes: Int
        /// Parameters.
        public let parameters: Int
        /// Containers.
        public let containers: Int
        /// The names of the containers that packets begin with, the likeliest first.
        public let roots: [String]
        /// Containers that packets can resolve to.
        public let packetTypes: Int
    }

    /// The file, as it was named.
    public let file: String
    /// The name of its root space system.
    public var name: String { summary.name }
    /// What is in it.
    public let summary: Summary
    /// What it says that is not honoured; warnings only, or it would not have loaded.
    public let diagnostics: [Diagnostic]
    /// The qualified names of all parameters.
    public let parameterNames: [String]
    /// The other names of all parameters, in the same order.
    let parameterAliases: [[String]]

    let nodes: [NodePlan]
    let roots: [Int]
    let descriptions: [(shortName: String, description: String)]
    /// Whether the roots are single containers that nothing extends.
    let isFlat: Bool

    /// Reads a database from a file.
    ///
    /// Throws a ``MissionError`` that names file, line and column of everything wrong. A file that cannot be opened is
    /// reported at line 1.
    public static func load(_ path: String, options: Options = Options()) throws(MissionError) -> Database {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let reason = (error as NSError).localizedDescription
            throw MissionError(diagnostics: [
                Diagnostic(
                    severity: .error, file: path, line: 1, column: 1,
                    message: "the file cannot be read: \(reason) Check its name and rights")
            ])
        }
        return try Database(xml: data, file: path, options: options)
    }

    /// Reads a database from the bytes of a document; `file` is what diagnostics call it.
    public init(xml: Data, file: String, options: Options = Options()) throws(MissionError) {
        let reporter = Reporter(file: file)
        let loader = Loader(reporter: reporter, options: options)
        if let root = ElementReader.read(xml, reporter: reporter) { loader.load(root) }
        let compiler = Compiler(model: loader.model, reporter: reporter, options: options)
        // Plans are made of a sound model only: a circle among containers would never end.
        if !reporter.hasErrors { compiler.compile() }
        diagnostics = reporter.sorted
        if reporter.hasErrors { throw MissionError(diagnostics: diagnostics) }
        let model = loader.model
        let nodes = compiler.nodes
        self.file = file
        self.nodes = nodes
        roots = compiler.roots
        isFlat = compiler.roots.allSatisfy { nodes[$0].children.isEmpty }
        descriptions = model.containers.map { ($0.name, $0.description) }
        parameterNames = model.parameters.map(\.qualifiedName)
        parameterAliases = model.parameters.map(\.aliases)
        summary = Summary(
            name: model.systems.first?.name ?? "", spaceSystems: model.systems.count, parameterTypes: model.types.count,
            parameters: model.parameters.count, containers: model.containers.count,
            roots: compiler.roots.map { nodes[$0].name }, packetTypes: nodes.count { !$0.isAbstract })
    }
}
