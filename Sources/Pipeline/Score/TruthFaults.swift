internal import Bytes

/// The faults of a truth: which copies of frames, or captured packets, were hit by what, each counted once.
struct TruthFaults {
    /// What befell a copy.
    private struct Hits: OptionSet {
        let rawValue: UInt8
        static let lost = Hits(rawValue: 1)
        static let broken = Hits(rawValue: 2)
        static let doubled = Hits(rawValue: 4)
        static let moved = Hits(rawValue: 8)
        /// A later frame of its channel came in front of it.
        static let late = Hits(rawValue: 16)
        /// Its error control field is right although bits of it are wrong.
        static let overlooked = Hits(rawValue: 32)
    }

    /// A copy: what befell it, and its number in its channel.
    private struct Copy {
        var hits: Hits = []
        let channel: Int
        let number: Int?
    }

    /// By what tells a copy from all others.
    private var copies: [Int: Copy] = [:]
    /// The channels, on each interface, of which frames arrived whole.
    private var channels: [Int: TruthChannel] = [:]
    /// Frames of which a copy was lost or broken, by their counts and by their numbers; and those that nobody can see to be.
    private var frames: Set<Int> = []
    private var overlooked: Set<Int> = []
    /// Captured packets that were lost or broken, by what flow they are of; to look for a range.
    private var captured: [String: [Int]] = [:]

    /// The longest time by which a packet was late, in nanoseconds.
    private(set) var longestDelay: Int64 = 0

    /// What tells copies apart.
    private static let members = [
        "source", "source_index", "round", "packet", "target", "interface", "flow", "spacecraft", "channel", "frame",
        "number", "time",
    ]
    private static let channelMembers = ["interface", "spacecraft", "channel"]

    private static func key(_ record: ValueTape, _ names: [String]) -> Int {
        var hasher = Hasher()
        for name in names {
            let place = record.member(name)
            hasher.combine(place == nil)
            if let place { record.octets(at: place).hash(into: &hasher) }
        }
        return hasher.finalize()
    }

    /// Takes the record of a fault.
    mutating func take(_ record: ValueTape) {
        func integer(_ name: String) -> Int? { ScoreNumber.integer(record, record.member(name)) }
        takeDelay(record)
        var hits: Hits =
            switch record.text(at: record.member("kind")) {
            case "loss": .lost
            case "bit-error", "truncate": .broken
            // Of segments that come twice who reads the stream gets one.
            case "duplicate" where record.text(at: record.member("of")) != "segments": .doubled
            case "reorder": .moved
            default: []
            }
        func holds(_ name: String) -> Bool { record.member(name).map { record.holds("true", at: $0) } ?? false }
        if holds("late") { hits.insert(.late) }
        if holds("undetected"), hits.contains(.broken) { hits.insert(.overlooked) }
        guard !hits.isEmpty else { return }
        let copy = Copy(channel: Self.key(record, Self.channelMembers), number: integer("number"))
        copies[Self.key(record, Self.members), default: copy].hits.formUnion(hits)
        guard !hits.isDisjoint(with: [.lost, .broken]) else { return }
        if let frame = integer("frame"), let channel = integer("channel") {
            let spacecraft = record.text(at: record.member("spacecraft")) ?? ""
            frames.insert(Self.frame(spacecraft, channel, frame, isCount: true))
            if let number = copy.number {
                let frame = Self.frame(spacecraft, channel, number, isCount: false)
                frames.insert(frame)
                if hits.contains(.overlooked) { overlooked.insert(frame) }
            }
        } else if let packet = integer("packet") {
            captured[record.text(at: record.member("flow")) ?? "", default: []].append(packet)
        }
    }

    private mutating func takeDelay(_ record: ValueTape) {
        var delay = record.member("delay_ns").flatMap { ScoreNumber.integer(record, $0) }.map(Int64.init) ?? 0
        if let moved = ResultTime.nanoseconds(record, record.member("moved_to")),
            let time = ResultTime.nanoseconds(record, record.member("time"))
        {
            delay = max(delay, moved.subtractingReportingOverflow(time).partialValue)
        }
        // More than a day is no delay that pairs could be made by.
        longestDelay = max(longestDelay, min(delay, 86_400_000_000_000))
    }

    /// Takes the record of a channel.
    mutating func take(channel record: ValueTape) {
        guard let channel = TruthChannel(record) else { return }
        let key = Self.key(record, Self.channelMembers)
        if channels[key]?.add(channel) == nil { channels[key] = channel }
    }

    /// Makes ready for questions.
    mutating func settle() { for flow in captured.keys { captured[flow]?.sort() } }

    // MARK: - What explains that a packet is missing

    private static func frame(_ spacecraft: String, _ channel: Int, _ frame: Int, isCount: Bool) -> Int {
        var hasher = Hasher()
        hasher.combine(spacecraft)
        hasher.combine(channel)
        hasher.combine(frame)
        hasher.combine(isCount)
        return hasher.finalize()
    }

    /// Whether any copy was lost or broken of the frames with the numbers `first` to `last` of a channel.
    func hit(_ spacecraft: String, _ channel: Int, numbers first: Int, _ last: Int) -> Bool {
        guard 0..<1 << 48 ~= first, first..<first + 1 << 16 ~= last else { return false }
        return (first...last).contains { frames.contains(Self.frame(spacecraft, channel, $0, isCount: false)) }
    }

    /// Whether a copy of one of them was broken so that nobody can see it.
    func hidesDamage(_ spacecraft: String, _ channel: Int, numbers first: Int, _ last: Int) -> Bool {
        guard !overlooked.isEmpty, first <= last, last - first < 1 << 16 else { return false }
        return (first...last).contains { overlooked.contains(Self.frame(spacecraft, channel, $0, isCount: false)) }
    }

    /// The same by their counts, which may have begun anew in between.
    func hit(_ spacecraft: String, _ channel: Int, counts first: Int, _ last: Int) -> Bool {
        guard 0..<1 << 32 ~= first, 0..<1 << 32 ~= last else { return false }
        let round = last >= first ? 0 : first < 256 ? 256 : 1 << 24
        guard last + round - first < 1 << 16 else { return false }
        return (first...last + round).contains {
            frames.contains(Self.frame(spacecraft, channel, round == 0 ? $0 : $0 % round, isCount: true))
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

    // MARK: - What a ledger should say

    /// Counts what arrives of all that was hit, and what of it counts can tell.
    func counts() -> FaultTally {
        var (tally, channels) = (FaultTally(knowsArrivals: !channels.isEmpty), channels)
        for copy in copies.values {
            let isDoubled = copy.hits.contains(.doubled)
            let isLost = copy.hits.contains(.lost)
            if copy.hits.contains(.broken), !isLost { tally.broken += isDoubled ? 2 : 1 }
            if copy.hits.contains(.overlooked), !isLost {
                tally.missing += 1
                tally.overlookedFrames += 1
                tally.overlooked += isDoubled ? 2 : 1
                if isDoubled { tally.overlookedDoubles += 1 }
                if copy.hits.contains(.late) { take(late: copy, &tally, &channels) }
                continue
            }
            if !copy.hits.isDisjoint(with: [.lost, .broken]) {
                tally.missing += 1
                if let number = copy.number { channels[copy.channel]?.absent.append(number) }
                if channels[copy.channel] == nil { tally.outside += 1 }
                continue
            }
            if isDoubled { tally.doubled += 1 }
            if copy.hits.contains(.moved) { tally.moved += 1 }
            if copy.hits.contains(.late) { take(late: copy, &tally, &channels) }
        }
        for channel in channels.values { channel.count(&tally) }
        return tally
    }

    private func take(late copy: Copy, _ tally: inout FaultTally, _ channels: inout [Int: TruthChannel]) {
        tally.late += 1
        if let number = copy.number { channels[copy.channel]?.passed.append(number) }
    }
}
