public import Bytes
internal import Records

extension Field {
    /// Writes it as a JSON object on a line: the keys are described in the manual, `starlane(1)`.
    public func write(json out: inout TextBuffer) {
        var line = TextBuffer(capacity: 1 << 9)
        line.append("{")
        line.member("name", name)
        line.member("group", owner.word)
        var mission: String?
        if case .mission(let name) = owner { mission = name }
        line.member("mission", mission)
        line.member("kind", kind.rawValue)
        line.member("unit", unit.isEmpty ? nil : unit)
        line.member("meaning", meaning)
        line.member("labels", labels) { $1.appendJSON($0) }
        line.member("limits", limits) { limit, out in
            out.append("{")
            out.member("level", limit.level.name)
            for (key, end) in [("minimum", limit.minimum), ("maximum", limit.maximum)] as [(StaticString, Double)] {
                out.member(key)
                if end.isFinite { out.append(end) } else { out.append("null") }
            }
            out.member("inside", limit.isInside)
            out.append("}")
        }
        line.member("other_names", others) { $1.appendJSON($0) }
        line.member("types", types) { $1.appendJSON($0) }
        line.member("example", example)
        found?.write(json: &line)
        line.append("}\n")
        out.append(line.bytes)
    }
}

extension Field.Owner {
    /// The word that sinks print.
    fileprivate var word: String {
        switch self {
        case .packets: "packet"
        case .filters: "filter"
        case .mission: "mission"
        case .messages: "message"
        }
    }
}

extension Field.Found {
    fileprivate func write(json out: inout TextBuffer) {
        out.member("packets", packets)
        for (key, value) in [("least", least), ("greatest", greatest), ("sample", sample)]
            as [(StaticString, Field.Value?)]
        {
            guard let value else { continue }
            out.member(key)
            value.write(json: &out)
        }
        guard !counts.isEmpty else { return }
        out.member("values")
        out.append("{")
        for (index, (value, packets)) in counts.enumerated() {
            if index > 0 { out.append(",") }
            out.appendJSON(value)
            out.append(":")
            out.append(packets)
        }
        out.append("}")
        out.member("distinct", distinct)
    }
}
