internal import Bytes

/// The values of a line, one behind the other: what each is, and where its octets and those of its name stand. Nothing is taken
/// out of the line before somebody asks for it, and all room is used again for the next line.
///
///     {"a":[1,"x"],"b":null}    object, list a, number 1, text x, null b
///
/// Lists and objects are followed by what they hold.
struct ValueTape {
    enum Kind: UInt8 { case null, boolean, number, text, list, object }

    /// Where octets stand.
    struct Place: BitwiseCopyable {
        var start: Int32 = 0
        var end: Int32 = 0
    }

    struct Value: BitwiseCopyable {
        let kind: Kind
        /// How many objects hold it.
        let depth: UInt8
        /// Of a member its name; texts stand without their quotes.
        var name: Place
        var octets: Place
        /// The place behind it, and behind all that it holds.
        var next: Int32
    }

    /// The line, and behind it what was made of its texts with escapes.
    var octets: [UInt8] = []
    private(set) var values: [Value] = []

    /// Begins a new line.
    mutating func removeAll() {
        octets.removeAll(keepingCapacity: true)
        removeValues()
    }

    mutating func removeValues() { values.removeAll(keepingCapacity: true) }

    /// Makes a text of each part of the line between separators.
    mutating func split(at separator: UInt8) {
        let count = Self.split(octets, at: separator, &values)
        values.removeSubrange(count...)
    }

    /// Says how many parts there are. Places of the line before are used again as far as they go, which spares growing.
    private static func split(_ octets: [UInt8], at separator: UInt8, _ values: inout [Value]) -> Int {
        let bytes = octets.octets
        var (count, start) = (0, 0)
        var span = values.mutableSpan
        while count < span.count, start <= bytes.byteCount {
            var end = start
            while end < bytes.byteCount, bytes.u8(at: end) != separator { end &+= 1 }
            span[count] = text(start..<end, count)
            (count, start) = (count &+ 1, end &+ 1)
        }
        while start <= bytes.byteCount {
            let end = bytes.firstIndex(of: separator, from: start) ?? bytes.byteCount
            values.append(text(start..<end, count))
            (count, start) = (count + 1, end + 1)
        }
        return count
    }

    /// A text at a place of the tape.
    private static func text(_ range: Range<Int>, _ place: Int) -> Value {
        Value(
            kind: .text, depth: 0, name: Place(),
            octets: Place(
                start: Int32(truncatingIfNeeded: range.lowerBound), end: Int32(truncatingIfNeeded: range.upperBound)),
            next: Int32(truncatingIfNeeded: place &+ 1))
    }

    /// Adds a text that stands in the octets.
    mutating func add(text range: Range<Int>) {
        values.append(Self.text(range, values.count))
    }

    // MARK: - JSON

    /// Reads the line as JSON (RFC 8259); false when it is none, or more than one value. The first value is the whole.
    ///
    /// - Parameter allowsNotFinite: `NaN` and `Infinity` are numbers, too, which JSON does not have.
    mutating func readJSON(allowsNotFinite: Bool = false) -> Bool {
        values.removeAll(keepingCapacity: true)
        let count = octets.count
        if let hasEscapes = Self.read(octets, &values, allowsNotFinite), !hasEscapes || resolveEscapes() { return true }
        octets.removeSubrange(count...)
        return false
    }

    /// Says whether texts have escapes; nil when it is no JSON.
    private static func read(_ octets: [UInt8], _ values: inout [Value], _ allowsNotFinite: Bool) -> Bool? {
        let bytes = octets.octets
        // Only texts may hold what is not ASCII.
        guard bytes.isUTF8, octets.count < Int(Int32.max) / 2 else { return nil }
        var reader = JSONReader(bytes, allowsNotFinite: allowsNotFinite)
        swap(&reader.values, &values)
        let isRead = reader.isWhole()
        swap(&reader.values, &values)
        return isRead ? reader.hasEscapes : nil
    }

    private mutating func resolveEscapes() -> Bool {
        for place in values.indices {
            guard let name = resolve(values[place].name) else { return false }
            values[place].name = name
            guard values[place].kind == .text else { continue }
            guard let text = resolve(values[place].octets) else { return false }
            values[place].octets = text
        }
        return true
    }

    // MARK: - Looking things up

    /// The octets of a value, those of a text without quotes.
    @_lifetime(borrow self)
    func octets(at place: Int) -> RawSpan { octets(values[place].octets) }

    /// The octets of the name that a member has.
    @_lifetime(borrow self)
    func name(at place: Int) -> RawSpan { octets(values[place].name) }

    @_lifetime(borrow self)
    private func octets(_ place: Place) -> RawSpan {
        octets.octets.slice(at: Int(place.start), count: Int(place.end &- place.start))
    }

    /// The octets of a value as a text; what is no UTF-8 is made good.
    func words(at place: Int) -> String { words(values[place].octets) }

    /// The name that a member has.
    func nameWords(at place: Int) -> String { words(values[place].name) }

    private func words(_ place: Place) -> String {
        String(decoding: octets[Int(place.start)..<Int(place.end)], as: UTF8.self)
    }

    /// Whether nothing stands at a place: a text without octets.
    func isEmpty(at place: Int) -> Bool {
        values[place].kind == .text && values[place].octets.start == values[place].octets.end
    }

    /// The text at a place, if one stands there.
    func text(at place: Int?) -> String? {
        guard let place, values[place].kind == .text else { return nil }
        return words(at: place)
    }

    /// The place of an object's first member of a name; nil where there is none, or no object.
    func member(_ name: String, of object: Int = 0) -> Int? {
        guard values[object].kind == .object else { return nil }
        var place = object + 1
        while place < values[object].next {
            if isNamed(name, at: place) { return place }
            place = Int(values[place].next)
        }
        return nil
    }

    /// Whether a value is written so.
    func holds(_ words: String, at place: Int) -> Bool { octets(at: place).isEqual(to: words.utf8.span.octets) }

    /// Whether the member at a place has this name.
    func isNamed(_ name: String, at place: Int) -> Bool {
        let there = values[place].name
        return Int(there.end &- there.start) == name.utf8.count && octets(there).isEqual(to: name.utf8.span.octets)
    }

    /// The place of a list's one value; nil where it has none or more, or is no list.
    func onlyElement(of place: Int) -> Int? {
        guard values[place].kind == .list, values[place].next > place + 1,
            values[place + 1].next == values[place].next
        else { return nil }
        return place + 1
    }

    /// The places of an object's members; none where it is no object.
    func members(of place: Int) -> Inner { Inner(self, place, of: .object) }

    /// The places of a list's values; none where it is no list.
    func elements(of place: Int) -> Inner { Inner(self, place, of: .list) }

    /// The places of what a value holds.
    struct Inner: Sequence, IteratorProtocol {
        private let values: [Value]
        private var place: Int
        private let end: Int

        fileprivate init(_ tape: ValueTape, _ place: Int, of kind: Kind) {
            end = tape.values[place].kind == kind ? Int(tape.values[place].next) : place
            (values, self.place) = (tape.values, place + 1)
        }

        mutating func next() -> Int? {
            guard place < end else { return nil }
            defer { place = Int(values[place].next) }
            return place
        }
    }
}
