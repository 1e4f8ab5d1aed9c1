internal import Glibc

/// A file descriptor that is closed with its owner, and the few calls on it.
final class Descriptor {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { _ = close(number) }

    /// Makes reads and writes return at once. False when the system refuses.
    func neverWait() -> Bool {
        let flags = fcntl(number, F_GETFL)
        return flags >= 0 && fcntl(number, F_SETFL, flags | O_NONBLOCK) == 0
    }

    /// What a call that moves octets came to.
    enum Outcome {
        case moved(Int)
        case wouldWait
        case failed(Int32)

        /// From what read(2), write(2) and their kin return.
        init(_ count: Int) {
            if count >= 0 {
                self = .moved(count)
            } else if errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR {
                self = .wouldWait
            } else {
                self = .failed(errno)
            }
        }
    }

    /// One read(2) of at most 64 KiB.
    func read() -> (octets: [UInt8], outcome: Outcome) {
        var room = [UInt8](repeating: 0, count: 1 << 16)
        // The room is as long as the call is told.
        let outcome = Outcome(unsafe Glibc.read(number, &room, room.count))
        if case .moved(let count) = outcome { room.removeLast(room.count - count) } else { room = [] }
        return (room, outcome)
    }

    /// One write(2).
    func write(_ octets: ArraySlice<UInt8>) -> Outcome {
        // The call reads what the slice holds and no more.
        Outcome(unsafe octets.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) })
    }
}
