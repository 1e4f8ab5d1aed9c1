internal import Records
public import Settings

extension Limits {
    /// The limits of a settings file: the standard table, and over it what the file says.
    ///
    /// - Parameters:
    ///   - text: the file's octets.
    ///   - file: its name, for errors.
    /// - Throws: the first thing that is wrong, with its line.
    public init(settings text: [UInt8], file: String) throws(SettingsError) {
        self = .standard
        // Anchors make a short file a large tree, and settings need none.
        for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let said = line.prefix { $0 != UInt8(ascii: "#") }
            if said.contains(UInt8(ascii: "&")) || said.contains(UInt8(ascii: "*")) {
                throw SettingsError(
                    file: file, line: index + 1, key: nil,
                    reason: "anchors and aliases (& and *) are not read; write values out")
            }
        }
        guard let root = try SettingsPlace.root(of: text, file: file) else { return }
        try SettingsReader().read(root, into: &self)
        for (first, last, name) in [(firstCard2, lastCard2, "beidou_2"), (firstCard3, lastCard3, "beidou_3")]
        where first > last {
            throw SettingsError(
                file: file, line: nil, key: "addresses.\(name)", reason: "first, \(first), is above last, \(last)")
        }
    }
}

/// Walks the places of a settings file.
private struct SettingsReader {
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

    /// Reads a place that holds others.
    func read(_ place: SettingsPlace, into limits: inout Limits) throws(SettingsError) {
        for (_, member) in try place.members(Self.members[place.path] ?? []) {
            if let table = FeedbackTable.allCases.first(where: { member.path == "feedback.\($0.rawValue)" }) {
                try readFeedback(member, table, into: &limits)
            } else if let list = Self.lists[member.path] {
                guard member.isList else { throw member.failed("has to be a list, as [123, 456]") }
                var addresses: [Int] = []
                for one in try member.list() { addresses.append(try one.number(0...99_999_999, "addresses")) }
                limits[keyPath: list] = addresses
            } else if let limit = LimitKey.all.first(where: { $0.path == member.path }) {
                try readNumber(member, limit, into: &limits)
            } else {
                try read(member, into: &limits)
            }
        }
    }

    private func readNumber(
        _ place: SettingsPlace, _ limit: LimitKey, into limits: inout Limits
    ) throws(SettingsError) {
        var isOpen = false
        if place.isScalar {
            limits[keyPath: limit.place] = try place.number(limit.allowed, limit.unit)
        } else {
            var isThere = false
            for (name, member) in try place.members([limit.unit, "open"]) {
                if name == "open" {
                    isOpen = try member.boolean()
                } else {
                    limits[keyPath: limit.place] = try member.number(limit.allowed, limit.unit)
                    isThere = true
                }
            }
            guard isThere else { throw place.failed("has no value; write {\(limit.unit): …}") }
        }
        limits.mark(limit.path, isOpen: isOpen)
    }

    private func readFeedback(
        _ place: SettingsPlace, _ table: FeedbackTable, into limits: inout Limits
    ) throws(SettingsError) {
        for (name, entry) in try place.members() {
            guard let code = Int(name), table.codes.contains(code) else {
                throw entry.failed(
                    "a number of feedback from \(table.codes.lowerBound) to \(table.codes.upperBound) allowed, found "
                        + "'\(name.prefix(60))'")
            }
            var (label, rule, seconds, isOpen): (String?, Feedback.Rule?, Int?, Bool) = (nil, nil, nil, false)
            for (field, member) in try entry.members(["label", "rule", "seconds", "open"]) {
                switch field {
                case "label": label = try self.label(member)
                case "rule": rule = try member.word(Feedback.Rule.self)
                case "seconds": seconds = try member.number(1...86_400, "seconds")
                default: isOpen = try member.boolean()
                }
            }
            let old = limits.feedback(table, code)
            guard let label = label ?? old?.label else { throw entry.failed("has no label") }
            guard let rule = rule ?? old?.rule else { throw entry.failed("has no rule") }
            if rule == .retry { seconds = seconds ?? old?.seconds }
            guard (rule == .retry) == (seconds != nil) else {
                throw entry.failed("seconds stand with rule retry, and with no other")
            }
            limits.feedback[table, default: [:]][code] = Feedback(label, rule, seconds: seconds)
            limits.mark(entry.path, isOpen: isOpen)
        }
    }

    private func label(_ place: SettingsPlace) throws(SettingsError) -> String {
        let found = try place.text()
        let isLabel = found.utf8.allSatisfy { 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F }
        guard isLabel, !found.isEmpty, found.utf8.count <= 40 else {
            throw place.failed("1 to 40 of a to z, 0 to 9 and _ allowed, found '\(found.prefix(60))'")
        }
        return found
    }
}

extension Limits {
    fileprivate mutating func mark(_ path: String, isOpen: Bool) {
        if isOpen { open.insert(path) } else { open.remove(path) }
    }
}
