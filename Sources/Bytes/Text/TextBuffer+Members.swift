/// Members of JSON objects, with the comma that they need: for reports, which are written once.
extension TextBuffer {
    /// Adds a name, and what is between it and what stands in front.
    public mutating func member(_ name: StaticString) {
        if count > 0, octet(at: count - 1) != UInt8(ascii: "{") { append(",") }
        append("\"")
        append(name)
        append("\":")
    }

    /// Adds a number.
    package mutating func member(_ name: StaticString, _ value: Int?) {
        member(name)
        if let value { append(value) } else { append("null") }
    }

    /// Adds a number that has no sign.
    package mutating func member(_ name: StaticString, _ value: UInt64) {
        member(name)
        append(value)
    }

    /// Adds a number with a point, rounded to thousandths.
    package mutating func member(_ name: StaticString, thousandths value: Double?) {
        member(name)
        if let value { append((value * 1000).rounded() / 1000) } else { append("null") }
    }

    /// Adds a text.
    package mutating func member(_ name: StaticString, _ value: String?) {
        member(name)
        if let value { appendJSON(value) } else { append("null") }
    }

    /// Adds true or false.
    public mutating func member(_ name: StaticString, _ value: Bool) {
        member(name)
        append(value ? "true" : "false")
    }

    /// Adds a list, each element as `write` does.
    public mutating func member<Element>(
        _ name: StaticString, _ list: some Sequence<Element>, _ write: (Element, inout TextBuffer) -> Void
    ) {
        member(name)
        append("[")
        var isFirst = true
        for element in list {
            if !isFirst { append(",") }
            isFirst = false
            write(element, &self)
        }
        append("]")
    }
}
