public import Bytes
internal import Records

/// What was seen of the packets of one APID of one virtual channel (or of one flow without frames).
public struct PacketCount: Sendable, Equatable {
    /// What kind of packets they are; APIDs of different kinds have nothing to do with one another.
    public enum Kind: String, Sendable {
        /// Space packets, telemetry.
        case telemetry
        /// Space packets, telecommand.
        case telecommand
        /// Encapsulation packets: the APID is the protocol id.
        case encapsulation
    }

    /// What the sequence counts of the APID do.
    public enum Counter: String, Sendable {
        /// They go up by one from packet to packet: jumps are losses.
        case steps
        /// They never move: they say nothing about losses.
        case still
        /// They jump though nothing is lost, so they do not count this APID: they say nothing about losses.
        case jumps
        /// There are too few packets to tell. Jumps are counted as losses.
        case unknown
        /// These packets have no count (encapsulation) or it need not count on (idle packets).
        case none
    }

    /// The flow, as the transport numbers them.
    public let flow: UInt32
    /// The virtual channel, as the decoder numbers them; `UInt32.max` where packets travel without frames.
    public let channel: UInt32
    /// The APID; of encapsulation packets the protocol id.
    public let apid: UInt16
    /// What kind of packets they are.
    public let kind: Kind
    /// How many.
    public let packets: Int
    /// Octets of them.
    public let bytes: Int
    /// What the sequence counts do.
    public let counter: Counter
    /// How many times the count jumped ahead; 0 when the counts say nothing about losses.
    public let gaps: Int
    /// Packets that are missing by these jumps.
    public let missing: Int
    /// Packets that came after others with a higher count.
    public let late: Int
    /// Packets with the count of the one before.
    public let repeated: Int
    /// When the first one came.
    public let first: CaptureTime
    /// When the last one came.
    public let last: CaptureTime
}

/// The running state behind a ``PacketCount``; small, because one is touched a packet.
struct PacketRow {
    var packets = 0
    var bytes = 0
    /// The count that the order goes on from.
    var sequence: UInt16
    /// The count of the last late packet; `UInt16.max` = none.
    var lastLate: UInt16 = .max
    /// What is missing of the counts.
    var line = CountLine()
    /// How often frames had been lost on the channel when the last packet came.
    var epoch: UInt32
    /// Steps between packets with no lost frame in between: by one, by nothing, others. The first packet is entered as
    /// a step by one too.
    var plain = -1
    var still = 0
    var odd = 0
    var gaps = 0
    var missing = 0
    var late = 0
    var repeated = 0
    var first: CaptureTime
    var last: CaptureTime
    var flow: UInt32
    var channel: UInt32
    var apid: UInt16
    /// The marks that tell kinds apart: encapsulation, telecommand.
    var kind: UInt16
    var hasCount: Bool

    /// Whether jumps of the count are worth a mark: as long as not more steps were odd than right.
    var isTrusted: Bool { odd <= plain + 1 }

    /// Enters a step of the count that is not plainly the next one; says what is to be known of the packet.
    mutating func step(to count: UInt16, epoch now: UInt32) -> Unit.Marks {
        let step = (count &- sequence) & 0x3FFF
        let isJudged = epoch == now
        epoch = now
        switch step {
        case 1:
            if isJudged { plain += 1 }
            sequence = count
            line.place += 1
            lastLate = .max
            return []
        case 0:
            if isJudged { still += 1 }
            repeated += 1
            return .late
        case 2..<8192:
            gaps += 1
            missing += Int(step) - 1
            line.jump(Int(step), window: 8192)
            if isJudged { odd += 1 }
            sequence = count
            lastLate = .max
            return isTrusted ? .gapBefore : []
        default:
            late += 1
            let goesOn = lastLate != .max && count == (lastLate + 1) & 0x3FFF
            let lateness = line.late(back: 0x4000 - Int(step), goesOn: goesOn)
            // One that was missing says nothing against the count.
            if isJudged, lateness != .fills { odd += 1 }
            if lateness == .restart {
                sequence = count
                lastLate = .max
                line.begin()
            } else {
                lastLate = count
            }
            return isTrusted ? .late : []
        }
    }

    /// What the counts do. Steps are judged where no frame was lost in between; fewer than three tell nothing.
    ///
    /// In a virtual channel nothing can be missing there, so one odd step in eight is too many. Without frames a jump
    /// may well be a loss; three odd steps in four cannot all be.
    var counter: PacketCount.Counter {
        guard hasCount else { return .none }
        if packets >= 4, repeated == packets - 1 { return .still }
        let judged = plain + odd
        guard judged >= 3 else { return .unknown }
        return (channel == .max ? odd * 4 > judged * 3 : odd * 8 > judged) ? .jumps : .steps
    }

    /// The row as others see it.
    var count: PacketCount {
        let counter = self.counter
        let says = counter == .steps || counter == .unknown
        return PacketCount(
            flow: flow, channel: channel, apid: apid,
            kind: kind & 2 != 0 ? .encapsulation : kind & 4 != 0 ? .telecommand : .telemetry,
            packets: packets, bytes: bytes, counter: counter, gaps: says ? gaps : 0, missing: says ? missing : 0,
            late: says ? late : 0, repeated: says ? repeated : 0, first: first, last: last)
    }
}
