internal import Bytes
internal import CCSDS

/// Says what a flow carries by looking at its beginning: transfer frames, space packets, or nothing known.
///
/// The order is that of what real recordings teach: valid error control and pointers that meet the packets' ends settle
/// a layout, counts and headers support it, and a length's half or double is told apart by them.
enum Recogniser {
    /// Judges a sample.
    static func judge(_ sample: Sample) -> Verdict {
        guard sample.count > 0 else { return .unknown(["nothing to judge by"]) }
        // Messages carry names and checksums: where they are, nothing else explains them.
        let messages = MessageEvidence(sample).verdict
        if messages.isSure { return messages }
        let packets = packetVerdict(sample)
        // A chain of headers that explains all there is needs no search for frames.
        if case .packets(skip: 0) = packets.carrying, packets.confidence >= 0.95, packets.disagreeing.isEmpty {
            return packets
        }
        let frames = frameVerdict(sample)
        // One packet in each frame looks like packets behind foreign octets: where both are sure, frames explain more.
        guard frames.confidence >= min(packets.confidence, 0.95) else { return packets }
        // A packet as long as the frame, with its own count: what looks like frames is packets of one length.
        if case .frames(let layout) = frames.carrying, case .packets(let skip) = packets.carrying,
            layout.marker.isEmpty,
            !layout.hasFECF, PacketChain(sample, skip: skip).usualLength == layout.length, skip == 0
        {
            return packets
        }
        return frames
    }

    private static func packetVerdict(_ sample: Sample) -> Verdict {
        let chain = PacketChain.best(in: sample)
        let weighing = chain.weighed(sample)
        guard weighing.confidence > 0 else { return .unknown(["no space packet headers"]) }
        return Verdict(
            carrying: .packets(skip: chain.skip), confidence: weighing.confidence, agreeing: weighing.agreeing,
            disagreeing: weighing.disagreeing)
    }

    private static func frameVerdict(_ sample: Sample) -> Verdict {
        let bytes = sample.bytes
        let weighed = FrameCandidates.find(in: sample).map { FrameEvidence($0, in: bytes) }
        guard var best = weighed.max(by: { $1.isBetter(than: $0) }) else {
            return .unknown(["no transfer frame headers at one distance"])
        }
        // Twice the length shows half the headers and all of their signs: the shortest that explains as much is the
        // frame.
        let shorter = weighed.filter { best.isMultiple(of: $0) }.min { $0.candidate.length < $1.candidate.length }
        if let shorter { best = shorter }
        best.weighDamage()
        var verdict = Verdict(
            carrying: .frames(best.layout), confidence: best.weighing.confidence, agreeing: best.weighing.agreeing,
            disagreeing: best.weighing.disagreeing)
        verdict.wantsMore = best.wantsMore
        return verdict
    }
}

extension FrameEvidence {
    /// Surer; as sure and with counts that go up by one more often; as both and shorter.
    func isBetter(than other: FrameEvidence) -> Bool {
        let (mine, theirs) = (weighing.confidence, other.weighing.confidence)
        if abs(mine - theirs) > 0.02 { return mine > theirs }
        if abs(single - other.single) > 0.1 { return single > other.single }
        return candidate.length < other.candidate.length
    }

    /// True when the other is as good a guess and this one only takes several of its frames for one.
    func isMultiple(of other: FrameEvidence) -> Bool {
        candidate.kind == other.candidate.kind && candidate.length > other.candidate.length
            && candidate.length % other.candidate.length == 0 && other.weighing.confidence >= 0.5
            && other.candidate.constancy >= candidate.constancy - 0.1 && other.single >= single
            && (other.isSettled || !isSettled)
    }
}
