package import Records

/// What is known of packets that were not looked at, from the summary of an archive's member: whether one of them may be
/// chosen by a filter.
package struct Candidate {
    /// A packet like them: APID, or number of the message's type, and the marks that tell kinds apart; nil where it is not
    /// known what they are, nor over which channel they came.
    package var unit: Unit?
    /// Where they come from.
    package var origin: Origin
    /// The earliest and the latest time that one of them can have, in nanoseconds since 1970.
    package var times: ClosedRange<Int64>?
    /// Their type, where all have the same and it is known: that of messages.
    package var type: PacketType?
    /// All values that parameters have, by their qualified names: whole numbers, or what stands for texts by
    /// ``number(of:)``.
    package var values: [String: [UInt64]] = [:]

    /// - Parameter times: nil where no packet has a time.
    package init(unit: Unit?, origin: Origin, times: ClosedRange<Int64>?, type: PacketType?) {
        (self.unit, self.origin, self.times, self.type) = (unit, origin, times, type)
    }

    /// What stands for a text among ``values`` (FNV-1a, 64 bits).
    package static func number(of text: [UInt8]) -> UInt64 {
        text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension CheckedFilter {
    /// Whether the filter may hold for a packet of which no more is known. A filter whose answer depends on other packets
    /// may always hold.
    package func mayHold(for candidate: Candidate) -> Bool {
        hasMemory || hasEvents || Possibility(condition, candidate).mayHold
    }
}

/// What a condition may say of a packet; both are false where a value is surely not there.
struct Possibility: Equatable {
    var mayHold: Bool
    var mayFail: Bool

    private static var open: Possibility { Possibility(mayHold: true, mayFail: true) }
    private static var absent: Possibility { Possibility(mayHold: false, mayFail: false) }
    private static func sure(_ truth: Bool) -> Possibility { Possibility(mayHold: truth, mayFail: !truth) }

    private init(mayHold: Bool, mayFail: Bool) { (self.mayHold, self.mayFail) = (mayHold, mayFail) }

    init(_ condition: Condition, _ candidate: Candidate) {
        switch condition {
        case .layer("ccsds"):
            self = candidate.unit.map { .sure($0.marks.isDisjoint(with: [.encapsulation, .message])) } ?? .open
        case .layer("message"): self = candidate.unit.map { .sure($0.marks.contains(.message)) } ?? .open
        case .layer(let name): self = .sure(candidate.origin.layers.contains(name))
        case .exists(let use):
            self = Self.isAbsent(use, candidate) ? .sure(false) : .open
        case .test(let use, let test):
            self = Self.isAbsent(use, candidate) ? .absent : Self.test(use, test, candidate)
        case .not(let inner):
            let inner = Possibility(inner, candidate)
            self.init(mayHold: inner.mayFail, mayFail: inner.mayHold)
        case .logic(let logic, let a, let b):
            let (a, b) = (Possibility(a, candidate), Possibility(b, candidate))
            switch logic {
            case .and: self.init(mayHold: a.mayHold && b.mayHold, mayFail: a.mayFail || b.mayFail)
            case .or: self.init(mayHold: a.mayHold || b.mayHold, mayFail: a.mayFail && b.mayFail)
            case .xor:
                self.init(
                    mayHold: a.mayHold && b.mayFail || a.mayFail && b.mayHold,
                    mayFail: a.mayHold && b.mayHold || a.mayFail && b.mayFail)
            }
        case .compare, .compareWhole, .compareTexts, .compareTimes, .changed, .within: self = .open
        }
    }

    /// Whether no such packet has the field.
    private static func isAbsent(_ use: FieldUse, _ candidate: Candidate) -> Bool {
        switch use.source {
        case .header(let field):
            if field == .time { return candidate.times == nil }
            return isFixed(field, candidate) && candidate.number(field) == nil && field.octets(candidate.origin) == nil
        case .parameter(let use):
            // A packet's type is told by its octets.
            if let type = candidate.type { return use.index(in: type) == nil }
            return false
        }
    }

    /// Whether all packets of a candidate have the same value.
    private static func isFixed(_ field: HeaderField, _ candidate: Candidate) -> Bool {
        switch field {
        case .apid, .packetKind, .spacecraft, .vcid: candidate.unit != nil
        case .interfaceNumber, .udpSourcePort, .udpDestinationPort,
            .tcpSourcePort, .tcpDestinationPort, .ipSource, .ipDestination, .ipv6Source, .ipv6Destination:
            true
        default: false
        }
    }

    private static func test(_ use: FieldUse, _ test: Test, _ candidate: Candidate) -> Possibility {
        guard use.part == .value, use.slices.isEmpty, use.folding == .none else { return .open }
        guard case .header(let field) = use.source else { return self.test(use.source, test, candidate) }
        switch test {
        case .numbers(let set, _):
            guard isFixed(field, candidate), let number = candidate.number(field) else { return .open }
            return .sure(set.meets(Int128(number)...Int128(number)))
        case .times(let set):
            guard field == .time, let times = candidate.times else { return .open }
            let span = Int128(times.lowerBound) * 1_000_000_000...Int128(times.upperBound) * 1_000_000_000
            return Possibility(mayHold: set.meets(span), mayFail: !set.covers(span))
        case .addresses(let ranges):
            guard isFixed(field, candidate), let address = field.octets(candidate.origin) else { return .open }
            return .sure(ranges.contains { $0.contains(address) })
        case .text(.oneOf(let texts)):
            guard let type = candidate.type else { return .open }
            switch field {
            case .type: return .sure(texts.contains(Array(type.name.utf8)))
            case .dialect: return type.dialect.map { .sure(texts.contains(Array($0.utf8))) } ?? .absent
            default: return .open
            }
        case .text, .limits, .sliceNumbers: return .open
        }
    }
}

extension Possibility {
    /// A parameter whose values are told.
    private static func test(_ source: FieldUse.Source, _ test: Test, _ candidate: Candidate) -> Possibility {
        guard case .parameter(let use) = source, let type = candidate.type, let index = use.index(in: type),
            let values = candidate.values[type.parameters[index].name]
        else { return .open }
        switch (test, type.parameters[index].kind) {
        case (.numbers(let set, _), .unsigned):
            return Possibility(
                mayHold: values.contains { set.meets(Int128($0)...Int128($0)) },
                mayFail: values.contains { !set.meets(Int128($0)...Int128($0)) })
        case (.text(.oneOf(let texts)), .string):
            // Two texts may have one number.
            let wanted = texts.map(Candidate.number)
            return Possibility(mayHold: values.contains { wanted.contains($0) }, mayFail: true)
        default: return .open
        }
    }
}

extension Candidate {
    fileprivate func number(_ field: HeaderField) -> Int64? {
        unit.map { field.number($0, origin) } ?? field.number(origin)
    }
}

extension NumberSet {
    /// Whether a number of a span is in it.
    func meets(_ span: ClosedRange<Int128>) -> Bool {
        intervals.contains { $0.reaches(span.upperBound, isLow: true) && $0.reaches(span.lowerBound, isLow: false) }
    }

    /// Whether all of a span is in one of its intervals.
    func covers(_ span: ClosedRange<Int128>) -> Bool {
        intervals.contains { $0.reaches(span.lowerBound, isLow: true) && $0.reaches(span.upperBound, isLow: false) }
    }
}

extension NumberSet.Interval {
    /// Whether a number lies on the inner side of one of its ends.
    fileprivate func reaches(_ number: Int128, isLow: Bool) -> Bool {
        guard let end = isLow ? low : high else { return true }
        switch end.number {
        case .whole(let limit):
            if number == limit { return !end.isOpen }
            return (number > limit) == isLow
        case .real(let limit):
            let number = Double(number)
            if number == limit { return !end.isOpen }
            return (number > limit) == isLow
        }
    }
}
