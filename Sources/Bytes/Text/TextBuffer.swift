/// Text on its way out, as octets of UTF-8: sinks write numbers and strings into it without making a `String` of each.
///
/// One buffer lives as long as its sink; it is emptied by ``removeAll()`` after each write and keeps its memory.
@safe
public struct TextBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var filled = 0
    /// How many octets it holds.
    @inlinable public var count: Int { filled }

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
    public mutating func removeAll() { filled = 0 }

    /// The octet at an index below ``count``.
    public func octet(at index: Int) -> UInt8 { bytes.u8(at: index) }

    /// Takes back what was written after it held `n` octets.
    public mutating func truncate(to n: Int) {
        precondition(n <= count, "only what was written can be taken back")
        filled = n
    }

    @inlinable @inline(__always)
    mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    @usableFromInline
    mutating func grow(_ more: Int) {
        let wanted = max(capacity * 2, count + more)
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        unsafe fresh.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = fresh
        capacity = wanted
    }

    /// Adds one octet.
    @inlinable @inline(__always)
    public mutating func append(_ octet: UInt8) {
        reserve(1)
        unsafe base[count] = octet
        filled &+= 1
    }

    /// Adds text that stands in the program.
    public mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        // A static string that is no single scalar has a pointer to all of its octets.
        guard text.hasPointerRepresentation else { return append(text.description) }
        unsafe (base + count).update(from: text.utf8Start, count: length)
        filled &+= length
    }

    /// Adds text.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { octets in
            reserve(octets.count)
            guard let start = octets.baseAddress else { return }
            unsafe (base + count).update(from: start, count: octets.count)
            filled &+= octets.count
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
        filled &+= length
    }

    /// Adds a number in decimal digits.
    public mutating func append(_ number: UInt64) {
        reserve(40)
        if number < 10 {
            unsafe base[count] = 0x30 | UInt8(truncatingIfNeeded: number)
            filled &+= 1
            return
        }
        let start = unsafe Self.write(number, before: base + count + 20)
        unsafe settle(base + count + 20 - start, start)
    }

    /// Adds digits / 10^decimals: the point stands in front of the last `decimals` digits (1 to 19), a zero in front of it
    /// where nothing else is.
    public mutating func append(_ digits: UInt64, decimals: Int) {
        reserve(64)
        // From the right: decimals, point, the rest.
        let end = unsafe base + count + 44
        let point = unsafe end - decimals
        var rest = digits
        var place = unsafe end
        while unsafe place - 2 >= point {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            unsafe place -= 2
            unsafe Self.write(pair: pair, at: place)
            rest = quotient
        }
        if unsafe place > point {
            unsafe place -= 1
            unsafe place.pointee = 0x30 | UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        unsafe (point - 1).pointee = UInt8(ascii: ".")
        let start = unsafe Self.write(rest, before: point - 1)
        unsafe settle(end - start, start)
    }

    /// Moves what was written further on to the end of what is there. At most 48 octets, which were reserved.
    @inline(__always)
    private mutating func settle(_ length: Int, _ start: UnsafeMutablePointer<UInt8>) {
        unsafe UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: length)
        filled &+= length
    }

    /// Writes digits so that they end in front of a place; gives where they begin. Room for 20 octets is there.
    @inline(__always)
    private static func write(_ number: UInt64, before end: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    {
        var rest = number
        var place = unsafe end
        while rest >= 100 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            unsafe place -= 2
            unsafe write(pair: pair, at: place)
            rest = quotient
        }
        if rest >= 10 {
            unsafe place -= 2
            unsafe write(pair: rest, at: place)
        } else {
            unsafe place -= 1
            unsafe place.pointee = 0x30 | UInt8(truncatingIfNeeded: rest)
        }
        return unsafe place
    }

    /// Writes the two digits of a number below 100.
    @inline(__always)
    private static func write(pair: UInt64, at place: UnsafeMutablePointer<UInt8>) {
        let pair = UInt32(truncatingIfNeeded: pair)
        let tens = (pair &* 103) &>> 10
        unsafe place[0] = 0x30 | UInt8(truncatingIfNeeded: tens)
        unsafe place[1] = 0x30 | UInt8(truncatingIfNeeded: pair &- tens &* 10)
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
        filled = position
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
    public static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }
}
