/// Where something stands in the text of a filter, in octets of its UTF-8.
public struct SourceRange: Hashable, Sendable {
    /// The first octet.
    public var start: Int
    /// The octet behind the last.
    public var end: Int

    /// From one octet to before another.
    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }

    /// The least range that holds both.
    static func + (a: SourceRange, b: SourceRange) -> SourceRange {
        SourceRange(min(a.start, b.start), max(a.end, b.end))
    }
}

/// Why a text is no filter: what stands where, what is allowed, and the names that are near.
public struct FilterError: Error, Sendable, Equatable {
    /// The filter as it was typed.
    public let text: String
    /// What is wrong.
    public let range: SourceRange
    /// What was found, what is allowed.
    public let reason: String

    /// An error from its parts.
    public init(_ text: String, _ range: SourceRange, _ reason: String) {
        self.text = text
        self.range = range
        self.reason = reason
    }

    /// The line of the filter that is wrong, and under it carets as wide as what is wrong.
    public var pointing: (line: String, carets: String) {
        let octets = Array(text.utf8)
        let start = min(range.start, octets.count)
        let lineStart = octets[..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let lineEnd = octets[start...].firstIndex(of: 0x0A) ?? octets.count
        let line = String(decoding: octets[lineStart..<lineEnd], as: UTF8.self)
        let before = String(decoding: octets[lineStart..<start], as: UTF8.self)
        let marked = String(decoding: octets[start..<max(start, min(range.end, lineEnd))], as: UTF8.self)
        // A tabulator stays one, so that the carets stand right on every terminal.
        let margin = String(before.map { $0 == "\t" ? "\t" : " " })
        return (line, margin + String(repeating: "^", count: max(1, marked.count)))
    }
}

extension FilterError: CustomStringConvertible {
    /// Reason, line and carets.
    public var description: String {
        let (line, carets) = pointing
        return "\(reason)\n  \(line)\n  \(carets)"
    }
}
