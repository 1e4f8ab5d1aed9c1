public import Bytes

/// A way to a device or peer, read and written without ever waiting: who waits uses ``Waiting``.
public protocol Link: AnyObject {
    /// The address that it was opened with.
    var address: LinkAddress { get }
    /// The file descriptor, for poll(2).
    var descriptor: Int32 { get }
    /// Whether there is somebody to write to. Only a UDP link that waits for its first peer has nobody.
    var hasPeer: Bool { get }
    /// Takes what is there.
    func read() throws(LinkError) -> LinkInput
    /// Hands octets on and says how many were taken; 0 when none can be taken now. A datagram is taken whole.
    func write(_ octets: ArraySlice<UInt8>) throws(LinkError) -> Int
    /// Throws away what the peer has said, for who only writes: what is unread in the end may cost the last octets.
    func discard() throws(LinkError)
    /// Ends what is written, and waits until it has gone out, or has been taken where a peer can say so.
    ///
    /// - Parameters:
    ///   - patience: for how long nothing may be taken, in milliseconds.
    ///   - grace: for how long it is waited altogether once the user asks to end, in milliseconds; nil: as if nobody had.
    /// - Returns: how many octets were not taken, and why where that is known.
    func finish(patience: Int64, grace: Int64?) -> (untaken: Int, reason: SystemError?)
}

/// What holds for datagrams.
extension Link {
    /// A datagram that nobody reads does no harm.
    public func discard() {}
    /// What was written has left.
    public func finish(patience: Int64, grace: Int64?) -> (untaken: Int, reason: SystemError?) { (0, nil) }
}

/// What a link has for its reader.
public enum LinkInput: Equatable, Sendable {
    /// Octets, at least one: a datagram, or a piece of a stream.
    case octets([UInt8])
    /// Nothing at present.
    case nothing
    /// The peer has ended the link.
    case ended
}

/// What could not be done with a link, and the system's reason.
public struct LinkError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The link's address, as it is written.
    public let address: String
    /// What was tried: "cannot be opened".
    public let action: String
    /// Why.
    public let reason: Reason

    /// A reason that the system gave, or that of names.
    public enum Reason: Equatable, Sendable {
        /// An error's number.
        case system(SystemError)
        /// Words of the resolver, or ours.
        case words(String)
    }

    package init(_ address: some CustomStringConvertible, _ action: String, number: Int32) {
        self.address = address.description
        self.action = action
        reason = .system(SystemError(number: number))
    }

    package init(_ address: some CustomStringConvertible, _ action: String, _ words: String) {
        self.address = address.description
        self.action = action
        reason = .words(words)
    }

    /// Link, action and reason in a line.
    public var description: String {
        switch reason {
        case .system(let error): "\(address) \(action): \(error)"
        case .words(let words): "\(address) \(action): \(words)"
        }
    }
}

extension LinkAddress {
    /// Opens the link. A TCP server has `patience` milliseconds to answer.
    public func open(patience: Int = 10_000) throws(LinkError) -> any Link {
        switch self {
        case .udp: try UDPLink(self)
        case .tcp: try TCPLink(self, patience: patience)
        case .serial(let device, let baud): try SerialLink(device: device, baud: baud)
        }
    }
}
