import Bytes
import Pipeline
import Records

extension Field.Owner {
    /// What stands over its table.
    var title: String {
        switch self {
        case .packets: "PACKETS AND MESSAGES"
        case .filters: "FILTERS ONLY"
        case .mission(let name): "MISSION \(name)"
        case .messages: "MESSAGES"
        }
    }
}

extension Field {
    /// What it means, and the labels that it may have.
    var summary: String {
        guard kind == .label, !labels.isEmpty else { return meaning }
        return (meaning.isEmpty ? "" : meaning + ": ") + labels.joined(separator: ", ")
    }

    /// The ranges of its limits in words.
    var limitWords: String {
        if limits.isEmpty { return hasLimits ? "they depend on other values" : "" }
        return limits.map { limit in
            let (low, high) = (limit.minimum.isFinite, limit.maximum.isFinite)
            let ends = [Field.Value.real(limit.minimum).words, Field.Value.real(limit.maximum).words]
            let range =
                low && high
                ? "\(limit.isInside ? "between" : "outside") \(ends[0]) \(limit.isInside ? "and" : "to") \(ends[1])"
                : low
                    ? "\(limit.isInside ? "above" : "below") \(ends[0])"
                    : high ? "\(limit.isInside ? "below" : "above") \(ends[1])" : "always"
            return "\(limit.level.name) \(range)"
        }.joined(separator: ", ")
    }
}

extension Field.Found {
    /// The values in words of at most so many columns.
    func words(cut room: Int) -> String {
        if let least, let greatest {
            return counts.isEmpty || distinct > 8 ? span(least, greatest).cut(room) : list(room)
        }
        if !counts.isEmpty { return list(room) }
        return sample?.words.cut(room) ?? ""
    }

    /// From the lowest to the highest. Of times the day stands once, and parts of seconds do not.
    private func span(_ least: Field.Value, _ greatest: Field.Value) -> String {
        guard case .time(let first, _) = least, case .time(let last, _) = greatest else {
            return least == greatest ? least.words : "\(least.words) … \(greatest.words)"
        }
        let texts = [first, last].map { $0.text(digits: 0).replacing("T", with: " ").replacing("Z", with: "") }
        if texts[0] == texts[1] { return texts[0] }
        let isOneDay = texts[0].prefix(10) == texts[1].prefix(10)
        return "\(texts[0]) … \(isOneDay ? String(texts[1].dropFirst(11)) : texts[1])"
    }

    /// Values with how often each was met; as many as there is room for.
    private func list(_ room: Int) -> String {
        var out = ""
        for (index, (value, packets)) in counts.enumerated() {
            let next =
                (index > 0 ? ", " : "") + Field.Value.text(value).words + (distinct > 1 ? " ×\(packets.grouped)" : "")
            let isLast = index + 1 == distinct
            guard room == .max || out.columns + next.columns + (isLast ? 0 : 3) <= room else {
                return index == 0 ? next.cut(room) : out + ", …"
            }
            out += next
        }
        return out + (distinct > counts.count ? ", …" : "")
    }
}
