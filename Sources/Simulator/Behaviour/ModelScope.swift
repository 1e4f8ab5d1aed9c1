internal import Records

/// The names that models may use: columns, and the labels of those that have some.
struct ModelScope {
    /// One name.
    struct Entry {
        let name: String
        /// The words that its numbers have, as an enumeration's labels.
        var labels: [String: Double] = [:]
    }

    private(set) var entries: [Entry] = []
    private var places: [String: Int] = [:]

    /// Adds a name; gives its column.
    @discardableResult
    mutating func add(_ name: String, labels: [String: Double] = [:]) -> Int {
        if let place = places[name] { return place }
        places[name] = entries.count
        entries.append(Entry(name: name, labels: labels))
        return entries.count - 1
    }

    /// The column of a name.
    func column(_ name: String) -> Int? { places[name] }

    /// The label of a column that a word means, whatever its capitals.
    func label(_ word: String, of column: Int) -> Double? {
        let labels = entries[column].labels
        return labels[word] ?? labels.first { $0.key.lowercased() == word.lowercased() }?.value
    }

    /// Names that are near one that is not known, in words.
    func hint(_ name: String) -> String { Names.hint(name, in: entries.map(\.name)) }
}
