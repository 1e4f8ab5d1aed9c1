import Bytes
import Capture
import Glibc
import Links
import Testing
import Transport

/// What sockets bring looks to the transport as what a capture brings.
@Suite struct LiveSourceTests {
    /// A payload of a flow, copied.
    private struct Piece: Equatable {
        let flow: String
        let octets: [UInt8]
    }

    /// Reads until a source has given so many payloads, or two seconds have passed.
    private func read(
        _ source: any PacketSource, until count: Int, while feed: () throws -> Void = {}
    ) throws -> (pieces: [Piece], flows: [Flow], ledger: Ledger) {
        let transport = Transport()
        var packets = Batch<Packet>()
        var payloads = Batch<Payload>()
        var ledger = Ledger()
        var pieces: [Piece] = []
        try feed()
        let end = Waiting.now() + 2000
        var number: UInt64 = 0
        while pieces.count < count, Waiting.now() < end, source.next(into: &packets, ledger: &ledger) {
            for index in 0..<packets.count {
                number += 1
                #expect(packets[index].number == number)
                #expect(packets[index].time.isKnown)
                #expect(abs(packets[index].time.nanoseconds - CaptureTime.now.nanoseconds) < 60_000_000_000)
            }
            transport.process(packets, interfaces: source.interfaces, into: &payloads, ledger: &ledger)
            for index in 0..<payloads.count {
                let payload = payloads[index]
                pieces.append(
                    Piece(
                        flow: transport.flow(at: Int(payload.flow)).name, octets: payloads.bytes(of: payload).copied()))
            }
        }
        source.close(into: &ledger)
        transport.finish(into: &payloads, ledger: &ledger)
        let octets = pieces.reduce(0) { $0 + $1.octets.count }
        #expect(ledger.bytes == octets + ledger.overhead, "headers are overhead, and there is nothing else")
        #expect(ledger.rejections.isEmpty)
        #expect(source.uncompressedBytes == UInt64(ledger.bytes))
        return (pieces, transport.flows, ledger)
    }

    private func freePort(_ scheme: String, _ host: String = "127.0.0.1") throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000...60_000)
            if (try? SourceAddress("\(scheme)://\(host):\(port)").open()) != nil { return port }
        }
        throw LinkError("\(scheme)://\(host)", "has no port", number: EADDRINUSE)
    }

    @Test(arguments: ["127.0.0.1", "[::1]"])
    func datagramsOfAnyLengthComeAsTheyWereSent(_ host: String) throws {
        let port = try freePort("udp", host)
        let source = try SourceAddress("udp://\(host):\(port)").open()
        let link = try LinkAddress("udp://\(host):\(port)").open()
        let sent = [1, 7, 199, 1471, 2047, 2048, 2049, 9000, 65_000].map { length in
            (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
        }
        let (pieces, flows, _) = try read(source, until: sent.count) {
            for octets in sent {
                let written = try link.write(octets[...])
                #expect(written == octets.count)
            }
        }
        #expect(pieces.map(\.octets) == sent)
        #expect(flows.count == 1)
        #expect(flows[0].name.hasSuffix("> \(host):\(port)"))
        #expect(flows[0].stack == ["raw", host == "[::1]" ? "ipv6" : "ipv4", "udp"])
        #expect(flows[0].checksums.wrong == 0 && flows[0].checksums.wrongHeader == 0)
        #expect(host == "[::1]" ? flows[0].checksums.good == sent.count : flows[0].checksums.absent == sent.count)
        #expect(source.interfaces[0].name == "udp://\(host):\(port)")
        #expect(source.isLive && source.isDedicated)
    }

    @Test func allAddressesMeanTheOneThatWasSentTo() throws {
        let port = try freePort("udp", "0.0.0.0")
        let source = try SourceAddress("udp://0.0.0.0:\(port)").open()
        let link = try LinkAddress("udp://127.0.0.2:\(port)").open()
        let (pieces, _, _) = try read(source, until: 1) { _ = try link.write([1, 2, 3]) }
        #expect(pieces.count == 1)
        #expect(pieces[0].flow.hasSuffix("> 127.0.0.2:\(port)"))
    }

    @Test func aPortThatIsTakenIsRefused() throws {
        let port = try freePort("udp")
        let first = try SourceAddress("udp://127.0.0.1:\(port)").open()
        do {
            _ = try SourceAddress("udp://127.0.0.1:\(port)").open()
            Issue.record("the port is taken twice")
        } catch {
            #expect("\(error)".contains("another program listens there"))
        }
        _ = first.name
    }

    @Test func aSourceThatNobodyFeedsComesBackWithNothing() throws {
        for scheme in ["udp", "tcp-listen"] {
            let source = try SourceAddress("\(scheme)://127.0.0.1:\(freePort(scheme))").open()
            var batch = Batch<Packet>()
            var ledger = Ledger()
            let begun = Waiting.now()
            let goesOn = source.next(into: &batch, ledger: &ledger)
            #expect(goesOn)
            #expect(batch.count == 0)
            #expect(Waiting.now() - begun < 10_000)
            source.close(into: &ledger)
            let isOver = !source.next(into: &batch, ledger: &ledger)
            #expect(isOver)
            #expect(ledger == Ledger())
        }
    }

    @Test(arguments: ["127.0.0.1", "[::1]"])
    func streamsOfClientsAreConnectionsOfTheirOwn(_ host: String) throws {
        let port = try freePort("tcp-listen", host)
        let source = try SourceAddress("tcp-listen://\(host):\(port)").open()
        let links = try (0..<3).map { _ in try LinkAddress("tcp://\(host):\(port)").open() }
        let octets = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        let (pieces, flows, _) = try read(source, until: 6) {
            for (index, link) in links.enumerated() {
                let written = try link.write(octets[0..<2000 + index])
                #expect(written == 2000 + index)
            }
        }
        #expect(flows.count == 3)
        for flow in flows {
            #expect(flow.checksums.good == flow.packets)
            #expect(flow.tcp == StreamCounts(), "its beginning was seen, and nothing came twice or not at all")
        }
        let lengths = flows.map { flow in pieces.filter { $0.flow == flow.name }.reduce(0) { $0 + $1.octets.count } }
        #expect(lengths.sorted() == [2000, 2001, 2002])
    }

    @Test func anInterfaceThatIsNotThereIsRefused() {
        do {
            _ = try SourceAddress("pcap://nosuchlink0").open()
            Issue.record("it is opened")
        } catch {
            let words = "\(error)"
            #expect(words.contains("no interface 'nosuchlink0'") || words.contains("not permitted"), "\(words)")
        }
    }
}
