internal import Records

/// Reads what was written, and refuses it when it does not say all that was given: values that contradict each other,
/// and values that a frame like this does not have.
extension RDSS4Encoder {
    func confirm() throws(EncodingRefusal) {
        let reading = RDSS4Reading(bytes)
        let parameters = RDSS4Family.types[type].parameters
        guard reading.type == type else {
            throw EncodingRefusal(
                nil,
                "with these values the frame is \"\(RDSS4Family.types[reading.type].title)\", not \"\(layout.title)\"")
        }
        for (index, parameter) in parameters.enumerated() {
            let name = parameter.shortName
            // What the content is made of was written as it was given, perhaps with the A4 that `content` leaves out.
            if layout.contentIndex != nil, name == "content" { continue }
            if layout.contentIndex != nil, name == "text", !isGiven("content") { continue }
            if let given = values.parameters[name] {
                let read = reading.value(index)
                guard let read, agree(given, read, name) else {
                    throw disagreement(name, given, read, "")
                }
            }
            if let given = values.raws[name] {
                let read = reading.raw(index)
                guard given == read else { throw disagreement(name, given, read, " raw") }
            }
        }
    }

    private func field(_ name: String) -> RDSS4Field? { layout.fields.first { $0.name == name } }

    private func disagreement(
        _ name: String, _ given: FieldValue, _ read: FieldValue?, _ kind: String
    ) -> EncodingRefusal {
        guard let read else {
            return EncodingRefusal(name, "\(given.words) is given\(kind); a frame with the other values has none")
        }
        return EncodingRefusal(
            name, "\(given.words) is given\(kind), and the other values make it \(read.words): leave out one of them")
    }

    /// Whether both mean the same, up to what the frame can tell apart.
    private func agree(_ given: FieldValue, _ read: FieldValue, _ name: String) -> Bool {
        let field = field(name)
        switch (given, read) {
        case (.integer(let a), .number(let b)): return agree(.number(Double(a)), .number(b), name)
        case (.number(let a), .number(let b)):
            let step: Double =
                switch field?.meaning {
                case .signMagnitude(_, let parts), .fraction(let parts): 1 / parts
                case .coordinate: 1 / RDSS4Coordinate.partsOfDegree
                // Of a position payload: whole metres, or a tenth of a second, which is finer.
                default: name.hasPrefix("height") ? 1 : 1 / RDSS4Coordinate.partsOfDegree
                }
            return (a - b).magnitude <= step * 0.500_001
        case (.text(let a), .text(let b)):
            if case .clock = field?.meaning, let octets = field?.width {
                return RDSS4Writing.clock(a, octets: octets) == RDSS4Writing.clock(b, octets: octets)
            }
            return a == b
        default: return given == read
        }
    }
}
