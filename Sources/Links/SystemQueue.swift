internal import Glibc

/// What the system holds of a stream between us and a peer.
enum SystemQueue {
    /// Octets that can be read at once, of a socket (tcp(7), SIOCINQ) or of a serial line (ioctl_tty(2), FIONREAD), which are one
    /// number on Linux; none where it does not say.
    static func incoming(_ descriptor: Int32) -> Int { count(UInt(FIONREAD), descriptor) }

    /// Octets that were written and not handed on (tcp(7), SIOCOUTQ; ioctl_tty(2), TIOCOUTQ: one number, too).
    static func outgoing(_ descriptor: Int32) -> Int { count(UInt(TIOCOUTQ), descriptor) }

    private static func count(_ request: UInt, _ descriptor: Int32) -> Int {
        var count: Int32 = 0
        // The number is written to an int.
        return unsafe ioctl(descriptor, request, &count) == 0 ? Int(max(0, count)) : 0
    }
}
