/// Finds where start tags begin: the XML parser tells of an element when it is past the tag, and a person wants to be
/// sent to its first character.
///
/// The parser has checked everything up to the tag that it tells of, so the scanner trusts the text: it steps over
/// comments, CDATA sections, processing instructions and end tags to the next start tag.
struct TagScanner {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The place of the next start tag.
    mutating func next() -> Position {
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                step()
                continue
            }
            if has("<!--") {
                skip(past: "-->")
            } else if has("<![CDATA[") {
                skip(past: "]]>")
            } else if has("<?") {
                skip(past: "?>")
            } else if has("</") {
                skip(past: ">")
            } else {
                let found = Position(line: line, column: index - lineStart + 1)
                skipTag()
                return found
            }
        }
        return Position(line: line, column: max(1, index - lineStart + 1))
    }

    private mutating func step() {
        if bytes[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        index += 1
    }

    private func has(_ mark: StaticString) -> Bool {
        let mark = Array(mark.description.utf8)
        return index + mark.count <= bytes.count && bytes[index..<index + mark.count].elementsEqual(mark)
    }

    private mutating func skip(past mark: StaticString) {
        while index < bytes.count {
            if has(mark) {
                index += mark.utf8CodeUnitCount
                return
            }
            step()
        }
    }

    /// A value of an attribute may hold ">", so quotes are minded.
    private mutating func skipTag() {
        var quote: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            step()
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return
            }
        }
    }
}
