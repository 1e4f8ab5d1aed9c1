internal import Bytes

/// Batches on their way from the thread that reads to the one that keeps time, which so never waits for a disk.
final class ReplayQueue: @unchecked Sendable {
    // Sendable: what it holds is touched under the monitor alone, and a batch belongs to one thread at a time.
    private let monitor = Monitor()
    private var full: [ReplayBatch] = []
    private var spare = (0..<16).map { _ in ReplayBatch() }
    private var isOver = false
    private var isStopped = false

    /// An empty batch, for which it waits; nil when nothing more is wanted.
    func empty() -> ReplayBatch? {
        monitor.sync {
            while spare.isEmpty, !isStopped { monitor.wait(1_000) }
            return isStopped ? nil : spare.popLast()
        }
    }

    /// Hands a batch on.
    func put(_ batch: ReplayBatch) { monitor.sync { full.append(batch) } }

    /// Nothing more comes.
    func end() { monitor.sync { isOver = true } }

    /// The next batch, for which it waits; nil when there is none, or the user asks to end.
    func next() -> ReplayBatch? {
        monitor.sync {
            while full.isEmpty, !isOver, !Interruption.isAsked { monitor.wait(100) }
            return full.isEmpty || Interruption.isAsked ? nil : full.removeFirst()
        }
    }

    /// Takes a batch back.
    func giveBack(_ batch: ReplayBatch) {
        batch.removeAll()
        monitor.sync { spare.append(batch) }
    }

    /// Nothing more is wanted; waits until the reading has ended, a moment where it waits for input itself. False where it
    /// has not.
    func stop() -> Bool {
        monitor.sync {
            isStopped = true
            full.removeAll()
            for _ in 0..<20 where !isOver { monitor.wait(50) }
            return isOver
        }
    }
}
