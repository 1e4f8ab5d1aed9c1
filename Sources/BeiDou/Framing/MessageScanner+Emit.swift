public import Bytes
internal import Records
internal import Transport

/// What was counted of the messages of one type in a flow.
public struct MessageCount: Sendable, Equatable {
    /// The number of the type: an index into ``MessageTypes/all``.
    public let type: Int
    /// How many.
    public internal(set) var messages = 0
    /// Octets of them, as decoded.
    public internal(set) var bytes = 0
    /// When the first one came.
    public let first: CaptureTime
    /// When the last one came.
    public internal(set) var last: CaptureTime
}

extension MessageScanner {
    /// Hands on one whole message; of a batch of positions each entry too, of sub-packages the whole when it is there.
    func emit(
        _ window: RawSpan, _ range: Range<Int>, _ place: Place, _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) {
        let message = window.slice(at: range.lowerBound, count: range.count)
        let offset = place.offset(of: range.lowerBound)
        guard message.u8(at: 0) == 0x7E else {
            let type =
                message.u8(at: 5) < 0x20
                ? MessageTypes.rdss4Base + RDSS4Family.type(of: message) : SentenceFamily.type(of: message)
            append(Extent(message), type, 0, offset, place, &units)
            return
        }
        let (scratch, arena) = (self.scratch, self.arena)
        scratch.removeAll()
        JTT808Framing.unescape(message, into: scratch)
        let header = JTT808Header(scratch.bytes)
        if header.isSubpackage {
            guard let whole = joiner.join(scratch.bytes) else { return }
            scratch.removeAll()
            scratch.append(whole.octets)
        }
        let extent = arena.copy(scratch.bytes)
        let unescaped = scratch.bytes
        append(
            extent, MessageTypes.jtt808Base + JTT808Family.type(of: unescaped), header.flowNumber, offset, place, &units
        )
        JTT808Family.forEachEntry(of: unescaped, into: arena) { entry, type in
            append(entry, MessageTypes.jtt808Base + type, header.flowNumber, offset, place, &units)
        }
    }

    private func append(
        _ extent: Extent, _ type: Int, _ sequence: UInt16, _ offset: UInt64, _ place: Place, _ units: inout Batch<Unit>
    ) {
        let time = place.time.isKnown ? place.time : stamp
        units.append(
            Unit(
                extent: extent, time: time, packet: place.packet, offset: offset, flow: place.flow, channel: .max,
                apid: UInt16(truncatingIfNeeded: type), sequence: sequence, segment: 3, marks: .message))
        if rows[type] < 0 {
            rows[type] = counted.count
            counted.append(MessageCount(type: type, first: time, last: time))
        }
        let row = rows[type]
        counted[row].messages += 1
        counted[row].bytes += extent.count
        counted[row].last = time
    }
}
