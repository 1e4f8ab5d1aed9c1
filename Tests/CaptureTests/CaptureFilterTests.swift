import Bytes
import Capture
import Foundation
import Support
import Testing

@Suite("A capture filter")
struct CaptureFilterTests {
    /// What a filter leaves of a capture.
    private func left(
        of source: CaptureReader, by expression: String, capacity: Int = 512
    ) throws -> (packets: [Seen], ledger: Ledger) {
        let filter = try CaptureFilter(expression)
        var batch = Batch<Packet>(capacity: capacity)
        var (ledger, packets) = (Ledger(), [Seen]())
        while source.next(into: &batch, ledger: &ledger) {
            try filter.apply(to: &batch, interfaces: source.interfaces, ledger: &ledger)
            for index in 0..<batch.count {
                let packet = batch[index]
                ledger.leave("test", bytes: packet.extent.count)
                packets.append(
                    Seen(
                        number: packet.number, time: packet.time.nanoseconds, captured: packet.extent.count,
                        original: packet.originalLength, link: 0, offset: packet.offset,
                        hash: fnv(batch.bytes(of: packet))))
            }
        }
        #expect(ledger.isBalanced)
        return (packets, ledger)
    }

    @Test(
        "chooses the packets that tcpdump does",
        .enabled(if: hasProgram("tcpdump") && Corpus.isThere, "tcpdump is not installed, or there is no corpus"),
        arguments: ["udp", "tcp or icmp", "greater 100 and not port 53", "ip6 or vlan", "ip[8] > 63"])
    func tcpdump(_ expression: String) throws {
        var (compared, some) = (0, 0)
        let files =
            Corpus.files(below: "captures") + Corpus.files(below: "tcpdump").prefix(150)
            + [fixture("songjiang-pass.pcapng"), fixture("g60-cadu.pcap")]
        for url in files {
            guard let source = try? CaptureReader.open(url.path), source.format.kind != .bareStream else { continue }
            // To standard output: it gives up its rights before it opens a file.
            let finished = try run("tcpdump", ["-n", "-r", url.path, "-w", "-", "--nano", expression])
            guard finished.status == 0 else { continue }
            let theirs = Reading(reader([UInt8](finished.output)))
            let ours = try left(of: source, by: expression, capacity: 7)
            for (our, their) in zip(ours.packets, theirs.packets) {
                // libpcap cuts a packet that is longer than the snap length the file states.
                #expect(our.hash == their.hash || their.captured < our.captured, "\(url.path)")
            }
            #expect(ours.packets.map(\.original) == theirs.packets.map(\.original), "\(url.path)")
            compared += 1
            if !ours.packets.isEmpty, ours.packets.count < Int(source.packets) { some += 1 }
        }
        #expect(compared > 100)
        #expect(some > 5)
    }

    @Test("keeps numbers and places, and enters what it drops as unclaimed")
    func ledger() throws {
        let source = reader(Blocks.file(300))
        let theirs = Reading(reader(Blocks.file(300))).packets.filter { $0.captured >= 60 }
        let ours = try left(of: source, by: "greater 60")
        #expect(
            ours.packets.map(\.number) == theirs.map(\.number) && ours.packets.map(\.offset) == theirs.map(\.offset))
        #expect(source.packets == 300)
        let row = ours.ledger.unclaimed.first { $0.name == "not matched by the capture filter" }
        #expect(row?.count == 300 - theirs.count && ours.ledger.rejections.isEmpty)
    }

    @Test("is compiled for each link type by itself, also for a link that turns up late")
    func links() throws {
        let datagram = [UInt8](
            [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 7, 0, 9, 0, 8, 0, 0])
        let ethernet = [UInt8](repeating: 2, count: 12) + [8, 0]
        var file = Blocks()
        file.section()
        file.interface(link: 1)
        file.enhanced(1, ethernet + datagram)
        file.enhanced(2, datagram + datagram)
        file.interface(link: 101)
        file.enhanced(3, datagram, interface: 1)
        file.enhanced(4, ethernet + datagram, interface: 1)
        #expect(try left(of: reader(file.octets), by: "udp port 9", capacity: 1).packets.map(\.number) == [1, 3])
        #expect(try left(of: reader(file.octets), by: "udp port 8", capacity: 1).packets.isEmpty)
        // An empty expression takes all, as for tcpdump.
        #expect(try left(of: reader(file.octets), by: "").packets.count == 4)
    }

    @Test("looks at the length on the wire, and never behind what was captured")
    func cut() throws {
        let classic = Classic()
        let file =
            classic.header() + classic.record(1, 0, body(1, 10), original: 500) + classic.record(2, 0, [], original: 0)
        #expect(try left(of: reader(file), by: "greater 500").packets.map(\.number) == [1])
        #expect(try left(of: reader(file), by: "ether[9] = 40").packets.map(\.number) == [1])
        #expect(try left(of: reader(file), by: "not ether[10] = 0").packets.isEmpty)
    }

    @Test(
        "is refused in libpcap's words when nobody could mean it",
        arguments: [
            ("udp prot 53", "syntax error"), ("host 1.2.3.400", "400"), ("port notaport", "notaport"),
            ("(udp", "syntax error"), ("ip[0:3] = 1", "size"), ("ip broadcast", "netmask"),
        ])
    func syntax(_ expression: String, _ words: String) throws {
        let refusal = #expect(throws: CaptureFilter.Refusal.self) { try CaptureFilter(expression) }
        let description = refusal?.description ?? ""
        #expect(description.contains("'\(expression)' is no capture filter: "), "\(description)")
        #expect(description.contains(words), "\(description)")
        #expect(refusal?.linkType == nil)
    }

    @Test("is refused for a link on which libpcap cannot tell, and drops nothing then")
    func unknownLinks() throws {
        var file = Blocks()
        file.section()
        file.interface(link: 147)
        file.enhanced(1, body(1, 40))
        file.enhanced(2, body(2, 90))
        let refusal = #expect(throws: CaptureFilter.Refusal.self) { try left(of: reader(file.octets), by: "udp") }
        #expect(refusal?.linkType == .user0)
        #expect(
            refusal?.description.contains("'udp' cannot be used on packets of USER0: ") == true,
            "\(String(describing: refusal))")
        // What does not depend on layers is taken.
        #expect(try left(of: reader(file.octets), by: "greater 50").packets.map(\.number) == [2])

        let bare = #expect(throws: CaptureFilter.Refusal.self) { try left(of: reader([1, 2, 3, 4, 5]), by: "udp") }
        #expect(
            bare?.description
                == "'udp' cannot be used on a bare file: it has no packets; choose by fields")
        // Of Ethernet only a live capture knows it, of Linux' cooked packets the file does, too.
        let live = #expect(throws: CaptureFilter.Refusal.self) {
            try left(of: reader(Blocks.file(1)), by: "inbound")
        }
        #expect(live?.linkType == .ethernet && live?.reason.contains("savefile") == true, "\(String(describing: live))")
        // An expression of other links is no error by itself.
        #expect(throws: CaptureFilter.Refusal.self) { try left(of: reader(Blocks.file(1)), by: "type mgt") }
    }

    @Test("serves capture after capture")
    func captures() throws {
        let filter = try CaptureFilter("greater 60")
        for link in [1, 147, 101] {
            var file = Blocks()
            file.section()
            file.interface(link: link)
            file.enhanced(1, body(1, 40))
            file.enhanced(2, body(2, 90))
            let source = reader(file.octets)
            var batch = Batch<Packet>()
            var ledger = Ledger()
            filter.beginCapture()
            #expect(source.next(into: &batch, ledger: &ledger))
            try filter.apply(to: &batch, interfaces: source.interfaces, ledger: &ledger)
            #expect(batch.count == 1 && batch[0].number == 2)
        }
    }
}
