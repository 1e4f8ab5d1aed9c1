/// Something to say about a mission database: `file:line:column: error: what was found, what is allowed, what to do`.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// How much it matters.
    public enum Severity: String, Sendable, Hashable {
        /// The database cannot be used: values would be wrong.
        case error
        /// The database can be used, and something in it is not honoured.
        case warning
    }
    /// How much it matters.
    public let severity: Severity
    /// The file, as it was named to the loader.
    public let file: String
    /// The line of the element's first character, from 1 on.
    public let line: Int
    /// The column of the element's first character, from 1 on, in octets.
    public let column: Int
    /// What was found, what is allowed, what to do.
    public let message: String

    /// The line that a compiler would print.
    public var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(message)" }
}

/// Why a mission database was refused: all its errors and warnings, in the order of the file.
public struct MissionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Everything that was found; at least one is an error.
    public let diagnostics: [Diagnostic]

    /// The errors alone.
    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

    /// One diagnostic a line.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// Where an element begins.
struct Position: Sendable, Hashable {
    var line: Int
    var column: Int
}

/// Collects what there is to say while a database is loaded.
final class Reporter {
    /// More than that many would not be read by anybody.
    private static let limit = 500
    let file: String
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var hasErrors = false
    /// Whether it is worth looking for names like a wrong one: nobody reads many of them.
    var wantsHints: Bool { diagnostics.count < 8 }
    private var said: Set<Diagnostic> = []
    private var unsaid = 0

    init(file: String) { self.file = file }

    func error(_ position: Position, _ message: String) { report(make(.error, position, message)) }
    func warning(_ position: Position, _ message: String) { report(make(.warning, position, message)) }

    func make(_ severity: Diagnostic.Severity, _ position: Position, _ message: String) -> Diagnostic {
        Diagnostic(severity: severity, file: file, line: position.line, column: position.column, message: message)
    }

    func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { hasErrors = true }
        guard said.count < Self.limit else {
            unsaid += 1
            return
        }
        if said.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    /// Everything, in the order of the file.
    var sorted: [Diagnostic] {
        var all = diagnostics.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        if unsaid > 0, let last = all.last {
            let position = Position(line: last.line, column: last.column)
            let severity: Diagnostic.Severity = hasErrors ? .error : .warning
            all.append(make(severity, position, "\(unsaid) further remarks are not shown; mend those above first"))
        }
        return all
    }
}
