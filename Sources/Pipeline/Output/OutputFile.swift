internal import Bytes
internal import Glibc

/// Where data goes: standard output, or a file that is there only when it is whole.
///
/// A file is written under a name of its own beside its place and renamed by ``close()``, so that nobody finds half of
/// one; what is no regular file (a device, a pipe) is written as it is.
public final class OutputFile: Outlet {
    /// -1 while it is set aside.
    private var descriptor: Int32
    private let path: String?
    private let temporary: String?
    private var isOpen = true
    /// Where a file that was there is cut off, once something is written or all is well: what goes wrong before then, as a
    /// mistyped source, costs nothing.
    private var cut: UInt64?
    /// Whether the file is this one's own making, so that it is taken away where nothing comes of it.
    private var isNew = false

    /// Why writing failed.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        /// True when the reader of a pipe has gone, which is no fault of anybody's.
        public let isBrokenPipe: Bool
        /// Words for people.
        public let description: String
    }

    /// Standard output.
    public init() {
        descriptor = 1
        path = nil
        temporary = nil
    }

    /// A file; "-" is standard output.
    ///
    /// - Parameter isGrowing: whether it is to be read while it is written: then it stands in its place from the beginning.
    public init(path: String, isGrowing: Bool = false) throws(Failure) {
        guard path != "-" else {
            descriptor = 1
            self.path = nil
            temporary = nil
            return
        }
        var status = stat()
        let isSpecial = unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let name = isSpecial || isGrowing ? path : "\(path).\(getpid()).part"
        self.path = path
        temporary = name == path ? nil : name
        if isGrowing && !isSpecial {
            (descriptor, isNew) = Self.openReadable(path)
            cut = 0
        } else {
            let mode = isSpecial ? O_WRONLY : O_RDWR
            descriptor =
                status.st_mode & S_IFMT == S_IFIFO
                ? Self.openPipe(path) : unsafe open(name, mode | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        }
        if descriptor < 0 { throw Self.failure("\(path) cannot be written") }
    }

    /// Opens a named pipe as soon as somebody reads it, or gives up when the user asks to end.
    private static func openPipe(_ path: String) -> Int32 {
        while true {
            let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
            if descriptor >= 0 {
                DescriptorSource.letWait(descriptor)
                return descriptor
            }
            if errno != ENXIO { return descriptor }
            if Interruption.isAsked {
                errno = EINTR
                return -1
            }
            SteadyClock.pause(milliseconds: 20)
        }
    }

    /// Opens a file in its place, as it is; says whether it is new.
    private static func openStanding(_ path: String, _ mode: Int32) -> (descriptor: Int32, isNew: Bool) {
        let fresh = unsafe open(path, mode | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if fresh >= 0 { return (fresh, true) }
        return (unsafe open(path, mode | O_CREAT | O_CLOEXEC, 0o644), false)
    }

    /// The same, to be read, too, where that is allowed.
    private static func openReadable(_ path: String) -> (descriptor: Int32, isNew: Bool) {
        let both = openStanding(path, O_RDWR)
        return both.descriptor < 0 && (errno == EACCES || errno == ENXIO) ? openStanding(path, O_WRONLY) : both
    }

    /// A file that one writer has for itself, from an offset on: what stands behind it is cut off when the first octets are
    /// written. Another writer that asks for the same is refused.
    ///
    /// - Parameter size: how long the file has to be, where somebody looked at it before; nil for any length.
    public init(path: String, from offset: UInt64, of size: UInt64? = nil) throws(Failure) {
        self.path = path
        temporary = nil
        (descriptor, isNew) = Self.openReadable(path)
        if descriptor < 0 { throw Self.failure("\(path) cannot be written") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Failure(
                isBrokenPipe: false,
                description:
                    "\(path) is being written by another program: wait until it is done, or choose another file")
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        if let size, size != UInt64(status.st_size) {
            throw Failure(
                isBrokenPipe: false, description: "\(path) was written by another program just now: try it again")
        }
        cut = offset
    }

    /// Cuts off what is to be cut, which the first octets that are written do anyway.
    public func cutNow() throws(Failure) {
        guard let offset = cut else { return }
        cut = nil
        if ftruncate(descriptor, Int(offset)) != 0 || lseek(descriptor, Int(offset), SEEK_SET) < 0 {
            throw Self.failure("\(name) cannot be written")
        }
    }

    /// Does work with the descriptor of a file that can be read, too; nil where it cannot.
    func reading<Result>(_ work: (Int32) -> Result?) -> Result? {
        let isReadable = descriptor >= 0 && fcntl(descriptor, F_GETFL) & O_ACCMODE == O_RDWR
        guard path != nil, cut == nil, isReadable else { return nil }
        return work(descriptor)
    }

    /// Waits until everything that was written is on the disk.
    public func sync() throws(Failure) {
        // A pipe and a terminal have no disk.
        guard path != nil, fdatasync(descriptor) != 0, errno != EINVAL else { return }
        throw Self.failure("\(name) cannot be written")
    }

    deinit {
        guard isOpen, let path else { return }
        if descriptor >= 0 { Glibc.close(descriptor) }
        if let temporary { unsafe unlink(temporary) }
        if isNew, cut != nil { unsafe unlink(path) }
    }

    /// True when a person looks at it.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// How a person knows it.
    public var name: String { path ?? "standard output" }

    /// A file needs nothing: what could not be written was not, and is tried again.
    public func reopen() {}

    /// Closes the file until more is written to it, so that many can be written by turns. Only for regular files: all
    /// others stay open.
    func setAside() throws(Failure) {
        guard let temporary, descriptor >= 0 else { return }
        if Glibc.close(descriptor) != 0 { throw Self.failure("\(path ?? temporary) cannot be written") }
        descriptor = -1
    }

    /// Writes octets. Of those of a regular file that could not all be written none stay, so that the file ends where the
    /// last ones did, and they can be tried again.
    public func write(_ bytes: RawSpan, _ cut: Cut) throws(Failure) {
        guard bytes.byteCount > 0 else { return }
        try cutNow()
        if descriptor < 0, let temporary {
            descriptor = unsafe open(temporary, O_WRONLY | O_APPEND | O_CLOEXEC)
            if descriptor < 0 { throw Self.failure("\(path ?? temporary) cannot be written") }
        }
        var done = 0
        while done < bytes.byteCount {
            let written = unsafe bytes.withUnsafeBytes { source -> Int in
                guard let base = source.baseAddress else { return 0 }
                return unsafe Glibc.write(descriptor, base + done, source.count - done)
            }
            if written < 0 {
                if errno == EINTR { continue }
                let failure = Self.failure("\(name) cannot be written")
                takeBack(done)
                throw failure
            }
            done += written
        }
    }

    /// Takes the last octets of a regular file back.
    private func takeBack(_ count: Int) {
        var status = stat()
        guard count > 0, unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        let end = lseek(descriptor, -count, SEEK_CUR)
        if end >= 0 { _ = ftruncate(descriptor, end) }
    }

    /// Puts a file in its place.
    public func close() throws(Failure) {
        guard isOpen else { return }
        try cutNow()
        isOpen = false
        guard let path else { return }
        if descriptor >= 0, Glibc.close(descriptor) != 0 { throw Self.failure("\(path) cannot be written") }
        if let temporary, unsafe rename(temporary, path) != 0 {
            throw Self.failure("\(path) cannot be put in its place")
        }
    }

    /// What the system says of the last call, behind words of ours.
    static func failure(_ words: String, number: Int32 = errno) -> Failure {
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        return Failure(isBrokenPipe: number == EPIPE, description: "\(words): \(reason)")
    }
}
