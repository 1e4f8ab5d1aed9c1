public import Bytes
public import Records
public import Transport

/// Cuts what terminals send into messages: sentences, frames of protocol 4.0, frames of JT/T 808, mixed as they come.
///
/// Payloads are pieces of one stream, datagrams too: a sentence may be split over two of them. What stands between the
/// messages is sorted in `MessageScanner+Between.swift`. One scanner serves one flow.
public final class MessageScanner {
    /// Octets that the longest message may have, and a little more: what is held back never grows beyond.
    static let longest = 1 << 15

    let carry = StreamCarry()
    let arena = Arena()
    let scratch = ByteBuffer()
    let joiner = SubpackageJoiner()
    let isLog: Bool
    let joinsParts: Bool
    /// A tally for each type, and the types in the order met.
    let tallies = Lane<MessageTally>()
    var met: [Int] = []
    private var state = State()

    /// Where in a line the scanner stands; a value of its own, so that nothing of it is checked at each use.
    struct State {
        /// The time that stands in front of the line, where the capture has none.
        var stamp = CaptureTime.unknown
        /// Decimals of a second that such times had, at the most.
        var stampDigits = 0
        /// Whether nothing but a line's beginning stands in front of what comes next.
        var isAtLineStart = true
        /// Whether a frame of JT/T 808 ended right in front of what comes next.
        var isBehindFlag = false
    }

    /// A scanner of a flow.
    ///
    /// - Parameters:
    ///   - isLog: whether it is a bare file, whose lines may have a time in front.
    ///   - joinsParts: whether sub-packages wait for their others; else each is handed on as it is.
    public init(isLog: Bool = false, joinsParts: Bool = true) {
        self.isLog = isLog
        self.joinsParts = joinsParts
        tallies.resize(to: MessageTypes.all.count, filler: MessageTally())
    }

    /// What was counted, in the order met.
    public var counts: [MessageCount] { met.map { MessageCount(type: $0, tally: tallies[$0]) } }

    /// Decimals of a second that the times in front of lines had so far, at the most.
    public var stampDigits: Int { state.stampDigits }

    /// What was still held when the flow ended.
    public var unfinished: Unfinished? { carry.unfinished }

    /// Begins a batch: extents of units handed on before are no longer true.
    public func beginBatch() { arena.reset() }

    /// Takes the payloads at `indices`, which all belong to this scanner's flow. Adds a unit for each message that is whole
    /// by then; it points into its payload, or into memory of this scanner that stays until ``beginBatch()``.
    public func process(
        _ payloads: borrowing Batch<Payload>, at indices: Range<Int>, into units: inout Batch<Unit>,
        ledger: inout Ledger
    ) {
        for index in indices {
            let payload = payloads[index]
            if payload.marks.contains(.gapBefore) { drop("octets of the stream are missing inside a message", &ledger) }
            feed(payloads.bytes(of: payload), of: payload, &units, &ledger)
            if payload.marks.contains(.cut) {
                drop("message cut by the capture's snap length", &ledger)
            }
        }
    }

    /// Ends the flow: what is whole without a line's end is handed on, what still waits is pending.
    public func finish(into units: inout Batch<Unit>, ledger: inout Ledger) {
        if carry.held.count > 0 {
            let (arena, held) = (self.arena, carry.held)
            let extent = arena.copy(held.bytes)
            // The arena keeps what is copied in until the next batch begins.
            let window = unsafe extent.bytes(keptBy: arena)
            let place = Place(
                time: carry.time, packet: carry.packet, flow: carry.flow, first: carry.offset, split: window.byteCount,
                second: 0)
            let consumed = walk(window, place, isLast: true, &units, &ledger)
            carry.held.removeFirst(consumed)
            carry.end(at: place.offset(of: consumed), ledger: &ledger)
        }
        joiner.finish()
        let place = Place(
            time: carry.time, packet: carry.packet, flow: carry.flow, first: carry.offset, split: 0,
            second: carry.offset)
        for lost in joiner.takeLost() { reject(lost, place, carry.offset, &ledger) }
    }

    /// Where the beginning of a message stands that waits for its end; nil where none waits.
    package var heldOffset: UInt64? { carry.held.count > 0 ? carry.offset : nil }

    /// Whether messages came that are parts of others: they can only be joined by who reads all of them.
    package var hasParts: Bool { joiner.hasParts }

    /// Payloads are left out here: what was held is pending.
    package func pass(into ledger: inout Ledger) {
        ledger.pending += carry.held.count
        carry.held.removeAll()
        state.isAtLineStart = true
        state.isBehindFlag = false
    }

    /// Octets of the stream are missing here: what was held has lost its end.
    private func drop(_ reason: StaticString, _ ledger: inout Ledger) {
        guard carry.held.count > 0 else { return }
        ledger.reject(.message, reason, bytes: carry.held.count, packet: carry.packet, offset: carry.offset)
        carry.held.removeAll()
        state.isAtLineStart = true
    }

    /// Takes the next octets of the stream: what was held is put in front of as many of them as the longest message
    /// has, the others are walked where they are.
    private func feed(_ bytes: RawSpan, of payload: Payload, _ units: inout Batch<Unit>, _ ledger: inout Ledger) {
        let held = carry.held.count
        let count = bytes.byteCount
        carry.time = payload.time
        carry.flow = payload.flow
        var from = 0
        if held > 0 {
            let taken = min(count, Self.longest)
            let (arena, buffer) = (self.arena, carry.held)
            let extent = arena.copy(buffer.bytes, bytes.slice(at: 0, count: taken))
            // The arena keeps what is copied in until the next batch begins.
            let window = unsafe extent.bytes(keptBy: arena)
            let place = Place(
                time: payload.time, packet: payload.packet, flow: payload.flow, first: carry.offset, split: held,
                second: payload.offset)
            let consumed = walk(window, place, isLast: false, &units, &ledger)
            guard consumed >= held else {
                // Only where all of the payload was taken: no message needs more than that behind what was held.
                carry.held.removeFirst(consumed)
                carry.held.append(bytes)
                carry.offset = place.offset(of: consumed)
                return
            }
            from = consumed - held
            carry.held.removeAll()
        }
        guard from < count else { return }
        let rest = bytes.slice(at: from, count: count - from)
        let place = Place(
            time: payload.time, packet: payload.packet, flow: payload.flow, first: 0, split: 0,
            second: payload.offset &+ UInt64(from))
        let consumed = walk(rest, place, isLast: false, &units, &ledger)
        guard consumed < rest.byteCount else { return }
        carry.held.append(rest.slice(at: consumed, count: rest.byteCount - consumed))
        carry.offset = place.offset(of: consumed)
        carry.packet = payload.packet
    }

    /// Takes the messages of the window one by one until one is not whole. Says how many octets are done with, all of
    /// which are entered.
    private func walk(
        _ window: RawSpan, _ place: Place, isLast: Bool, _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) -> Int {
        let count = window.byteCount
        var state = self.state
        defer { self.state = state }
        // What lies between `from` and `at` is no message and not entered yet.
        var (from, at) = (0, 0)
        var decoded = 0
        defer { ledger.decoded += decoded }
        while true {
            var framing = Framing.none
            var isSentence = false
            if state.isBehindFlag, at < count {
                // The 7E that ended the last frame may begin the next one too.
                framing = JTT808Framing.frameBehindSharedDelimiter(window, at: at, isLast: isLast)
                state.isBehindFlag = false
            }
            if framing == .none {
                at = Self.nextStart(in: window, from: at)
                guard at < count else { break }
                (framing, isSentence) = Self.frame(window, at: at, isLast: isLast)
            }
            if !isLast, case .needs = framing {
                // A message that is whole by its check is not kept waiting for a line's end.
                let now = Self.frame(window, at: at, isLast: true)
                if case .whole = now.framing {
                    (framing, isSentence) = now
                } else if count - at < Self.longest {
                    return enter(between: from..<at, of: window, place, .begins, &state, &ledger)
                }
            }
            switch framing {
            case .whole(let n):
                if at > from { _ = enter(between: from..<at, of: window, place, .message, &state, &ledger) }
                decoded += n
                state.isAtLineStart = false
                emit(window, at..<at + n, isSentence: isSentence, place, state.stamp, &units, &ledger)
                state.isBehindFlag = window.u8(at: at + n - 1) == 0x7E
                at += n
            case .bad(let n, let reason):
                if at > from { _ = enter(between: from..<at, of: window, place, .message, &state, &ledger) }
                // A sentence that the end of the flow cuts off is pending, not wrong.
                if isLast, at + n == count, SentenceFraming.isUnfinished(reason) { return at }
                reject(reason, at..<at + n, place, &ledger)
                state.isAtLineStart = false
                at += n
            case .needs:
                // The flow ends inside of it, or it is longer than any: it is pending, unless another stands behind its
                // beginning.
                if at > from { _ = enter(between: from..<at, of: window, place, .message, &state, &ledger) }
                let next = Self.nextWhole(in: window, from: at + 1)
                if next == nil, isLast { return at }
                reject("message without its end", at..<(next ?? count), place, &ledger)
                at = next ?? count
            case .none:
                at += 1
                continue
            }
            from = at
        }
        guard from < count else { return count }
        return enter(between: from..<count, of: window, place, isLast ? .nothing : .more, &state, &ledger)
    }

    private func reject(_ reason: StaticString, _ range: Range<Int>, _ place: Place, _ ledger: inout Ledger) {
        ledger.reject(
            .message, reason, bytes: range.count, packet: place.packet, offset: place.offset(of: range.lowerBound))
    }

    /// Whether a whole message stands anywhere in octets. Costs less than a scanner, which knows every type.
    package static func holdsMessage(_ octets: RawSpan) -> Bool { nextWhole(in: octets, from: 0) != nil }

    /// Where the next octet stands that may begin a message: a dollar sign or 7E; the end of the window when there is none.
    private static func nextStart(in window: RawSpan, from: Int) -> Int {
        let count = window.byteCount
        var at = from
        while at + 8 <= count {
            let word = window.u64(at: at)
            // An octet of zero where the octet looked for stands.
            let dollar = word ^ 0x2424_2424_2424_2424
            let flag = word ^ 0x7E7E_7E7E_7E7E_7E7E
            let zeros =
                ((dollar &- 0x0101_0101_0101_0101) & ~dollar | (flag &- 0x0101_0101_0101_0101) & ~flag)
                & 0x8080_8080_8080_8080
            if zeros != 0 { break }
            at += 8
        }
        while at < count {
            let octet = window.u8(at: at)
            if octet == 0x24 || octet == 0x7E { return at }
            at += 1
        }
        return count
    }

    /// What stands at an octet that may begin a message, and whether that is a sentence. In a frame of 4.0 the sixth octet is
    /// the high one of its length, below every letter.
    static func frame(_ window: RawSpan, at: Int, isLast: Bool) -> (framing: Framing, isSentence: Bool) {
        if window.u8(at: at) == 0x7E { return (JTT808Framing.frame(window, at: at, isLast: isLast), false) }
        guard window.byteCount - at >= 6 else { return (isLast ? .none : .needs(6), false) }
        return window.u8(at: at + 5) < 0x20
            ? (RDSS4Framing.frame(window, at: at, isLast: isLast), false)
            : (SentenceFraming.frame(window, at: at, isLast: isLast), true)
    }

    /// Where the next whole message stands.
    private static func nextWhole(in window: RawSpan, from: Int) -> Int? {
        var at = nextStart(in: window, from: from)
        while at < window.byteCount {
            if case .whole = frame(window, at: at, isLast: true).framing { return at }
            at = nextStart(in: window, from: at + 1)
        }
        return nil
    }
}
