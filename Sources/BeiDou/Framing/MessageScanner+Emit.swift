public import Bytes
internal import Records
internal import Transport

/// What was counted of the messages of one type in a flow.
public struct MessageCount: Sendable, Equatable {
    /// The number of the type: an index into ``MessageTypes/all``.
    public let type: Int
    /// How many.
    public let messages: Int
    /// Octets of them, as decoded.
    public let bytes: Int
    /// When the first one came.
    public let first: CaptureTime
    /// When the last one came.
    public let last: CaptureTime

    init(type: Int, tally: MessageTally) {
        self.type = type
        messages = tally.messages
        bytes = tally.bytes
        first = tally.first
        last = tally.last
    }
}

/// The running state behind a ``MessageCount``.
struct MessageTally: BitwiseCopyable {
    var messages = 0
    var bytes = 0
    var first = CaptureTime.unknown
    var last = CaptureTime.unknown
}

extension MessageScanner {
    /// Hands on one whole message; of a batch of positions each entry too, of sub-packages the whole when it is there.
    func emit(
        _ window: RawSpan, _ range: Range<Int>, isSentence: Bool, _ place: Place, _ stamp: CaptureTime,
        _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) {
        let message = window.slice(at: range.lowerBound, count: range.count)
        let offset = place.offset(of: range.lowerBound)
        guard message.u8(at: 0) == UInt8(ascii: "$") else {
            return emit(frame: message, offset, place, stamp, &units, &ledger)
        }
        let type =
            isSentence ? SentenceFamily.type(of: message) : MessageTypes.rdss4Base + RDSS4Family.type(of: message)
        append(Extent(message), type, 0, offset, place, stamp, &units)
    }

    /// Hands on a frame of JT/T 808.
    private func emit(
        frame: RawSpan, _ offset: UInt64, _ place: Place, _ stamp: CaptureTime, _ units: inout Batch<Unit>,
        _ ledger: inout Ledger
    ) {
        let arena = self.arena
        let extent: Extent
        if let plain = JTT808Framing.plainMessage(frame) {
            extent = Extent(frame).slice(at: plain.lowerBound, count: plain.count)
        } else {
            let scratch = self.scratch
            scratch.removeAll()
            JTT808Framing.unescape(frame, into: scratch)
            extent = arena.copy(scratch.bytes)
        }
        // In the window, or in the arena, which keeps what is copied in until the next batch begins.
        let message = unsafe extent.bytes(keptBy: arena)
        guard let header = JTT808Header(message) else { return }
        guard header.isPart, joinsParts else {
            return emit(message: message, header.flowNumber, offset, place, stamp, &units)
        }
        let joiner = self.joiner
        switch joiner.take(message) {
        case .notPart, .kept, .repeated: break
        case .joined:
            let whole = arena.copy(joiner.joined)
            emit(message: unsafe whole.bytes(keptBy: arena), header.flowNumber, offset, place, stamp, &units)
        case .refused:
            ledger.reject(
                .message, "sub-package with an impossible number", bytes: 0, packet: place.packet, offset: offset)
        }
        for lost in joiner.takeLost() { reject(lost, place, offset, &ledger) }
    }

    /// Enters parts that are missing their others; their octets were entered when they came.
    func reject(_ lost: SubpackageJoiner.Lost, _ place: Place, _ offset: UInt64, _ ledger: inout Ledger) {
        ledger.reject(
            .message, "sub-packages that are missing their others", bytes: 0, packet: place.packet, offset: offset)
    }

    private func emit(
        message: RawSpan, _ flowNumber: UInt16, _ offset: UInt64, _ place: Place, _ stamp: CaptureTime,
        _ units: inout Batch<Unit>
    ) {
        let type = MessageTypes.jtt808Base + JTT808Family.type(of: message)
        append(Extent(message), type, flowNumber, offset, place, stamp, &units)
        let entry = MessageTypes.jtt808Base + JTT808Family.entryType
        for range in JTT808Family.entries(of: message) {
            let scratch = self.scratch
            scratch.removeAll()
            JTT808Family.appendEntry(range, of: message, to: scratch)
            append(arena.copy(scratch.bytes), entry, flowNumber, offset, place, stamp, &units)
        }
    }

    private func append(
        _ extent: Extent, _ type: Int, _ sequence: UInt16, _ offset: UInt64, _ place: Place, _ stamp: CaptureTime,
        _ units: inout Batch<Unit>
    ) {
        let time = place.time.isKnown ? place.time : stamp
        units.append(
            Unit(
                extent: extent, time: time, packet: place.packet, offset: offset, flow: place.flow, channel: .max,
                apid: UInt16(truncatingIfNeeded: type), sequence: sequence, segment: 3, marks: .message))
        var tally = tallies[type]
        if tally.messages == 0 {
            tally.first = time
            met.append(type)
        }
        tally.messages &+= 1
        tally.bytes &+= extent.count
        tally.last = time
        tallies[type] = tally
    }
}
