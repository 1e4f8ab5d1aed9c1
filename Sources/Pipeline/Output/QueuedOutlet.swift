internal import Bytes

/// What a route does when its sink is slow, and when it fails.
public struct OutletPolicy: Sendable, Equatable {
    /// When a sink takes less than there is.
    public enum WhenSlow: String, Sendable, CaseIterable {
        /// The source is held back.
        case hold
        /// What finds no room is dropped and counted.
        case drop
    }

    /// When a sink cannot be written.
    public enum WhenFailing: String, Sendable, CaseIterable {
        /// Everything ends.
        case stop
        /// The same octets are tried again, after longer and longer pauses.
        case retry
        /// The other routes go on without it.
        case goOn = "continue"
    }

    /// When a sink takes less than there is.
    public var whenSlow = WhenSlow.hold
    /// When a sink cannot be written.
    public var whenFailing = WhenFailing.stop
    /// Octets that may wait.
    public var queue = 64 << 20

    /// Holds the source back, and stops.
    public init() {}
}

/// What became of the records of an outlet.
public struct OutletTally: Sendable, Equatable {
    /// Records that were written.
    public var written = 0
    /// Octets that were written.
    public var octets = 0
    /// Records that found no room in the queue.
    public var dropped = 0
    /// Records that were lost since the sink failed.
    public var lost = 0
    /// How often writing was tried again.
    public var retries = 0
    /// The last failure's words.
    public var failure: String?
}

/// An outlet that a thread of its own writes, so that a slow one does not hold others back until its queue is full.
final class QueuedOutlet: Outlet {
    private let shared: Shared

    var name: String { shared.name }
    var isTerminal: Bool { false }
    var tally: OutletTally { shared.monitor.sync { shared.tally } }

    init(_ outlet: any Outlet, _ policy: OutletPolicy) {
        shared = Shared(outlet, policy)
        let shared = self.shared
        let isStarted = DetachedThread.start(stackSize: 1 << 19) { shared.work() }
        if !isStarted { shared.writesAtOnce = true }
    }

    func write(_ octets: RawSpan, _ cut: Cut) throws(OutputFile.Failure) {
        guard octets.byteCount > 0 || cut.count > 0 else { return }
        try shared.put(Chunk(octets: octets.copied(), cut: cut))
    }

    func reopen() {}

    /// Waits until everything is written, or given up.
    func close() throws(OutputFile.Failure) { try shared.end() }

    private struct Chunk {
        let octets: [UInt8]
        let cut: Cut
    }

    /// What both threads see.
    ///
    /// What makes it sendable: everything that changes is touched under `monitor`, but for the outlet, which only the
    /// writing thread uses until it has ended.
    private final class Shared: @unchecked Sendable {
        let monitor = Monitor()
        let name: String
        private let outlet: any Outlet
        private let policy: OutletPolicy
        private var queue: [Chunk] = []
        private var waiting = 0
        private var isEnding = false
        private var hasEnded = false
        private var failure: OutputFile.Failure?
        var tally = OutletTally()
        var writesAtOnce = false

        /// Pauses between attempts, in milliseconds: doubled up to the last.
        private static let pauses = (first: 100, last: 5_000)
        /// Attempts at the end, when nobody wants to wait any longer.
        private static let lastAttempts = 5

        init(_ outlet: any Outlet, _ policy: OutletPolicy) {
            self.outlet = outlet
            self.policy = policy
            name = outlet.name
        }

        func put(_ chunk: Chunk) throws(OutputFile.Failure) {
            if writesAtOnce { return write(chunk) }
            try monitor.sync { () throws(OutputFile.Failure) in
                while true {
                    if let failure {
                        tally.lost += chunk.cut.count
                        if policy.whenFailing == .goOn { return }
                        throw failure
                    }
                    // A piece that is larger than the queue goes in alone, and without a head nothing else can be read.
                    if waiting == 0 || waiting + chunk.octets.count <= policy.queue { break }
                    if policy.whenSlow == .drop, chunk.cut.count == 0 { break }
                    if policy.whenSlow == .drop {
                        tally.dropped += chunk.cut.count
                        return
                    }
                    monitor.wait(1_000)
                }
                queue.append(chunk)
                waiting += chunk.octets.count
            }
        }

        func work() {
            while true {
                switch next() {
                case .chunk(let chunk):
                    write(chunk)
                    monitor.sync { waiting -= chunk.octets.count }
                case .silence: write(nil)
                case .end: return monitor.sync { hasEnded = true }
                }
            }
        }

        private enum Next {
            case chunk(Chunk)
            /// Nothing came for a second.
            case silence
            case end
        }

        private func next() -> Next {
            monitor.sync {
                let end = Self.now() + 1_000
                while queue.isEmpty, !isEnding {
                    let rest = end - Self.now()
                    if rest <= 0 { return .silence }
                    monitor.wait(rest)
                }
                return queue.isEmpty ? .end : .chunk(queue.removeFirst())
            }
        }

        /// Writes a chunk, or without one what the outlet keeps, as often as that takes.
        private func write(_ chunk: Chunk?) {
            let count = chunk?.cut.count ?? 0
            var pause = Self.pauses.first
            var attemptsAtEnd = 0
            while true {
                if monitor.sync({ failure != nil }) {
                    monitor.sync { tally.lost += count }
                    return
                }
                do {
                    guard let chunk else { return try outlet.flush() }
                    try outlet.write(chunk.octets.octets, chunk.cut)
                    monitor.sync {
                        tally.written += count
                        tally.octets += chunk.octets.count
                    }
                    return
                } catch {
                    let (isLast, ending) = monitor.sync {
                        tally.failure = error.description
                        // Who wants to end waits in `put` as long as the queue is full.
                        let ending = isEnding || Interruption.isAsked
                        let gives = ending && attemptsAtEnd >= Self.lastAttempts
                        if policy.whenFailing != .retry || gives { failure = error }
                        return (failure != nil, ending)
                    }
                    if isLast { continue }
                    if ending { attemptsAtEnd += 1 }
                    monitor.sync {
                        tally.retries += 1
                        // A record that comes in wakes this thread, too.
                        let end = Self.now() + pause
                        while Self.now() < end, ending || !isEnding && !Interruption.isAsked {
                            monitor.wait(max(1, min(250, end - Self.now())))
                        }
                    }
                    pause = min(pause * 2, ending ? 1_000 : Self.pauses.last)
                    // What cannot be opened fails at the next attempt to write.
                    try? outlet.reopen()
                }
            }
        }

        /// Milliseconds.
        private static func now() -> Int { Int(SteadyClock.now() / 1_000_000) }

        func end() throws(OutputFile.Failure) {
            monitor.sync { isEnding = true }
            monitor.sync {
                while !hasEnded, !writesAtOnce { monitor.wait(1_000) }
            }
            do { try outlet.close() } catch {
                if failure == nil { failure = error }
                tally.failure = error.description
            }
            if let failure, policy.whenFailing == .stop { throw failure }
        }
    }
}
