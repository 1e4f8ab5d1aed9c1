/// Sentences that are given as they stood.
///
/// A decoded sentence with its raw values says of each column whether it was there, an empty one too. Then nothing is
/// added and nothing left out: neither usual units nor the columns that the layout recommends.
extension SentenceEncoder {
    /// Whether talker and fields are given as they stood, all that are given.
    var isAsItStood: Bool {
        let (given, raws) = (values.values.parameters, values.values.raws)
        return raws["talker"] != nil
            && plan.layout.fields.allSatisfy { given[$0.name] == nil || raws[$0.name] != nil }
    }

    /// The columns behind the name: those of the fields that are given, and those between them.
    func columnsAsTheyStood() throws(EncodingRefusal) -> [[UInt8]] {
        var columns: [[UInt8]] = []
        // A field that has no column, or not all of them: the sentence ends there.
        var end: String?
        for (index, field) in (plan.layout.fields + [.extra]).enumerated() {
            let isRest = takesRest(index)
            guard values.values.raws[field.name] != nil, let octets = try write(field, takesRest: isRest) else {
                if !mayBeMissing(index) { end = end ?? field.name }
                continue
            }
            if let end {
                throw EncodingRefusal(
                    end, "stands in front of \(field.name), and its columns are not given; raw, an empty one is \"\"")
            }
            let own = isRest ? [octets] : try split(octets, of: field)
            columns += own
            if !isRest, own.count < field.width { end = field.name }
        }
        return columns
    }

    /// Whether a field that is not given has no column, though others may stand behind it.
    private func mayBeMissing(_ index: Int) -> Bool {
        switch plan.layout.tail {
        case .satellites:
            // Signal and system stand behind the last satellite that is there.
            let first = index - (index - 3) % 4
            return (3..<19).contains(index)
                && !(first..<19).contains { values.values.raws[plan.layout.fields[$0].name] != nil }
        case .beams:
            guard index < plan.layout.fields.count, case .list = plan.layout.fields[index].kind else { return false }
            return true
        case .extra, .rest, .content: return false
        }
    }
}
