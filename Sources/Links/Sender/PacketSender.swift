internal import Bytes
public import Capture
internal import Glibc

/// Sends packets one behind the other: a datagram each over UDP, as they are over a stream or an interface.
///
/// What is sent at once leaves with few calls of the system. Datagrams are sent in `PacketSender+Datagrams.swift`, streams
/// of one peer in `PacketSender+Stream.swift`, those of several in ``TCPClients``.
public final class PacketSender {
    /// The address as it is written.
    public let name: String
    let way: Way
    /// The longest datagram of those that the system may be left to cut, see `csystem_send`; and whether it is left any: not
    /// while this machine's network is captured, which would show them in one piece.
    var longestJoined = 65_000
    private(set) var joins = true
    private var attended = 0
    /// The rest of a packet of which a part went into a stream: it goes in front of all else.
    let rest = ByteBuffer()
    /// Where packets end that were put into a stream, and how many octets of them have left.
    var borders = StreamBorders()
    var written = 0
    /// Packets that are done with, whoever took them.
    private(set) var taken = 0
    /// Why nothing can be sent any more, which the next call says: first it is told what left before.
    var failure: LinkError?
    /// Since when nothing more was taken, in milliseconds; nil where all is.
    private var held: Int64?

    /// How packets leave.
    enum Way {
        /// Over a socket that keeps them apart; `owner` keeps it open.
        case datagrams(Int32, owner: AnyObject)
        /// Over an interface, whose packets begin like this.
        case interface(Descriptor, LinkType)
        /// Over a stream; nothing keeps standard output open, which is not ours.
        case stream(Int32, owner: (any Link)?)
        case clients(TCPClients)
    }

    /// So many packets are sent at once at most.
    public static let most = 512

    /// How long a peer may take no octet before it counts as gone, and for how long it is waited for at once, in milliseconds.
    static let patience: Int64 = 10_000, slice: Int64 = 20

    /// What became of packets.
    public struct Outcome: Equatable, Sendable {
        /// They left.
        public var sent = 0
        /// So many are done with, from the first on: they left, could not, or the sender keeps the rest of the last one.
        public var taken = 0
        /// Whether nobody takes more at present: the others are to be sent once more.
        public var isHeldUp = false
        /// Their octets; over a stream also those of a packet that did not leave as a whole.
        public var octets = 0
        /// They are longer than a datagram may be, or than an interface takes.
        public var tooLong = 0
        /// They are shorter than the header of the interface.
        public var tooShort = 0
        /// So often a peer said since the last call that nobody listens: what had been sent was lost.
        public var refusals = 0
        /// Packets that a client lost since it reads too slowly, each client's by itself.
        public var lost = 0
    }

    /// Opens the link of an address: `udp://`, `tcp://`, `serial:`, `tcp-listen://`, which waits for a client, `pcap://`, or
    /// "-" for standard output.
    ///
    /// - Parameter waits: called when it waits for a client, with the address.
    public init(_ text: String, waits: (String) -> Void = { _ in }) throws {
        if text == "-" {
            (name, way) = ("standard output", .stream(1, owner: nil))
            return
        }
        if let address = try Self.source(text) {
            name = address.description
            switch address.kind {
            case .tcpListen(let host, let port):
                way = .clients(try TCPClients(address, host: host, port: port) { waits(text) })
            case .pcap(let interface, _):
                let (socket, linkType) = try PacketInterface.open(address, interface)
                way = .interface(socket, linkType)
            default: throw LinkError(address, "cannot be opened", "nothing can be sent to it")
            }
            return
        }
        let address = try Self.address(text)
        let link = try address.open()
        name = address.description
        if case .udp = address {
            way = .datagrams(link.descriptor, owner: link)
        } else {
            way = .stream(link.descriptor, owner: link)
        }
    }

    /// Reads an address that packets can be sent to, and refuses all others; opens nothing.
    public static func check(_ text: String) throws {
        if text == "-" { return }
        if try source(text) == nil { _ = try address(text) }
    }

    /// Whether an address is that of an interface, which takes whole packets with their headers and nothing else.
    public static func isInterface(_ text: String) -> Bool { text.hasPrefix("pcap:") }

    /// An address that is written like that of a source.
    private static func source(_ text: String) throws -> SourceAddress? {
        guard text.hasPrefix("tcp-listen:") || isInterface(text) else { return nil }
        let address = try SourceAddress(text)
        if case .pcap(let interface, let filter) = address.kind, filter != nil {
            throw LinkAddress.Refusal(
                description: "\(text) has a filter, which is for what is received: pcap://\(interface)")
        }
        return address
    }

    private static func address(_ text: String) throws -> LinkAddress {
        let address: LinkAddress
        do { address = try LinkAddress(text) } catch {
            // A list of what is allowed knows nothing of what can only be sent to.
            let isList = error.description.contains("allowed are udp://")
            throw isList
                ? LinkAddress.Refusal(description: "\(error), tcp-listen://HOST:PORT, pcap://INTERFACE and -") : error
        }
        if case .udp(let host, _) = address, ["", "*", "0.0.0.0", "::"].contains(host) {
            throw LinkAddress.Refusal(
                description: "\(text) names nobody to send to: udp://HOST:PORT, where HOST is a peer or a group")
        }
        return address
    }

    /// Whether packets follow each other without a border between them.
    public var isStream: Bool {
        switch way {
        case .datagrams, .interface: false
        case .stream, .clients: true
        }
    }

    /// How packets have to begin; nil where that is all the same.
    public var linkType: LinkType? { if case .interface(_, let type) = way { type } else { nil } }

    /// Sends packets, at most ``most``: the first begins at `start`, each ends where `ends` says and the next begins there.
    /// Waits a moment for room; ends early, with what left until then, where there is none, or when the user asks to.
    ///
    /// - Parameter areDue: whether they have their time: then a client that is slow is not waited for where there are others.
    public func send(
        _ octets: RawSpan, from start: Int, ends: Span<Int>, areDue: Bool = false
    ) throws(LinkError) -> Outcome {
        if let failure { throw failure }
        let outcome: Outcome
        do throws(LinkError) {
            switch way {
            case .datagrams(let socket, _): outcome = try sendDatagrams(over: socket, octets, start, ends)
            case .interface(let socket, _): outcome = try sendDatagrams(over: socket.number, octets, start, ends)
            case .stream(let stream, _): outcome = try send(over: stream, octets, start, ends)
            case .clients(let clients): outcome = try clients.send(octets, start, ends, areDue: areDue)
            }
        } catch {
            failure = error
            throw error
        }
        if isStream { borders.append(ends.extracting(first: outcome.taken), from: start, number: taken) }
        taken += outcome.taken
        if case .stream(_, let owner) = way, !(owner is TCPLink) { borders.pass(octets: written) }
        return outcome
    }

    /// To be called some fifty times a second, the first time before anything is sent: takes in new clients, and gives the
    /// others what they had no room for; looks who else is there.
    public func attend() {
        defer { attended += 1 }
        switch way {
        case .clients(let clients):
            clients.attend()
            borders.pass(number: clients.settled)
        // A peer that breaks the connection is told of by the next call that sends.
        case .stream(_, let owner as TCPLink):
            borders.pass(octets: written - owner.untaken)
        case .datagrams where attended % 25 == 0: joins = !PacketInterface.areCaptured
        default: break
        }
    }

    /// A client, and what it was given.
    public struct Client: Equatable, Sendable {
        /// Its address and port.
        public let name: String
        /// Packets that it took whole.
        public var packets = 0
        /// Octets that it took.
        public var octets = 0
        /// Packets that it lost since it reads too slowly.
        public var lost = 0
        /// Whether it left before the end.
        public var hasLeft = false
    }

    /// Something was taken.
    func hasMoved() { held = nil }

    /// Nothing is taken: refuses where that is so for too long.
    func isHeld() throws(LinkError) {
        let since = held ?? Waiting.now()
        held = since
        guard Waiting.now() < since + Self.patience || Interruption.isAsked else {
            held = nil
            throw LinkError(name, "takes no octet", "for \(Self.patience / 1_000) s")
        }
    }

    /// Waits a moment for room; false where there is none, or when the user asks to end.
    ///
    /// - Parameter insists: whether it waits though the user does.
    func hasRoom(_ descriptor: Int32, insists: Bool = false) throws(LinkError) -> Bool {
        if Interruption.isAsked, !insists { return false }
        let end = Waiting.now() + Self.slice
        if Waiting.wait(for: descriptor, toRead: false, toWrite: true, until: end).isReady { return true }
        try isHeld()
        return false
    }
}
