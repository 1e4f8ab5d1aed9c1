internal import Bytes
public import Capture
internal import Glibc

extension SourceAddress {
    /// Opens the source.
    ///
    /// - Parameter waits: told once, when a server is not there yet: what came of the first attempt, and for how many seconds it
    ///   is tried again.
    public func open(waits: (LinkError, Int) -> Void = { _, _ in }) throws(LinkError) -> any PacketSource {
        switch kind {
        case .udp(let host, let port, let groups, let interface):
            try UDPSource(self, host: host, port: port, groups: groups, interface: interface)
        case .tcp(let host, let port):
            try TCPSource(self, connecting: try TCPDialler(self, host: host, port: port, waits: waits))
        case .tcpListen(let host, let port):
            try TCPSource(self, listening: try TCPListener(self, host: host, port: port))
        case .serial(let device, let baud): try SerialSource(self, device: device, baud: baud)
        case .pcap(let interface, let filter): try PcapSource(self, interface: interface, filter: filter)
        }
    }
}

extension LinkError {
    /// A port that cannot be had, with what to do.
    init(cannotListen address: SourceAddress, number: Int32) {
        let words =
            switch number {
            case EADDRINUSE: "another program listens there; 'ss -lnp' says which"
            case EADDRNOTAVAIL: "it is no address of this machine; 0.0.0.0 or [::] are all of them"
            case EACCES: "ports below 1024 need root, or the capability net_bind_service"
            default: ""
            }
        if words.isEmpty {
            self.init(address, "cannot be listened on", number: number)
        } else {
            self.init(address, "cannot be listened on", "\(SystemError(number: number)): \(words)")
        }
    }
}
