internal import Records
internal import Yams

extension Limits {
    /// The largest settings file that is read, in octets.
    public static let largestFile = 1 << 16

    /// The limits of a settings file: the standard table, and over it what the file says.
    ///
    /// - Parameters:
    ///   - text: the file's octets.
    ///   - file: its name, for errors.
    /// - Throws: the first thing that is wrong, with its line.
    public init(settings text: [UInt8], file: String) throws(SettingsError) {
        self = .standard
        var reader = SettingsReader(file: file)
        guard let root = try reader.root(of: text) else { return }
        try reader.read(root, path: "", into: &self)
        for (first, last, name) in [(firstCard2, lastCard2, "beidou_2"), (firstCard3, lastCard3, "beidou_3")]
        where first > last {
            throw SettingsError(
                file: file, line: nil, key: "addresses.\(name)", reason: "first, \(first), is above last, \(last)")
        }
    }
}

/// Walks the nodes of a settings file.
private struct SettingsReader {
    let file: String

    /// The places in the file that hold others, with what they hold.
    private static let members: [String: [String]] = {
        var members: [String: [String]] = [:]
        func add(_ path: String) {
            let parts = path.split(separator: ".")
            for depth in parts.indices {
                let parent = parts[..<depth].joined(separator: ".")
                let name = String(parts[depth])
                if members[parent]?.contains(name) != true { members[parent, default: []].append(name) }
            }
        }
        for key in LimitKey.all { add(key.path) }
        for list in lists.keys.sorted() { add(list) }
        for table in FeedbackTable.allCases { add("feedback.\(table.rawValue)") }
        return members
    }()

    private static let lists: [String: WritableKeyPath<Limits, [Int]> & Sendable] = [
        "addresses.broadcast": \.broadcastAddresses, "addresses.groups": \.groupAddresses,
    ]

    func failed(_ node: Node?, _ key: String, _ reason: String) -> SettingsError {
        SettingsError(file: file, line: node?.mark?.line, key: key.isEmpty ? nil : key, reason: reason)
    }

    /// The top of the file; nil when there is nothing in it.
    func root(of octets: [UInt8]) throws(SettingsError) -> Node? {
        guard octets.count <= Limits.largestFile else {
            throw failed(nil, "", "has \(octets.count) octets, a settings file has at most \(Limits.largestFile)")
        }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw failed(nil, "", "is not UTF-8; save it as such")
        }
        // Anchors make a short file a large tree, and settings need none.
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let said = line.prefix { $0 != "#" }
            if said.contains("&") || said.contains("*") {
                throw SettingsError(
                    file: file, line: index + 1, key: nil,
                    reason: "anchors and aliases (& and *) are not read; write values out")
            }
        }
        do {
            return try compose(yaml: text)
        } catch {
            throw words(for: error)
        }
    }

    private func words(for error: any Error) -> SettingsError {
        let (line, problem): (Int?, String) =
            switch error as? YamlError {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            case .duplicatedKeysInMapping(let keys, let context):
                (context.mark.line, "\(keys.map(\.description).joined(separator: ", ")) stands twice in one place")
            case .reader(let problem, _, _, _): (nil, problem)
            default: (nil, "it cannot be read")
            }
        return SettingsError(file: file, line: line, key: nil, reason: "is no YAML: \(problem)")
    }

    /// Reads a place that holds others.
    mutating func read(_ node: Node, path: String, into limits: inout Limits) throws(SettingsError) {
        for (name, key, value) in try pairs(of: node, path) {
            let whole = path.isEmpty ? name : "\(path).\(name)"
            let known = Self.members[path] ?? []
            guard known.contains(name) else { throw failed(key, whole, unknown(name, known)) }
            if let table = FeedbackTable.allCases.first(where: { whole == "feedback.\($0.rawValue)" }) {
                try readFeedback(value, table, path: whole, into: &limits)
            } else if let list = Self.lists[whole] {
                limits[keyPath: list] = try addresses(value, whole)
            } else if let limit = LimitKey.all.first(where: { $0.path == whole }) {
                try readNumber(value, limit, into: &limits)
            } else {
                try read(value, path: whole, into: &limits)
            }
        }
    }

    private func unknown(_ name: String, _ known: [String]) -> String {
        let near = Names.nearest(to: name, in: known)
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        return "is not known; here stand \(known.joined(separator: ", "))\(hint)"
    }

    /// The members of a mapping with their names.
    private func pairs(of node: Node, _ path: String) throws(SettingsError) -> [(String, Node, Node)] {
        guard case .mapping(let mapping) = node else {
            throw failed(node, path, "has to be a mapping (name: value)")
        }
        var pairs: [(String, Node, Node)] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else { throw failed(key, path, "names have to be plain words") }
            pairs.append((name.string, key, value))
        }
        return pairs
    }

    private func readNumber(_ node: Node, _ limit: LimitKey, into limits: inout Limits) throws(SettingsError) {
        var isOpen = false
        if case .scalar = node {
            limits[keyPath: limit.place] = try number(node, limit.path, limit.allowed, limit.unit)
        } else {
            var isThere = false
            for (name, key, value) in try pairs(of: node, limit.path) {
                switch name {
                case limit.unit:
                    limits[keyPath: limit.place] = try number(value, limit.path, limit.allowed, limit.unit)
                    isThere = true
                case "open": isOpen = try boolean(value, "\(limit.path).open")
                default: throw failed(key, "\(limit.path).\(name)", unknown(name, [limit.unit, "open"]))
                }
            }
            guard isThere else { throw failed(node, limit.path, "has no value; write {\(limit.unit): …}") }
        }
        limits.mark(limit.path, isOpen: isOpen)
    }

    private func readFeedback(
        _ node: Node, _ table: FeedbackTable, path: String, into limits: inout Limits
    ) throws(SettingsError) {
        for (name, key, value) in try pairs(of: node, path) {
            let whole = "\(path).\(name)"
            let code = try number(key, whole, table.codes, "a number of feedback")
            var (label, rule, seconds, isOpen): (String?, Feedback.Rule?, Int?, Bool) = (nil, nil, nil, false)
            for (field, fieldKey, fieldValue) in try pairs(of: value, whole) {
                let fieldPath = "\(whole).\(field)"
                switch field {
                case "label": label = try self.label(fieldValue, fieldPath)
                case "rule": rule = try self.rule(fieldValue, fieldPath)
                case "seconds": seconds = try number(fieldValue, fieldPath, 1...86_400, "seconds")
                case "open": isOpen = try boolean(fieldValue, fieldPath)
                default: throw failed(fieldKey, fieldPath, unknown(field, ["label", "rule", "seconds", "open"]))
                }
            }
            let old = limits.feedback(table, code)
            guard let label = label ?? old?.label else { throw failed(value, whole, "has no label") }
            guard let rule = rule ?? old?.rule else { throw failed(value, whole, "has no rule") }
            if rule == .retry { seconds = seconds ?? old?.seconds }
            guard (rule == .retry) == (seconds != nil) else {
                throw failed(value, whole, "seconds stand with rule retry, and with no other")
            }
            limits.feedback[table, default: [:]][code] = Feedback(label, rule, seconds: seconds)
            limits.mark(whole, isOpen: isOpen)
        }
    }

    private func number(
        _ node: Node, _ path: String, _ allowed: ClosedRange<Int>, _ unit: String
    ) throws(SettingsError) -> Int {
        let found = try scalar(node, path)
        guard let value = Int(found), allowed.contains(value) else {
            throw failed(
                node, path, "\(unit) from \(allowed.lowerBound) to \(allowed.upperBound) allowed, found '\(found)'")
        }
        return value
    }

    private func addresses(_ node: Node, _ path: String) throws(SettingsError) -> [Int] {
        guard case .sequence(let nodes) = node else { throw failed(node, path, "has to be a list, as [123, 456]") }
        var addresses: [Int] = []
        for node in nodes { addresses.append(try number(node, path, 0...99_999_999, "addresses")) }
        return addresses
    }

    private func boolean(_ node: Node, _ path: String) throws(SettingsError) -> Bool {
        switch try scalar(node, path) {
        case "true": return true
        case "false": return false
        case let found: throw failed(node, path, "true or false allowed, found '\(found.prefix(40))'")
        }
    }

    private func rule(_ node: Node, _ path: String) throws(SettingsError) -> Feedback.Rule {
        let found = try scalar(node, path)
        guard let rule = Feedback.Rule(rawValue: found) else {
            throw failed(node, path, "'\(found)' " + unknown(found, Feedback.Rule.allCases.map(\.rawValue)))
        }
        return rule
    }

    private func label(_ node: Node, _ path: String) throws(SettingsError) -> String {
        let found = try scalar(node, path)
        let isLabel = found.utf8.allSatisfy { 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F }
        guard isLabel, !found.isEmpty, found.utf8.count <= 40 else {
            throw failed(node, path, "1 to 40 of a to z, 0 to 9 and _ allowed, found '\(found)'")
        }
        return found
    }

    /// A word or a number, shortened to what an error can show.
    private func scalar(_ node: Node, _ path: String) throws(SettingsError) -> String {
        guard case .scalar(let scalar) = node else { throw failed(node, path, "has to be a single value") }
        return String(scalar.string.prefix(60))
    }
}

extension Limits {
    fileprivate mutating func mark(_ path: String, isOpen: Bool) {
        if isOpen { open.insert(path) } else { open.remove(path) }
    }
}
