/// A row that grows at its end and is forgotten at its beginning; each element keeps its number for ever.
struct Trail<Element> {
    private var elements: [Element] = []
    private var forgotten = 0
    /// The number of `elements[0]`.
    private var base = 0

    /// The number of the first element that is still there.
    var start: Int { base + forgotten }
    /// The number that the next element gets.
    var end: Int { base + elements.count }

    /// Adds an element and gives its number.
    mutating func append(_ element: Element) -> Int {
        elements.append(element)
        return end - 1
    }

    /// Forgets the elements in front of a number, which is not beyond ``end``.
    mutating func forget(before number: Int) {
        precondition(number <= end, "what is to come cannot be forgotten")
        forgotten = max(forgotten, number - base)
        // Each element is moved once for as many that were forgotten.
        guard forgotten > 1024, forgotten > elements.count / 2 else { return }
        elements.removeFirst(forgotten)
        base += forgotten
        forgotten = 0
    }

    /// The element of a number from ``start`` to before ``end``.
    subscript(number: Int) -> Element {
        get { elements[number - base] }
        set { elements[number - base] = newValue }
    }
}
