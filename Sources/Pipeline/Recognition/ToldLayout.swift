internal import Bytes
public import CCSDS
public import Transport

/// What the user says a capture carries, where the recogniser cannot find it out: `--frames aos:220,insert=8`, `--skip
/// 4`.
public struct ToldLayout: Sendable, Equatable {
    /// The layout of transfer frames; nil when packets are told.
    public var frames: FrameLayout?
    /// Foreign octets in front of each packet; nil when frames are told.
    public var skip: Int?

    /// How streams are cut into pieces, each of which is a packet or frame, or several, as a datagram is; nil when they
    /// are not.
    public var framing: StreamFraming?

    /// Packets behind so many foreign octets.
    public init(skip: Int) { self.skip = skip }

    /// Streams that are cut, whatever is in the pieces.
    public init(framing: StreamFraming) { self.framing = framing }

    /// Frames as the command line writes them: `tm:LENGTH` or `aos:LENGTH`, then any of these behind commas.
    ///
    ///     insert=N      octets of insert zone (AOS)
    ///     secondary=N   octets of secondary header, whatever it declares (TM)
    ///     fecf          frame error control field
    ///     ocf           operational control field (AOS; TM has a flag)
    ///     fhec          frame header error control (AOS)
    ///     marker        sync marker 1ACFFC1D in front of each frame; marker=HEX another one
    ///     spacecraft=N  only this spacecraft; may be given several times
    ///     packet=N      no pointers: exactly one packet from octet N on
    ///     opaque        no packets inside
    ///
    /// - Throws: ``Mistake`` with words for the user.
    public init(frames text: String) throws(Mistake) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let head = (parts.first ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard head.count == 2, let kind = FrameLayout.Kind(rawValue: head[0].uppercased()) else {
            throw Mistake(
                "'\(parts.first ?? "")' is no kind and length; allowed is tm:LENGTH or aos:LENGTH, as in tm:1115")
        }
        guard let length = Int(head[1]), length >= 8, length <= FrameLayout.longest else {
            throw Mistake("'\(head[1])' is no frame length; allowed is 8 to \(FrameLayout.longest) octets")
        }
        var layout = FrameLayout(kind: kind, length: length)
        for part in parts.dropFirst() { try Self.apply(part, to: &layout) }
        if let problem = layout.problem { throw Mistake(problem) }
        frames = layout
    }

    /// A mistake in what was told.
    public struct Mistake: Error, Equatable, CustomStringConvertible {
        /// What was found, what is allowed.
        public let description: String
        init(_ description: String) { self.description = description }
    }

    private static func apply(_ part: String, to layout: inout FrameLayout) throws(Mistake) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        func number() throws(Mistake) -> Int {
            guard pair.count == 2, let value = Int(pair[1]), value >= 0, value <= 65535 else {
                throw Mistake("'\(part)' needs a number, as in \(pair[0])=8")
            }
            return value
        }
        switch pair[0] {
        case "insert": layout.insertZone = try number()
        case "secondary": layout.secondaryHeader = try number()
        case "fecf": layout.hasFECF = true
        case "ocf": layout.ocf = true
        case "fhec": layout.headerErrorControl = true
        case "spacecraft": layout.spacecraft.insert(try number())
        case "packet": layout.zone = .onePacket(at: try number())
        case "opaque": layout.zone = .opaque
        case "marker" where pair.count == 1: layout.marker = FrameLayout.syncMarker
        case "marker":
            let digits = pair[1].compactMap(\.hexDigitValue)
            guard digits.count == pair[1].count, digits.count % 2 == 0, (2...64).contains(digits.count) else {
                throw Mistake("'\(pair[1])' is no marker; allowed are pairs of hexadecimal digits, as in 1ACFFC1D")
            }
            layout.marker = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        default:
            throw Mistake(
                "'\(part)' is not known; allowed are insert=N, secondary=N, fecf, ocf, fhec, marker, marker=HEX, "
                    + "spacecraft=N, packet=N and opaque"
            )
        }
    }

    /// What was told, as a verdict; nil when only the framing was.
    var verdict: Verdict? {
        guard let carrying: Verdict.Carrying = frames.map({ .frames($0) }) ?? skip.map({ .packets(skip: $0) }) else {
            return nil
        }
        return Verdict(carrying: carrying, confidence: 1, agreeing: ["as told"], disagreeing: [], isTold: true)
    }

    /// Whether it can be meant for a flow: a capture has flows of other protocols, which are not to be taken by it. A bare
    /// file and a link without layers have nothing else that it could be meant for.
    static func isMeantFor(_ kind: FlowKey.Kind) -> Bool {
        switch kind {
        case .bareStream, .bareLink, .upperPDU: true
        case .udp, .tcp: false
        }
    }

    /// Whether a sample can be what was told: datagrams of that length, headers that come again at that distance, packets
    /// that fill.
    func fits(_ sample: Sample) -> Bool {
        guard let layout = frames else {
            let chain = PacketChain(sample, skip: skip ?? 0)
            guard chain.packets > 0, chain.version == 0 else { return false }
            return sample.isStream ? chain.octets * 2 >= sample.count : chain.filled * 2 >= chain.pieces
        }
        let step = layout.marker.count + layout.length
        if !sample.isStream {
            return sample.pieces.count { $0.count % step == 0 && !$0.isEmpty } * 2 >= sample.pieces.count
        }
        let bytes = sample.bytes
        guard bytes.byteCount >= step else { return false }
        let first =
            layout.marker.isEmpty ? 0 : (0...bytes.byteCount - step).first { bytes.holds(layout.marker, at: $0) }
        guard let first else { return false }
        let starts = stride(from: first, through: bytes.byteCount - step, by: step).map { $0 + layout.marker.count }
        return FrameCandidate(
            kind: layout.kind, length: layout.length, marker: layout.marker, starts: starts, in: bytes
        ).constancy >= 0.5
    }
}
