internal import Bytes
internal import Glibc

/// The clients of a port: each gets what is sent from when it came, and none waits for another.
///
/// What a client has no room for is kept for it, up to a bound; beyond that it loses whole packets. As long as no client has
/// room, sending waits, so a client that is alone loses nothing. Where nothing is due at a time, each may make the others wait
/// for a second in all before it loses any.
final class TCPClients {
    private let address: SourceAddress
    private let listener: TCPListener
    private var open: [Connection] = []
    private var left: [PacketSender.Client] = []
    /// Since when none took anything, in milliseconds; nil where one does.
    private var idle: Int64?

    /// Packets that were sent to whoever was there, and how many each has of those that left last.
    private var total = 0, settledByLeaving = 0

    /// A client that is there.
    private struct Connection {
        let stream: Descriptor
        var oneWay: OneWayStream
        var client: PacketSender.Client
        /// What it had no room for.
        let kept = ByteBuffer()
        /// Octets that it was given, and where the packets end among those that it was to take.
        var written = 0
        var borders = StreamBorders()
        /// For how long it made others wait, in nanoseconds.
        var held: Int64 = 0
        var isOver = false

        init(_ stream: Descriptor, name: String) {
            (self.stream, client) = (stream, PacketSender.Client(name: name))
            oneWay = OneWayStream(stream.number)
        }

        var isBehind: Bool { kept.count > TCPClients.most }

        /// Takes in what it says, and what it has taken.
        mutating func look() {
            oneWay.look()
            if oneWay.failure != nil { isOver = true }
            borders.pass(octets: written - oneWay.untaken)
        }

        /// What it has come to, when it has left or all ends.
        mutating func conclude(arrived: Int) {
            borders.pass(octets: arrived)
            (client.packets, client.octets) = (borders.through, arrived)
        }
    }

    /// Octets that may be kept for a client before it loses packets; it may be more by what is sent at once.
    private static let most = 1 << 20
    private static let mostHeld: Int64 = 1_000_000_000
    /// Clients at a time; others wait until one goes.
    private static let mostClients = 32

    /// Waits for the first client.
    ///
    /// - Parameter waits: called when one can come.
    init(_ address: SourceAddress, host: String, port: UInt16, waits: () -> Void) throws(LinkError) {
        self.address = address
        listener = try TCPListener(address, host: host, port: port)
        waits()
        while open.isEmpty {
            if Interruption.isAsked { throw LinkError(address, "had no client", "stopped") }
            _ = Waiting.wait(for: listener.descriptor, until: Waiting.now() + PacketSender.patience)
            accept()
        }
    }

    /// All that were there, in the order of their leaving, and those that are.
    var all: [PacketSender.Client] { left + open.map(\.client) }

    /// Of the packets that were sent, how many in front of the first one that some client does not have and did not lose; where
    /// all have left, that the last one does not have.
    var settled: Int { open.map { $0.borders.settled(of: total) }.min() ?? settledByLeaving }

    private func accept() {
        while open.count < Self.mostClients, let stream = listener.accept() {
            // A peer that has gone already has no address.
            guard let peer = (unsafe SocketAddress { unsafe getpeername(stream.number, $0, $1) }) else { continue }
            open.append(Connection(stream, name: peer.text))
        }
    }

    /// Takes in new clients, and gives the others what is kept for them.
    func attend() {
        accept()
        for index in open.indices {
            // What a client says is nothing to us; unread it would end the connection with an error.
            open[index].look()
            flush(index)
        }
        forget()
    }

    /// Gives packets to everybody.
    ///
    /// - Parameter areDue: whether they have their time, so that none waits for a slow client.
    func send(
        _ octets: RawSpan, _ start: Int, _ ends: Span<Int>, areDue: Bool
    ) throws(LinkError) -> PacketSender.Outcome {
        var outcome = PacketSender.Outcome()
        guard ends.count > 0 else { return outcome }
        guard try waitForRoom(areDue) else {
            outcome.isHeldUp = true
            return outcome
        }
        for index in open.indices {
            guard !open[index].isBehind else {
                open[index].client.lost += ends.count
                outcome.lost += ends.count
                continue
            }
            let end = ends[ends.count - 1]
            let taken = open[index].kept.count > 0 ? 0 : give(index, octets.extracting(start..<end))
            open[index].kept.append(octets.extracting(start + taken..<end))
            open[index].borders.append(ends, from: start, number: total)
        }
        total += ends.count
        forget()
        // When the last one has left the next call says so: what it took of these counts.
        (outcome.sent, outcome.taken) = (ends.count, ends.count)
        outcome.octets = ends[ends.count - 1] - start
        return outcome
    }

    /// Waits a moment until enough clients can be given more; false where they cannot yet, or the user asks to end.
    private func waitForRoom(_ areDue: Bool) throws(LinkError) -> Bool {
        for index in open.indices where open[index].kept.count > 0 { flush(index) }
        forget()
        let end = Waiting.now() + PacketSender.slice
        while open.contains(where: \.isBehind) {
            let isHeld = open.allSatisfy(\.isBehind)
            if !isHeld, areDue || !open.contains(where: { $0.isBehind && $0.held < Self.mostHeld }) { break }
            let start = SteadyClock.now()
            if Interruption.isAsked || start / 1_000_000 >= end { return false }
            if flushSome() { idle = nil }
            if !isHeld {
                let held = SteadyClock.now() - start
                for index in open.indices where open[index].isBehind { open[index].held += held }
            }
            let since = idle ?? Waiting.now()
            idle = since
            guard Waiting.now() < since + PacketSender.patience else {
                let seconds = PacketSender.patience / 1_000
                throw LinkError(address, "takes no octet", "none of its clients, for \(seconds) s")
            }
        }
        idle = nil
        guard !open.isEmpty else { throw LinkError(address, "has no client any more", "the last one has left") }
        return true
    }

    /// Waits until a client that has something to take can take it, a moment at most; whether one took something.
    private func flushSome() -> Bool {
        var questions = open.map {
            pollfd(fd: $0.kept.count > 0 ? $0.stream.number : -1, events: Int16(POLLOUT), revents: 0)
        }
        // The count is that of the array.
        guard unsafe poll(&questions, nfds_t(questions.count), Int32(PacketSender.slice)) > 0 else { return false }
        let before = open.map(\.written)
        for (index, question) in questions.enumerated() where question.revents != 0 { flush(index) }
        let hasMoved = zip(open, before).contains { $0.written > $1 }
        forget()
        return hasMoved
    }

    private func flush(_ index: Int) {
        let kept = open[index].kept
        guard kept.count > 0 else { return }
        kept.removeFirst(give(index, kept.bytes))
    }

    /// Gives octets to a client, as many as it takes.
    private func give(_ index: Int, _ octets: RawSpan) -> Int {
        guard !open[index].isOver, octets.byteCount > 0 else { return 0 }
        switch PacketSender.put(open[index].stream.number, octets) {
        case .moved(let count):
            open[index].written += count
            return count
        case .wouldWait: return 0
        case .failed(let number):
            open[index].oneWay.fail(number)
            open[index].isOver = true
            return 0
        }
    }

    private func forget() {
        let over = open.indices.filter { open[$0].isOver }
        guard !over.isEmpty else { return }
        settledByLeaving = 0
        for index in over {
            open[index].oneWay.look()
            // What it did not acknowledge it does not have.
            open[index].conclude(arrived: open[index].written - open[index].oneWay.untaken)
            open[index].client.hasLeft = true
            left.append(open[index].client)
            settledByLeaving = max(settledByLeaving, open[index].borders.settled(of: total))
        }
        open.removeAll(where: \.isOver)
    }

    /// Gives up what is kept for clients, but for the rests of packets of which they have a part.
    func keepBegun() {
        for index in open.indices {
            let kept = open[index].kept
            let rest = open[index].borders.end(around: open[index].written) - open[index].written
            if rest < kept.count { kept.removeLast(kept.count - rest) }
        }
    }

    /// Says to all clients that nothing more comes, and waits until they have taken everything; gives the octets that they
    /// have not.
    func finish(patience: Int64, grace: Int64?, leavesRest: Bool) -> Int {
        var streams = open.map(\.oneWay)
        OneWayStream.finish(&streams, patience: patience, grace: grace)
        // Asked for now: the user may have ended the wait.
        let leavesRest = leavesRest || Interruption.isAsked
        for (index, stream) in streams.enumerated() {
            let leaves = leavesRest && stream.failure == nil
            open[index].conclude(arrived: open[index].written - (leaves ? 0 : stream.untaken))
            if stream.failure != nil, stream.untaken > 0 { open[index].client.hasLeft = true }
        }
        return streams.reduce(0) { $0 + $1.untaken }
    }

    /// Gives clients what is kept for them, for a moment; says whether nothing is any more, or less than before.
    func drain() -> (isDone: Bool, hasMoved: Bool) {
        guard waiting > 0 else { return (true, false) }
        let hasMoved = flushSome()
        return (waiting == 0, hasMoved)
    }

    /// For how many something is kept.
    private var waiting: Int { open.count { $0.kept.count > 0 } }

    /// How many were not given all that they were to get.
    var behind: Int { open.count { $0.written < $0.borders.offered } }
}

extension SocketAddress {
    /// The address as a number, and the port.
    var text: String {
        var host = [CChar](repeating: 0, count: 64)
        var port = [CChar](repeating: 0, count: 8)
        // Both rooms are as long as the call is told, and end with a zero.
        let status = unsafe call { address, length in
            unsafe getnameinfo(
                address, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
                NI_NUMERICHOST | NI_NUMERICSERV)
        }
        guard status == 0 else { return "?" }
        func words(_ room: [CChar]) -> String {
            String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return family == AF_INET6 ? "[\(words(host))]:\(words(port))" : "\(words(host)):\(words(port))"
    }
}
