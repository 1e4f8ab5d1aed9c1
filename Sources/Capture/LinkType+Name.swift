extension LinkType {
    /// The name that people know it by: "Ethernet", "USER0"; "link type 999" for one without a name here.
    public var name: String {
        if rawValue >= Self.user0.rawValue && rawValue <= Self.user15.rawValue {
            return "USER\(rawValue - Self.user0.rawValue)"
        }
        return Self.names[rawValue] ?? "link type \(rawValue)"
    }

    private static let names: [UInt32: String] = [
        0: "BSD loopback", 1: "Ethernet", 6: "Token Ring", 7: "ARCNET", 8: "SLIP", 9: "PPP", 10: "FDDI",
        50: "PPP in HDLC",
        51: "PPP over Ethernet", 101: "raw IP", 104: "Cisco HDLC", 105: "IEEE 802.11", 107: "Frame Relay",
        108: "OpenBSD loopback", 113: "Linux cooked", 119: "IEEE 802.11 with Prism header",
        127: "IEEE 802.11 with radiotap",
        129: "ARCNET of Linux", 163: "IEEE 802.11 with AVS header", 165: "BACnet MS/TP", 189: "USB of Linux",
        192: "per-packet information", 195: "IEEE 802.15.4", 197: "ERF", 201: "Bluetooth HCI",
        220: "USB of Linux, padded",
        227: "CAN", 228: "IPv4", 229: "IPv6", 230: "IEEE 802.15.4 without FCS", 239: "netfilter log", 243: "MPEG-2 TS",
        249: "USBPcap", 252: "upper PDU", 253: "netlink", 271: "vsock", 276: "Linux cooked, version 2",
        0xFFFF_FFFF: "bare file",
    ]
}
