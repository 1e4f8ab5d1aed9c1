internal import Bytes

/// Signs that octets are space packets, one behind the other, with a fixed number of foreign octets in front of each.
struct PacketChain {
    /// Foreign octets in front of each packet.
    var skip: Int
    /// Packets whose headers follow from one another.
    var packets = 0
    /// Octets of those packets and what stands in front of them.
    var octets = 0
    /// Pieces (datagrams) that packets fill to the last octet, and all pieces; of a stream one of one where it is used
    /// up.
    var filled = 0
    var pieces = 0
    /// Pairs of packets of one APID whose count goes up by one; all such pairs.
    var steps = 0
    var pairs = 0
    /// Pairs of one APID whose first four octets are the same and not zero: a count that never moves.
    var still = 0
    /// Packets whose count is one more than that of the packet before, whatever its APID.
    var shared = 0
    /// Packets that say they are unsegmented.
    var whole = 0
    /// Packets whose sequence flags follow on those of the packet of their APID before, other than "continuation" behind
    /// "continuation": first, continuations, last.
    var ordered = 0
    /// The version that all headers name: 0 in a space packet.
    private(set) var version: UInt16?
    /// How many different APIDs.
    var apids = 0
    /// Octets of a packet on average, those in front of it included.
    var usualLength: Int { packets == 0 ? 0 : octets / packets }
    /// Packets in which any of the first four header octets is not zero.
    var speaking = 0

    /// Follows the headers through a sample.
    init(_ sample: Sample, skip: Int) {
        self.skip = skip
        var last = [UInt64](repeating: .max, count: 2048)
        let bytes = sample.bytes
        if sample.isStream {
            pieces = 1
            // The sample of a long stream ends anywhere: a packet that goes on behind it is no fault.
            let end = walk(bytes, from: 0, to: bytes.byteCount, &last)
            octets = min(end, bytes.byteCount)
            if end == bytes.byteCount || (sample.isCut && end > bytes.byteCount) { filled = 1 }
        } else {
            for piece in sample.pieces where !piece.isEmpty {
                pieces += 1
                let end = walk(bytes, from: piece.lowerBound, to: piece.upperBound, &last)
                if end == piece.upperBound { filled += 1 }
                octets += min(end, piece.upperBound) - piece.lowerBound
            }
        }
    }

    /// Follows headers from one offset; gives where the chain ends, which lies past `limit` when its last packet does.
    private mutating func walk(_ bytes: RawSpan, from start: Int, to limit: Int, _ last: inout [UInt64]) -> Int {
        var position = start
        var previous = -1
        while position + skip + 7 <= limit {
            let header = position + skip
            let first = bytes.u16(at: header)
            if version == nil { version = first >> 13 }
            guard first >> 13 == version else { return position }
            let end = header + 7 + Int(bytes.u16(at: header + 4))
            let apid = Int(first & 0x7FF)
            let second = bytes.u16(at: header + 2)
            packets += 1
            if first != 0 || second != 0 { speaking += 1 }
            if second >> 14 == 3 { whole += 1 }
            if previous >= 0, (Int(second) - previous) & 0x3FFF == 1 { shared += 1 }
            previous = Int(second & 0x3FFF)
            let head = UInt64(first) << 16 | UInt64(second)
            if last[apid] == .max {
                apids += 1
            } else if apid != 0x7FF {
                pairs += 1
                if (second &- UInt16(truncatingIfNeeded: last[apid])) & 0x3FFF == 1 { steps += 1 }
                if head == last[apid] && head != 0 { still += 1 }
                let (before, now) = (last[apid] >> 14 & 3, head >> 14 & 3)
                let isInside = before == 0 || before == 1
                if (now == 0 || now == 2) == isInside && before | now != 0 { ordered += 1 }
            }
            last[apid] = head
            position = end
            if end >= limit { break }
        }
        return position
    }

    /// How sure the signs are together.
    func weighed(_ sample: Sample) -> Weighing {
        var weighing = Weighing()
        guard packets > 0 else { return weighing }
        if sample.isStream { weighStream(sample, &weighing) } else { weighDatagrams(&weighing) }
        // Datagrams that packets do not fill are something else, whatever their numbers seem to count.
        guard sample.isStream || filled * 2 >= pieces else { return weighing }
        weighCounts(&weighing)
        if skip > 0 && !sample.isStream && (pairs < 3 || steps * 2 < pairs) {
            weighing.disagree(0.6, "behind foreign octets only counts would be a proof")
        }
        if packets >= 8 && apids * 2 > packets { weighing.disagree(0.5, "\(apids) APIDs in \(packets) packets") }
        if pairs >= 6 && whole * 2 < packets && ordered * 10 >= pairs * 4 && skip == 0 {
            weighing.agree(Weighing.weak, "segments follow one another (\(ordered) of \(pairs))")
        }
        if packets >= 8 && whole * 10 >= packets * 9 {
            weighing.agree(0.2, "\(whole) of \(packets) packets are unsegmented")
        }
        if let version, version != 0 { weighing.disagree(0.6, "their version is \(version), not 0") }
        if speaking * 2 < packets { weighing.disagree(0.9, "headers are zeros") }
        if skip > 0 { weighing.agree(0.01, "\(counted(skip, "foreign octet")) in front of each packet") }
        return weighing
    }

    /// A chain alone proves little: octets of few different values make one by chance. Its end and the counts must
    /// agree.
    private func weighStream(_ sample: Sample, _ weighing: inout Weighing) {
        let reached = Double(octets) / Double(max(1, sample.count))
        let wholeFile = filled == 1 && !sample.isCut
        if packets >= 3 && reached > 0.5 {
            weighing.agree(
                packets >= 6 && skip == 0 ? 0.45 : 0.2,
                "\(packets) packet headers follow one another by their length fields"
                    + (wholeFile ? " to the last octet" : ""))
        } else if wholeFile && skip == 0 && whole == packets {
            // A connection may end anywhere, a file of one packet is a rare thing, but its end was meant to be one.
            let weight = sample.isFile ? (packets == 1 ? 0.5 : 0.6) : Weighing.weak
            weighing.agree(
                weight,
                "\(counted(packets, "packet")) fill\(packets == 1 ? "s" : "") \(sample.isFile ? "the file" : "the stream") to the last octet"
            )
        }
        if reached <= 0.98 {
            weighing.disagree(
                reached > 0.9 ? 0.05 : reached > 0.5 ? 0.3 : 0.6,
                "the chain breaks after \(octets) of \(sample.count) octets")
        }
    }

    private func weighDatagrams(_ weighing: inout Weighing) {
        guard filled > 0 else { return }
        weighing.agree(
            filled >= 3 ? Weighing.strong : filled == 2 ? 0.8 : skip == 0 ? 0.55 : 0.2,
            "length fields fill \(filled) of \(pieces) datagrams to the last octet")
        let left = pieces - filled
        if left * 10 > pieces {
            weighing.disagree(
                left * 2 > pieces ? 0.85 : 0.3, "\(left) of \(pieces) datagrams do not hold whole packets")
        }
    }

    private func weighCounts(_ weighing: inout Weighing) {
        guard pairs >= 1 else { return }
        if steps * 2 >= pairs {
            weighing.agree(
                pairs >= 4 ? 0.9 : steps == pairs && pairs >= 2 ? 0.5 : 0.2,
                "counts of each APID go up by one (\(steps) of \(pairs))")
        } else if still * 10 >= pairs * 9 {
            weighing.agree(
                pairs >= 4 && skip == 0 ? 0.8 : Weighing.weak, "headers come again unchanged (\(still) of \(pairs))")
        } else if shared * 2 >= packets && packets >= 6 {
            weighing.agree(0.9, "counts go up by one over all APIDs (\(shared) of \(packets))")
        } else if pairs >= 8 && (steps + still) * 10 < pairs {
            weighing.disagree(0.5, "counts of no APID go up by one")
        }
    }

    /// The best number of foreign octets: most octets explained, then the fewest foreign ones.
    static func best(in sample: Sample, skips: ClosedRange<Int> = 0...64) -> PacketChain {
        var best = PacketChain(sample, skip: skips.lowerBound)
        // No need to look further where packets without foreign octets explain all there is.
        if best.octets == sample.count && best.weighed(sample).confidence > 0.9 { return best }
        for skip in skips.dropFirst() {
            let next = PacketChain(sample, skip: skip)
            if next.score(sample) > best.score(sample) { best = next }
        }
        return best
    }

    private func score(_ sample: Sample) -> Double {
        let confidence = weighed(sample).confidence
        return confidence + Double(min(packets, 1000)) * 1e-6 - Double(skip) * 1e-8
    }
}

/// "1 packet", "3 packets".
func counted(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
