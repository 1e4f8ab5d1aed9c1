import BeiDou
import Bytes
import Links

/// A link with its reader: octets out, what the terminal said in, and the clock of both.
struct TerminalLoop {
    /// What waiting came to.
    enum Turn {
        /// What was said; nothing when the time was over.
        case events([TerminalEvent])
        /// The peer has ended the link.
        case ended
    }

    let link: any Link
    private var reader = TerminalReader()
    /// What is to be written, a piece a datagram.
    private var outgoing: [ArraySlice<UInt8>] = []
    private let start = Waiting.now()
    private let utcAtStart = Waiting.utc()

    init(_ link: any Link) { self.link = link }

    /// Milliseconds since the loop began.
    var now: Int64 { Waiting.now() - start }
    /// Milliseconds since 1970 when the clock was 0.
    var utcAtZero: Int64 { utcAtStart }
    /// Milliseconds since 1970 of a time on the clock.
    func utc(_ time: Int64) -> Int64 { utcAtStart + time }

    /// Writes octets, at once or as soon as the link can.
    mutating func write(_ octets: [UInt8]) throws(LinkError) {
        // Who speaks first is not to be met with every question that was asked of nobody.
        if !link.hasPeer { outgoing = [] }
        outgoing.append(octets[...])
        try flush()
    }

    /// Waits until something is said, until a time on the clock (nil: without end), or until the user asks to end.
    mutating func turn(until deadline: Int64?) throws(LinkError) -> Turn {
        try flush()
        let end = [deadline, reader.deadline].compactMap { $0 }.min() ?? .max / 2
        let wantsToWrite = !outgoing.isEmpty && link.hasPeer
        let ready = Waiting.wait(for: link.descriptor, toWrite: wantsToWrite, until: start + end)
        if ready.canWrite { try flush() }
        guard ready.canRead else { return .events(reader.expire(at: now)) }
        switch try link.read() {
        case .octets(let octets): return .events(reader.feed(octets, at: now))
        case .nothing: return .events([])
        case .ended: return .ended
        }
    }

    private mutating func flush() throws(LinkError) {
        while link.hasPeer, let piece = outgoing.first {
            let taken = try link.write(piece)
            guard taken > 0 else { return }
            if taken < piece.count { outgoing[0] = piece.dropFirst(taken) } else { outgoing.removeFirst() }
        }
    }
}
