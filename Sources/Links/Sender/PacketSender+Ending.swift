internal import Bytes

/// What is on its way, and how sending ends.
extension PacketSender {
    /// Of the packets that are done with, how many in front of the first one that may still be lost: over TCP those that their
    /// peer's system has acknowledged, where there are several clients those that each of them has; all else has left for good.
    public var settled: Int { isStream ? borders.settled(of: taken) : taken }

    /// Whether a part of a packet has left, and the rest of it has not.
    public var isInside: Bool { rest.count > 0 }

    /// Hands on what is kept, as much as is taken within a moment; says whether that was all of it, or anything.
    ///
    /// - Parameter begun: whether only packets are ended of which a part has left; others that are kept are given up.
    public func drain(onlyBegun begun: Bool = false) throws(LinkError) -> (isDone: Bool, hasMoved: Bool) {
        switch way {
        case .stream(let stream, _):
            let before = rest.count
            var outcome = Outcome()
            let isDone = try sendRest(over: stream, &outcome, insists: true)
            if let failure, !isDone { throw failure }
            return (isDone, rest.count < before)
        case .clients(let clients):
            if begun { clients.keepBegun() }
            return clients.drain()
        case .datagrams, .interface: return (true, false)
        }
    }

    /// What did not arrive though it was sent.
    public struct Loss: Equatable, Sendable {
        /// Packets, of those that were told as sent, and octets of what was.
        public var packets = 0, octets = 0
        /// Octets that a peer did not take in time, or will not take any more since the connection broke.
        public var untaken = 0
        /// Whether the connection broke.
        public var isBroken = false
    }

    /// Ends the streams: peers get what was sent, and that nothing more comes. What a peer that is there still has not taken
    /// when the time is over counts as sent only where `leavesRest`, or where the user asks to end: the system goes on handing
    /// it on.
    ///
    /// - Parameters:
    ///   - patience: for how long none may take anything, in milliseconds.
    ///   - grace: for how long it is waited altogether once the user asks to end, in milliseconds; nil: as if nobody had.
    public func finish(patience: Int64, grace: Int64?, leavesRest: Bool) -> Loss {
        var loss = Loss()
        // Who took nothing for too long has had its time.
        let patience = failure == nil ? patience : 0
        switch way {
        case .datagrams, .interface: return loss
        case .stream(_, let owner):
            let sent = isInside ? taken - 1 : taken
            if let owner {
                let (untaken, reason) = owner.finish(patience: patience, grace: grace)
                (loss.untaken, loss.isBroken) = (untaken, reason != nil)
            }
            let leavesRest = leavesRest || Interruption.isAsked
            let arrived = written - (leavesRest && !loss.isBroken ? 0 : loss.untaken)
            borders.pass(octets: arrived)
            (loss.packets, loss.octets) = (sent - borders.settled(of: sent), written - arrived)
        case .clients(let clients):
            loss.untaken = clients.finish(patience: patience, grace: grace, leavesRest: leavesRest)
            borders.pass(number: clients.settled)
            (loss.packets, loss.octets) = (taken - settled, borders.offered - borders.passed)
        }
        return loss
    }

    /// How many clients were not given everything.
    public var waitingClients: Int { if case .clients(let clients) = way { clients.behind } else { 0 } }

    /// Who was sent to, where whoever comes is.
    public var clients: [Client] { if case .clients(let clients) = way { clients.all } else { [] } }
}
