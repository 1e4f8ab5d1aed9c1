internal import Bytes
internal import Glibc

/// Connects to a server, and again when it has gone: at first soon, then after longer and longer waits.
final class TCPDialler {
    private let places: [SocketAddress]
    private var nextPlace = 0
    private var ready: Descriptor?
    private var underWay: (stream: Descriptor, until: Int64)?
    private var wait = TCPDialler.shortest
    private var due: Int64 = 0

    /// Milliseconds between two attempts, and for one.
    private static let shortest: Int64 = 200
    private static let longest: Int64 = 5000
    private static let patience = 10_000

    /// Connects for the first time: a server has some seconds to come, since who starts both ends need not mind which is first; one
    /// that is not there then is refused, since a port is soon mistyped.
    ///
    /// - Parameter waits: told once, when nobody answers at once, for how many seconds it is tried.
    init(
        _ address: SourceAddress, host: String, port: UInt16, waits: (LinkError, Int) -> Void
    ) throws(LinkError) {
        places = try Resolver.resolve(address, host: host, port: port)
        let end = Waiting.now() + Int64(Self.patience)
        var isTold = false
        while true {
            do {
                ready = try TCPLink.connect(to: places, address, patience: Int(max(0, end - Waiting.now())))
                return
            } catch {
                guard error.mayPass, Waiting.now() + Self.shortest < end else { throw error }
                if !isTold { waits(error, Self.patience / 1000) }
                isTold = true
                // No descriptor has this number: poll(2) waits.
                _ = Waiting.wait(for: -1, until: Waiting.now() + Self.shortest)
                if Interruption.isAsked { throw LinkError(address, "is not opened", "stopped") }
            }
        }
    }

    /// What to wait for until it can be written to; nil when nothing is under way.
    var descriptor: Int32? { underWay?.stream.number }

    /// The connection has gone: the next attempt is soon.
    func restart(at now: Int64) {
        wait = Self.shortest
        due = now + wait
    }

    /// Goes on with what is under way, or begins anew when it is time; gives a connection when there is one.
    func turn(at now: Int64, canWrite: Bool) -> Descriptor? {
        if let ready {
            self.ready = nil
            return ready
        }
        if let (stream, until) = underWay {
            guard canWrite || now >= until else { return nil }
            underWay = nil
            if canWrite, TCPLink.pendingError(stream.number) == 0 { return stream }
            postpone(now)
        }
        guard now >= due else { return nil }
        let place = places[nextPlace % places.count]
        nextPlace += 1
        switch TCPLink.begin(place) {
        case .connected(let stream): return stream
        case .waits(let stream): underWay = (stream, now + Int64(Self.patience))
        case .failed: postpone(now)
        }
        return nil
    }

    private func postpone(_ now: Int64) {
        due = now + wait
        wait = min(Self.longest, wait * 2)
    }
}

extension LinkError {
    /// Whether it is what a peer that is not there yet leads to.
    fileprivate var mayPass: Bool {
        guard case .system(let error) = reason else { return false }
        return [ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN].contains(error.number)
    }
}

/// Takes the connections of clients.
final class TCPListener {
    private let listener: Descriptor
    var descriptor: Int32 { listener.number }

    init(_ address: SourceAddress, host: String, port: UInt16) throws(LinkError) {
        var number: Int32 = 0
        for place in try Resolver.resolve(address, host: host == "*" ? "" : host, port: port) {
            let made = socket(place.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            if made < 0 {
                number = errno
                continue
            }
            let candidate = Descriptor(made)
            // The port of a program that has just ended is free at once.
            var yes: Int32 = 1
            _ = unsafe setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            if unsafe place.call({ unsafe bind(made, $0, $1) }) == 0, listen(made, 64) == 0, candidate.neverWait() {
                listener = candidate
                return
            }
            number = errno
        }
        throw LinkError(cannotListen: address, number: number)
    }

    /// The next client that waits; nil when there is none.
    func accept() -> Descriptor? {
        let made = Glibc.accept(listener.number, nil, nil)
        guard made >= 0 else { return nil }
        let stream = Descriptor(made)
        _ = fcntl(made, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        _ = unsafe setsockopt(made, SOL_SOCKET, SO_KEEPALIVE, &yes, socklen_t(MemoryLayout<Int32>.size))
        return stream.neverWait() ? stream : nil
    }
}
