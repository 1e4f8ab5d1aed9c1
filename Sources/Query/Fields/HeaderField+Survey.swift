package import Bytes
package import Records

/// What numbers a field has over many packets.
package struct NumberSurvey: Sendable {
    /// How many packets have it.
    package var count = 0
    /// The lowest and the highest one; meaningless where there is none.
    package var least = Int64.max
    package var greatest = Int64.min

    /// Of no packets.
    package init() {}
}

extension HeaderField {
    /// The fields that each packet has by itself; the others are its origin's or its type's.
    package static let ofUnits = allCases.filter(\.isOfUnit)

    /// Enters the numbers that some packets of a batch have of a field of ``ofUnits``.
    package func survey(_ units: borrowing Batch<Unit>, _ chosen: Span<Int32>, into survey: inout NumberSurvey) {
        var (count, least, greatest) = (0, survey.least, survey.greatest)
        let records = units.records
        for index in chosen.indices {
            guard let number = Self.number(self, records[Int(chosen[index])]) else { continue }
            count &+= 1
            least = min(least, number)
            greatest = max(greatest, number)
        }
        survey.count += count
        (survey.least, survey.greatest) = (least, greatest)
    }
}
