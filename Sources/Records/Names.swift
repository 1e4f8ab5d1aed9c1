/// Names that people type.
package enum Names {
    /// More names than that are not compared: a hint is not worth waiting for.
    private static let mostCandidates = 5_000

    /// Up to three names that are few letters away from the given one, the nearest first.
    package static func nearest(to name: String, in candidates: [String]) -> [String] {
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

    /// The names that are near one that is not known, as words behind an error; empty where none is.
    package static func hint(_ name: String, in known: [String]) -> String {
        let near = nearest(to: name, in: known)
        return near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
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
    package static func matches(_ name: String, tail: String) -> Bool {
        let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
        // From the end on, octet by octet: every name that there is gets compared with those that were typed.
        var rest = name.utf8[...]
        for octet in tail.utf8.reversed() where rest.popLast() != (octet == slash ? dot : octet) { return false }
        return rest.last.map { $0 == dot } ?? true
    }
}
