/// An element of an XML document, with the place where it begins and a note of what of it was looked at.
///
/// Whoever reads the tree takes attributes and children through the accessors below, which mark them; what nobody
/// asked for is reported in the end, so nothing in a database is ignored in silence.
final class Element {
    /// The name without its prefix.
    let name: String
    let position: Position
    private(set) var attributes: [Attribute]
    private(set) var children: [Element] = []
    /// All character data directly inside, joined.
    private(set) var text = ""
    /// Whether somebody asked for it.
    private(set) var isTouched = false

    struct Attribute {
        /// The name as written, prefix included.
        let name: String
        let value: String
        var isTouched = false
    }

    init(name: String, position: Position, attributes: [Attribute]) {
        self.name = name
        self.position = position
        self.attributes = attributes
    }

    func append(_ child: Element) { children.append(child) }
    func append(text more: String) { text += more }

    /// The value of an attribute.
    subscript(attribute: String) -> String? {
        guard let index = attributes.firstIndex(where: { $0.name == attribute }) else { return nil }
        attributes[index].isTouched = true
        return attributes[index].value
    }

    /// The first child of that name.
    func child(_ name: String) -> Element? {
        let found = children.first { $0.name == name }
        found?.isTouched = true
        return found
    }

    /// All children, or those of one name.
    func all(_ name: String? = nil) -> [Element] {
        let found = name == nil ? children : children.filter { $0.name == name }
        for child in found { child.isTouched = true }
        return found
    }

    /// The text without space around it.
    var trimmed: String { Self.trim(text) }

    /// Marks the element and everything below as looked at: what is documentation, and what is told of otherwise.
    func touchAll() {
        isTouched = true
        for index in attributes.indices { attributes[index].isTouched = true }
        for child in children { child.touchAll() }
    }

    static func trim(_ text: String) -> String {
        let octets = text.utf8
        guard let first = octets.first, let last = octets.last else { return text }
        // Names and numbers come without space nearly always.
        if !isSpace(first), !isSpace(last) { return text }
        var rest = octets[...]
        while let octet = rest.first, isSpace(octet) { rest.removeFirst() }
        while let octet = rest.last, isSpace(octet) { rest.removeLast() }
        return String(Substring(rest))
    }

    /// The four characters that XML calls white space.
    static func isSpace(_ octet: UInt8) -> Bool {
        octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\n") || octet == UInt8(ascii: "\t") || octet == 0x0D
    }
}
