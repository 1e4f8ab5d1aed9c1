internal import Glibc

/// A thread that nobody waits for.
package enum DetachedThread {
    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread that runs a closure, which it keeps until it has run; false when the system gives none.
    package static func start(stackSize: Int, _ run: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // The thread owns one reference to its work, which it gives back when it ends.
        let context = unsafe Unmanaged.passRetained(Work(run))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        unsafe pthread_attr_destroy(&attributes)
        if status != 0 { unsafe context.release() }
        return status == 0
    }
}
