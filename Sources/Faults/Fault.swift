public import Bytes

/// Where faults may hit the octets of a packet, and what is to be known of it.
@frozen
public struct FaultPlace: BitwiseCopyable, Sendable {
    /// The octets that bit errors and cuts may hit: where they begin in the packet, and how many.
    public var start: Int, count: Int
    /// Where the packet has an Internet checksum that is to stay as right as it was, behind an even number of octets in front
    /// of ``start``, with which it is reckoned; -1 where there is none.
    public var checksum = -1
    /// Whether a checksum of 0 means that there is none, so that 0xFFFF is written for it (UDP, RFC 768).
    public var isNeverZero = false
    /// A number of the caller's: what the packet belongs to.
    public var flow: UInt32 = 0
    /// Nanoseconds in a unit of the clock that the packet's time is written by: it is moved by whole units.
    public var step: Int64 = 1
    /// How many octets in front of the packet did not stand in its source.
    public var lead: UInt32 = 0

    /// Octets of a packet.
    public init(start: Int, count: Int) { (self.start, self.count) = (start, count) }
}

/// One fault that befell a packet.
@frozen
public struct Fault: BitwiseCopyable, Sendable {
    /// What happened.
    public enum Kind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
        /// Bits were turned over: `bits` of the log.
        case bitError
        /// Octets at the end are missing: ``value`` are left.
        case truncate
        /// It is late by ``value`` nanoseconds.
        case jitter
        /// It goes out behind ``value`` packets that came behind it.
        case reorder
        /// It goes out a second time, right behind itself.
        case duplicate
        /// It does not go out.
        case loss

        /// Its name in a plan.
        public var name: String {
            switch self {
            case .bitError: "bit-error"
            case .truncate: "truncate"
            case .jitter: "jitter"
            case .reorder: "reorder"
            case .duplicate: "duplicate"
            case .loss: "loss"
            }
        }
    }

    /// What happened.
    public var kind: Kind
    /// The number of the packet in its source, when it was captured, and its interface, as they came in.
    public var packet: UInt64, time: CaptureTime, interface: UInt32
    /// Where its first octet stands in its source.
    public var offset: UInt64
    /// How many octets it had.
    public var octets: Int
    /// What could be hit of it.
    public var place: FaultPlace
    /// Its index in the batch that went out; of a lost one how many went out in front of it.
    public var index: Int
    /// What the kind says.
    public var value: Int64 = 0
    /// The time that it goes out with (jitter: that it would have had).
    public var moved = CaptureTime.unknown
    /// Of a bit error where its bits are in the log.
    public var firstBit = 0, bitCount = 0
    /// The checksum before and after bit errors, where it was mended.
    public var checksum: (before: UInt16, after: UInt16) = (0, 0)
}

/// The faults of a batch of packets, in the order in which they go out.
public final class FaultLog {
    /// The faults.
    public let faults = Lane<Fault>()
    /// Bits that were turned over, counted from the first one of a place; bit 0 is the most significant one of an octet.
    public let bits = Lane<UInt32>()

    /// A log without faults.
    public init() {}

    /// Forgets all faults.
    public func removeAll() {
        faults.removeAll()
        bits.removeAll()
    }
}

/// How many packets were broken, by what.
public struct FaultCounts: Sendable, Equatable {
    /// Packets that were lost, came twice, had bits turned over, were cut, were put back, were late.
    public var lost = 0, doubled = 0, changed = 0, cut = 0, putBack = 0, delayed = 0
    /// Bits that were turned over.
    public var bits = 0

    /// Nothing was broken.
    public init() {}

    /// Counts a fault.
    public mutating func add(_ fault: Fault) { add(fault.kind, bits: fault.bitCount) }

    /// Counts a fault of a kind, which turned so many bits over.
    package mutating func add(_ kind: Fault.Kind, bits count: Int) {
        switch kind {
        case .bitError:
            changed += 1
            bits += count
        case .truncate: cut += 1
        case .jitter: delayed += 1
        case .reorder: putBack += 1
        case .duplicate: doubled += 1
        case .loss: lost += 1
        }
    }
}
