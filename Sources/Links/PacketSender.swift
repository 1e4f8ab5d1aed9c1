internal import Bytes
internal import CSystem
internal import Glibc

/// Sends packets one behind the other: a datagram each over UDP, and as they are over a stream.
///
/// What is sent at once leaves with one call of the system.
public final class PacketSender {
    /// The address as it is written.
    public let name: String
    private let descriptor: Int32
    /// What keeps the descriptor open; nil for standard output, which is not ours.
    private let owner: AnyObject?
    private let isDatagram: Bool

    /// So many packets leave with one call of the system at most.
    public static var most: Int { Int(CSYSTEM_SEND_MOST) }

    /// How long a peer may take no octet before it counts as gone, in milliseconds.
    private static let patience: Int64 = 10_000

    /// What became of packets.
    public struct Outcome: Equatable, Sendable {
        /// They left.
        public var sent = 0
        /// Their octets; over a stream also those of a packet that did not leave as a whole.
        public var octets = 0
        /// They are longer than a datagram may be.
        public var tooLong = 0
        /// So often a peer said since the last call that nobody listens: what had been sent was lost.
        public var refusals = 0
    }

    /// Opens the link of an address: `udp://`, `tcp://`, `serial:`, `tcp-listen://`, which waits for a client, or "-" for
    /// standard output.
    public init(_ text: String) throws {
        if text == "-" {
            (name, descriptor, owner, isDatagram) = ("standard output", 1, nil, false)
            return
        }
        if text.hasPrefix("tcp-listen:"), case let address = try SourceAddress(text),
            case .tcpListen(let host, let port) = address.kind
        {
            let client = try Self.firstClient(of: try TCPListener(address, host: host, port: port), address)
            (name, descriptor, owner, isDatagram) = (address.description, client.number, client, false)
            return
        }
        let address = try Self.address(text)
        let link = try address.open()
        if case .udp = address { isDatagram = true } else { isDatagram = false }
        (name, descriptor, owner) = (address.description, link.descriptor, link)
    }

    private static func firstClient(
        of listener: TCPListener, _ address: SourceAddress
    ) throws(LinkError) -> Descriptor {
        while !Interruption.isAsked {
            let isReady = Waiting.wait(for: listener.descriptor, until: Waiting.now() + patience).isReady
            if isReady, let client = listener.accept() { return client }
        }
        throw LinkError(address, "had no client", "stopped")
    }

    /// Reads an address that packets can be sent to, and refuses all others; opens nothing.
    public static func check(_ text: String) throws {
        if text == "-" { return }
        if text.hasPrefix("tcp-listen:") { _ = try SourceAddress(text) } else { _ = try address(text) }
    }

    private static func address(_ text: String) throws -> LinkAddress {
        let address: LinkAddress
        do { address = try LinkAddress(text) } catch {
            // A list of what is allowed knows nothing of what can only be sent to.
            let isList = error.description.contains("allowed are udp://")
            throw isList ? LinkAddress.Refusal(description: "\(error), tcp-listen://HOST:PORT and -") : error
        }
        if case .udp(let host, _) = address, ["", "*", "0.0.0.0", "::"].contains(host) {
            throw LinkAddress.Refusal(
                description: "\(text) names nobody to send to: udp://HOST:PORT, where HOST is a peer or a group")
        }
        return address
    }

    /// Sends packets, at most ``most``: the first begins at `start`, each ends where `ends` says and the next begins there.
    /// Waits for room; ends early, with what left until then, when the user asks to.
    public func send(_ octets: RawSpan, from start: Int, ends: Span<Int>) throws(LinkError) -> Outcome {
        isDatagram ? try sendDatagrams(octets, start, ends) : try sendStream(octets, start, ends)
    }

    private func sendDatagrams(_ octets: RawSpan, _ start: Int, _ ends: Span<Int>) throws(LinkError) -> Outcome {
        var outcome = Outcome()
        var (next, start) = (0, start)
        var since = Waiting.now()
        while next < ends.count {
            // The octets are there up to the last end, and the ends are as many as is told.
            let count = unsafe octets.withUnsafeBytes { octets in
                unsafe ends.extracting(next...).withUnsafeBufferPointer { ends in
                    unsafe Int(
                        csystem_send(
                            descriptor, octets.baseAddress?.assumingMemoryBound(to: UInt8.self), start,
                            ends.baseAddress,
                            UInt32(ends.count)))
                }
            }
            switch Descriptor.Outcome(count) {
            case .moved(let count):
                outcome.sent += count
                next += count
                outcome.octets += ends[next - 1] - start
                start = ends[next - 1]
            case .wouldWait: guard try hasRoom(&since) else { return outcome }
            case .failed(EMSGSIZE):
                outcome.tooLong += 1
                start = ends[next]
                next += 1
            // The answer to an earlier datagram; the one at hand was not looked at.
            case .failed(ECONNREFUSED): outcome.refusals += 1
            case .failed(let number): throw LinkError(name, "cannot be sent to", number: number)
            }
        }
        return outcome
    }

    private func sendStream(_ octets: RawSpan, _ start: Int, _ ends: Span<Int>) throws(LinkError) -> Outcome {
        var outcome = Outcome()
        guard ends.count > 0 else { return outcome }
        var start = start
        let end = ends[ends.count - 1]
        var since = Waiting.now()
        while start < end {
            let count = unsafe octets.extracting(start..<end).withUnsafeBytes { octets in
                // Not write(2) on a socket: a peer that has gone is an error to be said. Else the signal is ignored.
                let count = unsafe Glibc.send(descriptor, octets.baseAddress, octets.count, Int32(MSG_NOSIGNAL))
                return unsafe count < 0 && errno == ENOTSOCK
                    ? Glibc.write(descriptor, octets.baseAddress, octets.count) : count
            }
            switch Descriptor.Outcome(count) {
            case .moved(let count):
                start += count
                outcome.octets += count
                since = Waiting.now()
            case .wouldWait: guard try hasRoom(&since) else { return outcome }
            case .failed(let number): throw LinkError(name, "cannot be sent to", number: number)
            }
            while outcome.sent < ends.count, ends[outcome.sent] <= start { outcome.sent += 1 }
        }
        outcome.sent = ends.count
        return outcome
    }

    /// Waits for room; false when the user asks to end.
    private func hasRoom(_ since: inout Int64) throws(LinkError) -> Bool {
        if Interruption.isAsked { return false }
        let end = since + Self.patience
        if Waiting.wait(for: descriptor, toRead: false, toWrite: true, until: end).isReady { return true }
        if Interruption.isAsked { return false }
        guard Waiting.now() < end else {
            throw LinkError(name, "takes no octet", "for \(Self.patience / 1_000) s")
        }
        return true
    }
}

/// Addresses of hosts as numbers.
public enum NumericAddress {
    /// The octets of an address: 4 or 16; nil when a text is none.
    public static func octets(_ text: String) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: 16)
        // There is room for the longest address.
        let length = unsafe csystem_address(text, &octets)
        return length > 0 ? Array(octets.prefix(Int(length))) : nil
    }
}
