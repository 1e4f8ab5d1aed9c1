internal import Bytes
internal import Query
internal import Records

/// Packets of a source that cannot be read twice, held back until what comes behind them is known as far as a filter's
/// `within` looks.
final class HeldBack {
    /// Packets of one batch, with their octets.
    final class Piece {
        fileprivate(set) var units = Batch<Unit>(capacity: 1)
        private let octets: ByteBuffer
        /// The earliest and the latest time of a packet; the least there is where none has one.
        let earliest: Int64
        let latest: Int64
        let arrived = SteadyClock.now()

        var size: Int { octets.count }

        fileprivate init(_ batch: borrowing Batch<Unit>) {
            var size = 0
            var (earliest, latest) = (Int64.max, Int64.min)
            for index in 0..<batch.count {
                size += batch[index].extent.count
                let time = batch[index].time
                if time.isKnown { earliest = min(earliest, time.nanoseconds) }
                latest = max(latest, time.nanoseconds)
            }
            self.earliest = earliest == .max ? .min : earliest
            self.latest = latest
            octets = ByteBuffer(capacity: size)
            // All octets first: a buffer that grew would have moved.
            for index in 0..<batch.count { octets.append(batch.bytes(of: batch[index])) }
            var start = 0
            for index in 0..<batch.count {
                var unit = batch[index]
                unit.extent = octets.extent.slice(at: start, count: unit.extent.count)
                start += unit.extent.count
                units.append(unit)
            }
        }

        /// Lends the packets.
        func take(_ body: (inout Batch<Unit>) throws(OutputFile.Failure) -> Void) throws(OutputFile.Failure) {
            var mine = Batch<Unit>(capacity: 1)
            swap(&mine, &units)
            try body(&mine)
        }
    }

    private let distance: Int64
    private let isLive: Bool
    private var pieces: [Piece] = []
    private var first = 0
    private var size = 0
    private var newest = Int64.min
    /// Packets that were let go before their time, since there was no room for more.
    private(set) var early = 0

    /// More octets than that are not held.
    private static let mostOctets = 256 << 20
    /// How much longer than `distance` a silent source is waited for, in nanoseconds: packets travel, too.
    private static let patience: Int64 = 1_000_000_000

    /// - Parameters:
    ///   - distance: how far filters look, in nanoseconds.
    ///   - isLive: whether a silent source is not waited for.
    init(distance: Int64, isLive: Bool) { (self.distance, self.isLive) = (distance, isLive) }

    /// Takes a copy of a batch.
    func hold(_ units: borrowing Batch<Unit>) {
        let piece = Piece(units)
        newest = max(newest, piece.latest)
        size += piece.size
        pieces.append(piece)
    }

    /// The earliest time of the packets that have waited longest; nil when none wait.
    var earliest: Int64? { first < pieces.count ? pieces[first].earliest : nil }

    /// The next packets whose time has come; nil when there are none.
    ///
    /// - Parameter isSettled: whether no flow waits for its verdict, whose packets would be older than those met.
    func next(isEnd: Bool, isSettled: Bool) -> Piece? {
        guard first < pieces.count else { return nil }
        let piece = pieces[first]
        let (due, overflows) = piece.latest.addingReportingOverflow(distance)
        let hasPassed = isSettled && !overflows && due < newest
        let isOld =
            isLive && SteadyClock.now() - piece.arrived > min(distance, Int64.max - Self.patience) + Self.patience
        let isCrowded = size > Self.mostOctets
        guard isEnd || hasPassed || isOld || isCrowded else { return nil }
        if isCrowded, !isEnd, !hasPassed, !isOld { early += piece.units.count }
        size -= piece.size
        first += 1
        // What was let go is forgotten now and then, not each time.
        if first >= 64 {
            pieces.removeFirst(first)
            first = 0
        }
        return piece
    }
}
