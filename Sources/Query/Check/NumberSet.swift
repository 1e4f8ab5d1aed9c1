/// A number that stands in a filter: exact where it is whole.
package enum Number: Equatable {
    case whole(Int128)
    case real(Double)

    /// Whole numbers below are exact: far more than any field holds, and what is reckoned with them has room.
    private static let mostWhole: UInt128 = 1 << 100

    package var double: Double {
        switch self {
        case .whole(let value): Double(value)
        case .real(let value): value
        }
    }

    /// The number that digits write: decimal, or hexadecimal behind 0x; nil beyond what a number can be.
    package init?(_ digits: String) {
        let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
        if let value = isHexadecimal ? Int128(digits.dropFirst(2), radix: 16) : Int128(digits),
            value.magnitude < Self.mostWhole
        {
            self = .whole(value)
        } else if let value = Double(digits), value.isFinite {
            self = .real(value)
        } else {
            return nil
        }
    }

    package var negated: Number {
        switch self {
        case .whole(let value): .whole(-value)
        case .real(let value): .real(-value)
        }
    }
}

/// The numbers that a condition allows: one or more intervals.
package struct NumberSet: Equatable {
    /// Where an interval ends.
    package struct End: Equatable {
        package var number: Number
        /// Whether the number itself is outside.
        package var isOpen: Bool

        /// An end at a number.
        package init(number: Number, isOpen: Bool) { (self.number, self.isOpen) = (number, isOpen) }
    }

    /// From one end to the other; nil: without end.
    package struct Interval: Equatable {
        package var low: End?
        package var high: End?

        /// From one end to another.
        package init(low: End?, high: End?) { (self.low, self.high) = (low, high) }
    }

    package var intervals: [Interval]

    /// One number.
    package static func one(_ number: Number) -> NumberSet { between(number, number) }

    /// All from one number to another.
    package static func between(_ low: Number, _ high: Number) -> NumberSet {
        NumberSet(intervals: [Interval(low: End(number: low, isOpen: false), high: End(number: high, isOpen: false))])
    }

    /// All that stand so to a number.
    package init(_ comparison: FilterExpression.Comparison, _ number: Number) {
        switch comparison {
        case .less: intervals = [Interval(low: nil, high: End(number: number, isOpen: true))]
        case .atMost: intervals = [Interval(low: nil, high: End(number: number, isOpen: false))]
        case .greater: intervals = [Interval(low: End(number: number, isOpen: true), high: nil)]
        case .atLeast: intervals = [Interval(low: End(number: number, isOpen: false), high: nil)]
        default: self = .one(number)
        }
    }

    package init(intervals: [Interval]) { self.intervals = intervals }
}
