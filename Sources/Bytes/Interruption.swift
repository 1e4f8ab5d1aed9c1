internal import Glibc

/// Ctrl-C, SIGTERM and the end of the terminal: the first one asks the work to end where it can, so that what was done is kept; the second one ends
/// the program at once. A read that waits for input is woken.
public enum Interruption {
    private static nonisolated(unsafe) var asked: sig_atomic_t = 0
    /// A pipe that is closed at its writing end when the user asks: from then on its reading end is ready.
    private static nonisolated(unsafe) var ends: (reading: Int32, writing: Int32) = (-1, -1)

    /// Begins to listen; once is enough.
    public static func listen() {
        guard unsafe ends.reading < 0 else { return }
        unsafe asked = 0
        var pair: [Int32] = [-1, -1]
        // Two descriptors are written to the two places of the array; without them nothing is woken, and all else holds.
        if unsafe pipe(&pair) == 0 {
            for descriptor in pair { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            unsafe ends = (pair[0], pair[1])
        }
        // A parent that keeps its threads free of signals hands its mask on: here they are wanted.
        var wanted = sigset_t()
        unsafe sigemptyset(&wanted)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // Who was started to outlive its terminal does.
            if number == SIGHUP, isIgnored(number) { continue }
            unsafe sigaddset(&wanted, number)
            // Everything that the handler does may be done in one (signal-safety(7)), and the two variables are set
            // before it is installed.
            signal(number) { number in
                unsafe Interruption.asked = 1
                if unsafe Interruption.ends.writing >= 0 { unsafe close(Interruption.ends.writing) }
                unsafe Interruption.ends.writing = -1
                signal(number, SIG_DFL)
            }
        }
        unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        // It is asked for alone, into a local of the right type. No function stands at the address 1, which is SIG_IGN's.
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// True when the user asked to end.
    public static var isAsked: Bool { unsafe asked != 0 }

    /// Waits until a descriptor can be read, and says so: false when the user asks to end first.
    static func wait(for descriptor: Int32) -> Bool {
        var questions = unsafe [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            // A negative descriptor is left out by poll(2).
            pollfd(fd: ends.reading, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            if isAsked { return false }
            // The count is that of the array. A signal ends the wait early; then the first line of the loop tells why.
            let ready = unsafe poll(&questions, 2, -1)
            if ready > 0 { return !isAsked && questions[0].revents != 0 }
            if ready < 0, errno != EINTR { return true }
        }
    }
}
