internal import Bytes
internal import CCSDS
internal import Transport

/// A summary as it stands in a member's header, least significant octet first.
extension MemberSummary {
    /// The octets.
    var octets: [UInt8] {
        var out: [UInt8] = []
        out.append(le: Self.edition)
        out.append(le: UInt8(hasInterfaces ? 1 : 0))
        out.append(le: UInt32(clamping: back))
        out.append(le: UInt16(clamping: unknown.count))
        for flow in unknown.prefix(Int(UInt16.max)) {
            for word in flow.key.words { out.append(le: word) }
            out.append(le: flow.layers)
            out.append(le: UInt8(flow.isIrregular ? 4 : 0))
        }
        out.append(le: UInt16(clamping: sources.count))
        for source in sources.prefix(Int(UInt16.max)) { Self.write(source, &out) }
        return out
    }

    private static func write(_ source: Source, _ out: inout [UInt8]) {
        for word in source.key.words { out.append(le: word) }
        out.append(le: source.layers)
        out.append(le: UInt32(clamping: source.back))
        out.append(le: UInt8((source.isWhole ? 1 : 0) | (source.channel == nil ? 0 : 2) | (source.isIrregular ? 4 : 0)))
        if let channel = source.channel {
            out.append(le: UInt16(channel.spacecraft))
            out.append(le: UInt8(channel.vcid))
            out.append(
                le:
                    UInt8(
                        (channel.last == nil ? 0 : 1) | (channel.lastLate == nil ? 0 : 2)
                            | (channel.before == nil ? 0 : 4)
                            | (channel.framesLost ? 8 : 0) | (channel.isFirst ? 16 : 0)))
            out.append(le: channel.last ?? 0)
            out.append(le: channel.lastLate ?? 0)
            out.append(le: channel.before ?? 0)
            out.append(le: channel.fingerprint)
            out.append(le: channel.lateFingerprint)
            write(channel.line, &out)
            out.append(le: channel.pace.last.nanoseconds)
            for mark in [channel.pace.older, channel.pace.newer] {
                out.append(le: mark.time.nanoseconds)
                out.append(le: UInt32(clamping: -mark.place))
            }
        }
        out.append(le: UInt16(clamping: source.kinds.count))
        for kind in source.kinds.prefix(Int(UInt16.max)) { write(kind, &out) }
    }

    private static func write(_ kind: Kind, _ out: inout [UInt8]) {
        let standing = kind.standing
        out.append(
            le:
                UInt8(
                    (kind.isMessage ? 1 : 0) | UInt8(truncatingIfNeeded: standing.kind) & 6
                        | (standing.sequence == nil ? 0 : 8) | (standing.framesLost ? 16 : 0)))
        out.append(le: standing.apid)
        out.append(le: UInt32(clamping: kind.packets))
        if kind.isMessage {
            out.append(le: UInt8(clamping: kind.numbers.count))
            for told in kind.numbers.prefix(255) {
                out.append(le: told.parameter)
                out.append(le: UInt8(clamping: told.numbers.count))
                for number in told.numbers.prefix(255) { out.append(le: number) }
            }
        }
        guard let sequence = standing.sequence else { return }
        out.append(le: sequence)
        out.append(le: standing.lastLate)
        out.append(le: standing.plain)
        out.append(le: standing.odd)
        write(standing.line, &out)
    }

    private static func write(_ line: CountLine, _ out: inout [UInt8]) {
        out.append(le: UInt32(clamping: -line.first))
        out.append(le: line.again)
        out.append(le: line.strange)
        out.append(le: line.filling)
        out.append(le: UInt8(clamping: line.holes.count))
        for hole in line.holes.prefix(255) {
            out.append(le: UInt32(clamping: -hole.from))
            out.append(le: UInt32(clamping: hole.to - hole.from))
        }
    }

    /// Reads one; nil where there is none, or one of another edition, or it contradicts itself.
    init?(_ octets: [UInt8]) {
        var reader = SummaryReader(octets)
        guard reader.take(UInt8.self) == Self.edition else { return nil }
        hasInterfaces = reader.take(UInt8.self) & 1 != 0
        back = Int(reader.take(UInt32.self))
        for _ in 0..<reader.take(UInt16.self) where !reader.isShort {
            var flow = Unknown(key: Self.key(&reader), layers: reader.take())
            flow.isIrregular = reader.take(UInt8.self) & 4 != 0
            unknown.append(flow)
        }
        let count: UInt16 = reader.take()
        for _ in 0..<count {
            guard !reader.isShort else { return nil }
            sources.append(Self.source(&reader))
        }
        if reader.isShort { return nil }
    }

    private static func key(_ reader: inout SummaryReader) -> FlowKey {
        FlowKey(words: (0..<6).map { _ in reader.take(UInt64.self) })
    }

    private static func source(_ reader: inout SummaryReader) -> Source {
        var source = Source(key: key(&reader), layers: reader.take())
        source.back = Int(reader.take(UInt32.self))
        let flags: UInt8 = reader.take()
        source.isWhole = flags & 1 != 0
        source.isIrregular = flags & 4 != 0
        if flags & 2 != 0 { source.channel = channel(&reader) }
        let count: UInt16 = reader.take()
        for _ in 0..<count where !reader.isShort { source.kinds.append(kind(&reader)) }
        return source
    }

    private static func channel(_ reader: inout SummaryReader) -> ChannelStanding {
        let (spacecraft, vcid) = (Int(reader.take(UInt16.self)), Int(reader.take(UInt8.self)))
        let flags: UInt8 = reader.take()
        let (last, late, before): (UInt32, UInt32, UInt32) = (reader.take(), reader.take(), reader.take())
        let (fingerprint, lateFingerprint): (UInt32, UInt32) = (reader.take(), reader.take())
        let line = line(&reader)
        var pace = FramePace()
        pace.last = CaptureTime(nanoseconds: reader.take())
        pace.older = mark(&reader)
        pace.newer = mark(&reader)
        return ChannelStanding(
            spacecraft: spacecraft, vcid: vcid, last: flags & 1 != 0 ? last : nil,
            lastLate: flags & 2 != 0 ? late : nil, lateFingerprint: lateFingerprint,
            before: flags & 4 != 0 ? before : nil, fingerprint: fingerprint, framesLost: flags & 8 != 0,
            isFirst: flags & 16 != 0, line: line, pace: pace)
    }

    private static func mark(_ reader: inout SummaryReader) -> FramePace.Mark {
        FramePace.Mark(time: CaptureTime(nanoseconds: reader.take()), place: -Int(reader.take(UInt32.self)))
    }

    private static func line(_ reader: inout SummaryReader) -> CountLine {
        var line = CountLine()
        line.first = -Int(reader.take(UInt32.self))
        line.again = reader.take()
        line.strange = reader.take()
        line.filling = reader.take()
        for _ in 0..<reader.take(UInt8.self) where !reader.isShort {
            let from = -Int(reader.take(UInt32.self))
            line.holes.append(CountLine.Hole(from: from, to: from + Int(reader.take(UInt32.self))))
        }
        return line
    }

    private static func kind(_ reader: inout SummaryReader) -> Kind {
        let flags: UInt8 = reader.take()
        var standing = CountStanding(kind: UInt16(flags & 6), apid: reader.take(), sequence: nil)
        let packets = Int(reader.take(UInt32.self))
        standing.framesLost = flags & 16 != 0
        var numbers: [Numbers] = []
        if flags & 1 != 0 {
            for _ in 0..<reader.take(UInt8.self) {
                let parameter: UInt8 = reader.take()
                let count: UInt8 = reader.take()
                numbers.append(Numbers(parameter: parameter, numbers: (0..<count).map { _ in reader.take() }))
            }
        }
        if flags & 8 != 0 {
            standing.sequence = reader.take()
            standing.lastLate = reader.take()
            standing.plain = reader.take()
            standing.odd = reader.take()
            standing.line = line(&reader)
        }
        return Kind(isMessage: flags & 1 != 0, standing: standing, packets: packets, numbers: numbers)
    }
}

/// Takes numbers one behind the other; zeros where there are no more.
private struct SummaryReader {
    private let octets: [UInt8]
    private var place = 0
    private(set) var isShort = false

    init(_ octets: [UInt8]) { self.octets = octets }

    mutating func take<Value: FixedWidthInteger>(_: Value.Type = Value.self) -> Value {
        let size = Value.bitWidth / 8
        guard octets.count - place >= size else {
            isShort = true
            return 0
        }
        var value = Value.zero
        for index in (0..<size).reversed() {
            if size > 1 { value <<= 8 }
            value |= Value(truncatingIfNeeded: octets[place + index])
        }
        place += size
        return value
    }
}
