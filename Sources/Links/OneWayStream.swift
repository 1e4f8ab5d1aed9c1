internal import Bytes
internal import Glibc

/// A TCP stream that is only written to, and how it ends so that its last octets arrive.
///
/// A socket that is closed while something that its peer said is unread ends with a reset (RFC 2525, section 2.17), and with
/// it goes what the system has not handed on. So what a peer says is thrown away as it comes, and in the end is waited until
/// all is taken.
struct OneWayStream {
    private let number: Int32
    /// Octets that the peer's system has not acknowledged.
    private(set) var untaken = 0
    /// Why the connection broke; nil as long as it holds.
    private(set) var failure: Int32?
    private var hasSpoken = false
    /// Whether the peer says nothing more.
    private var isSilent = false
    private var isEnding = false

    /// Octets that are thrown away at once, and how often before others have their turn.
    private static let room = 1 << 20, turns = 64
    /// Who has spoken may say more, which is waited for until it ends its side, so many milliseconds at the most.
    private static let farewell: Int64 = 1_000
    /// Milliseconds between two looks.
    private static let pause: Int32 = 10

    /// The stream of a socket, which stays open for as long as this is used.
    init(_ number: Int32) { self.number = number }

    /// Throws away what the peer has said.
    mutating func discard() {
        guard failure == nil, !isSilent else { return }
        for _ in 0..<Self.turns {
            // Nothing is copied, so there is no room to give (tcp(7), MSG_TRUNC).
            let count = recv(number, nil, Self.room, Int32(MSG_TRUNC | MSG_DONTWAIT))
            switch Descriptor.Outcome(count) {
            case .moved(0):
                isSilent = true
                return
            case .moved: hasSpoken = true
            case .wouldWait: return
            case .failed(let number):
                failure = number
                return
            }
        }
    }

    /// Writing has failed.
    mutating func fail(_ number: Int32) { failure = failure ?? number }

    /// Throws away what the peer has said, and looks how much it has taken.
    mutating func look() {
        discard()
        // The end counts as an octet.
        untaken = max(0, SystemQueue.outgoing(number) - (isEnding ? 1 : 0))
    }

    /// Whether all is there, and nothing that comes can do harm; or the connection broke.
    private var isDone: Bool { failure != nil || untaken == 0 && (isSilent || !hasSpoken) }

    /// Says to the peer that nothing more comes, and waits until it has taken everything.
    ///
    /// - Parameters:
    ///   - patience: for how long it may take nothing, in milliseconds.
    ///   - grace: for how long it is waited altogether once the user asks to end, in milliseconds; nil: as if nobody had.
    mutating func finish(patience: Int64, grace: Int64?) {
        var streams = [self]
        Self.finish(&streams, patience: patience, grace: grace)
        self = streams[0]
    }

    /// The same of several at a time.
    static func finish(_ streams: inout [OneWayStream], patience: Int64, grace: Int64?) {
        for index in streams.indices where !streams[index].isEnding {
            // One that is broken already has no end to send.
            streams[index].isEnding = shutdown(streams[index].number, Int32(SHUT_WR)) == 0
            streams[index].look()
        }
        var (moved, before) = (Waiting.now(), Int.max)
        var asked: Int64?
        while true {
            for index in streams.indices where !streams[index].isDone { streams[index].look() }
            let waiting = streams.filter { !$0.isDone }
            if waiting.isEmpty { return }
            let untaken = waiting.reduce(0) { $0 + $1.untaken }
            let now = Waiting.now()
            if untaken < before { (moved, before) = (now, untaken) }
            guard now - moved < (untaken == 0 ? min(patience, farewell) : patience) else { return }
            if let grace, Interruption.isAsked {
                asked = asked ?? now
                if let asked, now - asked >= grace { return }
            }
            // A negative descriptor is left out by poll(2): the end of a peer's side would be told again and again.
            var questions = waiting.map {
                pollfd(fd: $0.isSilent ? -1 : $0.number, events: Int16(POLLIN), revents: 0)
            }
            // The count is that of the array.
            _ = unsafe poll(&questions, nfds_t(questions.count), pause)
        }
    }
}
