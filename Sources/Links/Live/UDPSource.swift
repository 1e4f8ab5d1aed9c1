internal import Bytes
internal import CSystem
internal import Capture
internal import Glibc

/// Datagrams that come to a port, as packets of raw IP.
final class UDPSource: PacketSource {
    let name: String
    let interfaces: [Interface]
    let format = CaptureFormat.live(timeDigits: 9)
    let isLive = true
    let isDedicated = true
    private let socketDescriptor: Descriptor
    /// Where datagrams go that do not say it themselves.
    private let place: Endpoint
    private let receiver: DatagramReceiver
    private var counts = LiveCounts()
    private var headers = HeaderWriter()
    private var isClosed = false
    private var ending: LiveEnding?

    /// Octets of the buffer that the system is asked for: half a second of the fastest links.
    private static let buffer: Int32 = 64 << 20
    /// What the system needs for a datagram beside its octets is more than this, so what is counted so comes later.
    private static let overhead = 256

    /// A socket that is bound to the host's address; to a multicast group's where the host is one.
    ///
    /// - Parameters:
    ///   - groups: further groups to join.
    ///   - interface: the name of the interface on which groups are joined; nil leaves it to the system.
    init(
        _ address: SourceAddress, host: String, port: UInt16, groups: [String], interface: String?
    ) throws(LinkError) {
        name = address.description
        var link = Interface(linkType: .raw, resolution: 9)
        link.name = name
        interfaces = [link]
        guard let receiver = DatagramReceiver() else { throw LinkError(address, "cannot be opened", number: ENOMEM) }
        self.receiver = receiver
        var number: Int32 = 0
        var bound: (Descriptor, SocketAddress)?
        for place in try Resolver.resolve(address, host: host == "*" ? "" : host, port: port) {
            let made = socket(place.family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            if made < 0 {
                number = errno
                continue
            }
            let candidate = Descriptor(made)
            let isGroup = Endpoint(place)?.isGroup ?? false
            if isGroup {
                // Several programs on one machine may listen to a group.
                var yes: Int32 = 1
                _ = unsafe setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            }
            let status = csystem_receiver_prepare(made, place.family, Self.buffer)
            if status != 0 { throw LinkError(address, "cannot be listened on", number: status) }
            try Self.join(address, made, groups: (isGroup ? [host] : []) + groups, interface, place.family)
            // Last of all, so that the first datagram has its time, and none of a group is missed.
            if unsafe place.call({ unsafe bind(made, $0, $1) }) == 0, candidate.neverWait() {
                bound = (candidate, place)
                break
            }
            number = errno
        }
        guard let (descriptor, socketAddress) = bound, let place = Endpoint(socketAddress) else {
            throw LinkError(cannotListen: address, number: number)
        }
        socketDescriptor = descriptor
        self.place = place
    }

    private static func join(
        _ address: SourceAddress, _ descriptor: Int32, groups: [String], _ interface: String?, _ family: Int32
    ) throws(LinkError) {
        var index: UInt32 = 0
        if let interface {
            index = unsafe if_nametoindex(interface)
            if index == 0 { throw LinkError(address, "cannot be listened on", "there is no interface '\(interface)'") }
        }
        for group in groups {
            var octets = [UInt8](repeating: 0, count: 16)
            let length = unsafe csystem_address(group, &octets)
            let isIPv6 = length == 16
            guard length > 0, isIPv6 == (family == AF_INET6) else {
                throw LinkError(
                    address, "cannot be listened on",
                    "the group '\(group)' is no address of the family that the host is of")
            }
            let status = unsafe csystem_join(descriptor, isIPv6 ? 1 : 0, octets, index)
            if status == EINVAL { throw LinkError(address, "cannot join", "'\(group)' is no multicast group") }
            if status == ENODEV {
                throw LinkError(
                    address, "cannot join \(group)", "no interface leads there; ?interface=NAME names one")
            }
            if status != 0 { throw LinkError(address, "cannot join \(group)", number: status) }
        }
    }

    private var descriptor: Int32 { socketDescriptor.number }
    var packets: UInt64 { counts.packets }
    var uncompressedBytes: UInt64 { counts.octets }
    var dropped: UInt64 { counts.dropped }
    var problems: [Problem] { counts.problems }

    func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        batch.removeAll()
        if Interruption.isAsked { _ = end() }
        guard !isClosed, ending?.isOver != true else { return false }
        var outcome = receiver.receive(from: descriptor, most: batch.capacity)
        if case .wouldWait = outcome {
            if ending != nil { return false }
            guard Waiting.wait(for: descriptor, until: Waiting.now() + LiveCounts.patience).isReady else {
                enterDrops(&ledger)
                return true
            }
            outcome = receiver.receive(from: descriptor, most: batch.capacity)
        }
        switch outcome {
        case .wouldWait: break
        case .moved(let count): take(count, &batch, &ledger)
        case .failed(let number):
            counts.fail(SystemError(number: number).description, &ledger)
            isClosed = true
            return false
        }
        return true
    }

    private func take(_ count: Int, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        for index in 0..<count {
            let datagram = receiver.datagram(index, to: place, behind: &headers)
            ledger.bytes += datagram.extent.count
            batch.append(counts.packet(datagram.extent, at: datagram.time))
            // Not by its time: the first ones of a socket may have that of their reading.
            ending?.take(datagram.extent.count + Self.overhead)
            if let dropped = datagram.dropped { counts.drop(upTo: dropped, &ledger) }
        }
    }

    private func enterDrops(_ ledger: inout Ledger) {
        let count = csystem_dropped(descriptor)
        if count >= 0 { counts.drop(upTo: UInt32(truncatingIfNeeded: count), &ledger) }
    }

    func end() -> Bool {
        if ending == nil {
            let queued = csystem_queued(descriptor)
            ending = LiveEnding(octets: queued < 0 ? Int(Self.buffer) : Int(queued))
        }
        return !isClosed
    }

    func close(into ledger: inout Ledger) {
        guard !isClosed else { return }
        isClosed = true
        enterDrops(&ledger)
    }
}
