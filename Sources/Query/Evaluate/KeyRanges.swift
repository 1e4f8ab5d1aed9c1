internal import Records

/// Sets of numbers as runs of 64-bit keys whose order is that of the numbers, so that every comparison of a field with
/// constants is the same test: is a key in one of some runs.
package struct KeyRanges: Equatable {
    /// How cells become keys.
    package enum Domain: Equatable {
        case unsigned, signed, float
    }

    package let domain: Domain
    /// First and last key of each run; in order, apart from each other.
    package private(set) var runs: [(first: UInt64, last: UInt64)] = []

    package static func == (a: KeyRanges, b: KeyRanges) -> Bool {
        a.domain == b.domain && a.runs.elementsEqual(b.runs) { $0 == $1 }
    }

    /// The cells that hold numbers of a set. `scale`: how much of the set's numbers one of the cell's is.
    package init(_ set: NumberSet, _ domain: Domain, scale: Int128 = 1) {
        self.domain = domain
        let found: [(UInt64, UInt64)] = set.intervals.compactMap { interval in
            domain == .float ? Self.floatRun(interval) : Self.wholeRun(interval, domain, scale)
        }
        for run in found.sorted(by: { $0.0 < $1.0 }) {
            if let last = runs.last, last.last == .max || run.0 <= last.last + 1 {
                runs[runs.count - 1].last = max(last.last, run.1)
            } else {
                runs.append((run.0, run.1))
            }
        }
    }

    /// The cells that are some indexes.
    package init(indexes: [Int]) {
        domain = .unsigned
        for index in indexes.sorted() {
            if let last = runs.last, UInt64(index) <= last.last + 1 {
                runs[runs.count - 1].last = UInt64(index)
            } else {
                runs.append((UInt64(index), UInt64(index)))
            }
        }
    }

    private static func wholeRun(
        _ interval: NumberSet.Interval, _ domain: Domain, _ scale: Int128
    ) -> (UInt64, UInt64)? {
        let least: Int128 = domain == .signed ? Int128(Int64.min) : 0
        let most: Int128 = domain == .signed ? Int128(Int64.max) : Int128(UInt64.max)
        let first = interval.low.map { lowest($0, scale) } ?? least
        let last = interval.high.map { highest($0, scale) } ?? most
        let (low, high) = (max(first, least), min(last, most))
        guard low <= high else { return nil }
        return (UInt64(low - least), UInt64(high - least))
    }

    /// The least whole number that an interval's beginning allows.
    private static func lowest(_ end: NumberSet.End, _ scale: Int128) -> Int128 {
        switch end.number {
        case .whole(let value):
            let quotient = floored(value, scale)
            return quotient * scale == value && !end.isOpen ? quotient : quotient + 1
        case .real(let value):
            let up = value.rounded(.up)
            return clamped(up) + (end.isOpen && up == value ? 1 : 0)
        }
    }

    private static func highest(_ end: NumberSet.End, _ scale: Int128) -> Int128 {
        switch end.number {
        case .whole(let value):
            let quotient = floored(value, scale)
            return quotient * scale == value && end.isOpen ? quotient - 1 : quotient
        case .real(let value):
            let down = value.rounded(.down)
            return clamped(down) - (end.isOpen && down == value ? 1 : 0)
        }
    }

    private static func floored(_ value: Int128, _ scale: Int128) -> Int128 {
        let quotient = value / scale
        return quotient * scale > value ? quotient - 1 : quotient
    }

    private static func clamped(_ value: Double) -> Int128 {
        value >= 1e30 ? Int128(1) << 100 : value <= -1e30 ? -(Int128(1) << 100) : Int128(value)
    }

    private static func floatRun(_ interval: NumberSet.Interval) -> (UInt64, UInt64)? {
        // The two zeros are one number, but two keys. A whole number that no double is lies between two.
        let first = interval.low.map { end in
            let (value, order) = nearest(end.number)
            return key(value == 0 ? (end.isOpen ? 0.0 : -0.0) : value) + (order < 0 || order == 0 && end.isOpen ? 1 : 0)
        }
        let last = interval.high.map { end in
            let (value, order) = nearest(end.number)
            return key(value == 0 ? (end.isOpen ? -0.0 : 0.0) : value) - (order > 0 || order == 0 && end.isOpen ? 1 : 0)
        }
        let (low, high) = (first ?? key(-Double.infinity), last ?? key(Double.infinity))
        return low <= high ? (low, high) : nil
    }

    /// The double next to a number, and how it stands to the number: below 0 it is less.
    private static func nearest(_ number: Number) -> (value: Double, order: Int) {
        let value = number.double
        guard case .whole(let whole) = number else { return (value, 0) }
        // A whole number is less than 2^100, so that its double is one, too.
        let found = Int128(value)
        return (value, found < whole ? -1 : found > whole ? 1 : 0)
    }

    private static func key(_ value: Double) -> UInt64 { key(of: value.bitPattern, .float) }

    /// The key of a cell.
    @inline(__always)
    package static func key(of cell: UInt64, _ domain: Domain) -> UInt64 {
        switch domain {
        case .unsigned: cell
        case .signed: cell ^ 1 &<< 63
        // Negative numbers run backwards as bits.
        case .float: cell ^ (UInt64(bitPattern: Int64(bitPattern: cell) &>> 63) | 1 &<< 63)
        }
    }

    /// Whether a key is in one of the runs.
    @inline(__always)
    package func contains(_ key: UInt64) -> Bool {
        guard runs.count > 8 else {
            for run in runs where key >= run.first { if key <= run.last { return true } }
            return false
        }
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].last < key { low = middle + 1 } else { high = middle }
        }
        return low < runs.count && runs[low].first <= key
    }
}
