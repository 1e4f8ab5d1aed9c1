internal import Bytes
internal import Query
internal import Records

/// Says which packets of each batch go on to a sink: those that a filter chooses, or all; idle packets never do.
final class Chooser {
    private let filter: Filter?
    private var lanes: [Lane<Int32>] = [Lane()]
    private var used = 1

    init(_ filter: Filter? = nil) { self.filter = filter }

    /// For the last batch, or for each of its parts, the indexes of the packets that are chosen.
    var chosen: [Lane<Int32>] { used == lanes.count ? lanes : Array(lanes.prefix(used)) }

    /// How many packets of the last batch are chosen.
    var count: Int { chosen.reduce(0) { $0 + $1.count } }

    /// Chooses from a batch.
    func choose(_ units: borrowing Batch<Unit>, _ decoded: DecodedUnits, _ context: RecordContext) {
        used = 0
        decoded.forEach(units) { units, decoded in
            if used == lanes.count { lanes.append(Lane()) }
            choose(units, decoded, context, into: lanes[used])
            used += 1
        }
    }

    /// The chosen packets of all parts of the last batch, by their places in the whole of it.
    func gather(_ decoded: DecodedUnits, into whole: Lane<Int32>) {
        whole.removeAll()
        var start: Int32 = 0
        for (index, chosen) in chosen.enumerated() {
            for place in 0..<chosen.count { whole.append(start + chosen[place]) }
            if case .parts(let parts) = decoded { start += Int32(parts[index].units.count) }
        }
    }

    private func choose(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ context: RecordContext, into chosen: Lane<Int32>
    ) {
        if let filter { return filter.choose(units, decoded, context, into: chosen) }
        Self.chooseAll(units, into: chosen)
    }

    /// Chooses what is not idle.
    static func chooseAll(_ units: borrowing Batch<Unit>, into chosen: Lane<Int32>) {
        chosen.removeAll()
        let records = units.records
        for index in records.indices where !records[index].marks.contains(.idle) {
            chosen.append(Int32(truncatingIfNeeded: index))
        }
    }
}
