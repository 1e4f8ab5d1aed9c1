internal import Records

/// What may stand at the end of a filter that somebody is typing: names of fields, functions, labels of the field that is
/// compared, or words of the language.
package struct FilterCompletion {
    private let catalogue: FieldCatalogue
    private let names: FieldNames

    /// Completions from the fields of a catalogue.
    package init(_ catalogue: FieldCatalogue) {
        self.catalogue = catalogue
        names = FieldNames(catalogue)
    }

    private static let functions = Checker.functions.map { "\($0)(" } + ["within "]
    private static let joints = ["and", "or", "xor"]
    /// Behind these a value of the field in front is expected.
    private static let comparisons = ["==", "!=", "eq", "ne"]

    /// The names of fields that begin so, header fields first.
    ///
    /// - Parameter isFilter: whether layers and names that mean several fields are names, too.
    package func fields(_ typed: String, isFilter: Bool = false) -> [String] {
        var heads = HeaderField.allCases.flatMap { [$0.rawValue] + $0.aliases }
        if isFilter { heads += HeaderField.several.map(\.name) + HeaderField.layers.map(\.name) }
        return heads.filter { $0.hasPrefix(typed) }.sorted() + names.beginning(with: typed)
    }

    /// The whole filters that one may become whose last word is not whole yet. Where that can be one field only, what may
    /// stand behind it comes, too: a shell that has one answer ends the word.
    package func filters(_ text: String) -> [String] {
        if let (before, quote, typed) = Self.openText(text) {
            return values(behind: before).filter { $0.hasPrefix(typed) }.map { "\(before)\(quote)\($0)\(quote)" }
        }
        let last = text.reversed().prefix { Self.isOfName($0) }.count
        let before = String(text.dropLast(last))
        let typed = String(text.suffix(last))
        let behind = before.trimmingSuffix(while: \.isWhitespace)
        var found = values(behind: before).filter { $0.hasPrefix(typed) }.map(constant)
        if found.isEmpty, !Self.expectsValue(behind) {
            found = Self.joints.filter { $0.hasPrefix(typed) }
        } else if found.isEmpty {
            found = fields(typed, isFilter: true) + Self.functions.filter { $0.hasPrefix(typed) }
            if found.count == 1 { found += comparisons(with: found[0]).map { "\(found[0]) \($0)" } }
        }
        return found.map { before + $0 }
    }

    /// What a field can be compared by, and what may stand behind it alone.
    private func comparisons(with name: String) -> [String] {
        let sort: FieldUse.Sort? =
            switch catalogue.meaning(of: name) {
            case .header(let field): FieldUse(source: .header(field)).sorts[0]
            case .several(let fields): FieldUse(source: .header(fields[0])).sorts[0]
            case .parameter(let use): FieldUse(source: .parameter(use)).sorts[0]
            case .layer, .ambiguous, .unknown: nil
            }
        switch sort {
        case .number, .time, .limit: return ["==", "!=", "<", "<=", ">", ">=", "in {"]
        case .text, .octets: return ["==", "!=", "contains", "matches"]
        case .label, .address: return ["==", "!=", "in {"]
        case nil: return Self.joints
        }
    }

    /// What stands in front of a text that has no end yet, its quote, and what is there of it.
    private static func openText(_ text: String) -> (before: String, quote: Character, typed: String)? {
        var open: String.Index?
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == "\\", open != nil {
                // What stands behind it ends no text.
                index = text.index(after: index)
                if index == text.endIndex { break }
            } else if let start = open {
                if text[index] == text[start] { open = nil }
            } else if text[index] == "\"" || text[index] == "'" {
                open = index
            }
            index = text.index(after: index)
        }
        return open.map { (String(text[..<$0]), text[$0], String(text[text.index(after: $0)...])) }
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "." || character == "#"
    }

    /// Whether no value is over here, so that one may begin.
    private static func expectsValue(_ text: Substring) -> Bool {
        guard let last = text.last else { return true }
        let word = String(text.reversed().prefix { isOfName($0) }.reversed())
        if !word.isEmpty { return FilterParser.keywords.contains(word) }
        return !")}]\"'%".contains(last)
    }

    /// The texts that may stand behind a comparison, or in a set: the labels or values of the field in front of it.
    private func values(behind text: String) -> [String] {
        var rest = text.trimmingSuffix(while: \.isWhitespace)
        if let brace = rest.lastIndex(of: "{"), !rest[brace...].contains("}") {
            guard rest.last == "{" || rest.last == "," else { return [] }
            rest = rest[..<brace].trimmingSuffix(while: \.isWhitespace)
            guard rest.hasSuffix(" in") else { return [] }
            rest = rest.dropLast(3).trimmingSuffix(while: \.isWhitespace)
            if rest.hasSuffix(" not") { rest = rest.dropLast(4).trimmingSuffix(while: \.isWhitespace) }
        } else {
            guard let sign = Self.comparisons.first(where: { rest.hasSuffix($0) }) else { return [] }
            rest = rest.dropLast(sign.count).trimmingSuffix(while: \.isWhitespace)
        }
        let name = String(rest.reversed().prefix { Self.isOfName($0) }.reversed())
        switch catalogue.meaning(of: name) {
        case .header(let field):
            if case .label(let labels) = field.kind { return labels }
            return catalogue.values(of: field == .spacecraft ? .spacecraftName : field) ?? []
        case .parameter(let use):
            var seen: Set<String> = []
            return use.infos.flatMap(\.labels).filter { seen.insert($0).inserted }
        default: return []
        }
    }

    /// A label as a filter has it: bare where it can stand so.
    private func constant(_ label: String) -> String {
        label.isWord && !names.contains(label) ? label : "\"\(label)\""
    }
}

extension String {
    /// Whether it is one word of the filter language that means nothing else.
    fileprivate var isWord: Bool {
        first?.isLetter == true && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            && !FilterParser.keywords.contains(self) && !HeaderField.isReserved(self)
    }
}

extension StringProtocol {
    /// Without what stands at its end and is as told.
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> SubSequence {
        var rest = self[...]
        while let last = rest.last, isDropped(last) { rest = rest.dropLast() }
        return rest
    }
}
