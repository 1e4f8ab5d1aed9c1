internal import Bytes

/// Numbers for names that come again and again in the same order: the one that followed the last time is tried first.
struct NameTable {
    /// The names, by their numbers.
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]
    private var octets: [UInt8] = []
    private var entries: [Entry] = []
    /// The name before, and that in front of a line.
    private var last = -1
    private var first = 0

    private struct Entry: BitwiseCopyable {
        let start: Int
        let end: Int
        /// The name that came behind it the last time.
        var follower: Int
    }

    /// The next name is the first of a line.
    mutating func beginLine() { last = -1 }

    /// The number of the next name of a line; nil of one that would be beyond so many.
    mutating func number(of name: RawSpan, most: Int = .max) -> Int? {
        let guess = last < 0 ? first : entries[last].follower
        if guess < entries.count {
            let (start, end) = (entries[guess].start, entries[guess].end)
            if octets.octets.slice(at: start, count: end &- start).isEqual(to: name) {
                last = guess
                return guess
            }
        }
        let words = String(decoding: name.copied(), as: UTF8.self)
        guard let number = numbers[words] ?? (names.count < most ? add(words) : nil) else { return nil }
        if last < 0 { first = number } else { entries[last].follower = number }
        last = number
        return number
    }

    /// The number of a name that is known.
    func number(of name: String) -> Int? { numbers[name] }

    private mutating func add(_ name: String) -> Int {
        numbers[name] = names.count
        names.append(name)
        let start = octets.count
        octets += name.utf8
        entries.append(Entry(start: start, end: octets.count, follower: names.count))
        return names.count - 1
    }
}
