import Foundation

/// Work that another thread may do beforehand: who asks for its result waits for it, or does it.
final class Background<Value>: @unchecked Sendable {
    // All of it is touched under the lock only.
    private let lock = NSLock()
    private let work: () -> Value
    private var result: Value?
    private var isBegun = false

    init(_ work: @escaping @Sendable () -> Value) { self.work = work }

    /// Begins the work on a thread of its own, once.
    func begin() {
        lock.lock()
        defer { lock.unlock() }
        guard !isBegun, result == nil else { return }
        isBegun = true
        Thread.detachNewThread { _ = self.value() }
    }

    /// The result. The lock is held while the work is done, so that it is done once.
    func value() -> Value {
        lock.lock()
        defer { lock.unlock() }
        if let result { return result }
        let made = work()
        result = made
        return made
    }
}
