internal import Bytes
internal import Glibc
internal import Links

/// Octets to a peer: a stream over TCP or a serial line, or a datagram a record over UDP.
public final class LinkOutlet: Outlet {
    private let address: LinkAddress
    private var link: (any Link)?
    private let isDatagram: Bool
    /// Octets of the text that failed which were handed on: whole records.
    private var handedOn = 0

    /// How long a peer may take no octet before it counts as gone, in milliseconds.
    private static let patience: Int64 = 10_000

    /// Opens the link of an address, at once or when something is written.
    public init(_ text: String, opensNow: Bool = true) throws(OutputFile.Failure) {
        do { address = try LinkAddress(text) } catch {
            throw OutputFile.Failure(isBrokenPipe: false, description: "\(error)")
        }
        if case .udp(let host, _) = address {
            isDatagram = true
            guard !["", "*", "0.0.0.0", "::"].contains(host) else {
                throw OutputFile.Failure(
                    isBrokenPipe: false,
                    description: "\(text) names nobody to send to: udp://HOST:PORT, where HOST is a peer or a group")
            }
        } else {
            isDatagram = false
        }
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
    ///
    /// Who tries again after a failure has to give the same octets: it goes on with the record that failed, of which a
    /// peer over a stream may have seen the beginning.
    public func write(_ bytes: RawSpan, _ cut: Cut) throws(OutputFile.Failure) {
        let octets = bytes.copied()
        if isDatagram {
            while handedOn < octets.count {
                let end = cut.end(ofRecordAt: handedOn, in: octets)
                var sent = 0
                try send(octets[handedOn..<end], &sent)
                handedOn = end
            }
        } else {
            var sent = 0
            do { try send(octets[handedOn...], &sent) } catch {
                let reached = handedOn + sent
                while case let end = cut.end(ofRecordAt: handedOn, in: octets), end <= reached { handedOn = end }
                throw error
            }
        }
        handedOn = 0
    }

    private func send(_ octets: ArraySlice<UInt8>, _ sent: inout Int) throws(OutputFile.Failure) {
        if link == nil { link = try Self.open(address) }
        guard let link else { return }
        try discard(link)
        var rest = octets
        var end = Waiting.now() + Self.patience
        while !rest.isEmpty {
            let taken: Int
            do { taken = try link.write(rest) } catch { throw failure(error, link) }
            rest = rest.dropFirst(taken)
            sent += taken
            if taken > 0 {
                end = Waiting.now() + Self.patience
            } else if !isReady(link) {
                try discard(link)
                guard Waiting.now() < end else {
                    throw OutputFile.Failure(
                        isBrokenPipe: false, description: "\(address) takes no octet since \(Self.patience / 1_000) s")
                }
            }
        }
    }

    /// What a peer says is nothing to us; unread it would cost the last octets, or their room.
    private func discard(_ link: any Link) throws(OutputFile.Failure) {
        do { try link.discard() } catch { throw failure(error, link) }
    }

    /// Why a link broke, and what went with it.
    private func failure(_ error: LinkError, _ link: any Link) -> OutputFile.Failure {
        let untaken = link.finish(patience: 0, grace: 0).untaken
        let words = untaken > 0 ? "; the last \(untaken) octets before were not taken" : ""
        return OutputFile.Failure(isBrokenPipe: false, description: "\(error)\(words)")
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

    /// Waits until the peer has taken what was written; refuses where it does not.
    public func close() throws(OutputFile.Failure) {
        guard let link else { return }
        self.link = nil
        let (untaken, reason) = link.finish(patience: Self.patience, grace: nil)
        guard untaken > 0 else { return }
        let words = reason?.description ?? "nothing for \(Self.patience / 1_000) s"
        throw OutputFile.Failure(
            isBrokenPipe: false, description: "\(address) did not take the last \(untaken) octets: \(words)")
    }
}
