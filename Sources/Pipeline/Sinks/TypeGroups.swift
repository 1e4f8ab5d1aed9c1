internal import Bytes
internal import Records

/// The packets of a batch that are to be written, type by type: for sinks that have a place of its own for each type.
final class TypeGroups {
    private let order = Lane<Int32>()
    /// For each type, and in front of them for packets without one, where its packets begin.
    private let starts = Lane<Int32>()

    /// Sorts the chosen packets of a batch by their types; those of one type stay in their order.
    func fill(_ chosen: Span<Int32>, _ decoded: DecodedBatch, types: Int) {
        starts.resize(to: types + 2, filler: 0)
        starts.fill(0)
        order.resize(to: chosen.count, filler: 0)
        let indexes = decoded.types
        for index in chosen.indices { starts[Int(indexes[Int(chosen[index])]) + 2] += 1 }
        for type in 1..<types + 2 { starts[type] += starts[type - 1] }
        // The start of each type moves to its end, which is the start of the next.
        for index in chosen.indices {
            let unit = chosen[index]
            let slot = Int(indexes[Int(unit)]) + 1
            order[Int(starts[slot])] = unit
            starts[slot] += 1
        }
    }

    /// How many packets of the batch are of types that are not left out.
    func count(_ decoded: DecodedBatch, skips: [Bool], skipsUntyped: Bool) -> Int {
        var count = skipsUntyped ? 0 : units(ofType: -1).count
        for type in decoded.typesPresent where !skips[type] { count += units(ofType: type).count }
        return count
    }

    /// Which packets of the batch are of a type; -1: of none.
    @_lifetime(borrow self)
    func units(ofType type: Int) -> Span<Int32> {
        let first = type < 0 ? 0 : Int(starts[type])
        return unsafe order.span(keptBy: self).extracting(first..<Int(starts[type + 1]))
    }
}
