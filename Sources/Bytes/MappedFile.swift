internal import Glibc

/// A regular file, mapped read-only: its bytes without a copy.
@safe
public struct MappedFile: ~Copyable {
    private let base: UnsafeMutableRawPointer?
    /// Length in octets.
    public let count: Int

    private init(base: UnsafeMutableRawPointer?, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    /// Maps the file behind a descriptor, which may be closed afterwards. Nil when it is no regular file or mapping
    /// fails (then read it as a stream).
    public static func map(descriptor: Int32) -> MappedFile? {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let count = Int(status.st_size)
        guard count > 0 else { return unsafe MappedFile(base: nil, count: 0) }
        let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
        unsafe madvise(mapped, count, MADV_SEQUENTIAL)
        return unsafe MappedFile(base: mapped, count: count)
    }

    deinit { if let base = unsafe base { unsafe munmap(base, count) } }

    /// The bytes of the file. A file that another program cuts short while it is mapped ends the process with a bus
    /// error, as for every program that maps files.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            guard let base = unsafe base else { return RawSpan() }
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}
