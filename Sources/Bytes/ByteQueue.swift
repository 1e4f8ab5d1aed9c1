/// Octets that wait in the order in which they came. What was taken is cleared away when it is more than what waits, so that each octet
/// is moved once or twice at most.
public final class ByteQueue {
    private let octets: ByteBuffer
    /// Octets of them that were taken.
    private var gone = 0

    /// An empty queue with room for `capacity` octets.
    public init(capacity: Int = 256) { octets = ByteBuffer(capacity: capacity) }

    /// How many octets wait.
    public var count: Int { octets.count - gone }

    /// Adds octets at the end.
    public func append(_ bytes: RawSpan) { octets.append(bytes) }

    /// Moves the first `length` octets, which wait, behind those of a buffer.
    public func take(_ length: Int, into out: ByteBuffer) {
        let octets = octets
        out.append(octets.bytes.slice(at: gone, count: length))
        drop(length)
    }

    /// Forgets the first `length` octets, which wait.
    public func drop(_ length: Int) {
        precondition(length >= 0 && length <= count, "a queue cannot give more than it has")
        gone += length
        if gone > octets.count - gone {
            octets.removeFirst(gone)
            gone = 0
        }
    }
}

/// Numbers that wait in the order in which they came.
public final class LaneQueue<Element: BitwiseCopyable> {
    private let values = Lane<Element>()
    /// The place of the first that waits.
    private var head = 0

    /// An empty queue.
    public init() {}

    /// How many values wait.
    public var count: Int { values.count - head }

    /// Whether nothing waits.
    public var isEmpty: Bool { count == 0 }

    /// The value that came first; nil where nothing waits.
    public var first: Element? { isEmpty ? nil : values[head] }

    /// Adds a value at the end.
    public func append(_ value: Element) { values.append(value) }

    /// Takes the value that came first, which is there.
    @discardableResult
    public func removeFirst() -> Element {
        let value = values[head]
        head += 1
        if head == values.count {
            values.removeAll()
            head = 0
        } else if head > 1024, head * 2 > values.count {
            let left = count
            for index in 0..<left { values[index] = values[head + index] }
            values.resize(to: left, filler: value)
            head = 0
        }
        return value
    }
}
