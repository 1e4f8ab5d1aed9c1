internal import Glibc

/// A call of the system that did not succeed.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The error's number (`errno`).
    public let number: Int32

    /// An error from its number.
    public init(number: Int32) { self.number = number }

    /// The system's words for it: "No such file or directory".
    public var description: String {
        // The system returns text that lives at least until this thread's next call of the same function.
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }
}

/// The octets of a file descriptor, by read(2): a file, a pipe, a terminal, a socket.
public final class DescriptorSource: OctetSource {
    /// F_SETPIPE_SZ, which headers give to some languages only.
    private static let setPipeSize: Int32 = 1031
    private let descriptor: Int32
    private let closes: Bool
    private var prefix: [UInt8] = []
    private var given = 0

    /// Octets taken from the descriptor so far.
    public private(set) var taken: UInt64 = 0
    /// A descriptor is not packed.
    public var members: Int { 0 }
    /// How the descriptor ended; nil while it goes on.
    public private(set) var ending: OctetEnding?
    /// Length in octets when the descriptor is a regular file.
    public let size: UInt64?
    /// Whether the descriptor is a folder, which cannot be read.
    public let isFolder: Bool

    /// A source that reads from an open descriptor, and closes it in the end when `closes` says so.
    public init(descriptor: Int32, closes: Bool) {
        self.descriptor = descriptor
        self.closes = closes
        var status = stat()
        let known = unsafe fstat(descriptor, &status) == 0
        isFolder = known && status.st_mode & S_IFMT == S_IFDIR
        size = known && status.st_mode & S_IFMT == S_IFREG ? UInt64(clamping: status.st_size) : nil
        if known, status.st_mode & S_IFMT == S_IFIFO {
            // A pipe of 1 MiB instead of 64 KiB spares the peer and us waits: three times as fast; where it is refused,
            // so be it.
            _ = fcntl(descriptor, Self.setPipeSize, 1 << 20)
        }
    }

    /// A source that reads from the file at `path`. A named pipe that nobody writes yet is waited for when it is read, where the
    /// user can end that.
    public convenience init(path: String) throws(SystemError) {
        let descriptor = unsafe path.withCString { unsafe Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw SystemError(number: errno) }
        Self.letWait(descriptor)
        self.init(descriptor: descriptor, closes: true)
    }

    /// Lets calls wait of what was opened so that opening it did not.
    package static func letWait(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    }

    deinit { if closes { close(descriptor) } }

    /// Another descriptor of a file that was opened here, for its own owner to close; nil for one that was given.
    public func duplicate() -> Int32? {
        guard closes else { return nil }
        let other = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return other >= 0 ? other : nil
    }

    /// The whole file mapped, whatever was read of it; nil when the descriptor is no regular file.
    public func map() -> MappedFile? { MappedFile.map(descriptor: descriptor) }

    /// The first octets, which stay to be read: `length` of them, fewer only when the input has no more.
    public func peek(_ length: Int) -> [UInt8] {
        while prefix.count < length {
            var piece = [UInt8](repeating: 0, count: length - prefix.count)
            let got = unsafe piece.withUnsafeMutableBytes { unsafe fetch($0) }
            if got == 0 { break }
            prefix += piece.prefix(got)
        }
        return prefix
    }

    /// Reads octets; on while more are there at once, so that many small writes of a peer become one piece.
    public func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        if given < prefix.count {
            filled = min(room.count, prefix.count - given)
            unsafe room.copyBytes(from: prefix[given..<given + filled])
            given += filled
        }
        while filled < room.count {
            if filled > 0, !hasMoreNow { break }
            let got = unsafe fetch(UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
            if got == 0 { break }
            filled += got
        }
        return filled
    }

    /// Whether a read would return at once.
    private var hasMoreNow: Bool {
        if ending != nil { return false }
        if size != nil { return true }
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&question, 1, 0) == 1
    }

    /// One read(2); 0 when the descriptor has ended, or the user asked to end while it was waited for.
    private func fetch(_ room: UnsafeMutableRawBufferPointer) -> Int {
        while ending == nil {
            // A regular file never keeps anybody waiting.
            guard size != nil || Interruption.wait(for: descriptor) else {
                ending = .complete
                break
            }
            let got = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
            if got > 0 {
                taken += UInt64(got)
                return got
            }
            if got == 0 {
                ending = .complete
            } else if errno != EINTR && errno != EAGAIN {
                let error = SystemError(number: errno)
                ending = .failed(number: error.number, words: error.description)
            }
        }
        return 0
    }
}
