import Foundation

/// Where the two are allowed to differ, and why.
enum Differences {
    /// What tshark unwraps and Starlane does not: the payloads inside are not ours to find.
    private static let tunnels = [
        "icmp": "the packet that an ICMP error quotes was not sent here", "icmpv6": "the same",
        "gre": "left by name", "pim": "left by name", "mpls": "left by name", "macsec": "left by name",
        "pppoes": "left by name", "ipcomp": "left by name", "ppp": "a link type left by number",
        "arcnet": "a link type left by number", "fddi": "a link type left by number",
        "tr": "a link type left by number", "ppi": "a link type left by number", "nflog": "a link type left by number",
        "infiniband": "a link type left by number", "ipoib": "a link type left by number",
        "clip": "a link type left by number", "juniper": "a link type left by number",
        "pktap": "a USER link is payload as it is", "gtp": "an application over UDP, whose payload is handed on",
        "vxlan": "an application over UDP", "geneve": "an application over UDP", "lisp": "an application over UDP",
        "nsh": "an application over UDP", "wg": "an application over UDP", "openflow_v4": "an application over TCP",
        "openflow_v1": "an application over TCP",
    ]

    /// True when one of the layers, or IP in IP, is not unwrapped here.
    static func isTunnel(_ layers: String) -> Bool {
        let names = layers.components(separatedBy: ":")
        return names.contains { tunnels[$0] != nil } || names.count { $0 == "ip" || $0 == "ipv6" } > 1
    }

    private static let cutFragment =
        "a first fragment, cut and alone: tshark shows what there is, here it is no datagram"
    private static let lengthZero = "UDP length zero over 65,535 octets: to the end here, damage to tshark"
    private static let journal = "tshark counts blocks that hold no packet"

    /// Captures with datagrams that differ.
    static let datagrams: [String: String] = [
        "captures/PcapPlusPlus/NullLoopback.pcap": "an Ethernet type where the protocol family stands",
        "captures/gopacket/be/test901.pcapng": "tshark stops at a block that our reader passes over",
        "pcapng/be/test018.pcapng": journal, "pcapng/be/test102.pcapng": journal,
        "pcapng/le/test018.pcapng": journal, "pcapng/le/test102.pcapng": journal,
        "tcpdump/bigtcp-ipv4-geneve-ipv4.pcap": lengthZero, "tcpdump/bigtcp-ipv4-geneve-ipv6.pcap": lengthZero,
        "tcpdump/bigtcp-ipv4-vxlan-ipv6.pcap": lengthZero, "tcpdump/bigtcp-ipv6-geneve-ipv6.pcap": lengthZero,
        "tcpdump/bigtcp-ipv6-vxlan-ipv4.pcap": lengthZero, "tcpdump/bigtcp-ipv6-vxlan-ipv6.pcap": lengthZero,
        "tcpdump/bootp_asan-2.pcap": cutFragment, "tcpdump/bootp_asan.pcap": cutFragment,
        "tcpdump/dhcp6_reconf_asan.pcap": cutFragment, "tcpdump/esp_truncated.pcap": cutFragment,
        "tcpdump/hncp_dhcpv4data-oobr.pcap": cutFragment,
        "tcpdump/isakmp-ikev1_n_print-oobr.pcap": cutFragment, "tcpdump/isakmp-various-oobr.pcap": cutFragment,
        "tcpdump/isakmpv1-attr-oobr.pcap": cutFragment, "tcpdump/olsr-oobr-1.pcap": cutFragment,
        "tcpdump/radius_attr_asan.pcap": cutFragment, "tcpdump/rip_error_hexdump.pcap": cutFragment,
        "tcpdump/rsvp_uni-oobr-3.pcap": cutFragment, "tcpdump/rx_serviceid_oobr.pcap": cutFragment,
        "tcpdump/ripv2-invalid-length.pcap": "UDP ends before IP does: tshark goes on to the end of IP",
    ]

    private static let inner = "tshark adds to the stream what packets inside its OpenFlow messages carry"
    private static let reset = "what a reset carries is no part of the stream (RFC 9293, section 3.5.3)"

    /// Captures with streams that differ.
    static let streams: [String: String] = [
        "captures/PcapPlusPlus/dns_over_tcp.pcapng": "the same packets came over two links: two flows here",
        "tcpdump/of10_s4810.pcap": inner, "tcpdump/of13_ericsson.pcapng": inner, "tcpdump/tcp_rst_data.pcap": reset,
        "tcpdump/tcp_rst_diag_payload-trunc.pcap": reset, "tcpdump/tcp_rst_diag_payload.pcap": reset,
    ]
}
