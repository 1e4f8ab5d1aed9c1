import Foundation
import FoundationXML

/// Reads an XML document into a tree of elements, within bounds.
///
/// XTCE is defined by a schema, so a document type declaration has no place in it: it is refused, and with it entities
/// of every kind, external ones and those that grow.
final class ElementReader: NSObject, XMLParserDelegate {
    /// Larger files are refused: the largest known databases are a tenth of this.
    static let largestFile = 64 << 20
    /// Deeper trees are refused: the schema itself nests some 25 deep.
    static let deepest = 100

    /// Documents of more elements are refused.
    static let mostElements = 2_000_000

    private let reporter: Reporter
    private var elements = 0
    private var scanner: TagScanner
    private var stack: [Element] = []
    private var root: Element?
    private var failed = false
    private var firstError: Position?

    private init(reporter: Reporter, bytes: [UInt8]) {
        self.reporter = reporter
        scanner = TagScanner(bytes)
    }

    /// The root element, or nil after an error was reported.
    static func read(_ data: Data, reporter: Reporter) -> Element? {
        guard data.count <= largestFile else {
            reporter.error(
                Position(line: 1, column: 1),
                "the file has \(data.count) octets, at most \(largestFile) are read: split it")
            return nil
        }
        let bytes = [UInt8](data)
        guard checkProlog(bytes, reporter), checkEncoding(bytes, reporter) else { return nil }
        let parser = XMLParser(data: data)
        let reader = ElementReader(reporter: reporter, bytes: bytes)
        parser.delegate = reader
        parser.shouldProcessNamespaces = false
        parser.shouldResolveExternalEntities = false
        let wellFormed = parser.parse()
        if !wellFormed, !reader.failed {
            let what =
                reader.firstError ?? Position(line: max(1, parser.lineNumber), column: max(1, parser.columnNumber))
            let code = parser.parserError.map { ($0 as NSError).code } ?? 0
            reporter.error(
                what, "the XML is not well-formed: \(words(code)); mend the text at or before this place")
        }
        if reporter.hasErrors { return nil }
        // The parser takes a document that ends too early for a whole one.
        if let open = reader.stack.last {
            reporter.error(
                open.position, "the document ends inside this element \(open.name): it was cut, get it anew")
            return nil
        }
        if reader.root == nil {
            reporter.error(Position(line: 1, column: 1), "the file holds no element: an XTCE database is expected")
        }
        return reader.root
    }

    /// What libxml2's commonest errors mean.
    private static func words(_ code: Int) -> String {
        switch code {
        case 4: "there is no element at all"
        case 5, 77: "the document ends inside an element"
        case 9: "a character stands here that XML does not have"
        case 26: "an entity is not declared"
        case 38, 39, 40, 65, 73: "a tag or an attribute is not written to its end"
        case 42: "an attribute stands twice"
        case 76: "an end tag does not match its start tag"
        case 201: "a name has a prefix that is not declared"
        default: "libxml2 error \(code)"
        }
    }

    /// Looks at what stands before the root element.
    static func checkProlog(_ bytes: [UInt8], _ reporter: Reporter) -> Bool {
        let start = Position(line: 1, column: 1)
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) || bytes.prefix(4).contains(0) {
            reporter.error(start, "the file is UTF-16 or UTF-32 text, only UTF-8 is read: save it as UTF-8")
            return false
        }
        var index = 0
        func has(_ mark: String) -> Bool { bytes[index...].starts(with: mark.utf8) }
        func skip(past mark: String) {
            while index < bytes.count, !has(mark) { index += 1 }
            index += mark.utf8.count
        }
        while index < bytes.count {
            if has("<?") {
                skip(past: "?>")
            } else if has("<!--") {
                skip(past: "-->")
            } else if has("<!") {
                let before = bytes[..<index]
                let line = before.count { $0 == UInt8(ascii: "\n") } + 1
                let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
                reporter.error(
                    Position(line: line, column: index - lineStart + 1),
                    "a document type declaration stands here, XTCE has none (and entities are not expanded): remove it")
                return false
            } else if bytes[index] == UInt8(ascii: "<") {
                return true
            } else {
                index += 1
            }
        }
        return true
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        let position = scanner.next()
        elements += 1
        guard elements <= Self.mostElements else {
            reporter.error(position, "the document has over \(Self.mostElements) elements: split it")
            failed = true
            parser.abortParsing()
            return
        }
        guard stack.count < Self.deepest else {
            reporter.error(position, "elements nest deeper than \(Self.deepest): this is no XTCE database")
            failed = true
            parser.abortParsing()
            return
        }
        let local = elementName.split(separator: ":").last.map(String.init) ?? elementName
        let element = Element(
            name: local, position: position,
            attributes: attributes.sorted { $0.key < $1.key }.map { Element.Attribute(name: $0.key, value: $0.value) })
        if let parent = stack.last { parent.append(element) } else { root = element }
        stack.append(element)
    }

    func parser(_ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?) {
        stack.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        // Space between elements is most of what comes by.
        if stack.last?.text.isEmpty == true, string.utf8.allSatisfy(Element.isSpace) { return }
        stack.last?.append(text: string)
    }

    func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
        if firstError == nil {
            firstError = Position(line: max(1, parser.lineNumber), column: max(1, parser.columnNumber))
        }
    }

    func parser(_ parser: XMLParser, foundCDATA CDATABlock: Data) {
        stack.last?.append(text: String(decoding: CDATABlock, as: UTF8.self))
    }
}
