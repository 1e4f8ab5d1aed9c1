/// Where every octet of an input went.
///
///     bytes = decoded + overhead + idle + unclaimed + rejected + pending
///
/// Each stage enters what ends with it: the reader the headers of the file, the transport those of link, internet and
/// transport layer, the protocols what they decode. What a stage hands on is entered by the next, and what it holds
/// (half a packet, a fragment) is entered when it is let go, or as pending at the end. So the sum is right only when
/// every stage is right, and a test holds it to that.
public struct Ledger: Sendable, Equatable {
    /// Octets taken in.
    public var bytes = 0
    /// Octets of packets that were decoded, their headers included.
    public var decoded = 0
    /// Octets that carry the others: headers, padding, markers, parity, checksums, repeated segments.
    public var overhead = 0
    /// Octets of idle frames and idle packets.
    public var idle = 0
    /// Octets of protocols that Starlane does not decode, a row a protocol, in the order met.
    public private(set) var unclaimed: [Unclaimed] = []
    /// Octets that should have decoded and did not, a row a reason, in the order met.
    public private(set) var rejections: [Rejection] = []
    /// Octets that wait for more which did not come.
    public var pending = 0

    /// An empty ledger.
    public init() {}

    /// A stage that can reject.
    public enum Stage: String, Sendable, Equatable {
        case capture, transport, frame, packet, message, parameter
    }

    /// Octets of one protocol that is not ours.
    public struct Unclaimed: Sendable, Equatable {
        /// The protocol's name, as people say it: "ARP", "TCP port 443".
        public let name: String
        /// How many pieces.
        public var count: Int
        /// How many octets.
        public var bytes: Int
    }

    /// Octets that one stage rejected for one reason.
    public struct Rejection: Sendable, Equatable {
        /// Who rejected.
        public let stage: Stage
        /// Why, in a few words that stand for all of them: "frame error control is wrong".
        public let reason: String
        /// How many times.
        public var count: Int
        /// How many octets.
        public var bytes: Int
        /// The number of the first packet of the capture concerned, from 1 on; 0 where there is none.
        public internal(set) var firstPacket: UInt64
        /// Where in the (uncompressed) input the first one stands, in octets.
        public internal(set) var firstOffset: UInt64
    }

    /// Enters octets that should have decoded.
    public mutating func reject(_ stage: Stage, _ reason: StaticString, bytes: Int, packet: UInt64, offset: UInt64) {
        reject(stage, reason.description, count: 1, bytes: bytes, packet: packet, offset: offset)
    }

    /// Enters octets that should have decoded, with a reason made at run time.
    public mutating func reject(
        _ stage: Stage, _ reason: String, count: Int = 1, bytes: Int, packet: UInt64, offset: UInt64
    ) {
        if let row = rejections.firstIndex(where: { $0.stage == stage && $0.reason == reason }) {
            rejections[row].count += count
            rejections[row].bytes += bytes
            // Flows that are recognised late are decoded late: what is entered first need not stand first.
            if offset < rejections[row].firstOffset {
                rejections[row].firstPacket = packet
                rejections[row].firstOffset = offset
            }
            return
        }
        rejections.append(
            Rejection(
                stage: stage, reason: reason, count: count, bytes: bytes, firstPacket: packet, firstOffset: offset))
    }

    /// Enters what another ledger says was rejected, and nothing else of it.
    public mutating func addRejections(of other: Ledger) {
        for row in other.rejections {
            reject(
                row.stage, row.reason, count: row.count, bytes: row.bytes, packet: row.firstPacket,
                offset: row.firstOffset)
        }
    }

    /// Enters octets of a protocol that is not decoded.
    public mutating func leave(_ name: String, count: Int = 1, bytes: Int) {
        if let row = unclaimed.firstIndex(where: { $0.name == name }) {
            unclaimed[row].count += count
            unclaimed[row].bytes += bytes
        } else {
            unclaimed.append(Unclaimed(name: name, count: count, bytes: bytes))
        }
    }

    /// All octets of protocols that are not decoded.
    public var unclaimedBytes: Int { unclaimed.reduce(0) { $0 + $1.bytes } }

    /// All octets that should have decoded and did not.
    public var rejectedBytes: Int { rejections.reduce(0) { $0 + $1.bytes } }

    /// True when every octet taken in is accounted for.
    public var isBalanced: Bool {
        bytes == decoded + overhead + idle + unclaimedBytes + rejectedBytes + pending
    }
}
