internal import Bytes

/// Text on its way out, as octets of UTF-8: sinks write numbers and strings into it without making a `String` of each.
///
/// One buffer lives as long as its sink; it is emptied by ``removeAll()`` after each write and keeps its memory.
@safe
public struct TextBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many octets it holds.
    public private(set) var count = 0

    /// An empty buffer.
    public init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
    }

    deinit { unsafe base.deallocate() }

    /// The octets it holds.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Forgets what it holds.
    public mutating func removeAll() { count = 0 }

    /// The octet at an index below ``count``.
    func octet(at index: Int) -> UInt8 { bytes.u8(at: index) }

    /// Takes back what was written after it held `n` octets.
    public mutating func truncate(to n: Int) {
        precondition(n <= count, "only what was written can be taken back")
        count = n
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    private mutating func grow(_ more: Int) {
        let wanted = max(capacity * 2, count + more)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        unsafe fresh.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = fresh
        capacity = wanted
    }

    /// Adds one octet.
    @inline(__always)
    public mutating func append(_ octet: UInt8) {
        reserve(1)
        unsafe base[count] = octet
        count &+= 1
    }

    /// Adds text that stands in the program.
    public mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        // A static string that is no single scalar has a pointer to all of its octets.
        guard text.hasPointerRepresentation else { return append(text.description) }
        unsafe (base + count).update(from: text.utf8Start, count: length)
        count &+= length
    }

    /// Adds text.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { octets in
            reserve(octets.count)
            guard let start = octets.baseAddress else { return }
            unsafe (base + count).update(from: start, count: octets.count)
            count &+= octets.count
        }
    }

    /// Adds octets as they are.
    public mutating func append(_ octets: RawSpan) {
        let length = octets.byteCount
        reserve(length)
        unsafe octets.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            // Room was made above, and a borrowed span is no part of this buffer's own allocation while it is written.
            unsafe UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: length)
        }
        count &+= length
    }

    /// Adds a number in decimal digits.
    public mutating func append(_ number: UInt64) {
        reserve(20)
        var rest = number
        var length = 1
        var bound: UInt64 = 10
        while length < 20 && rest >= bound {
            length += 1
            if length == 20 { break }
            bound &*= 10
        }
        var position = count &+ length
        count = position
        while rest >= 10 {
            position &-= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            unsafe base[position] = 0x30 | UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        unsafe base[position &- 1] = 0x30 | UInt8(truncatingIfNeeded: rest)
    }

    /// Adds a number in decimal digits, with its sign.
    public mutating func append(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(number.magnitude)
    }

    /// Adds a number in decimal digits, with its sign.
    @inline(__always)
    public mutating func append(_ number: Int) { append(Int64(number)) }

    /// Adds a number in so many decimal digits, zeros in front. What does not fit is cut at its front.
    public mutating func append(_ number: UInt64, digits: Int) {
        reserve(digits)
        var rest = number
        var position = count &+ digits
        count = position
        for _ in 0..<digits {
            position &-= 1
            unsafe base[position] = 0x30 | UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Adds octets as hexadecimal digits.
    public mutating func appendHex(_ octets: RawSpan) {
        reserve(octets.byteCount * 2)
        for index in 0..<octets.byteCount {
            let octet = octets.u8(at: index)
            append(Self.hexDigit(octet >> 4))
            append(Self.hexDigit(octet & 15))
        }
    }

    /// The hexadecimal digit of a value below 16.
    static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }
}
