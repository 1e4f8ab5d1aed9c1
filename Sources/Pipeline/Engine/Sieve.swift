internal import Bytes
internal import Query
internal import Records

/// Leaves packets out of a batch before anything is decoded: those that no filter can choose, by their headers alone.
final class Sieve {
    private let filters: [Filter]
    private let marks = Lane<UInt8>()

    /// A sieve for all filters together; nil chooses every packet.
    init(_ filters: [Filter?]) {
        let areEarly = filters.allSatisfy { $0?.isEarly ?? false }
        self.filters = areEarly ? filters.compactMap { $0 } : []
    }

    /// Leaves packets out, if the filters can tell.
    func sift(_ units: inout Batch<Unit>, _ context: RecordContext) {
        guard !filters.isEmpty else { return }
        marks.resize(to: units.count, filler: 0)
        marks.fill(0)
        for filter in filters { filter.mark(units, context, marks) }
        units.keep(marks)
    }
}

extension Batch {
    /// Keeps the records that are marked with 1.
    fileprivate mutating func keep(_ marks: Lane<UInt8>) {
        var kept = 0
        for index in 0..<count where marks[index] == 1 {
            if kept != index { self[kept] = self[index] }
            kept += 1
        }
        truncate(to: kept)
    }
}
