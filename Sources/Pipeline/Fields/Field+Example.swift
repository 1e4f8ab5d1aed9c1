internal import Query

extension Field {
    /// A filter that uses a parameter, and is one whatever the parameter is.
    var madeExample: String {
        if hasLimits { return "limit(\(name)) >= warning" }
        switch kind {
        case .number: return "\(name) > 0" + (MeasureUnit.named(unit) == nil ? "" : " \(unit)")
        case .label, .truth:
            guard let label = labels.last else { return "raw(\(name)) == 1" }
            return "\(name) == \"\(label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        case .text: return name == "text" ? "text contains \"SOS\"" : "\(name) matches \"^A\""
        case .list: return "\(name) contains \"1\""
        case .octets: return "\(name)[0:2] == 01:02"
        case .time: return "\(name) >= \"2026-03-01T04:00:00Z\""
        case .address, .layer: return name
        }
    }
}
