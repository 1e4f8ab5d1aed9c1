internal import Glibc

/// A ring of buffers that a source fills and a window empties, the source on a thread of its own once the input is
/// long.
///
/// Buffers go round in order: produced, taken, released. Each has a reserve in front, where the window puts what was
/// left of the buffer before, so that a record that straddles two buffers lies in one piece.
@safe
final class ReadAhead: @unchecked Sendable {
    // What makes it sendable: after `start` the source is touched by the reading thread alone, and everything else that
    // both threads touch only under `mutex`.
    @safe
    private struct Slot {
        var memory: UnsafeMutableRawPointer?
        var count = 0
        var taken: UInt64 = 0
        var members = 0
    }

    /// A filled buffer.
    @safe
    struct Piece {
        /// Where the octets begin; the reserve is in front of it.
        let start: UnsafeMutableRawPointer
        let count: Int
        /// Octets that the source had taken when it was filled.
        let taken: UInt64
        let members: Int
    }

    /// Octets of room in front of each buffer.
    static let reserve = 1 << 17
    private static let slotCount = 4

    private let source: any OctetSource
    private let slotSize: Int
    /// Octets that are read without a thread: a short input is done before a thread had begun.
    private let unthreaded: Int
    private var slots = [Slot](repeating: Slot(), count: ReadAhead.slotCount)
    private var produced = 0
    private var takenOut = 0
    private var released = 0
    private var total = 0
    private var isThreaded = false
    private var hasEnded = false
    private var isAbandoned = false
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    init(source: any OctetSource, slotSize: Int, unthreaded: Int) {
        self.source = source
        self.slotSize = slotSize
        self.unthreaded = unthreaded
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        for slot in slots { unsafe slot.memory?.deallocate() }
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// How the source ended; nil while it goes on.
    var ending: OctetEnding? { locked { hasEnded ? source.ending : nil } }

    /// The next filled buffer, waited for; nil when the source has ended. At most two are out at a time.
    func take() -> Piece? {
        if !isThreaded {
            if hasEnded { return nil }
            if total < unthreaded || !start() {
                guard fill() else {
                    hasEnded = true
                    return nil
                }
            }
        }
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while produced == takenOut {
            if hasEnded { return nil }
            unsafe pthread_cond_wait(changed, mutex)
        }
        let slot = slots[takenOut % Self.slotCount]
        guard let memory = unsafe slot.memory else { return nil }
        takenOut += 1
        return unsafe Piece(
            start: memory + Self.reserve, count: slot.count, taken: slot.taken, members: slot.members)
    }

    /// Gives the buffer taken longest ago back to be filled again.
    func release() {
        locked {
            released += 1
            unsafe pthread_cond_signal(changed)
        }
    }

    /// Tells the reading thread that nobody wants more.
    func abandon() {
        locked {
            isAbandoned = true
            unsafe pthread_cond_signal(changed)
        }
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Fills the next buffer; false at the end of the source.
    private func fill() -> Bool {
        // The slot at `produced` is neither filled nor out: only the filler touches it, so no lock is needed.
        let index = produced % Self.slotCount
        let memory = unsafe slots[index].memory ?? .allocate(byteCount: Self.reserve + slotSize, alignment: 64)
        let room = unsafe UnsafeMutableRawBufferPointer(start: memory + Self.reserve, count: slotSize)
        let count = unsafe source.read(into: room)
        let (taken, members) = (source.taken, source.members)
        return locked {
            unsafe slots[index] = Slot(memory: memory, count: count, taken: taken, members: members)
            total += count
            if count > 0 { produced += 1 } else { hasEnded = true }
            unsafe pthread_cond_signal(changed)
            return count > 0
        }
    }

    /// Starts the reading thread; false when the system gives none. It may wait in read(2) for long after the window is
    /// gone, so it keeps the ring.
    private func start() -> Bool {
        isThreaded = DetachedThread.start(stackSize: 1 << 18) { self.run() }
        return isThreaded
    }

    /// The reading thread: fills while there is a free buffer, until the source ends or nobody listens.
    private func run() {
        while true {
            unsafe pthread_mutex_lock(mutex)
            while produced - released >= Self.slotCount, !isAbandoned { unsafe pthread_cond_wait(changed, mutex) }
            let leaves = isAbandoned
            unsafe pthread_mutex_unlock(mutex)
            if leaves || !fill() { return }
        }
    }
}
