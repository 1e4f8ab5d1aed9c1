extension LinkType {
    /// The same link under the number that files should use: old systems wrote their own 12 or 14 for raw IP.
    var normal: LinkType { rawValue == 12 || rawValue == 14 ? .raw : self }

    /// The longest packet that is believed, in octets: 262,144 as in libpcap and Wireshark, and 16 MiB on the buses whose
    /// messages may be longer (D-Bus 231, USB 189, 220 and 249, EBHSCR 279).
    var longestPacket: Int {
        switch rawValue {
        case 231, 189, 220, 249, 279: 1 << 24
        default: 1 << 18
        }
    }
}
