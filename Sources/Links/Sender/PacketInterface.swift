internal import CSystem
internal import Capture
internal import Glibc

/// Interfaces as something to send whole packets over.
enum PacketInterface {
    /// Whether a program captures everything that goes over one (packet(7), ETH_P_ALL).
    static var areCaptured: Bool {
        let made = unsafe Glibc.open("/proc/net/packet", O_RDONLY | O_CLOEXEC)
        guard made >= 0 else { return false }
        let rows = String(decoding: Descriptor(made).read().octets, as: UTF8.self).split(separator: "\n").dropFirst()
        // The fourth column is the protocol.
        return rows.contains { $0.split(separator: " ").dropFirst(3).first == "0003" }
    }

    /// Opens an interface, and says how its packets begin.
    static func open(_ address: SourceAddress, _ interface: String) throws(LinkError) -> (Descriptor, LinkType) {
        let index = unsafe if_nametoindex(interface)
        guard index > 0 else {
            let names = PcapHandle.names()
            let near = LinkAddress.nearest(interface, among: names).map { ", near it is \($0)" } ?? ""
            throw LinkError(
                address, "cannot be opened",
                "there is no interface '\(interface)'\(near); there are \(names.joined(separator: ", "))")
        }
        let made = csystem_open_interface(index)
        guard made >= 0 else {
            if errno == EPERM || errno == EACCES {
                throw LinkError(
                    address, "cannot be opened",
                    "sending whole packets is not permitted; run as root, or once: "
                        + "sudo setcap cap_net_raw,cap_net_admin=eip \"$(command -v starlane)\"")
            }
            throw LinkError(address, "cannot be opened", number: errno)
        }
        let socket = Descriptor(made)
        switch unsafe csystem_hardware_type(made, interface) {
        case Int32(CSYSTEM_HARDWARE_ETHERNET), Int32(CSYSTEM_HARDWARE_LOOPBACK): return (socket, .ethernet)
        // Tunnels without a header of their own.
        case Int32(CSYSTEM_HARDWARE_NONE), Int32(CSYSTEM_HARDWARE_PPP), Int32(CSYSTEM_HARDWARE_TUNNEL),
            Int32(CSYSTEM_HARDWARE_TUNNEL6):
            return (socket, .raw)
        case let kind:
            throw LinkError(
                address, "cannot be sent to",
                "its packets are of kind \(kind) (ARPHRD in if_arp.h); allowed are Ethernet and bare IP")
        }
    }
}
