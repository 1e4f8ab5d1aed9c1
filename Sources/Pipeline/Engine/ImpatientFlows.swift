internal import CCSDS

/// The flows of a live source that wait for their verdict, and when each is to be judged.
///
/// Each is looked at when it has waited a second, then two, four and so on: someone who watches sees the first packets
/// soon, and what cannot be told yet costs little.
struct ImpatientFlows {
    private struct Entry {
        let flow: Int
        let begun: Int64
        var due: Int64
    }

    /// Nanoseconds that a flow waits at first.
    private static let patience: Int64 = 1_000_000_000
    /// Nanoseconds between two looks at all of them.
    private static let interval: Int64 = 100_000_000
    /// Frames that tell a layout, and the age from which on fewer have to do.
    private static let enough = (frames: 8, age: 16 * patience)

    private var entries: [Entry] = []
    private var nextLook: Int64 = .min

    /// A flow begins to wait.
    mutating func begin(_ flow: Int, at now: Int64) {
        entries.append(Entry(flow: flow, begun: now, due: now + Self.patience))
    }

    /// The flows that are to be judged now, and how long they have waited; they are no longer waiting.
    mutating func overdue(at now: Int64) -> [(flow: Int, age: Int64)] {
        guard now >= nextLook else { return [] }
        nextLook = now + Self.interval
        guard entries.contains(where: { $0.due <= now }) else { return [] }
        let due = entries.filter { $0.due <= now }
        entries.removeAll { $0.due <= now }
        return due.map { ($0.flow, now - $0.begun) }
    }

    /// A flow waits on, for as long as it has waited.
    mutating func wait(_ flow: Int, at now: Int64, age: Int64) {
        entries.append(Entry(flow: flow, begun: now - age, due: now + age))
    }

    /// Whether a sample is enough for what it is taken for. A verdict comes with a layout: that of packets one behind the
    /// other is told by one of them, the fields around frames and packets only by several.
    static func isEnough(_ sample: Sample, for verdict: Verdict, age: Int64) -> Bool {
        if verdict.isTold || age >= enough.age { return true }
        if verdict.wantsMore { return false }
        return switch verdict.carrying {
        case .frames(let layout): sample.count >= enough.frames * (layout.marker.count + layout.length)
        case .packets(let skip): skip == 0 || sample.isStream || sample.pieces.count >= enough.frames
        case .messages, .unknown: true
        }
    }
}
