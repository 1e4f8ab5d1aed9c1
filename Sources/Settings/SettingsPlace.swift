internal import Records
internal import Yams

/// A place in a settings file, a YAML document: it is asked for what it should hold, and refuses with file, line, key and
/// the names that are near.
public struct SettingsPlace {
    private let node: Node
    private let file: String
    /// Its key with dots; empty for the whole file.
    public let path: String
    /// Where its name stands, for errors about it.
    private let keyNode: Node?

    private init(_ node: Node, _ file: String, _ path: String, key: Node? = nil) {
        (self.node, self.file, self.path) = (node, file, path)
        keyNode = key
    }

    /// The largest settings file that is read, in octets.
    public static let largestFile = 1 << 16

    /// The top of a document; nil when there is nothing in it.
    ///
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - file: its name, for errors.
    public static func root(of octets: [UInt8], file: String) throws(SettingsError) -> SettingsPlace? {
        func failed(_ line: Int?, _ reason: String) -> SettingsError {
            SettingsError(file: file, line: line, key: nil, reason: reason)
        }
        guard octets.count <= largestFile else {
            throw failed(nil, "has more than the \(largestFile) octets that a settings file has at most")
        }
        // A mark of the order of octets says nothing in UTF-8 (YAML 1.2, 5.2).
        let content = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets[3...] : octets[...]
        guard let text = String(validating: content, as: UTF8.self) else {
            throw failed(nil, "is not UTF-8; save it as such")
        }
        do {
            return try compose(yaml: text).map { SettingsPlace($0, file, "") }
        } catch {
            let (line, problem) = words(for: error)
            throw failed(line, "is no YAML: \(problem)")
        }
    }

    private static func words(for error: any Error) -> (Int?, String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, problem)
        case .duplicatedKeysInMapping(let keys, let context):
            (context.mark.line, "\(keys.map(\.description).joined(separator: ", ")) stands twice in one place")
        case .reader(let problem, _, _, _): (nil, problem)
        default: (nil, "it cannot be read")
        }
    }

    /// The line that it begins on, from 1.
    public var line: Int? { node.mark?.line }

    /// An error about what stands here.
    public func failed(_ reason: String) -> SettingsError { mark.failed(reason) }

    /// Where it stands, to be kept for errors that are found later.
    public var mark: SettingsMark { SettingsMark(file: file, line: line, path: path) }

    /// An error about the name of this place, which is not among those that are known.
    public func unknown(among known: [String]) -> SettingsError {
        let name = path.split(separator: ".").last.map(String.init) ?? path
        return SettingsError(
            file: file, line: keyNode?.mark?.line ?? line, key: path,
            reason: "is not known; here stand \(known.joined(separator: ", "))\(Names.hint(name, in: known))")
    }

    // MARK: What it holds

    /// The members of a mapping, with their names.
    public func members() throws(SettingsError) -> [(name: String, place: SettingsPlace)] {
        guard case .mapping(let mapping) = node else { throw failed("has to be a mapping (name: value)") }
        var members: [(name: String, place: SettingsPlace)] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else { throw failed("names have to be plain words") }
            let whole = path.isEmpty ? name.string : "\(path).\(name.string)"
            members.append((name.string, SettingsPlace(value, file, whole, key: key)))
        }
        return members
    }

    /// The members of a mapping whose names are among some.
    public func members(_ known: [String]) throws(SettingsError) -> [(name: String, place: SettingsPlace)] {
        let members = try members()
        for member in members where !known.contains(member.name) { throw member.place.unknown(among: known) }
        return members
    }

    /// The values of a list; a single value is a list of one.
    public func list() throws(SettingsError) -> [SettingsPlace] {
        guard case .sequence(let nodes) = node else {
            if case .scalar = node { return [self] }
            throw failed("has to be a list, as [123, 456]")
        }
        return nodes.enumerated().map { SettingsPlace($1, file, "\(path)[\($0 + 1)]") }
    }

    /// Whether a list stands here.
    public var isList: Bool { if case .sequence = node { true } else { false } }

    /// Whether a single value stands here.
    public var isScalar: Bool { if case .scalar = node { true } else { false } }

    /// A word, a number or a text.
    public func text() throws(SettingsError) -> String {
        guard case .scalar(let scalar) = node else { throw failed("has to be a single value") }
        return scalar.string
    }

    /// A line of text that is shown to people: not empty, without control characters.
    public func title() throws(SettingsError) -> String {
        let found = try text()
        guard !found.isEmpty, !found.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw failed("has to be a line of text without control characters")
        }
        return found
    }

    /// A whole number of a range; `unit` says what it counts.
    public func number(_ allowed: ClosedRange<Int>, _ unit: String) throws(SettingsError) -> Int {
        let found = try text()
        guard let value = Int(found), allowed.contains(value) else {
            throw failed(
                "\(unit) from \(allowed.lowerBound) to \(allowed.upperBound) allowed, found '\(found.prefix(60))'")
        }
        return value
    }

    /// A number of a range, with or without a point; `unit` says what it counts.
    public func number(_ allowed: ClosedRange<Double>, _ unit: String) throws(SettingsError) -> Double {
        let found = try text()
        guard let value = Double(found), allowed.contains(value) else {
            throw failed(
                "\(unit) from \(Self.plain(allowed.lowerBound)) to \(Self.plain(allowed.upperBound)) allowed, found "
                    + "'\(found.prefix(60))'")
        }
        return value
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    /// A point in time, in nanoseconds since 1970-01-01.
    public func time() throws(SettingsError) -> Int64 {
        let text = try text()
        guard let time = TimeText.attoseconds(text).flatMap({ Int64(exactly: $0 / 1_000_000_000) }) else {
            throw failed(
                "'\(text.prefix(40))' is no time from 1677 to 2262: times are written \(TimeText.examples)")
        }
        return time
    }

    /// `true` or `false`.
    public func boolean() throws(SettingsError) -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        case let found: throw failed("true or false allowed, found '\(found.prefix(40))'")
        }
    }

    /// One of some words.
    public func word<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type
    ) throws(SettingsError) -> Word where Word.RawValue == String {
        let found = try text()
        if let word = Word(rawValue: found) { return word }
        let known = Word.allCases.map(\.rawValue)
        throw failed(
            "'\(found.prefix(40))' is not known; here stand \(known.joined(separator: ", "))"
                + Names.hint(found, in: known))
    }
}
