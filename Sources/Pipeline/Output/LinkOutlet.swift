internal import Bytes
internal import Glibc
public import Links

/// Octets to a peer: a stream over TCP or a serial line, or a datagram a record over UDP.
public final class LinkOutlet: Outlet {
    private let address: LinkAddress
    private var link: (any Link)?
    private let isDatagram: Bool

    /// How long a peer may take no octet before it counts as gone, in milliseconds.
    private static let patience: Int64 = 10_000

    /// Opens the link, at once or when something is written.
    public init(_ address: LinkAddress, opensNow: Bool = true) throws(OutputFile.Failure) {
        self.address = address
        if case .udp = address { isDatagram = true } else { isDatagram = false }
        if opensNow { link = try Self.open(address) }
    }

    private static func open(_ address: LinkAddress) throws(OutputFile.Failure) -> any Link {
        do { return try address.open() } catch {
            throw OutputFile.Failure(isBrokenPipe: false, description: "\(error)")
        }
    }

    /// The address.
    public var name: String { address.description }
    /// Nobody looks at a link.
    public var isTerminal: Bool { false }

    /// Hands all octets on, a datagram a record where the link has datagrams.
    public func write(_ bytes: RawSpan, _ cut: Cut) throws(OutputFile.Failure) {
        let octets = bytes.copied()
        if isDatagram {
            var start = 0
            switch cut {
            case .whole: try send(octets[...])
            case .lines:
                while start < octets.count {
                    let end = octets[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? octets.count
                    try send(octets[start..<end])
                    start = end
                }
            case .ends(let ends):
                for end in ends {
                    try send(octets[start..<end])
                    start = end
                }
            }
        } else {
            try send(octets[...])
        }
    }

    private func send(_ octets: ArraySlice<UInt8>) throws(OutputFile.Failure) {
        if link == nil { link = try Self.open(address) }
        guard let link else { return }
        var rest = octets
        var end = Waiting.now() + Self.patience
        while !rest.isEmpty {
            let taken: Int
            do { taken = try link.write(rest) } catch {
                throw OutputFile.Failure(isBrokenPipe: false, description: "\(error)")
            }
            rest = rest.dropFirst(taken)
            if taken > 0 {
                end = Waiting.now() + Self.patience
            } else if !isReady(link) {
                guard Waiting.now() < end else {
                    throw OutputFile.Failure(
                        isBrokenPipe: false, description: "\(address) takes no octet since \(Self.patience / 1_000) s")
                }
            }
        }
    }

    /// Waits a moment for room; what was taken in is handed on though the user asks to end.
    private func isReady(_ link: any Link) -> Bool {
        var question = pollfd(fd: link.descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&question, 1, 100) > 0
    }

    /// Opens the link anew.
    public func reopen() throws(OutputFile.Failure) {
        link = nil
        link = try Self.open(address)
    }

    /// Nothing waits: what was written has been handed on.
    public func close() {}
}
