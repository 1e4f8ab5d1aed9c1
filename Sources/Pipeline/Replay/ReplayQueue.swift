internal import Bytes

/// Batches on their way from the thread that reads to the one that keeps time, which so never waits for a disk; and turns
/// on their way back.
final class ReplayQueue: @unchecked Sendable {
    // Sendable: what it holds is touched under the monitor alone, and a batch belongs to one thread at a time.
    private let monitor = Monitor()
    /// Whether somebody takes note of what was sent.
    private let keepsDone: Bool
    private var full: [ReplayBatch] = []
    private var spare: [ReplayBatch]
    private var done: [ReplayBatch] = []
    private var turn: ReplayTurn?
    private var told = ReplayFeed.Findings()
    private var isOver = false
    private var isStopped = false
    private var hasEnded = false
    /// Of what is made while it is sent: up to which time it may be, nil as long as nobody knows, and the number of the packet up to
    /// which nothing is on its way to the thread that keeps time.
    private var horizon: Int64?
    private var passed: UInt64 = 0

    /// - Parameter batches: how many there are: so far the reading goes ahead.
    init(keepsDone: Bool, batches: Int = 16) {
        self.keepsDone = keepsDone
        spare = (0..<batches).map { _ in ReplayBatch() }
    }

    /// What the thread that keeps time finds.
    enum Found {
        case batch(ReplayBatch)
        /// Nothing yet.
        case nothing
        /// There will be nothing more, unless the reading is turned.
        case over
    }

    // The thread that reads.

    /// An empty batch, for which it waits; nil when the reading is not to go on here.
    ///
    /// - Parameter settle: takes note of batches that came back, in the order in which they were sent.
    func empty(settle: (ReplayBatch) -> Void = { _ in }) -> ReplayBatch? {
        while true {
            let found: (batch: ReplayBatch, isDone: Bool)? = monitor.sync {
                while spare.isEmpty, done.isEmpty, !isStopped, turn == nil { monitor.wait(1_000) }
                if isStopped || turn != nil { return nil }
                return done.isEmpty ? spare.popLast().map { ($0, false) } : (done.removeFirst(), true)
            }
            guard let found else { return nil }
            guard found.isDone else { return found.batch }
            settle(found.batch)
            found.batch.removeAll()
            monitor.sync { spare.append(found.batch) }
        }
    }

    /// Waits until more is to be made, of which all up to a time is there.
    ///
    /// - Parameter number: of the packet up to which all was handed on, or left out.
    func awaitWish(for reached: Int64, passed number: UInt64) {
        monitor.sync {
            passed = number
            while !isStopped, turn == nil, !(horizon.map { reached <= $0 } ?? full.isEmpty) { monitor.wait(1_000) }
        }
    }

    /// A batch that came back and that nobody took note of yet, when all has ended.
    func takeDone() -> ReplayBatch? { monitor.sync { done.isEmpty ? nil : done.removeFirst() } }

    /// Whether the reading is not to go on here.
    var isTurned: Bool { monitor.sync { isStopped || turn != nil } }

    /// Whether there is no other place where the reading goes on.
    var isStopping: Bool { monitor.sync { isStopped } }

    /// Hands a batch on, which nobody wants any more where the reading was turned.
    func put(_ batch: ReplayBatch) {
        monitor.sync {
            guard isStopped || turn != nil else { return full.append(batch) }
            batch.removeAll()
            spare.append(batch)
        }
    }

    /// Nothing more comes from here; where the reading is to go on, for which it waits; nil at the end of it all.
    func rest() -> ReplayTurn? {
        monitor.sync { isOver = turn == nil }
        return monitor.sync {
            while !isStopped, turn == nil { monitor.wait(1_000) }
            defer { turn = nil }
            return isStopped ? nil : turn
        }
    }

    /// Tells what the reading has found.
    func tell(_ findings: ReplayFeed.Findings) { monitor.sync { told = findings } }

    /// The thread ends.
    func end() { monitor.sync { hasEnded = true } }

    // The thread that keeps time.

    /// The next batch, for which it waits so many milliseconds.
    func next(_ milliseconds: Int) -> Found {
        monitor.sync {
            if full.isEmpty, !isOver { monitor.wait(milliseconds) }
            guard !full.isEmpty else { return isOver ? .over : .nothing }
            // The one that was wished for is there; when the next one is due is known when this one is reckoned.
            if horizon == nil { horizon = .min }
            return .batch(full.removeFirst())
        }
    }

    /// Lets more be made up to a time, or a batch where that is nil.
    func wish(upTo time: Int64?) { monitor.sync { if horizon != time { horizon = time } } }

    /// The number of the packet up to which all was sent or left out, where no batch is on its way.
    var passedNumber: UInt64? { monitor.sync { full.isEmpty ? passed : nil } }

    /// Takes a batch back, of which so many packets were sent.
    func giveBack(_ batch: ReplayBatch, sent: Int) {
        if keepsDone {
            batch.sent = sent
            return monitor.sync { done.append(batch) }
        }
        batch.removeAll()
        monitor.sync { spare.append(batch) }
    }

    /// Lets the reading go on elsewhere; says how many packets that were read already nobody wants any more.
    func turn(to place: ReplayTurn) -> Int {
        monitor.sync {
            let count = full.reduce(0) { $0 + $1.count }
            for batch in full { batch.removeAll() }
            spare += full
            full = []
            turn = place
            isOver = false
            return count
        }
    }

    /// Nothing more is wanted; waits until the reading has ended: so many milliseconds where it may wait for input itself, and as
    /// long as it takes where it has read everything. Gives what it has found.
    func stop(within milliseconds: Int) -> ReplayFeed.Findings {
        monitor.sync {
            isStopped = true
            full.removeAll()
        }
        let end = SteadyClock.now() + Int64(milliseconds) * 1_000_000
        return monitor.sync {
            while !hasEnded, isOver || SteadyClock.now() < end { monitor.wait(50) }
            return told
        }
    }
}
