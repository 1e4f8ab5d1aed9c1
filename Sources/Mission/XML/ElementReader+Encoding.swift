import Bytes

/// How the octets of a document stand for characters, checked before the parser sees them: it ends the process on octets
/// that are no text in the encoding that it expects.
extension ElementReader {
    /// Encodings in which the parser takes every text that is checked here.
    private static let known: Set<String> = ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1"]

    /// Whether a document is text in its encoding, UTF-8 where it declares none; reports what is wrong.
    static func checkEncoding(_ bytes: [UInt8], _ reporter: Reporter) -> Bool {
        let start = Position(line: 1, column: 1)
        guard let name = declaredEncoding(bytes) else {
            reporter.error(start, "the encoding of the XML declaration cannot be read: write encoding=\"UTF-8\"")
            return false
        }
        guard known.contains(name) else {
            reporter.error(
                start, "the encoding \"\(name)\" is not read, UTF-8, US-ASCII and ISO-8859-1 are: save it as UTF-8")
            return false
        }
        // Every octet is a character of ISO 8859-1.
        if name.hasPrefix("iso") || name.hasPrefix("latin") || bytes.octets.isUTF8 { return true }
        let front = bytes[..<bytes.octets.utf8Length]
        let line = front.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        reporter.error(
            Position(line: line.count, column: (line.last?.count ?? 0) + 1),
            "octets stand here that are no UTF-8: save the file as UTF-8, or declare its encoding")
        return false
    }

    /// The encoding that an XML declaration names, in lower case; UTF-8 where none is named, nil where it is unclear.
    private static func declaredEncoding(_ bytes: [UInt8]) -> String? {
        let mark = "<?xml".utf8
        let front = bytes.prefix(512).drop { $0 != UInt8(ascii: "<") }
        guard front.starts(with: mark) else { return "utf-8" }
        let declaration = front.prefix { $0 != UInt8(ascii: ">") }
        guard declaration.count < front.count else { return nil }
        let text = String(decoding: declaration, as: UTF8.self)
        guard text.contains("encoding") else { return "utf-8" }
        return text.firstMatch(of: /encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/).map { $0.1.lowercased() }
    }
}
