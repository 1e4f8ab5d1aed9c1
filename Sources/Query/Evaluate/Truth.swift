internal import Bytes
internal import Records

/// What a condition says of a packet. Two bits, so that a run of truths is put together without a branch: the low one
/// says that it holds, the high one that it does not; neither: unknown, since a value is not there.
enum Truth {
    static let unknown: UInt8 = 0
    static let holds: UInt8 = 1
    static let fails: UInt8 = 2

    @inline(__always)
    static func of(_ condition: Bool) -> UInt8 { condition ? holds : fails }

    @inline(__always)
    static func not(_ a: UInt8) -> UInt8 { (a &<< 1 | a &>> 1) & 3 }

    /// Kleene's and: what fails on either side fails, what holds on both holds.
    @inline(__always)
    static func and(_ a: UInt8, _ b: UInt8) -> UInt8 { (a & b & holds) | ((a | b) & fails) }

    @inline(__always)
    static func or(_ a: UInt8, _ b: UInt8) -> UInt8 { ((a | b) & holds) | (a & b & fails) }

    @inline(__always)
    static func xor(_ a: UInt8, _ b: UInt8) -> UInt8 {
        guard a != unknown, b != unknown else { return unknown }
        return of(a != b)
    }
}

/// The packets that a filter looks at together: those of one type, or those without any.
final class Scope {
    /// The table of the type; nil for packets without a type, and before anything is decoded.
    var table: DecodedTable?
    /// For each row the index of its packet in the batch; nil where rows are the packets themselves.
    var rows: Lane<Int32>?
    /// How many rows.
    var count = 0
    /// The origins met so far.
    var origins: [Origin] = []
    /// For each packet of the batch the index of its origin, where anything asks for it.
    let originOfUnit = Lane<Int32>()
    /// For each condition of `within` when packets came for which it holds, sorted, as spans of time.
    var events: [EventTimes] = []

    @inline(__always)
    func unit(_ row: Int) -> Int { rows.map { Int($0[row]) } ?? row }

    /// Rows of a table, or of the batch.
    func look(at table: DecodedTable?, _ rows: Lane<Int32>?, count: Int) {
        self.table = table
        self.rows = rows
        self.count = count
    }
}

/// When something happened, as spans of time that do not touch, in order.
package struct EventTimes: Sendable {
    /// First and last nanosecond of each span.
    package private(set) var spans: [(first: Int64, last: Int64)] = []

    /// Nothing happened.
    package init() {}

    /// Adds a moment and what is so near around it.
    package mutating func add(_ time: Int64, within distance: Int64) {
        let span = (first: time.subtracting(distance), last: time.adding(distance))
        if let last = spans.last, span.first >= last.first, span.first <= last.last {
            spans[spans.count - 1].last = max(last.last, span.last)
        } else {
            spans.append(span)
        }
    }

    /// Puts the spans in order and joins those that touch.
    package mutating func settle() {
        let sorted = spans.sorted { $0.first < $1.first }
        spans.removeAll(keepingCapacity: true)
        for span in sorted {
            if let last = spans.last, span.first <= last.last {
                spans[spans.count - 1].last = max(last.last, span.last)
            } else {
                spans.append(span)
            }
        }
    }

    /// Forgets the spans that ended before a time.
    package mutating func forget(before time: Int64) { spans.removeAll { $0.last < time } }

    /// Whether a moment is in one of them.
    package func contains(_ time: Int64) -> Bool {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].last < time { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].first <= time
    }
}

extension Int64 {
    fileprivate func adding(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
    fileprivate func subtracting(_ other: Int64) -> Int64 {
        let (difference, overflows) = subtractingReportingOverflow(other)
        return overflows ? .min + 1 : difference
    }
}
