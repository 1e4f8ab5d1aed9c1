import Bytes
import Capture
import Glibc
import Links
import Support
import Testing

/// What a sender over TCP tells, and what its peer gets.
struct StreamEndingTests {
    /// A peer of the loopback, by plain calls of the system.
    private final class Peer {
        private(set) var descriptor: Int32 = -1
        private let listener = ownSocket(SOCK_STREAM)

        deinit {
            close(listener)
            if descriptor >= 0 { close(descriptor) }
        }

        private func address<Result>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            place.sin_port = port.bigEndian
            // The structure is an IPv4 address of the length that is told.
            return unsafe withUnsafePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }

        /// Listens at a port of the system's choice.
        func serve() -> UInt16 {
            _ = unsafe address(0) { unsafe bind(listener, $0, $1) }
            listen(listener, 1)
            var place = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            unsafe withUnsafeMutablePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = unsafe getsockname(listener, $0, &length)
                }
            }
            return UInt16(bigEndian: place.sin_port)
        }

        func accept() {
            descriptor = Glibc.accept(listener, nil, nil)
            keepOwn(descriptor)
        }

        func connect(_ port: UInt16) {
            descriptor = ownSocket(SOCK_STREAM)
            let status = unsafe address(port) { unsafe Glibc.connect(descriptor, $0, $1) }
            #expect(status == 0)
        }

        func say(_ text: String) { #expect(unsafe write(descriptor, text, text.utf8.count) == text.utf8.count) }

        /// Octets that it reads, to the end or at most so many; nil where the connection is broken.
        func read(atMost most: Int = .max) -> Int? {
            var room = [UInt8](repeating: 0, count: 1 << 16)
            var octets = 0
            while octets < most {
                let count = unsafe Glibc.read(descriptor, &room, min(room.count, most - octets))
                if count < 0 { return nil }
                if count == 0 { break }
                octets += count
            }
            return octets
        }

        /// Ends the connection with a reset.
        func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            close(descriptor)
            descriptor = -1
        }
    }

    private static let length = 1000

    /// Sends packets until nobody takes more; gives how many were told as sent.
    private func fill(_ sender: PacketSender) throws -> Int {
        let buffer = ByteBuffer()
        let ends = Lane<Int>()
        for _ in 0..<200 {
            buffer.append([UInt8](repeating: 7, count: Self.length).span.octets)
            ends.append(buffer.count)
        }
        var sent = 0
        while true {
            let outcome = try sender.send(buffer.bytes, from: 0, ends: ends.span)
            sent += outcome.sent
            if outcome.isHeldUp { return sent }
        }
    }

    private func connected() throws -> (PacketSender, Peer) {
        let peer = Peer()
        let sender = try PacketSender("tcp://127.0.0.1:\(peer.serve())")
        peer.accept()
        return (sender, peer)
    }

    /// A sender with a client.
    private func listening() throws -> (PacketSender, Peer) {
        let peer = Peer()
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000...32_000)
            guard
                let sender = try? PacketSender("tcp-listen://127.0.0.1:\(port)", waits: { _ in peer.connect(port) })
            else { continue }
            return (sender, peer)
        }
        throw LinkError("tcp-listen://127.0.0.1", "has no port", number: EADDRINUSE)
    }

    @Test("a server that spoke gets all that was told, and the end", arguments: [false, true])
    func spoken(_ isClient: Bool) throws {
        let (made, peer) = try isClient ? listening() : connected()
        var sender: PacketSender? = made
        peer.say("220 hello\r\n")
        let sent = try fill(made)
        #expect(made.settled <= sent)
        let loss = made.finish(patience: 0, grace: nil, leavesRest: true)
        #expect(loss.untaken > 0 && !loss.isBroken)
        #expect(made.settled == sent - loss.packets)
        let (client, settled) = (made.clients.first, made.settled)
        sender = nil
        let octets = try #require(peer.read(), "it was reset")
        #expect(sender == nil && octets / Self.length == settled && settled > 0)
        #expect(isClient ? loss.packets > 0 : loss.packets == 0)
        if isClient { #expect(client?.packets == settled && client?.octets == octets && client?.hasLeft == false) }
    }

    @Test("a packet of which a part has left is ended, and what is kept behind it given up")
    func begun() throws {
        let (made, peer) = try listening()
        var sender: PacketSender? = made
        let sent = try fill(made)
        var octets = 0
        for _ in 0..<1000 {
            if try made.drain(onlyBegun: true).isDone { break }
            octets += peer.read(atMost: 1 << 16) ?? 0
        }
        #expect(try made.drain(onlyBegun: true).isDone)
        let loss = made.finish(patience: 0, grace: nil, leavesRest: true)
        let settled = made.settled
        #expect(loss.packets == sent - settled && made.waitingClients == 1)
        sender = nil
        octets += try #require(peer.read())
        #expect(sender == nil && octets == settled * Self.length)
    }

    @Test("what a peer did not take in time is not told as sent, where the rest is not left to the system")
    func late() throws {
        let (sender, peer) = try connected()
        let sent = try fill(sender)
        let loss = sender.finish(patience: 0, grace: nil, leavesRest: false)
        #expect(loss.packets > 0 && loss.untaken > 0 && !loss.isBroken)
        #expect(loss.octets == loss.untaken && sent - loss.packets == sender.settled)
        #expect(peer.descriptor >= 0)
    }

    @Test("what was on its way when a connection broke is taken back", arguments: [false, true])
    func broken(_ isClient: Bool) throws {
        let (sender, peer) = try isClient ? listening() : connected()
        let sent = try fill(sender)
        let octets = try #require(peer.read(atMost: 150_500))
        peer.reset()
        sender.attend()
        // What is told first is what left before.
        _ = try? fill(sender)
        #expect(throws: LinkError.self) { _ = try fill(sender) }
        let loss = sender.finish(patience: 0, grace: nil, leavesRest: true)
        #expect(loss.packets > 0 && sender.settled <= sent)
        #expect(sender.settled >= octets / Self.length)
        #expect(isClient ? sender.clients[0].hasLeft : loss.isBroken && loss.untaken > 0)
        if isClient { #expect(sender.clients[0].packets == sender.settled) }
    }
}

/// What waits when a live source is asked to end.
struct LiveEndingTests {
    private func open(_ scheme: String) throws -> (source: any PacketSource, port: UInt16) {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000...32_000)
            if let source = try? SourceAddress("\(scheme)://127.0.0.1:\(port)").open() { return (source, port) }
        }
        throw LinkError("\(scheme)://127.0.0.1", "has no port", number: EADDRINUSE)
    }

    /// Reads what is given to the end, in batches of so many packets; gives their octets.
    private func rest(_ source: any PacketSource, _ capacity: Int, while feed: () throws -> Void = {}) throws -> [Int] {
        var batch = Batch<Packet>(capacity: capacity)
        var ledger = Ledger()
        var found: [Int] = []
        var turns = 0
        while source.next(into: &batch, ledger: &ledger) {
            for index in 0..<batch.count { found.append(batch[index].extent.count) }
            turns += 1
            try #require(turns < 10_000, "it does not end")
            try feed()
        }
        source.close(into: &ledger)
        #expect(ledger.bytes == found.reduce(0, +))
        return found
    }

    @Test("datagrams that wait are read, though more come all the while")
    func datagrams() throws {
        let (source, port) = try open("udp")
        let link = try LinkAddress("udp://127.0.0.1:\(port)").open()
        for length in 1...100 { _ = try link.write([UInt8](repeating: 7, count: length)[...]) }
        #expect(source.end() && source.end())
        let found = try rest(source, 16) { for _ in 0..<32 { _ = try link.write([1]) } }
        #expect(Array(found.prefix(100)) == (1...100).map { $0 + 28 })
        #expect(found.count < 1000)
        #expect(!source.end(), "it is closed")
    }

    @Test("a limit of time, too, reads what waits, but no more than is wanted")
    func limits() throws {
        for (most, count) in [(nil, 60), (45, 45)] as [(UInt64?, Int)] {
            let (source, port) = try open("udp")
            let link = try LinkAddress("udp://127.0.0.1:\(port)").open()
            for _ in 0..<60 { _ = try link.write([1, 2, 3]) }
            let limited = LimitedSource(source, most: most, seconds: 0)
            #expect(try rest(limited, 16).count == count)
            #expect(limited.packets == count)
        }
    }

    @Test("connections that wait are met and read, and those that were met are read on")
    func streams() throws {
        let (source, port) = try open("tcp-listen")
        var links: [any Link] = []
        func connect(_ length: Int) throws {
            let link = try LinkAddress("tcp://127.0.0.1:\(port)").open()
            let written = try link.write([UInt8](repeating: 7, count: length)[...])
            #expect(written == length)
            links.append(link)
        }
        for length in [1000, 2000] { try connect(length) }
        var one = Batch<Packet>(capacity: 1)
        var ledger = Ledger()
        let isMet = source.next(into: &one, ledger: &ledger)
        #expect(isMet && one.count == 1)
        for length in [3000, 4000] { try connect(length) }
        #expect(source.end())
        var batch = Batch<Packet>(capacity: 1)
        var octets = 0
        while source.next(into: &batch, ledger: &ledger) {
            // But for the headers.
            for index in 0..<batch.count { octets += batch[index].extent.count - 40 }
            _ = try links[3].write([9])
        }
        #expect(10_000..<20_000 ~= octets)
        source.close(into: &ledger)
    }

    @Test("octets of a serial line that wait are read")
    func line() throws {
        var (device, line): (Int32, Int32) = (-1, -1)
        // Nothing but the two descriptors is asked for.
        try #require(unsafe openpty(&device, &line, nil, nil, nil) == 0)
        keepOwn(device, line)
        defer {
            close(device)
            close(line)
        }
        let name = try #require(unsafe ttyname(line).map { unsafe String(cString: $0) })
        let source = try SourceAddress("serial:\(name)").open()
        let octets = [UInt8](repeating: 0x55, count: 1000)
        #expect(unsafe write(device, octets, octets.count) == octets.count)
        // What is written is there once it can be read: the system hands it over by a thread of its own.
        var question = pollfd(fd: line, events: Int16(POLLIN), revents: 0)
        #expect(unsafe poll(&question, 1, 10_000) == 1)
        #expect(source.end())
        #expect(try rest(source, 16).reduce(0, +) > 0)
    }
}
