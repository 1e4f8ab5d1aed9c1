internal import Bytes
internal import Glibc

/// A stream to a server.
final class TCPLink: Link {
    let address: LinkAddress
    private let stream: Descriptor
    /// The same for who only writes.
    private var oneWay: OneWayStream

    var descriptor: Int32 { stream.number }
    var hasPeer: Bool { true }

    /// Connects; all addresses of the host are tried, for `patience` milliseconds together.
    init(_ address: LinkAddress, patience: Int) throws(LinkError) {
        guard case .tcp(let host, let port) = address else {
            throw LinkError(address, "cannot be opened", "it is no TCP address")
        }
        self.address = address
        let places = try Resolver.resolve(address, host: host, port: port)
        stream = try Self.connect(to: places, address, patience: patience)
        oneWay = OneWayStream(stream.number)
    }

    /// Connects to one of the places, which are tried in turn for `patience` milliseconds together: each has its share of what
    /// is left, so that one that never answers does not cost the others theirs.
    static func connect(
        to places: [SocketAddress], _ address: some CustomStringConvertible, patience: Int
    ) throws(LinkError) -> Descriptor {
        let end = Waiting.now() + Int64(patience)
        var number = ETIMEDOUT
        for (index, place) in places.enumerated() {
            switch begin(place) {
            case .failed(let reason): number = reason
            case .connected(let stream): return stream
            case .waits(let stream):
                let now = Waiting.now()
                let share = now + max(0, end - now) / Int64(places.count - index)
                guard Waiting.wait(for: stream.number, toRead: false, toWrite: true, until: share).isReady else {
                    if Interruption.isAsked { throw LinkError(address, "is not opened", "stopped") }
                    number = ETIMEDOUT
                    continue
                }
                number = pendingError(stream.number)
                if number == 0 { return stream }
            }
        }
        throw LinkError(address, "cannot be opened", number: number)
    }

    /// A connection that was begun.
    enum Beginning {
        case connected(Descriptor)
        /// Until it can be written to; then ``pendingError(_:)`` says what came of it.
        case waits(Descriptor)
        case failed(Int32)
    }

    /// Begins to connect, without waiting.
    static func begin(_ place: SocketAddress) -> Beginning {
        let made = socket(place.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if made < 0 { return .failed(errno) }
        let stream = Descriptor(made)
        guard stream.neverWait() else { return .failed(errno) }
        // A sentence goes out at once: it is a request, and the next one waits for its answer. A peer that has gone without
        // a word is noticed.
        for (level, option) in [(Int32(IPPROTO_TCP), TCP_NODELAY), (SOL_SOCKET, SO_KEEPALIVE)] {
            var yes: Int32 = 1
            _ = unsafe setsockopt(made, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        if unsafe place.call({ unsafe Glibc.connect(made, $0, $1) }) == 0 { return .connected(stream) }
        let number = errno
        return number == EINPROGRESS || number == EINTR ? .waits(stream) : .failed(number)
    }

    /// The error that a socket waits to tell; 0 for none.
    static func pendingError(_ descriptor: Int32) -> Int32 {
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
        case .failed(let number):
            oneWay.fail(number)
            throw LinkError(address, "cannot be written", number: oneWay.failure ?? number)
        }
    }

    /// Octets that the peer's system has not acknowledged; what it said is thrown away.
    var untaken: Int {
        oneWay.look()
        return oneWay.untaken
    }

    func discard() throws(LinkError) {
        oneWay.discard()
        if let number = oneWay.failure { throw LinkError(address, "cannot be written", number: number) }
    }

    func finish(patience: Int64, grace: Int64?) -> (untaken: Int, reason: SystemError?) {
        oneWay.finish(patience: patience, grace: grace)
        return (oneWay.untaken, oneWay.failure.map { SystemError(number: $0) })
    }
}
