import Support

/// Random messages of JT/T 808, laid out by the facts and by nothing of the decoder.
struct MessageMaker {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Name and words of the title of every form that goes on the wire, and whether its header is that of 2019; nil:
    /// either.
    static let forms: [(name: String, words: String, is2019: Bool?)] = [
        ("0x0001", "", nil), ("0x8001", "", nil), ("0x0002", "", nil), ("0x0003", "", nil), ("0x0100", "2011", false),
        ("0x0100", "2013", false), ("0x0100", "2019", true), ("0x8100", "", nil), ("0x0102", "2013", false),
        ("0x0102", "2019", true), ("0x0200", "", nil), ("0x0201", "", nil), ("0x0704", "several", nil),
        ("0x8300", "2013", false), ("0x8300", "2019", true), ("0x0900", "", nil), ("0x8900", "", nil),
        ("0x0004", "", nil), ("0x8004", "", nil), ("0x8103", "", nil), ("0x8104", "", nil), ("0x0104", "", nil),
        ("0x8003", "again", nil), ("0x8003", "16-bit", nil), ("0x0005", "again", nil), ("0x0005", "16-bit", nil),
        ("unknown", "", nil),
    ]

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    mutating func one<Element>(of elements: [Element], or other: Element) -> Element {
        elements.randomElement(using: &generator) ?? other
    }
    mutating func octets(_ count: Int) -> [UInt8] {
        // Many 7E and 7D, which have to be escaped.
        (0..<count).map { _ in number(0...3) == 0 ? UInt8(0x7D + number(0...1)) : UInt8(number(0...255)) }
    }
    mutating func letters(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(number(0x21...0x7E)) } }
    mutating func padded(_ width: Int) -> [UInt8] {
        let letters = letters(number(0...width))
        return letters + [UInt8](repeating: 0, count: width - letters.count)
    }
    mutating func decimal(_ range: ClosedRange<Int>) -> UInt8 {
        let number = number(range)
        return UInt8(number / 10 * 16 + number % 10)
    }
    mutating func time() -> [UInt8] {
        [
            decimal(1...99), decimal(1...12), decimal(1...28), decimal(0...23), decimal(0...59), decimal(0...59),
        ]
    }
    func big(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(number >> (8 * (width - 1 - $0)) & 255) }
    }

    /// A whole message: header and body.
    mutating func message(_ name: String, _ words: String, is2019: Bool?) -> [UInt8] {
        let is2019 = is2019 ?? (number(0...1) == 1)
        let id = name == "unknown" ? 0x1205 : Int(name.dropFirst(2), radix: 16) ?? 0
        return header(id, is2019: is2019, body: body(name, words))
    }

    mutating func header(_ id: Int, is2019: Bool, body: [UInt8]) -> [UInt8] {
        let phone = (0..<(is2019 ? 10 : 6)).map { _ in decimal(0...99) }
        let properties = min(body.count, 1023) | (is2019 ? 0x4000 : 0)
        return big(id, 2) + big(properties, 2) + (is2019 ? [1] : []) + phone + octets(2) + body
    }

    private mutating func body(_ name: String, _ words: String) -> [UInt8] {
        switch name {
        case "0x0001": octets(4) + [UInt8(number(0...3))]
        case "0x8001": octets(4) + [UInt8(number(0...4))]
        case "0x0002", "0x0003", "0x0004", "0x8104": []
        case "0x0100": registration(words)
        case "0x8100":
            number(0...1) == 0 ? octets(2) + [0] + letters(number(0...20)) : octets(2) + [UInt8(number(1...4))]
        case "0x0102" where words == "2013": letters(number(0...30))
        case "0x0102": authentication()
        case "0x0200": location()
        case "0x0201": octets(2) + location()
        case "0x0704": batch()
        case "0x8300" where words == "2013": octets(1) + letters(number(0...100))
        case "0x8300":
            [UInt8(number(0...63) * 4 + number(1...3)), UInt8(number(1...2))] + letters(number(0...100))
        case "0x0900", "0x8900":
            [one(of: [0, 0x0B, 0x41, 0x42, 0xF0, 0xF7, 0xFF], or: 0)]
                + (number(0...1) == 0 ? octets(number(0...60)) : letters(20))
        case "0x8004": time()
        case "0x8103": settings()
        case "0x0104": octets(2) + settings()
        case "0x8003", "0x0005": indices(words == "16-bit" ? 2 : 1)
        default: octets(number(0...1023))
        }
    }

    private mutating func registration(_ year: String) -> [UInt8] {
        let (maker, model, terminal) = year == "2011" ? (5, 8, 7) : year == "2013" ? (5, 20, 7) : (11, 30, 30)
        let colour = one(of: [0, 1, 2, 3, 4, 9] as [UInt8], or: 0)
        return octets(4) + padded(maker) + padded(model) + padded(terminal) + [colour]
            + letters(year == "2011" ? number(0...10) : number(0...17))
    }

    private mutating func authentication() -> [UInt8] {
        let code = letters(number(0...40))
        return [UInt8(code.count)] + code + padded(15) + padded(20)
    }

    mutating func location() -> [UInt8] {
        var status = number(0...0xFFFF_FFFF) & ~0x300
        status |= one(of: [0, 1, 3], or: 0) << 8
        var body = octets(4) + big(status, 4) + big(number(1...90_000_000), 4) + big(number(1...180_000_000), 4)
        body += big(number(0...0x7FFF), 2) + big(number(0...0xFFFF), 2) + big(number(0...359), 2) + time()
        let known: [(UInt8, [UInt8])] = [
            (0x01, octets(4)), (0x02, octets(2)), (0x03, octets(2)), (0x04, octets(2)), (0x05, octets(30)),
            (0x06, octets(2)), (0x11, number(0...1) == 0 ? [0] : [UInt8(number(1...4))] + octets(4)),
            (0x12, [UInt8(number(0...4))] + octets(4) + [UInt8(number(0...1))]),
            (0x13, octets(6) + [UInt8(number(0...1))]), (0x25, octets(4)), (0x2A, octets(2)), (0x2B, octets(4)),
            (0x30, octets(1)), (0x31, octets(1)), (0x31, octets(1)), (0x02, []), (0xE1, octets(number(0...80))),
            (0x7E, octets(3)),
        ]
        for (id, value) in known where number(0...2) == 0 { body += [id, UInt8(value.count)] + value }
        return body
    }

    private mutating func batch() -> [UInt8] {
        let entries = (0..<number(0...5)).map { _ in location() }
        return big(entries.count, 2) + [UInt8(number(0...1))] + entries.flatMap { big($0.count, 2) + $0 }
    }

    private mutating func settings() -> [UInt8] {
        var list: [UInt8] = []
        let count = number(0...8)
        for _ in 0..<count {
            let id = one(of: [1, 0x13, 0x18, 0x29, 0x55, 0xF001], or: 1)
            let value =
                [1, 0x18, 0x29].contains(id) ? octets(4) : id == 0x13 ? letters(number(0...30)) : octets(number(0...20))
            list += big(id, 4) + [UInt8(value.count)] + value
        }
        return [UInt8(count)] + list
    }

    private mutating func indices(_ width: Int) -> [UInt8] {
        let count = number(0...200)
        return octets(2) + big(count, width) + octets(2 * count)
    }
}
