import Bytes
import Capture
import Support
import Testing
import Transport

@Suite("Link layers")
struct LinkTests {
    private var datagram: [UInt8] { Make.ipv4(Make.udp(Make.data(12))) }

    /// The stack of the one flow that a packet made.
    private func stack(_ packet: [UInt8], over link: LinkType) -> [String] {
        let bench = Bench(link)
        bench.take([packet])
        #expect(bench.received.map(\.octets) == [Make.data(12)])
        #expect(bench.ledger.isBalanced && bench.ledger.rejections.isEmpty)
        return bench.transport.flows.first?.stack ?? []
    }

    @Test("Ethernet, plain and with one, two and three tags of every kind, carries IP")
    func ethernet() {
        #expect(stack(Make.ethernet(datagram), over: .ethernet) == ["ethernet", "ipv4", "udp"])
        for type in [0x8100, 0x88A8, 0x9100, 0x9200] {
            let packet = Make.ethernet(datagram, tags: [(type, 42)])
            #expect(stack(packet, over: .ethernet) == ["ethernet", "vlan", "ipv4", "udp"])
        }
        let double = Make.ethernet(datagram, tags: [(0x88A8, 7), (0x8100, 42)])
        #expect(stack(double, over: .ethernet) == ["ethernet", "vlan", "vlan", "ipv4", "udp"])
        let many = Make.ethernet(datagram, tags: Array(repeating: (0x8100, 1), count: 40))
        #expect(stack(many, over: .ethernet).prefix(3) == ["ethernet", "vlan", "vlan"])
    }

    @Test("an 802.3 frame with SNAP carries IP, and its padding is overhead")
    func snap() {
        let content: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + datagram
        let packet = Make.ethernet(content, type: content.count) + [0, 0, 0]
        #expect(stack(packet, over: .ethernet) == ["ethernet", "llc", "ipv4", "udp"])
    }

    @Test("cooked captures, loopback in both orders, raw IP of every number")
    func others() {
        let cooked = [0, 0, 0, 1, 0, 6] + [UInt8](repeating: 2, count: 8) + [8, 0] + datagram
        #expect(stack(cooked, over: .linuxSLL) == ["sll", "ipv4", "udp"])
        let tagged = cooked.prefix(14) + [0x81, 0, 0, 5, 8, 0] + datagram
        #expect(stack(Array(tagged), over: .linuxSLL) == ["sll", "vlan", "ipv4", "udp"])
        let second: [UInt8] = [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6] + [UInt8](repeating: 2, count: 8) + datagram
        #expect(stack(second, over: .linuxSLL2) == ["sll2", "ipv4", "udp"])
        #expect(stack([0, 0, 0, 2] + datagram, over: .null) == ["null", "ipv4", "udp"])
        #expect(stack([2, 0, 0, 0] + datagram, over: .null) == ["null", "ipv4", "udp"])
        #expect(stack([0, 0, 0, 2] + datagram, over: .loop) == ["loop", "ipv4", "udp"])
        let six = Make.ipv6(Make.udp(Make.data(12), addresses: Make.client6 + Make.server6))
        for family: UInt8 in [10, 23, 24, 28, 30] {
            #expect(stack([0, 0, 0, family] + six, over: .null) == ["null", "ipv6", "udp"])
            #expect(stack([family, 0, 0, 0] + six, over: .null) == ["null", "ipv6", "udp"])
        }
        for link in [LinkType.raw, LinkType(rawValue: 12), LinkType(rawValue: 14)] {
            #expect(stack(datagram, over: link) == ["raw", "ipv4", "udp"])
            #expect(stack(six, over: link) == ["raw", "ipv6", "udp"])
        }
        #expect(stack(datagram, over: .ipv4) == ["raw", "ipv4", "udp"])
        #expect(stack(six, over: .ipv6) == ["raw", "ipv6", "udp"])
    }

    @Test("a link of one IP version does not carry the other")
    func otherVersion() {
        let four = Bench(.ipv4)
        four.take([Make.ipv6(Make.udp(Make.data(12)))])
        let six = Bench(.ipv6)
        six.take([datagram + Make.data(20)])
        #expect(four.rejected("IPv4 version is not 4") == 60 && six.rejected("IPv6 version is not 6") == 60)
    }

    @Test("packets of a USER link are payload as they are, one flow for each link")
    func users() {
        let bench = Bench(.user0)
        bench.interfaces.append(Interface(linkType: LinkType(rawValue: 150)))
        bench.interfaces.append(Interface(linkType: .user0))
        bench.take([0, 1, 2, 0].map { Sample(octets: Make.data(5, seed: Int($0)), interface: UInt32($0)) })
        bench.take(Make.data(9), cutTo: 4)
        #expect(bench.transport.flows.map(\.name) == ["user0 link", "user3 link", "user0 link (interface 2)"])
        #expect(bench.received.map(\.flow) == [0, 1, 2, 0, 0])
        #expect(bench.received.map(\.marks) == [[], [], [], [], .cut])
        #expect(bench.transport.flows.allSatisfy { $0.stack == ["user"] && !$0.isStream && $0.key.kind == .bareLink })
        #expect(bench.ledger.isBalanced && bench.ledger.decoded == bench.ledger.bytes)
    }

    @Test("a bare file is one stream, handed on piece by piece without a mark")
    func bareStream() {
        let bench = Bench(.bareStream)
        bench.take([Make.data(700), Make.data(3), []])
        #expect(bench.received.map(\.octets) == [Make.data(700), Make.data(3)])
        #expect(bench.received.allSatisfy { $0.flow == 0 && $0.marks.isEmpty })
        let flow = bench.transport.flows[0]
        #expect(flow.name == "stream" && flow.isStream && flow.bytes == 703 && flow.key.source.isEmpty)
    }

    @Test("what is not ours is left under its name, its link header not among it")
    func foreign() {
        let bench = Bench()
        bench.take([
            Make.ethernet(Make.data(28), type: 0x0806), Make.ethernet(Make.data(50), type: 0x88CC),
            Make.ethernet(Make.data(40), type: 40), Make.ethernet(Make.data(46), type: 0xBEEF),
            Make.ethernet(Make.ipv4(Make.data(20), protocol: 1)), Make.ethernet(Make.ipv4(Make.data(21), protocol: 50)),
            Make.ethernet(Make.ipv4(Make.data(22), protocol: 200)),
        ])
        #expect(bench.received.isEmpty && bench.transport.flows.isEmpty && bench.ledger.rejections.isEmpty)
        let expected = [
            "ICMP": 20, "ESP": 21, "IP protocol 200": 22, "ARP": 28, "LLDP": 50, "IEEE 802.2 LLC": 40,
            "other Ethernet types": 46,
        ]
        #expect(Dictionary(uniqueKeysWithValues: bench.ledger.unclaimed.map { ($0.name, $0.bytes) }) == expected)
        #expect(bench.ledger.overhead == 7 * 14 + 3 * 20 && bench.ledger.isBalanced)
    }

    @Test("what a cooked or loopback header says of other hardware and families is not ours")
    func foreignCooked() {
        let bench = Bench(.linuxSLL)
        // Netlink has its own number where others have an Ethernet type, here that of IP.
        bench.take([[0, 0, 0x03, 0x38, 0, 0] + [UInt8](repeating: 0, count: 8) + [8, 0] + datagram])
        bench.take([[0, 0, 0, 1, 0, 6] + [UInt8](repeating: 0, count: 8) + [0, 1] + datagram])
        bench.take([[0, 0, 0, 1, 0, 6] + [UInt8](repeating: 0, count: 8) + [0, 4] + datagram])
        bench.take([[0, 0, 1, 0x18, 0, 6] + [UInt8](repeating: 0, count: 8) + [0, 12] + datagram])
        bench.interfaces.append(Interface(linkType: .null))
        bench.take([Sample(octets: [0, 0, 0, 7] + datagram, interface: 1)])
        #expect(bench.received.isEmpty)
        #expect(
            bench.ledger.unclaimed.map(\.name).sorted() == [
                "IEEE 802.2 LLC", "Novell raw 802.3", "other Ethernet types", "other protocol families",
            ])
        #expect(bench.ledger.isBalanced)
    }

    @Test("other link types are left by number, and only so many rows are made of them")
    func foreignLinks() {
        let bench = Bench(LinkType(rawValue: 9))
        for number in 0..<200 {
            bench.interfaces.append(Interface(linkType: LinkType(rawValue: 10_000 + UInt32(number))))
        }
        bench.take((0...200).map { Sample(octets: Make.data(3), interface: UInt32($0)) })
        #expect(bench.unclaimed("link type 9") == 3)
        #expect(bench.unclaimed("other link types") == 3 * 137)
        #expect(bench.ledger.unclaimed.count == 65 && bench.ledger.isBalanced)
    }

    @Test("a packet of an interface that does not exist is rejected")
    func noInterface() {
        let bench = Bench()
        bench.take([Sample(octets: Make.ethernet(datagram), interface: 1)])
        #expect(bench.received.isEmpty && bench.rejected("no such interface") == 54 && bench.ledger.isBalanced)
    }

    @Test(
        "a link header that ends early is rejected, and not when it was the snap length that cut it",
        arguments: [
            (LinkType.ethernet, 14, "Ethernet header is cut short"),
            (.linuxSLL, 16, "Linux cooked header is cut short"), (.linuxSLL2, 20, "Linux cooked header is cut short"),
            (.null, 4, "loopback header is cut short"), (.loop, 4, "loopback header is cut short"),
            (.raw, 1, "IP packet is empty"),
        ])
    func short(link: LinkType, length: Int, reason: String) {
        let packet = [UInt8](repeating: 0, count: length) + datagram
        for count in 0..<length {
            let damaged = Bench(link)
            damaged.take([Array(packet.prefix(count))])
            #expect(damaged.rejected(reason) == count && damaged.ledger.rejections.count == 1)
            let cut = Bench(link)
            cut.take(packet, cutTo: count)
            #expect(cut.unclaimed("cut by the snap length") == count && cut.ledger.rejections.isEmpty)
            #expect(damaged.ledger.isBalanced && cut.ledger.isBalanced)
        }
    }

    @Test("a tag that ends early, and IP of an unknown version, are rejected")
    func shortTag() {
        let bench = Bench()
        bench.take([Make.ethernet([0, 1, 8], type: 0x8100)])
        #expect(bench.rejected("VLAN tag is cut short") == 3 && bench.ledger.isBalanced)
        let raw = Bench(.raw)
        raw.take([[0x50] + Make.data(30)])
        #expect(raw.rejected("IP version is neither 4 nor 6") == 31 && raw.ledger.isBalanced)
    }
}
