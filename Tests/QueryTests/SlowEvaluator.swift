import Query
import Records

/// What a filter says of packets, found in the slowest and most obvious way: straight from the syntax, one packet at a
/// time, with nothing remembered. It is the meaning of the language that the compiled filter is held to, and shares no
/// code with it but the parser.
struct SlowEvaluator {
    /// All packets, of all batches, in their order.
    let packets: [SlowPacket]
    /// The types with their parameters: a name means parameters of all of them.
    let types: [PacketType]

    static let aliases = [
        "frame.time": "time", "frame.number": "packet", "tm.scid": "spacecraft", "aos.scid": "spacecraft",
        "tm.vcid": "vcid", "aos.vcid": "vcid", "ccsds.apid": "apid", "ccsds.seqnum": "sequence",
    ]
    static let headers: Set<String> = [
        "time", "packet", "flow", "spacecraft", "vcid", "apid", "sequence", "type", "dialect", "spacecraft.name",
        "length", "octets", "frame.quality", "frame.interface_id", "frame.interface_name", "ip.src", "ip.dst",
        "ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport", "ccsds.seqflag",
        "ccsds.type", "ccsds.secheader", "ccsds.length",
    ]
    static let several = [
        "ip.addr": ["ip.src", "ip.dst"], "ipv6.addr": ["ipv6.src", "ipv6.dst"],
        "udp.port": ["udp.srcport", "udp.dstport"], "tcp.port": ["tcp.srcport", "tcp.dstport"],
    ]
    static let layers = [
        "eth": "ethernet", "vlan": "vlan", "ip": "ipv4", "ipv6": "ipv6", "udp": "udp", "tcp": "tcp", "ccsds": "ccsds",
        "message": "message",
    ]

    /// The indexes of the packets that a filter chooses.
    func chosen(_ filter: FilterExpression) -> [Int] {
        packets.indices.filter { !packets[$0].isIdle && truth(filter, $0) == true }
    }

    // MARK: Truths

    /// Whether a condition holds of a packet; nil: nobody knows.
    func truth(_ expression: FilterExpression, _ packet: Int) -> Bool? {
        switch expression.kind {
        case .not(let inner): return truth(inner, packet).map { !$0 }
        case .logic(let logic, let a, let b):
            let (x, y) = (truth(a, packet), truth(b, packet))
            switch logic {
            case .and: return x == false || y == false ? false : x == true && y == true ? true : nil
            case .or: return x == true || y == true ? true : x == false && y == false ? false : nil
            case .xor:
                guard let x, let y else { return nil }
                return x != y
            }
        case .comparison(let comparison, let a, let b): return compare(a, comparison, b, packet)
        case .membership(let value, let members):
            return any(split(value)) { value in
                any(members) { member in
                    guard let last = member.last else { return compare(value, .equal, member.first, packet) }
                    let low = compare(value, .atLeast, member.first, packet)
                    let high = compare(value, .atMost, last, packet)
                    return low == false || high == false ? false : low == true && high == true ? true : nil
                }
            }
        case .within(let time, let other):
            guard case .number(let digits, let unit) = time.kind, let now = packets[packet].time else { return nil }
            let distance = Int128(((Double(digits) ?? 0) * (SlowUnit.known[unit ?? ""]?.factor ?? 1) * 1e9).rounded())
            for (index, candidate) in packets.enumerated() where !candidate.isIdle {
                guard let then = candidate.time, truth(other, index) == true else { continue }
                if (Int128(then) - Int128(now)).magnitude <= distance.magnitude { return true }
            }
            return false
        case .call("changed", let arguments):
            let now = value(arguments[0], packet)
            guard now.isThere, let before = previous(packet, { value(arguments[0], $0).isThere }) else { return nil }
            return !isSame(now, value(arguments[0], before))
        case .name(let name):
            if let layer = Self.layers[name] { return packets[packet].layers.contains(layer) }
            if let several = Self.several[name] { return several.contains { header($0, packet) != .absent } }
            if isHeader(name) { return header(name, packet) != .absent }
            return field(name, packet)?.isPresent ?? false
        case .call("raw", let arguments): return field(arguments[0], packet)?.isRawPresent ?? false
        case .call("limit", let arguments):
            return field(arguments[0], packet).map { $0.isPresent && $0.hasLimits } ?? false
        case .slice: return value(expression, packet) != .absent
        case .arithmetic: return number(expression, packet).map { $0 != 0 }
        default: fatalError("no condition: \(expression)")
        }
    }

    private func any<T>(_ values: [T], _ truth: (T) -> Bool?) -> Bool? {
        let all = values.map(truth)
        return all.contains(true) ? true : all.contains(nil) ? nil : false
    }

    /// The fields that a name means at once.
    private func split(_ expression: FilterExpression) -> [FilterExpression] {
        guard case .name(let name) = expression.kind, let several = Self.several[name] else { return [expression] }
        return several.compactMap { try? FilterParser.parse($0) }
    }

    /// The last packet of the same type and origin in front of one for which something is there.
    private func previous(_ packet: Int, _ isThere: (Int) -> Bool) -> Int? {
        let this = packets[packet]
        return packets[..<packet].indices.reversed().first {
            packets[$0].type == this.type && packets[$0].origin == this.origin && !packets[$0].isIdle && isThere($0)
        }
    }

    private func isSame(_ a: SlowValue, _ b: SlowValue) -> Bool {
        if let x = a.number, let y = b.number, case .real = a { return x == y }
        return a == b
    }

    // MARK: Fields

    private func isHeader(_ name: String) -> Bool { Self.headers.contains(Self.aliases[name] ?? name) }

    private func header(_ name: String, _ packet: Int) -> SlowValue {
        packets[packet].headers[Self.aliases[name] ?? name] ?? .absent
    }

    /// Whether a name is that of a parameter, or the last parts of one.
    private func matches(_ typed: String, _ name: String) -> Bool {
        let isWhole = types.contains { $0.parameters.contains { $0.name == typed } }
        return isWhole ? name == typed : name == typed || name.hasSuffix("." + typed)
    }

    /// The first parameter that a name means, which says its unit.
    private func first(_ name: String) -> ParameterInfo? {
        for type in types { if let found = type.parameters.first(where: { matches(name, $0.name) }) { return found } }
        return nil
    }

    private func field(_ name: String, _ packet: Int) -> SlowField? {
        packets[packet].fields.first { matches(name, $0.name) }
    }

    private func field(_ expression: FilterExpression, _ packet: Int) -> SlowField? {
        if case .name(let name) = expression.kind { field(name, packet) } else { nil }
    }

    /// Whether an expression is a field, or some of one: no constant, and not reckoned.
    private func isField(_ expression: FilterExpression) -> Bool {
        switch expression.kind {
        case .name(let name): isHeader(name) || Self.several[name] != nil || first(name) != nil
        case .call(let function, _): ["raw", "limit", "lower", "upper"].contains(function)
        case .slice: true
        default: false
        }
    }

    func isConstant(_ expression: FilterExpression) -> Bool {
        switch expression.kind {
        case .number, .text, .address: true
        case .name: !isField(expression)
        case .minus(let inner): isConstant(inner)
        case .arithmetic(_, let a, let b): isConstant(a) && isConstant(b)
        default: false
        }
    }

    /// What a field holds.
    private func value(_ expression: FilterExpression, _ packet: Int) -> SlowValue {
        switch expression.kind {
        case .name(let name): return isHeader(name) ? header(name, packet) : field(name, packet)?.value ?? .absent
        case .call("raw", let arguments): return field(arguments[0], packet)?.raw ?? .absent
        case .call("limit", let arguments):
            return field(arguments[0], packet)?.limit.map { .whole(Int128($0.rawValue)) } ?? .absent
        case .call(let function, let arguments):
            guard let octets = octets(arguments[0], packet) else { return .absent }
            let isLower = function == "lower"
            return .octets(
                octets.map { octet in
                    let letter = Character(UnicodeScalar(octet))
                    guard octet < 0x80, letter.isLetter else { return octet }
                    return (isLower ? letter.lowercased() : letter.uppercased()).utf8.first ?? octet
                })
        case .slice(let inner, let slices):
            guard let whole = octets(inner, packet) else { return .absent }
            var part: [UInt8] = []
            for slice in slices {
                let start = slice.start < 0 ? whole.count + slice.start : slice.start
                let end = slice.count.map { start + $0 } ?? whole.count
                guard start >= 0, start <= end, end <= whole.count else { return .absent }
                part += whole[start..<end]
            }
            return .octets(part)
        default: return .absent
        }
    }

    private func octets(_ expression: FilterExpression, _ packet: Int) -> [UInt8]? {
        switch value(expression, packet) {
        case .octets(let octets), .address(let octets): octets
        default: nil
        }
    }

    /// The octets of a text, or how many a run of octets has.
    func length(_ expression: FilterExpression, _ packet: Int) -> Double? {
        octets(expression, packet).map { Double($0.count) }
    }

    /// A point in time.
    func time(_ expression: FilterExpression, _ packet: Int) -> Int128? {
        if case .time(let time) = value(expression, packet) { time } else { nil }
    }

    /// What a field holds, and of a label of a packet its raw number.
    func numberValue(_ expression: FilterExpression, _ packet: Int) -> SlowValue {
        if isLabel(expression), let field = field(expression, packet) { return field.raw }
        return value(expression, packet)
    }

    // MARK: Comparisons

    private func compare(
        _ a: FilterExpression, _ comparison: FilterExpression.Comparison, _ b: FilterExpression, _ packet: Int
    ) -> Bool? {
        if comparison == .unequal { return compare(a, .equal, b, packet).map { !$0 } }
        if isConstant(a) {
            let mirrored: FilterExpression.Comparison =
                switch comparison {
                case .less: .greater
                case .atMost: .atLeast
                case .greater: .less
                case .atLeast: .atMost
                default: comparison
                }
            return compare(b, mirrored, a, packet)
        }
        let all = split(a)
        if all.count > 1 { return any(all) { compare($0, comparison, b, packet) } }
        if isField(a), isConstant(b) { return test(a, comparison, b, packet) }
        if isField(a), isField(b) {
            switch (value(a, packet), value(b, packet)) {
            case (.time(let x), .time(let y)): return holds(comparison, Self.order(x, y))
            case (.octets(let x), .octets(let y)), (.address(let x), .address(let y)):
                return compare(x, comparison, y)
            case (.whole(let x), .whole(let y)) where unit(a) == unit(b): return holds(comparison, Self.order(x, y))
            // Labels have raw numbers, also where they have no value.
            default: break
            }
        }
        let isBare = unit(a).isEmpty || unit(b).isEmpty
        guard let x = number(a, packet), let y = number(b, packet, in: isBare ? unit(b) : unit(a)) else { return nil }
        return holds(comparison, Self.order(x, y))
    }

    private static func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a > b ? 1 : 0 }

    private func holds(_ comparison: FilterExpression.Comparison, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .less: order < 0
        case .atMost: order <= 0
        case .greater: order > 0
        case .atLeast: order >= 0
        default: fatalError("no order")
        }
    }

    private func compare(_ a: [UInt8], _ comparison: FilterExpression.Comparison, _ b: [UInt8]) -> Bool {
        switch comparison {
        case .contains: b.isEmpty || a.indices.contains { a[$0...].starts(with: b) }
        case .matches: SlowPattern.isFound(b, in: a)
        default: holds(comparison, a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1)
        }
    }

    /// A field against a constant.
    private func test(
        _ place: FilterExpression, _ comparison: FilterExpression.Comparison, _ constant: FilterExpression,
        _ packet: Int
    ) -> Bool? {
        if case .name("spacecraft") = place.kind, case .text(let text) = constant.kind {
            guard case .octets(let name) = header("spacecraft.name", packet) else { return nil }
            return compare(name, comparison, Array(text.utf8))
        }
        let number = Self.number(constant)
        var value = value(place, packet)
        if case .call("limit", _) = place.kind {
            guard case .whole(let state) = value else { return nil }
            let wanted = LimitState.allCases.first { $0.name == Self.word(constant) }
            return holds(comparison, Self.order(state, Int128(wanted?.rawValue ?? 255)))
        }
        // The number of a label is its raw value.
        if number != nil, let field = field(place, packet), isLabel(place) { value = field.raw }
        switch value {
        case .absent: return nil
        case .time(let time):
            if let word = Self.word(constant) {
                return SlowTime.read(word).flatMap { holds(comparison, Self.order(time, $0)) }
            }
            guard case .number(let digits, _) = constant.kind else { return nil }
            let parts = digits.split(separator: ".")
            let fraction = parts.count > 1 ? Int128((parts[1] + String(repeating: "0", count: 18)).prefix(18)) ?? 0 : 0
            let seconds = (Int128(parts[0]) ?? 0) * 1_000_000_000_000_000_000 + fraction
            return holds(comparison, Self.order(time, seconds))
        case .address(let address):
            guard case .address(let text) = constant.kind else { return nil }
            return SlowAddress.isInside(address, text)
        case .label(let label):
            if let number {
                let place: Int128 = label == "good" ? 0 : label == "gap" ? 1 : 2
                return holds(comparison, Self.order(Double(place), number))
            }
            let word = Array((Self.word(constant) ?? "").utf8)
            return compare(Array(label.utf8), comparison, word)
        case .truth(let truth, let label):
            if let number { return holds(comparison, Self.order(truth ? 1.0 : 0.0, number)) }
            let word = Self.word(constant) ?? ""
            if comparison == .equal, !isLabelOfTruth(word, place) { return truth == (word == "true") }
            return compare(Array(label.utf8), comparison, Array(word.utf8))
        case .octets(let octets):
            if case .address(let text) = constant.kind {
                return compare(octets, comparison, text.split(separator: ":").compactMap { UInt8($0, radix: 16) })
            }
            if let number {
                guard (1...8).contains(octets.count) else { return nil }
                let value = octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return compareExactly(Int128(value), comparison, constant, number)
            }
            return compare(octets, comparison, Array((Self.word(constant) ?? "").utf8))
        case .whole(let whole):
            guard let number else { return nil }
            if let given = Self.unit(constant), given != ownUnit(place, packet) {
                return compareExactly(
                    whole, comparison, nil, SlowUnit.constant(number, given, to: ownUnit(place, packet)))
            }
            return compareExactly(whole, comparison, constant, number)
        case .real(let real):
            guard let number, !real.isNaN else { return nil }
            if let given = Self.unit(constant), given != ownUnit(place, packet) {
                return holds(comparison, Self.order(real, SlowUnit.constant(number, given, to: ownUnit(place, packet))))
            }
            if let whole = Self.whole(constant) { return holds(comparison, -Self.exactOrder(whole, real)) }
            return holds(comparison, Self.order(real, number))
        }
    }

    private func isLabel(_ expression: FilterExpression) -> Bool {
        guard case .name(let name) = expression.kind else { return false }
        return first(name)?.kind == .enumeration
    }

    private func isLabelOfTruth(_ word: String, _ expression: FilterExpression) -> Bool {
        guard case .name(let name) = expression.kind else { return false }
        return types.contains { $0.parameters.contains { matches(name, $0.name) && $0.labels.contains(word) } }
    }

    /// The unit of what a packet holds, which may not be that of other packets.
    func ownUnit(_ expression: FilterExpression, _ packet: Int) -> String {
        guard case .name(let name) = expression.kind else { return "" }
        return isHeader(name) ? unit(expression) : field(name, packet)?.unit ?? ""
    }

    private func compareExactly(
        _ whole: Int128, _ comparison: FilterExpression.Comparison, _ constant: FilterExpression?, _ number: Double
    ) -> Bool {
        if let constant, let other = Self.whole(constant) { return holds(comparison, Self.order(whole, other)) }
        return holds(comparison, Self.exactOrder(whole, number))
    }

    /// How a whole number stands to a double, without rounding either.
    static func exactOrder(_ whole: Int128, _ real: Double) -> Int {
        if real >= 0x1p126 { return -1 }
        if real <= -0x1p126 { return 1 }
        let floor = Int128(real.rounded(.down))
        if whole != floor { return Self.order(whole, floor) }
        return real > real.rounded(.down) ? -1 : 0
    }
}
