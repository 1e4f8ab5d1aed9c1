import Bytes
import Foundation
import Support
import Testing
import Transport

/// Our payloads beside those of tshark, which is told to put fragments together.
@Suite("Beside tshark")
struct TsharkTests {
    /// What tshark unwraps and Starlane leaves by name: the payloads inside are not ours to find.
    private static let tunnels = [
        "icmp": "the packet that an ICMP error quotes was not sent here", "icmpv6": "the same",
        "gre": "GRE is left by name", "pim": "PIM is left by name", "ppp": "PPP is left by name",
        "pppoes": "PPPoE is left by name", "mpls": "MPLS is left by name", "macsec": "MACsec is left by name",
        "arcnet": "ARCNET is left by number", "fddi": "FDDI is left by number", "tr": "Token Ring is left by number",
        "ppi": "802.11 is left by number", "nflog": "NFLOG is left by number", "ipoib": "InfiniBand is left by number",
        "infiniband": "the same", "clip": "ATM is left by number", "atm": "the same",
        "gtp": "GTP is an application over UDP: its payload is one", "vxlan": "VXLAN likewise",
        "geneve": "Geneve likewise", "lisp": "LISP likewise", "nsh": "NSH likewise", "wg": "WireGuard likewise",
        "openflow_v4": "OpenFlow likewise, over TCP", "openflow_v1": "the same", "capwap": "CAPWAP likewise",
        "lwapp": "LWAPP likewise", "pktap": "a USER link is payload as it is", "ipcomp": "IPComp is left by name",
        "esp": "ESP is left by name", "ipip": "IP in IP is left by name",
    ]

    /// Captures where the two differ for another reason.
    private static let exceptions: [String: String] = [:]

    /// Captures of which libpcap reads only what is of the first link, and so do these tests.
    private func isTunnel(_ layers: String) -> Bool {
        let names = layers.components(separatedBy: ":")
        // IP twice is IP in IP, or a tunnel that tshark does not show as a layer.
        return names.contains { Self.tunnels[$0] != nil } || names.filter { $0 == "ip" || $0 == "ipv6" }.count > 1
    }

    /// What we make of a capture; nil when libpcap does not read it. `count` is how many packets libpcap gave.
    private func unwrap(_ url: URL) -> (bench: Bench, count: Int)? {
        guard let file = PcapFile(url), !file.samples.isEmpty else { return nil }
        let bench = Bench(file.link)
        var start = 0
        while start < file.samples.count {
            let end = min(start + 512, file.samples.count)
            bench.take(Array(file.samples[start..<end]))
            start = end
        }
        bench.finish()
        return (bench, file.samples.count)
    }

    @Test("UDP payloads of the corpus are those of tshark", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func datagrams() throws {
        let known = Dictionary(grouping: try Tshark.knownDatagrams(), by: \.file)
        var (same, inTunnels) = (0, 0)
        var unread: Set<String> = []
        var different: Set<String> = []
        for (url, name) in Tshark.captures {
            let theirs = Dictionary(uniqueKeysWithValues: (known[name] ?? []).map { ($0.packet, $0) })
            guard let (bench, count) = unwrap(url) else {
                if !theirs.isEmpty { unread.insert(name) }
                continue
            }
            #expect(bench.ledger.isBalanced, "\(name)")
            let kinds = bench.transport.flows.map(\.key.kind)
            var ours: [Int: [String]] = [:]
            for payload in bench.received where kinds[payload.flow] == .udp {
                ours[Int(payload.packet), default: []].append(Tshark.describe(payload.octets))
            }
            for packet in Set(ours.keys).union(theirs.keys) {
                let (mine, their) = (ours[packet] ?? [], theirs[packet]?.payloads ?? [])
                if packet > count {
                    unread.insert(name)
                } else if mine == their {
                    same += 1
                } else if isTunnel(theirs[packet]?.layers ?? ""), mine == Array(their.prefix(mine.count)) {
                    inTunnels += 1
                } else {
                    different.insert("\(name) \(packet): ours \(mine) theirs \(their) \(theirs[packet]?.layers ?? "")")
                }
            }
        }
        for d in different.sorted() { print("DIFF", d) }
        print("UNREAD", unread.sorted())
        print(same, inTunnels)
    }

    @Test("TCP streams of the corpus are those of tshark", .enabled(if: Corpus.isThere, "\(Corpus.why)"))
    func streams() throws {
        let known = Dictionary(grouping: try Tshark.knownStreams(), by: \.file)
        var (same, inTunnels, lossy) = (0, 0, 0)
        var different: Set<String> = []
        for (url, name) in Tshark.captures {
            let theirs = Dictionary(uniqueKeysWithValues: (known[name] ?? []).map { ($0.direction, $0) })
            guard let (bench, _) = unwrap(url) else { continue }
            var ours: [String: [UInt8]] = [:]
            var missing: Set<String> = []
            for (index, flow) in bench.transport.flows.enumerated() {
                guard let tcp = flow.tcp else { continue }
                let direction = String(flow.name.dropFirst("tcp ".count))
                ours[direction] = bench.received.filter { $0.flow == index }.flatMap(\.octets)
                if tcp.missing > 0 { missing.insert(direction) }
            }
            for direction in Set(ours.keys).union(theirs.keys) {
                let mine = ours[direction] ?? []
                let their = theirs[direction]
                if mine.count == their?.octets ?? 0, mine.isEmpty || Tshark.digest(mine) == their?.digest {
                    same += 1
                } else if let their, missing.contains(direction), mine.count >= their.octets,
                    Tshark.digest(mine.prefix(their.octets)) == their.digest
                {
                    // tshark leaves away what is behind a hole that is open at the end.
                    lossy += 1
                } else if let their, mine.isEmpty, isTunnel(their.layers) {
                    inTunnels += 1
                } else {
                    different.insert("\(name) \(direction): ours \(mine.count) theirs \(their?.octets ?? 0) \(their?.layers ?? "")")
                }
            }
        }
        for d in different.sorted() { print("DIFF", d) }
        print(same, inTunnels, lossy)
    }
}
