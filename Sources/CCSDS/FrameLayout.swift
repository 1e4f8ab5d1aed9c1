/// What both ends of a physical channel have agreed on about its frames and no frame says itself: the managed
/// parameters of TM (132.0-B-3) and AOS (732.0-B-4) transfer frames.
public struct FrameLayout: Sendable, Equatable {
    /// Which book the frames follow.
    public enum Kind: String, Sendable {
        /// Telemetry transfer frames, 132.0-B-3: version 00.
        case tm = "TM"
        /// Advanced orbiting systems transfer frames, 732.0-B-4: version 01.
        case aos = "AOS"
    }

    /// What the data field of a virtual channel holds.
    public enum Zone: Sendable, Equatable {
        /// Packets that may span frames, found by a first header pointer: in the primary header of a TM frame, in the
        /// M_PDU header of an AOS frame.
        case packets
        /// Exactly one packet in each frame, from that octet of the frame on; there is no pointer.
        case onePacket(at: Int)
        /// Data that are no packets: decoded as frames, not looked into.
        case opaque
        /// A bitstream with its pointer (B_PDU, AOS only).
        case bitstream
    }

    /// Which book the frames follow.
    public var kind: Kind
    /// Octets of a frame, its sync marker not counted.
    public var length: Int
    /// What stands in front of each frame where it was received, usually 1ACFFC1D; empty when nothing does.
    public var marker: [UInt8]
    /// Whether a frame ends in a frame error control field of two octets.
    public var hasFECF: Bool
    /// Whether every AOS frame has an operational control field of four octets; a TM frame says so itself.
    public var ocf: Bool
    /// Octets of insert zone behind the header of each AOS frame.
    public var insertZone: Int
    /// Octets of the secondary header of TM frames that flag one, when it is not as long as it declares; nil = as
    /// declared.
    public var secondaryHeader: Int?
    /// Whether AOS frames have a frame header error control field of two octets.
    public var headerErrorControl: Bool
    /// The spacecraft whose frames are taken; frames of others are rejected as strays. Empty = all.
    public var spacecraft: Set<Int>
    /// What the data fields hold.
    public var zone: Zone
    /// Virtual channels whose data fields hold something else than ``zone`` says, by their VCID.
    public var zones: [Int: Zone]

    /// A layout from its parts.
    public init(
        kind: Kind, length: Int, marker: [UInt8] = [], hasFECF: Bool = false, ocf: Bool = false, insertZone: Int = 0,
        secondaryHeader: Int? = nil, headerErrorControl: Bool = false, spacecraft: Set<Int> = [], zone: Zone = .packets,
        zones: [Int: Zone] = [:]
    ) {
        self.kind = kind
        self.length = length
        self.marker = marker
        self.hasFECF = hasFECF
        self.ocf = ocf
        self.insertZone = insertZone
        self.secondaryHeader = secondaryHeader
        self.headerErrorControl = headerErrorControl
        self.spacecraft = spacecraft
        self.zone = zone
        self.zones = zones
    }

    /// The sync marker of uncoded, convolutional and Reed-Solomon coded channels (131.0-B-5, 9).
    public static let syncMarker: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]

    /// What the data field of a virtual channel holds.
    public func zone(of vcid: Int) -> Zone { zones[vcid] ?? zone }

    /// The longest frame that is taken: a bound of ours, far above the 2 KiB that the usual channel codes carry.
    public static let longest = 65536

    /// Why no frame can be laid out like this, in words for people; nil when frames can.
    public var problem: String? {
        let needed = leastLength
        if length < needed {
            return "a frame of \(length) octets: \(kind.rawValue) frames like this need at least \(needed)"
        }
        if length > Self.longest { return "a frame of \(length) octets: at most \(Self.longest) are taken" }
        if insertZone < 0 { return "an insert zone of \(insertZone) octets" }
        if let secondaryHeader, secondaryHeader < 1 || secondaryHeader > length {
            return "a secondary header of \(secondaryHeader) octets"
        }
        if marker.count > 64 { return "a sync marker of \(marker.count) octets: at most 64 are taken" }
        for case .onePacket(let at) in [zone] + zones.values where at < 6 || at > length - 7 {
            return "a packet at octet \(at) of a frame of \(length) octets"
        }
        return nil
    }

    /// Octets of the fields that every frame has, and one octet of data.
    private var leastLength: Int {
        let trailer = hasFECF ? 2 : 0
        switch kind {
        case .tm: return 7 + trailer
        case .aos:
            return 7 + trailer + (headerErrorControl ? 2 : 0) + max(0, min(insertZone, Self.longest)) + (ocf ? 4 : 0)
        }
    }
}
