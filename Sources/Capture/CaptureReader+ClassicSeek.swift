import Bytes

/// Finding the next record of a classic file after damage.
///
/// Classic records have no mark. A place is taken for the beginning of one when three headers in a row make sense and
/// their times lie close together, or fewer when the last record ends exactly where the input ends.
extension CaptureReader {
    private enum Verdict {
        case found(Int)
        case undecided(Int)
    }

    /// Rejects octets up to the next record. Leaves the reader lost when the input ends before one.
    func seekClassic(_ kind: Classic, _ ledger: inout Ledger) {
        while true {
            switch scan(kind, isEnd: false) {
            case .found(let at):
                rejectLost(at, ledger: &ledger)
                stored.loss = nil
                return
            case .undecided(let at):
                rejectLost(at, ledger: &ledger)
                if input.more() { continue }
                if case .found(let at) = scan(kind, isEnd: true) {
                    rejectLost(at, ledger: &ledger)
                    stored.loss = nil
                }
                return
            }
        }
    }

    /// The first place in reach where records begin, or the first that cannot be judged yet.
    private func scan(_ kind: Classic, isEnd: Bool) -> Verdict {
        let input = input
        let bytes = input.bytes
        let end = bytes.byteCount
        let last = stored.lastSeconds
        var at = 0
        while at <= end - kind.header {
            var place = at
            var known = last
            var count = 0
            while count < 3 {
                if place == end, count > 0, isEnd { return .found(at) }
                if place > end - kind.header {
                    // The input's end may cut the last record.
                    if isEnd { count = place >= end ? 0 : (count >= 2 ? 3 : 0) }
                    if isEnd { break }
                    return .undecided(at)
                }
                guard let (length, seconds) = plausible(bytes, place, kind, near: known) else {
                    count = 0
                    break
                }
                place += kind.header + length
                known = seconds
                count += 1
            }
            if count == 3 { return .found(at) }
            at += 1
        }
        return .undecided(isEnd ? end : min(at, end))
    }

    /// The captured length and the time of a header that makes sense.
    private func plausible(
        _ bytes: RawSpan, _ at: Int, _ kind: Classic, near: UInt32?
    ) -> (length: Int, seconds: UInt32)? {
        let big = kind.isBig
        let fraction = big ? bytes.u32(at: at + 4) : bytes.u32le(at: at + 4)
        guard Int64(fraction) * kind.unit < 1_000_000_000 else { return nil }
        var captured = Int(big ? bytes.u32(at: at + 8) : bytes.u32le(at: at + 8))
        var original = Int(big ? bytes.u32(at: at + 12) : bytes.u32le(at: at + 12))
        if kind.lengths != .standard, kind.lengths == .swappedLengths || captured > original {
            swap(&captured, &original)
        }
        guard captured > 0, captured <= kind.limit, captured <= original, original <= 1 << 24 else { return nil }
        let seconds = big ? bytes.u32(at: at) : bytes.u32le(at: at)
        // A day: captures may pause, but not often just where they are damaged.
        if let near, Int64(seconds) - Int64(near) > 86_400 || Int64(near) - Int64(seconds) > 86_400 { return nil }
        return (captured, seconds)
    }
}
