internal import Bytes
internal import Glibc

/// A stream to a server.
final class TCPLink: Link {
    let address: LinkAddress
    private let stream: Descriptor

    var descriptor: Int32 { stream.number }
    var hasPeer: Bool { true }

    /// Connects; all addresses of the host are tried, for `patience` milliseconds together.
    init(_ address: LinkAddress, patience: Int) throws(LinkError) {
        guard case .tcp(let host, let port) = address else {
            throw LinkError(address, "cannot be opened", "it is no TCP address")
        }
        self.address = address
        let end = Waiting.now() + Int64(patience)
        var number = ETIMEDOUT
        for place in try Resolver.resolve(address, host: host, port: port) {
            let made = socket(place.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            if made < 0 {
                number = errno
                continue
            }
            let candidate = Descriptor(made)
            guard candidate.neverWait() else {
                number = errno
                continue
            }
            if unsafe place.call({ unsafe connect(made, $0, $1) }) != 0 {
                number = errno
                guard number == EINPROGRESS || number == EINTR else { continue }
                guard Waiting.wait(for: made, toWrite: true, until: end).isReady else {
                    if Interruption.isAsked { throw LinkError(address, "is not opened", "stopped") }
                    number = ETIMEDOUT
                    continue
                }
                number = Self.pendingError(made)
                guard number == 0 else { continue }
            }
            // A sentence goes out at once: it is a request, and the next one waits for its answer.
            var yes: Int32 = 1
            _ = unsafe setsockopt(made, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            stream = candidate
            return
        }
        throw LinkError(address, "cannot be opened", number: number)
    }

    /// The error that a socket waits to tell.
    private static func pendingError(_ descriptor: Int32) -> Int32 {
        var number: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // The option's value is one int.
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length) == 0 ? number : errno
    }

    func read() throws(LinkError) -> LinkInput {
        let (octets, outcome) = stream.read()
        switch outcome {
        case .wouldWait: return .nothing
        case .moved(let count): return count == 0 ? .ended : .octets(octets)
        case .failed(let number): throw LinkError(address, "cannot be read", number: number)
        }
    }

    func write(_ octets: ArraySlice<UInt8>) throws(LinkError) -> Int {
        // Not write(2): a peer that has gone is an error to be said, not a signal that ends the program.
        let outcome = unsafe octets.withUnsafeBytes {
            unsafe Descriptor.Outcome(send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)))
        }
        switch outcome {
        case .moved(let count): return count
        case .wouldWait: return 0
        case .failed(let number): throw LinkError(address, "cannot be written", number: number)
        }
    }
}
