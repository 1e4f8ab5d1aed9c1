package import Bytes

/// Where a virtual channel stands between two frames: enough to go on from there without those in front.
package struct ChannelStanding: Sendable, Equatable {
    /// The spacecraft and the virtual channel.
    package var spacecraft: Int
    package var vcid: Int
    /// The count that the order goes on from; nil in front of the first frame.
    package var last: UInt32?
    /// The count of the last late frame, what tells it when it comes again, and where the order stood before a restart.
    package var lastLate: UInt32?
    package var lateFingerprint: UInt32
    package var before: UInt32?
    /// What tells the last frame when it comes again.
    package var fingerprint: UInt32
    /// Frames were lost and no packet was handed on since.
    package var framesLost: Bool
    /// No packet has begun and no frame was lost yet.
    package var isFirst: Bool
    /// What is missing of the counts, and how fast they go, with the last frame at place 0.
    package var line: CountLine
    package var pace: FramePace

    /// A standing from its parts.
    package init(
        spacecraft: Int, vcid: Int, last: UInt32?, lastLate: UInt32?, lateFingerprint: UInt32, before: UInt32?,
        fingerprint: UInt32, framesLost: Bool, isFirst: Bool, line: CountLine, pace: FramePace
    ) {
        (self.line, self.pace, self.lateFingerprint) = (line, pace, lateFingerprint)
        (self.spacecraft, self.vcid, self.last, self.lastLate) = (spacecraft, vcid, last, lastLate)
        (self.before, self.fingerprint, self.framesLost, self.isFirst) = (before, fingerprint, framesLost, isFirst)
    }
}

/// Reading on behind frames that are left out.
extension FrameDecoder {
    /// Where each channel stands, as ``channels`` numbers them.
    package var standings: [ChannelStanding] { virtualChannels.map(\.standing) }

    /// Frames of a channel are left out here: a packet that waits is pending, and nothing is lost by it.
    package func pass(_ standing: ChannelStanding, into ledger: inout Ledger) {
        guard let channel = channel(of: standing) else { return }
        channel.leave(&ledger)
        channel.started = false
        channel.isFirst = true
        channel.framesLost = false
    }

    /// Takes the place that a channel has behind the frames that were left out. Says its number; nil when there are too
    /// many.
    package func resume(_ standing: ChannelStanding) -> Int? {
        guard let channel = channel(of: standing) else { return nil }
        channel.resume(standing)
        return Int(channel.index)
    }

    private func channel(of standing: ChannelStanding) -> VirtualChannel? {
        let key = standing.spacecraft << (layout.kind == .tm ? 3 : 6) | standing.vcid
        return channelTable.indices.contains(key) ? channel(key) : nil
    }
}

extension VirtualChannel {
    fileprivate var standing: ChannelStanding {
        let frame = lastFrame
        return ChannelStanding(
            spacecraft: seen.spacecraft, vcid: seen.vcid, last: started ? last : nil, lastLate: lastLate,
            lateFingerprint: lastLate == nil ? 0 : lateFingerprint, before: before,
            fingerprint: fingerprint ?? Self.fingerprint(of: frame.bytes), framesLost: framesLost, isFirst: isFirst,
            line: line.kept, pace: pace.kept(line.place))
    }

    fileprivate func resume(_ standing: ChannelStanding) {
        guard let last = standing.last else { return }
        started = true
        (self.last, lastLate, before) = (last, standing.lastLate, standing.before)
        (fingerprint, lateFingerprint) = (standing.fingerprint, standing.lateFingerprint)
        (framesLost, isFirst) = (standing.framesLost, standing.isFirst)
        (line, pace) = (standing.line, standing.pace)
    }

    /// 32 bits of a frame (FNV-1a): what comes again has the same.
    static func fingerprint(of frame: RawSpan) -> UInt32 {
        var hash: UInt32 = 0x811C_9DC5
        for index in 0..<frame.byteCount { hash = (hash ^ UInt32(frame.u8(at: index))) &* 0x0100_0193 }
        return hash
    }
}
