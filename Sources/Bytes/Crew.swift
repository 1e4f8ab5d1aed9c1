internal import Glibc

/// Some threads that do the parts of one piece of work together: the tables of a batch, each part by one of them.
///
/// The caller takes part, so nothing waits for a thread that the system does not give or has not woken yet. Used by one
/// caller at a time.
@safe
public final class Crew {
    /// What the threads share; it outlives the crew until the last of them has left.
    private let board = Board()
    /// Threads besides the caller.
    private let helpers: Int
    private var isStarted = false

    /// A crew of so many, the caller among them, and at most four: tables are few and unequal, more would wait.
    ///
    /// - Parameter size: 1 is the caller alone; nil is one for each processor.
    public init(size: Int? = nil) {
        helpers = min(max(size ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1), 4) - 1
    }

    deinit { board.dismiss() }

    /// How many work at once.
    public var size: Int { helpers + 1 }

    /// Calls `part` once with each number below `count`, on any thread and in any order; comes back when all are done.
    public func run(_ count: Int, _ part: (Int) -> Void) {
        guard helpers > 0, count > 1 else {
            for index in 0..<count { part(index) }
            return
        }
        if !isStarted {
            isStarted = true
            for _ in 0..<helpers { board.startThread() }
        }
        withoutActuallyEscaping(part) { board.run(count, $0) }
    }
}

/// Where a crew finds its work.
///
/// What makes it sendable: everything stands under `mutex`, and `part` is called for a number by the thread that took
/// that number, between being put up and being taken down by the caller, who waits for all.
@safe
private final class Board: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let posted: UnsafeMutablePointer<pthread_cond_t>
    private let done: UnsafeMutablePointer<pthread_cond_t>
    private var part: ((Int) -> Void)?
    private var next = 0
    private var count = 0
    private var busy = 0
    private var isDismissed = false

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe posted = .allocate(capacity: 1)
        unsafe done = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(posted, nil)
        unsafe pthread_cond_init(done, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(done)
        unsafe pthread_cond_destroy(posted)
        unsafe pthread_mutex_destroy(mutex)
        unsafe done.deallocate()
        unsafe posted.deallocate()
        unsafe mutex.deallocate()
    }

    func run(_ count: Int, _ part: @escaping (Int) -> Void) {
        unsafe pthread_mutex_lock(mutex)
        (self.part, self.count, next) = (part, count, 0)
        unsafe pthread_cond_broadcast(posted)
        work()
        while busy > 0 { unsafe pthread_cond_wait(done, mutex) }
        self.part = nil
        unsafe pthread_mutex_unlock(mutex)
    }

    func dismiss() {
        unsafe pthread_mutex_lock(mutex)
        isDismissed = true
        unsafe pthread_cond_broadcast(posted)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Does parts until none is left; called and left with the mutex held.
    private func work() {
        while let part, next < count {
            let mine = next
            next += 1
            busy += 1
            unsafe pthread_mutex_unlock(mutex)
            part(mine)
            unsafe pthread_mutex_lock(mutex)
            busy -= 1
        }
        if busy == 0 { unsafe pthread_cond_signal(done) }
    }

    /// A thread of the crew: works when something is posted, until the crew is dismissed.
    private func serve() {
        unsafe pthread_mutex_lock(mutex)
        while !isDismissed {
            work()
            unsafe pthread_cond_wait(posted, mutex)
        }
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Starts a thread, if the system gives one; the caller does what others do not.
    func startThread() { _ = DetachedThread.start(stackSize: 1 << 20) { self.serve() } }
}
