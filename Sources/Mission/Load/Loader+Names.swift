import Records

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
