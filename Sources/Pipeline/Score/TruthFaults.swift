/// The faults of a truth: which copies of frames, or captured packets, were hit by what, each counted once.
struct TruthFaults {
    /// What befell a copy.
    private struct Hits: OptionSet {
        let rawValue: UInt8
        static let lost = Hits(rawValue: 1)
        static let broken = Hits(rawValue: 2)
        static let doubled = Hits(rawValue: 4)
        static let late = Hits(rawValue: 8)
    }

    /// By what tells a copy from all others.
    private var copies: [Int: Hits] = [:]
    /// Frames of which a copy was lost or broken.
    private var frames: Set<Int> = []
    /// Captured packets that were lost or broken, by what flow they are of; to look for a range.
    private(set) var captured: [String: [Int]] = [:]
    /// Records of faults.
    private(set) var records = 0

    /// Takes a record.
    mutating func take(_ record: JSONText) {
        records += 1
        var hasher = Hasher()
        for name in [
            "source", "round", "packet", "target", "interface", "flow", "spacecraft", "channel", "frame", "time",
        ] {
            switch record[name] {
            case .text(let text)?: hasher.combine(text)
            case .number(let digits)?: hasher.combine(digits)
            default: hasher.combine(0)
            }
        }
        let hit: Hits =
            switch record["kind"]?.text {
            case "loss": .lost
            case "bit-error", "truncate": .broken
            // Of segments that come twice who reads the stream gets one.
            case "duplicate" where record["of"]?.text != "segments": .doubled
            case "reorder": .late
            default: []
            }
        copies[hasher.finalize(), default: []].formUnion(hit)
        guard hit == .lost || hit == .broken else { return }
        if let frame = record["frame"].flatMap(ScoreNumber.init)?.integer,
            let channel = record["channel"].flatMap(ScoreNumber.init)?.integer
        {
            frames.insert(Self.frame(record["spacecraft"]?.text ?? "", channel, frame))
        } else if let packet = record["packet"].flatMap(ScoreNumber.init)?.integer {
            captured[record["flow"]?.text ?? "", default: []].append(packet)
        }
    }

    /// Makes ready for questions.
    mutating func settle() { for flow in captured.keys { captured[flow]?.sort() } }

    private static func frame(_ spacecraft: String, _ channel: Int, _ frame: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(spacecraft)
        hasher.combine(channel)
        hasher.combine(frame)
        return hasher.finalize()
    }

    /// Whether any copy was lost or broken of the frames `first` to `last` of a channel, whose count may have begun anew in
    /// between.
    func hit(_ spacecraft: String, _ channel: Int, _ first: Int, _ last: Int) -> Bool {
        guard 0..<1 << 32 ~= first, 0..<1 << 32 ~= last else { return false }
        let round = last >= first ? 0 : first < 256 ? 256 : 1 << 24
        guard last + round - first < 1 << 16 else { return false }
        return (first...last + round).contains {
            frames.contains(Self.frame(spacecraft, channel, round == 0 ? $0 : $0 % round))
        }
    }

    /// Whether one of the captured packets `first` to `last` of a flow was lost or broken.
    func hit(flow: String, _ first: Int, _ last: Int) -> Bool {
        guard let packets = captured[flow] else { return false }
        var (low, high) = (0, packets.count)
        while low < high {
            let middle = (low + high) / 2
            if packets[middle] < first { low = middle + 1 } else { high = middle }
        }
        return low < packets.count && packets[low] <= last
    }

    /// What arrives of all that was hit.
    struct Counts {
        /// Copies that arrived with wrong bits or cut, doubled ones twice.
        var broken = 0
        /// Copies that did not arrive whole.
        var missing = 0
        /// Whole ones that arrived once more.
        var doubled = 0
        /// Those that others passed.
        var late = 0
    }

    /// Counts what arrives.
    var counts: Counts {
        var counts = Counts()
        for hits in copies.values {
            if hits.contains(.lost) || hits.contains(.broken) { counts.missing += 1 }
            guard !hits.contains(.lost) else { continue }
            if hits.contains(.broken) {
                counts.broken += hits.contains(.doubled) ? 2 : 1
            } else {
                if hits.contains(.doubled) { counts.doubled += 1 }
                if hits.contains(.late) { counts.late += 1 }
            }
        }
        return counts
    }
}
