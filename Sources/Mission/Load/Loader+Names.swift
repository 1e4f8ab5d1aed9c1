/// References: paths like file names, searched from the space system where they stand outwards to the root.
extension Loader {
    /// The index that a reference names, or nil after an error that names the nearest.
    func resolve(
        _ reference: String, from system: Int, _ table: KeyPath<SystemModel, [String: Int]>, _ what: String,
        _ position: Position
    ) -> Int? {
        let name = Element.trim(reference)
        if let index = find(name, from: system, table) { return index }
        let all = reporter.wantsHints ? model.systems.flatMap { $0[keyPath: table].keys } : []
        let last = name.split(separator: "/").last.map(String.init) ?? name
        let near = Names.nearest(to: last, in: all)
        let hint =
            near.isEmpty ? "declare it, or correct the name" : "did you mean \(near.joined(separator: ", "))?"
        reporter.error(position, "\(what) \"\(reference)\" is not declared: \(hint)")
        return nil
    }

    func find(_ name: String, from system: Int, _ table: KeyPath<SystemModel, [String: Int]>) -> Int? {
        // A bare name is most of what is written.
        if !name.utf8.contains(UInt8(ascii: "/")), name != ".." {
            var start: Int? = system
            while let here = start {
                if let index = model.systems[here][keyPath: table][name] { return index }
                start = model.systems[here].parent
            }
            return nil
        }
        var parts = name.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard let last = parts.popLast() else { return nil }
        if name.hasPrefix("/") {
            guard let root = model.systems.first, parts.first == root.name else { return nil }
            return descend(0, parts.dropFirst()).flatMap { model.systems[$0][keyPath: table][last] }
        }
        // A name that is not found here is sought in the enclosing systems.
        var start: Int? = system
        while let here = start {
            if let index = descend(here, parts[...]).flatMap({ model.systems[$0][keyPath: table][last] }) {
                return index
            }
            start = model.systems[here].parent
        }
        return nil
    }

    private func descend(_ start: Int, _ parts: ArraySlice<String>) -> Int? {
        var here = start
        for part in parts {
            switch part {
            case ".": continue
            case "..":
                guard let parent = model.systems[here].parent else { return nil }
                here = parent
            default:
                guard let next = model.systems[here].subsystems[part] else { return nil }
                here = next
            }
        }
        return here
    }
}

/// Names that people type.
enum Names {
    /// More names than that are not compared: a hint is not worth waiting for.
    private static let mostCandidates = 5_000

    /// Up to three names that are few letters away from the given one, the nearest first.
    static func nearest(to name: String, in candidates: [String]) -> [String] {
        let wanted = Array(name.lowercased().utf8.prefix(64))
        let allowed = max(2, wanted.count / 3)
        var found: [(distance: Int, name: String)] = []
        for candidate in Set(candidates).sorted().prefix(mostCandidates) {
            let letters = Array(candidate.lowercased().utf8.prefix(64))
            guard abs(letters.count - wanted.count) <= allowed else { continue }
            let distance = editDistance(wanted, letters)
            if distance <= allowed { found.append((distance, candidate)) }
        }
        return found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }

    /// How many letters have to be put in, taken out or changed.
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(diagonal + (letter == other ? 0 : 1), above + 1, row[j] + 1)
                diagonal = above
            }
        }
        return row[b.count]
    }

    /// Whether `tail` is the whole of a dotted name or its last parts. Slashes serve for dots.
    static func matches(_ name: String, tail: String) -> Bool {
        name == tail || name.hasSuffix("." + tail)
    }
}
