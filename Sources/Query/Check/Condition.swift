internal import Records

/// What a filter says, checked: names are fields, constants are of the kind of what they are held against.
indirect enum Condition: Equatable {
    /// Whether a field is there. Two-valued.
    case exists(FieldUse)
    /// Whether a packet came in a layer. Two-valued.
    case layer(String)
    /// A field against constants.
    case test(FieldUse, Test)
    /// Two numbers against each other.
    case compare(NumberTree, FilterExpression.Comparison, NumberTree)
    /// Two whole numbers of fields against each other, exactly.
    case compareWhole(FieldUse, FilterExpression.Comparison, FieldUse)
    /// Two texts or runs of octets against each other.
    case compareTexts(FieldUse, FilterExpression.Comparison, FieldUse)
    /// Two points in time against each other.
    case compareTimes(FieldUse, FilterExpression.Comparison, FieldUse)
    /// Whether a field has another value than in the packet of its kind before.
    case changed(FieldUse)
    case not(Condition)
    case logic(FilterExpression.Logic, Condition, Condition)
    /// Whether a packet for which the condition with a number holds came near enough before or behind.
    case within(Int)
}

/// What of a field is asked.
struct FieldUse: Equatable {
    /// Where the field comes from.
    enum Source: Equatable {
        case header(HeaderField)
        case parameter(ParameterUse)
    }

    /// Which of its values.
    enum Part: Equatable { case value, raw, limit }

    /// Small letters, capitals, or as it is.
    enum Folding: Equatable { case none, lower, upper }

    var source: Source
    var part = Part.value
    /// Runs of its octets that are put together; empty: all.
    var slices: [FilterExpression.Slice] = []
    var folding = Folding.none

    /// What its values are, as far as comparing goes.
    enum Sort: Equatable {
        case number(unit: String)
        case label([String], isBoolean: Bool)
        case text, octets, time, address, limit

        /// The unit of a number; empty for everything else.
        var unit: String { if case .number(let unit) = self { unit } else { "" } }
        /// Whether it has labels.
        var isLabel: Bool { if case .label = self { true } else { false } }
    }

    /// Whether its raw or engineering values are whole numbers.
    var isWhole: Bool {
        switch source {
        case .header(let field): field.kind == .number
        case .parameter(let use):
            use.infos.allSatisfy { info in
                part == .raw
                    ? info.rawKind == .unsigned || info.rawKind == .signed
                    : info.kind == .unsigned || info.kind == .signed
            }
        }
    }

    /// Whether all things that the name means have the same unit.
    var hasOneUnit: Bool {
        let sorts = sorts
        return sorts.allSatisfy { $0.unit == sorts[0].unit }
    }

    /// Whether it is a slice that has no more octets than a number, and says how many.
    var isShortSlice: Bool {
        guard !slices.isEmpty else { return false }
        var octets = 0
        for slice in slices {
            guard let count = slice.count, count <= 8 else { return false }
            octets += count
        }
        return octets <= 8
    }

    /// How it is called, for people.
    var name: String {
        switch source {
        case .header(let field): field.rawValue
        case .parameter(let use): use.typed
        }
    }

    /// The sort of each thing that the name means: all the same, or the name is not clear.
    var sorts: [Sort] {
        switch source {
        case .header(let field):
            if !slices.isEmpty { return [field.kind == .text ? .text : .octets] }
            switch field.kind {
            case .number: return [.number(unit: field.unit)]
            case .time: return [.time]
            case .text: return [.text]
            case .octets: return [.octets]
            case .address: return [.address]
            case .label(let labels): return [.label(labels, isBoolean: false)]
            }
        case .parameter(let use): return use.infos.map(sort)
        }
    }

    private func sort(_ info: ParameterInfo) -> Sort {
        switch part {
        case .limit: return .limit
        case .raw:
            switch info.rawKind {
            case .unsigned, .signed, .float: return .number(unit: "")
            case .bytes: return .octets
            case .text: return .text
            }
        case .value: return Sort(info)
        }
    }
}

extension FieldUse.Sort {
    /// That of a parameter's values.
    init(_ info: ParameterInfo) {
        switch info.kind {
        case .unsigned, .signed, .float: self = .number(unit: info.unit)
        case .enumeration: self = .label(info.labels, isBoolean: false)
        case .boolean: self = .label(info.labels, isBoolean: true)
        case .string, .list: self = .text
        case .binary: self = .octets
        case .time: self = .time
        }
    }
}

/// What a value is held against.
enum Test: Equatable {
    /// Numbers of a unit; without one they are of the field's own.
    case numbers(NumberSet, unit: String)
    /// Points in time, in attoseconds since 1970.
    case times(NumberSet)
    /// Limit states, by their numbers.
    case limits(NumberSet)
    case addresses([AddressRange])
    /// Texts, labels and octets.
    case text(TextTest)
    /// The octets of a slice, read as a number with the most significant octet first.
    case sliceNumbers(NumberSet)

    /// Whether another one can be a part of this one.
    func isSame(as other: Test) -> Bool {
        switch (self, other) {
        case (.numbers(_, let unit), .numbers(_, let same)): unit == same
        case (.times, .times), (.limits, .limits), (.sliceNumbers, .sliceNumbers), (.addresses, .addresses),
            (.text(.oneOf), .text(.oneOf)):
            true
        default: false
        }
    }

    /// What holds where one of several holds, which are the same by ``isSame(as:)``.
    static func joined(_ tests: [Test]) -> Test {
        let set = NumberSet(intervals: tests.flatMap(\.intervals))
        return switch tests[0] {
        case .numbers(_, let unit): .numbers(set, unit: unit)
        case .times: .times(set)
        case .limits: .limits(set)
        case .sliceNumbers: .sliceNumbers(set)
        case .addresses: .addresses(tests.flatMap(\.ranges))
        case .text(.oneOf): .text(.oneOf(tests.flatMap(\.texts)))
        case .text: tests[0]
        }
    }

    private var intervals: [NumberSet.Interval] {
        switch self {
        case .numbers(let set, _), .times(let set), .limits(let set), .sliceNumbers(let set): set.intervals
        case .addresses, .text: []
        }
    }

    private var ranges: [AddressRange] { if case .addresses(let ranges) = self { ranges } else { [] } }

    private var texts: [[UInt8]] { if case .text(.oneOf(let texts)) = self { texts } else { [] } }
}

/// What a text or a run of octets is held against.
enum TextTest: Equatable {
    case oneOf([[UInt8]])
    case contains([UInt8])
    case matches(String)
    case compare(FilterExpression.Comparison, [UInt8])
}

/// A number that is reckoned from a packet.
indirect enum NumberTree: Equatable {
    case constant(Double)
    /// A field's number in a unit; without one in its own.
    case field(FieldUse, unit: String)
    /// The seconds from one time to another.
    case elapsed(FieldUse, since: FieldUse)
    case minus(NumberTree)
    case arithmetic(FilterExpression.Arithmetic, NumberTree, NumberTree)
    /// How much a field grew since the packet of its kind before.
    case delta(FieldUse)
    /// The same for each second.
    case rate(FieldUse)
    /// Octets of a field, or letters of a text.
    case length(FieldUse)
    case absolute(NumberTree)
}

/// What `within` looks for, and at most how many nanoseconds before or behind.
struct Event: Equatable {
    let condition: Condition
    let distance: Int64
}

/// A filter whose names and types are right: it can be bound to a decoder's packet types.
public struct CheckedFilter {
    /// The filter as it was typed.
    public let text: String
    let condition: Condition
    /// The conditions of `within`, by number.
    let events: [Event]
    /// The qualified names of the parameters that it looks at.
    package let parameters: [String]
    /// Whether what it says of a packet depends on other packets.
    package let hasMemory: Bool
    /// Whether it says `within`: packets have to be looked through beforehand.
    package var hasEvents: Bool { !events.isEmpty }
    /// How often it says so.
    package var eventCount: Int { events.count }
    /// How far before and behind a packet it looks, in nanoseconds; nil when one `within` stands inside another.
    package var reach: Int64? {
        events.contains { $0.condition.saysWithin } ? nil : events.map(\.distance).max() ?? 0
    }
}

extension CheckedFilter {
    /// A filter for a span of time and, where there is one, what another filter says; nil for no condition at all.
    ///
    /// - Parameters:
    ///   - from: the first nanosecond since 1970.
    ///   - until: the nanosecond behind the last.
    package static func times(from: Int64?, until: Int64?, and other: CheckedFilter?) -> CheckedFilter? {
        guard from != nil || until != nil else { return other }
        func end(_ nanoseconds: Int64, isOpen: Bool) -> NumberSet.End {
            NumberSet.End(number: .whole(Int128(nanoseconds) * 1_000_000_000), isOpen: isOpen)
        }
        let span = NumberSet(intervals: [
            NumberSet.Interval(
                low: from.map { end($0, isOpen: false) }, high: until.map { end($0, isOpen: true) })
        ])
        let isInside = Condition.test(FieldUse(source: .header(.time)), .times(span))
        guard let other else {
            return CheckedFilter(text: "", condition: isInside, events: [], parameters: [], hasMemory: false)
        }
        return CheckedFilter(
            text: other.text, condition: .logic(.and, isInside, other.condition), events: other.events,
            parameters: other.parameters, hasMemory: other.hasMemory)
    }
}

extension Condition {
    /// Whether `within` stands in it.
    fileprivate var saysWithin: Bool {
        switch self {
        case .within: true
        case .not(let inner): inner.saysWithin
        case .logic(_, let a, let b): a.saysWithin || b.saysWithin
        default: false
        }
    }
}
