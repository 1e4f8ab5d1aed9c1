internal import Bytes
internal import Capture
internal import Glibc

/// Streams of a server or of clients, as segments of TCP that were captured: each connection is a flow.
final class TCPSource: PacketSource {
    let name: String
    let interfaces: [Interface]
    let format = CaptureFormat.live(timeDigits: 9)
    let isLive = true
    let isDedicated = true
    private let peer: Peer
    private var connections: [Connection] = []
    private var opened: UInt32 = 0
    /// How many there had been when it was to end: of those that wait to be met then, so many are at the most.
    private var openedBefore: UInt32 = 0
    private let room = SegmentRoom()
    private var counts = LiveCounts()
    private var headers = HeaderWriter()
    private var isClosed = false
    private var isEnding = false

    private enum Peer {
        case server(TCPDialler)
        case clients(TCPListener)
    }

    /// A connection that is open.
    private struct Connection {
        let stream: Descriptor
        let remote: Endpoint
        let local: Endpoint
        /// The number of the next octet.
        var sequence: UInt32
        /// Octets that are still to be read where all ends, one more than there are: behind them its own end may be.
        var left = Int.max
        var isOver = false
        var header: Int { remote.isIPv6 ? 60 : 40 }
    }

    /// Clients at a time; others wait until one goes.
    private static let mostClients = 256

    convenience init(_ address: SourceAddress, connecting dialler: TCPDialler) throws(LinkError) {
        self.init(address, .server(dialler))
    }

    convenience init(_ address: SourceAddress, listening listener: TCPListener) throws(LinkError) {
        self.init(address, .clients(listener))
    }

    private init(_ address: SourceAddress, _ peer: Peer) {
        name = address.description
        var link = Interface(linkType: .raw, resolution: 9)
        link.name = name
        interfaces = [link]
        self.peer = peer
    }

    var packets: UInt64 { counts.packets }
    var uncompressedBytes: UInt64 { counts.octets }
    var problems: [Problem] { counts.problems }
    var notice: String? {
        switch peer {
        case .server: connections.isEmpty ? "not connected, tries again" : nil
        case .clients: connections.count == 1 ? "1 client" : "\(connections.count) clients"
        }
    }

    func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        batch.removeAll()
        room.begin()
        if Interruption.isAsked { _ = end() }
        guard !isClosed else { return false }
        let ready = wait()
        meet(ready, &batch, &ledger)
        // Those that were read last come first the next time, so that none of them keeps the others waiting.
        let first = connections.isEmpty ? 0 : Int(counts.packets % UInt64(connections.count))
        for step in connections.indices {
            let index = (first + step) % connections.count
            // A connection that was met just now is read in the next turn.
            if index < ready.streams.count, ready.streams[index] { read(index, &batch, &ledger) }
        }
        let before = connections.count
        connections.removeAll(where: \.isOver)
        if case .server(let dialler) = peer, connections.count < before { dialler.restart(at: Waiting.now()) }
        return !isEnding || !batch.isEmpty
    }

    /// What can be done without waiting.
    private struct Ready {
        var peer = false
        var streams: [Bool] = []
    }

    private func wait() -> Ready {
        var questions: [pollfd] = []
        switch peer {
        case .clients(let listener):
            // A negative descriptor is left out by poll(2).
            let isMet = isEnding && Int(opened &- openedBefore) >= Self.mostClients
            let hasPlace = connections.count < Self.mostClients && !isMet
            let descriptor = hasPlace ? listener.descriptor : -1
            questions.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        case .server(let dialler):
            let descriptor = isEnding ? nil : dialler.descriptor
            questions.append(pollfd(fd: descriptor ?? -1, events: Int16(POLLOUT), revents: 0))
        }
        for connection in connections {
            let descriptor = connection.left > 0 ? connection.stream.number : -1
            questions.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
        // The count is that of the array.
        let count = unsafe poll(&questions, nfds_t(questions.count), Int32(isEnding ? 0 : LiveCounts.patience))
        guard count > 0 else { return Ready() }
        return Ready(peer: questions[0].revents != 0, streams: questions.dropFirst().map { $0.revents != 0 })
    }

    /// Takes new connections.
    private func meet(_ ready: Ready, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        switch peer {
        case .server(let dialler):
            // The first connection is there from the beginning.
            guard connections.isEmpty, !isEnding || opened == 0 else { return }
            if let stream = dialler.turn(at: Waiting.now(), canWrite: ready.peer) { open(stream, &batch, &ledger) }
        case .clients(let listener):
            while ready.peer, connections.count < Self.mostClients, hasRoom(batch), let stream = listener.accept() {
                open(stream, &batch, &ledger)
            }
        }
    }

    private func hasRoom(_ batch: borrowing Batch<Packet>) -> Bool { !room.isFull && !batch.isFull }

    private func open(_ stream: Descriptor, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        // A peer that has gone already has no address.
        guard
            let remote = (unsafe SocketAddress { unsafe getpeername(stream.number, $0, $1) }).flatMap({ Endpoint($0) }),
            let local = (unsafe SocketAddress { unsafe getsockname(stream.number, $0, $1) }).flatMap({ Endpoint($0) })
        else { return }
        opened &+= 1
        // A connection between the same ports as one before has other numbers, as it has to.
        var connection = Connection(
            stream: stream, remote: remote, local: local, sequence: opened &* 0x9E37_79B1 &+ 1)
        if isEnding { connection.left = SystemQueue.incoming(stream.number) + 1 }
        connections.append(connection)
        say(connection, sequence: connection.sequence &- 1, HeaderWriter.Flag.synchronize, &batch, &ledger)
    }

    private func read(_ index: Int, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        let connection = connections[index]
        guard hasRoom(batch) else { return }
        let (piece, outcome) = room.read(connection.stream.number, header: connection.header)
        switch outcome {
        case .wouldWait: break
        case .moved(0): end(index, HeaderWriter.Flag.finish | HeaderWriter.Flag.acknowledge, &batch, &ledger)
        case .failed: end(index, HeaderWriter.Flag.reset, &batch, &ledger)
        case .moved:
            // The room keeps what was read for as long as the batch is used.
            let room = self.room
            let octets = unsafe room.extent(piece).bytes(keptBy: room)
            headers.segment(
                from: connection.remote, to: connection.local, sequence: connection.sequence,
                flags: HeaderWriter.Flag.push | HeaderWriter.Flag.acknowledge, carrying: octets)
            connections[index].sequence &+= UInt32(piece.count)
            if isEnding { connections[index].left -= piece.count }
            append(room.put(headers, inFrontOf: piece), &batch, &ledger)
        }
    }

    private func end(_ index: Int, _ flags: UInt8, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        // Without room for its last word it is read again, and ends in the next turn.
        guard hasRoom(batch) else { return }
        connections[index].isOver = true
        say(connections[index], sequence: connections[index].sequence, flags, &batch, &ledger)
    }

    /// A segment that carries nothing.
    private func say(
        _ connection: Connection, sequence: UInt32, _ flags: UInt8, _ batch: inout Batch<Packet>,
        _ ledger: inout Ledger
    ) {
        headers.segment(
            from: connection.remote, to: connection.local, sequence: sequence, flags: flags, carrying: RawSpan())
        append(room.append(headers), &batch, &ledger)
    }

    private func append(_ extent: Extent, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        ledger.bytes += extent.count
        batch.append(counts.packet(extent, at: .now))
    }

    func end() -> Bool {
        guard !isEnding, !isClosed else { return !isClosed }
        (isEnding, openedBefore) = (true, opened)
        for index in connections.indices {
            connections[index].left = SystemQueue.incoming(connections[index].stream.number) + 1
        }
        return true
    }

    func close(into ledger: inout Ledger) {
        isClosed = true
        connections.removeAll()
    }
}
