internal import Bytes

/// What the times of a result are: those of the truth, or those of another epoch or zone, or none.
///
/// Times decide between packets with the same APID and count, so that a clock that counts from another epoch would pair nearly
/// all of them wrongly: it is held against the truth before it decides anything.
struct RowClock {
    /// A time, and what it may be: when the packets that it can be of were made, and when they were sent.
    struct Sample {
        let time: Int64
        let made: [Int64]
        let sent: [Int64]
    }

    private(set) var use = ScoreReport.Clock.Use.exact
    /// Nanoseconds by which the times are ahead of the truth's.
    private(set) var offset: Int64 = 0
    private(set) var near = 0
    private(set) var all = 0

    /// So few say nothing about a constant offset.
    private static let fewest = 8
    /// So many times of packets are looked at.
    private static let most = 1 << 20

    /// Nothing is known: times are taken as they are.
    init() {}

    /// - Parameters:
    ///   - slack: by how much times may be off in any case, as by the delays of links.
    ///   - span: from when to when the packets of the truth were made and sent.
    init(_ samples: [Sample], slack: Int64, span: ClosedRange<Int64>?) {
        all = samples.count
        guard all > 0 else { return }
        near = samples.count { sample in
            (sample.made + sample.sent).contains { Self.distance($0, sample.time) <= slack.magnitude }
        }
        // Nine of ten, since some rows may be of no packet of the truth.
        let enough = all - all / 10
        guard near < enough else { return }
        if all >= Self.fewest {
            let found = [
                Self.offset(samples.map { ($0.time, $0.made) }, slack),
                Self.offset(samples.map { ($0.time, $0.sent) }, slack),
            ].compactMap { $0 }.max { ($0.count, $1.spread) < ($1.count, $0.spread) }
            if let found, found.count >= enough, found.count > near {
                (use, offset, near) = (.shifted, found.offset, found.count)
                return
            }
        }
        guard near < all / 2 + 1 else { return }
        // Some time beside the packets, as that of a file that was written later.
        let room: Int64 = 3_600_000_000_000
        let inside = samples.count { sample in
            guard let span else { return false }
            return sample.time >= span.lowerBound - room && sample.time <= span.upperBound + room
        }
        use = inside >= enough ? .loose : .leftOut
    }

    /// A time of the result as one of the truth; nil where it says nothing.
    func time(_ time: Int64) -> Int64? {
        guard use != .leftOut else { return nil }
        let (corrected, overflows) = time.subtractingReportingOverflow(offset)
        return overflows ? nil : corrected
    }

    /// The offset that most samples have to some packet, give or take the slack. Of several that as many have it is the largest:
    /// that of the earliest packets, with which a result begins.
    private static func offset(
        _ samples: [(time: Int64, packets: [Int64])], _ slack: Int64
    ) -> (offset: Int64, count: Int, spread: Int64)? {
        var differences: [(offset: Int64, sample: Int)] = []
        for (place, sample) in samples.enumerated() where differences.count < Self.most {
            for packet in sample.packets where packet != .min {
                let (difference, overflows) = sample.time.subtractingReportingOverflow(packet)
                if !overflows { differences.append((difference, place)) }
            }
        }
        differences.sort { $0.offset < $1.offset }
        var best: (offset: Int64, count: Int, spread: Int64)?
        var seen = [Int](repeating: 0, count: samples.count)
        var (first, count) = (0, 0)
        for last in differences.indices {
            seen[differences[last].sample] += 1
            if seen[differences[last].sample] == 1 { count += 1 }
            while distance(differences[last].offset, differences[first].offset) > slack.magnitude {
                seen[differences[first].sample] -= 1
                if seen[differences[first].sample] == 0 { count -= 1 }
                first += 1
            }
            guard count >= best?.count ?? 1 else { continue }
            let spread = differences[last].offset - differences[first].offset
            best = (differences[(first + last) / 2].offset, count, spread)
        }
        return best
    }

    /// How far times are apart; an unknown one is as far as can be.
    static func distance(_ a: Int64, _ b: Int64) -> UInt64 {
        guard a != .min else { return .max }
        let (difference, overflows) = a.subtractingReportingOverflow(b)
        return overflows ? .max : difference.magnitude
    }
}
