public import Foundation
import FoundationXML

extension Database {
    /// The name of the root space system of a document, by its first element alone: the rest is not looked at. Nil where
    /// there is none.
    public static func rootName(of document: Data) -> String? {
        let bytes = [UInt8](document)
        let reporter = Reporter(file: "")
        guard ElementReader.checkProlog(bytes, reporter), ElementReader.checkEncoding(bytes, reporter) else {
            return nil
        }
        let parser = XMLParser(data: document)
        let reader = RootReader()
        parser.delegate = reader
        parser.shouldResolveExternalEntities = false
        _ = parser.parse()
        return reader.name
    }
}

/// Takes the name of the first element.
private final class RootReader: NSObject, XMLParserDelegate {
    var name: String?

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if elementName == "SpaceSystem" || elementName.hasSuffix(":SpaceSystem") { name = attributes["name"] }
        parser.abortParsing()
    }
}
