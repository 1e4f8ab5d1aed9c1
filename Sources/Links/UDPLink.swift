internal import Glibc

/// Datagrams: to one peer, or bound to a port, where what is written goes to whoever spoke last.
final class UDPLink: Link {
    let address: LinkAddress
    private let socketDescriptor: Descriptor
    private let isBound: Bool
    private var peer: SocketAddress?

    var descriptor: Int32 { socketDescriptor.number }
    var hasPeer: Bool { !isBound || peer != nil }

    /// A socket that is connected to the peer of a UDP address, or bound where its host is every address of this machine.
    init(_ address: LinkAddress) throws(LinkError) {
        guard case .udp(let host, let port) = address else {
            throw LinkError(address, "cannot be opened", "it is no UDP address")
        }
        self.address = address
        let isBound = ["", "*", "0.0.0.0", "::"].contains(host)
        self.isBound = isBound
        var number: Int32 = 0
        for place in try Resolver.resolve(address, host: host == "*" ? "" : host, port: port) {
            let made = socket(place.family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            if made < 0 {
                number = errno
                continue
            }
            let candidate = Descriptor(made)
            let status = unsafe place.call { unsafe isBound ? bind(made, $0, $1) : connect(made, $0, $1) }
            if status == 0, candidate.neverWait() {
                socketDescriptor = candidate
                return
            }
            number = errno
        }
        throw LinkError(address, isBound ? "cannot be listened on" : "cannot be opened", number: number)
    }

    func read() throws(LinkError) -> LinkInput {
        var room = [UInt8](repeating: 0, count: 1 << 16)
        var sender = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // Both rooms are as long as the call is told; the system says how much of them it filled.
        let outcome = unsafe withUnsafeMutableBytes(of: &sender) { storage in
            let start = unsafe storage.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return unsafe Descriptor.Outcome(recvfrom(descriptor, &room, room.count, 0, start, &length))
        }
        switch outcome {
        case .wouldWait: return .nothing
        case .failed(let number): throw LinkError(address, "cannot be read", number: number)
        case .moved(let count):
            if isBound, length > 0 {
                let octets = unsafe withUnsafeBytes(of: sender) { unsafe [UInt8]($0.prefix(Int(length))) }
                peer = SocketAddress(family: Int32(sender.ss_family), octets: octets)
            }
            // An empty datagram carries nothing, and ends nothing.
            return count == 0 ? .nothing : .octets(Array(room.prefix(count)))
        }
    }

    func write(_ octets: ArraySlice<UInt8>) throws(LinkError) -> Int {
        let outcome: Descriptor.Outcome
        if isBound {
            guard let peer else { return 0 }
            outcome = unsafe octets.withUnsafeBytes { bytes in
                unsafe peer.call { address, length in
                    unsafe Descriptor.Outcome(sendto(descriptor, bytes.baseAddress, bytes.count, 0, address, length))
                }
            }
        } else {
            outcome = socketDescriptor.write(octets)
        }
        switch outcome {
        case .moved(let count): return count
        case .wouldWait: return 0
        case .failed(let number): throw LinkError(address, "cannot be written", number: number)
        }
    }
}
