internal import Bytes
internal import Records

/// A part of a batch, and what it decoded to.
final class DecodedPart {
    private(set) var units = Batch<Unit>(capacity: 1)
    let decoded = DecodedBatch()
    var ledger = Ledger()

    /// Becomes a part of a batch.
    func copy(_ whole: borrowing Batch<Unit>, _ range: Range<Int>) {
        units.removeAll()
        units.append(whole.records.extracting(range))
        ledger = Ledger()
    }

    /// The octets of its packets and messages together.
    var octets: Int { units.octets }
}

/// What became of a batch.
enum DecodedUnits {
    /// The batch as it stands.
    case whole(DecodedBatch)
    /// Parts of it, in order.
    case parts([DecodedPart])

    /// Goes through all of the batch, which is `units`, in order.
    func forEach<Failure: Error>(
        _ units: borrowing Batch<Unit>, _ body: (borrowing Batch<Unit>, DecodedBatch) throws(Failure) -> Void
    ) throws(Failure) {
        switch self {
        case .whole(let decoded): try body(units, decoded)
        case .parts(let parts): for part in parts { try body(part.units, part.decoded) }
        }
    }

    /// What a part became; a batch as it stands is one part.
    func part(_ number: Int) -> DecodedBatch {
        switch self {
        case .whole(let decoded): decoded
        case .parts(let parts): parts[number].decoded
        }
    }
}
