import Bytes
import Glibc

/// The keys of the terminal that is standard input: each is there as soon as it is pressed, and none is shown.
///
/// The terminal is touched only while the program is in its foreground, and is put back as it was whenever it is not.
final class Keyboard {
    private var before: termios?

    /// Whether there are keys, and somewhere to show what they do.
    static var isThere: Bool { isatty(0) == 1 && Console.errorIsTerminal && getpgrp() == tcgetpgrp(0) }

    /// What stops a program and what ends it with a core: they come as keys, so that the terminal is put back first.
    private static let stop: UInt8 = 0x1A, abort: UInt8 = 0x1C

    /// Whether the terminal is ours to read at present; takes it, or gives it up, as the shell has it.
    func isTaken() -> Bool {
        let isOurs = getpgrp() == tcgetpgrp(0)
        if isOurs, before == nil { take() }
        if !isOurs { before = nil }
        return isOurs
    }

    private func take() {
        var settings = termios()
        guard unsafe tcgetattr(0, &settings) == 0 else { return }
        before = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        unsafe withUnsafeMutableBytes(of: &settings.c_cc) { keys in
            unsafe keys[Int(VMIN)] = 1
            unsafe keys[Int(VTIME)] = 0
            // The value of no key.
            unsafe keys[Int(VSUSP)] = 0
            unsafe keys[Int(VQUIT)] = 0
        }
        _ = unsafe tcsetattr(0, TCSADRAIN, &settings)
    }

    /// Puts the terminal back as it was.
    func release() {
        guard var settings = before else { return }
        before = nil
        _ = unsafe tcsetattr(0, TCSADRAIN, &settings)
    }

    /// The octets of keys that were pressed within some milliseconds; nil when there will be no more.
    func read(within milliseconds: Int32) -> [UInt8]? {
        var question = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&question, 1, milliseconds) > 0 else { return [] }
        var room = [UInt8](repeating: 0, count: 1 << 16)
        // The room is as long as the call is told.
        let count = unsafe Glibc.read(0, &room, room.count)
        if count > 0 { return Array(room.prefix(count)) }
        return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
    }

    /// What a key asks of the whole program: to stop until the shell lets it go on, or to abort. Nil for all others.
    static func signal(_ octet: UInt8) -> Int32? { octet == stop ? SIGTSTP : octet == abort ? SIGQUIT : nil }

    /// Stops, or ends, with all programs of the same line of the shell, the terminal as it was.
    func send(_ signal: Int32) {
        release()
        _ = kill(0, signal)
        // The signal may reach another thread first; this one goes on when all do.
        SteadyClock.pause(milliseconds: 50)
    }
}
