/// Some links of a spacecraft, by their places among those that are recorded.
struct LinkSet {
    /// A bit for each of the first 64 places, and words for those behind them, where there are any.
    private var first: UInt64 = 0
    private var others: [UInt64] = []

    func contains(_ place: Int) -> Bool {
        guard place >= 64 else { return first & 1 << UInt64(place) != 0 }
        let word = place / 64 - 1
        return word < others.count && others[word] & 1 << UInt64(place % 64) != 0
    }

    mutating func insert(_ place: Int) {
        guard place >= 64 else {
            first |= 1 << UInt64(place)
            return
        }
        let word = place / 64 - 1
        while others.count <= word { others.append(0) }
        others[word] |= 1 << UInt64(place % 64)
    }

    mutating func remove(_ place: Int) {
        guard contains(place) else { return }
        if place < 64 { first &= ~(1 << UInt64(place)) } else { others[place / 64 - 1] &= ~(1 << UInt64(place % 64)) }
    }

    /// Leaves those that are in another set, too.
    mutating func formIntersection(_ other: LinkSet) {
        first &= other.first
        if others.count > other.others.count { others.removeLast(others.count - other.others.count) }
        for word in others.indices { others[word] &= other.others[word] }
    }
}
