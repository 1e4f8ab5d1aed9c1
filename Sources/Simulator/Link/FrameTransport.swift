internal import CCSDS
internal import Records
internal import Settings
internal import Transport

/// What frames travel in from a station on, and what stands in front of each: the part `transport` of a scenario.
struct FrameTransport: Sendable {
    /// The protocol that carries them.
    enum Carrier: String, Sendable, CaseIterable {
        /// A datagram a frame.
        case udp
        /// One connection a link.
        case tcp
    }

    private(set) var carrier = Carrier.udp
    /// How pieces of a stream are told apart, in the words of live sources; nil: by nothing, frames stand one behind the other.
    private(set) var framing: StreamFraming?
    /// Where the framing stands in the file, for errors.
    private var mark: SettingsMark?

    /// Octets that may stand in front of a frame at the most.
    private static let mostInFront = 1024

    /// A datagram a frame, with nothing in front.
    init() {}

    private static let keys = ["over", "framing"]

    /// `tcp`, or `{over: tcp, framing: "length:4"}`.
    init(_ settings: SettingsPlace) throws(SettingsError) {
        guard !settings.isScalar else {
            try carry(over: settings.word(Carrier.self))
            return
        }
        var framing: SettingsPlace?
        for (key, place) in try settings.members(Self.keys) {
            switch key {
            case "over": try carry(over: place.word(Carrier.self))
            default: framing = place
            }
        }
        guard let framing else { return }
        mark = framing.mark
        let text = try framing.text()
        // The marker has a name here, since vehicles send no other.
        guard text != "marker" else {
            self.framing = Self.synchronised
            return
        }
        do throws(StreamFraming.Mistake) { self.framing = try StreamFraming.read(text) } catch {
            let kinds = ["none", "marker", "length", "fixed"]
            let kind = String(text.prefix { $0 != ":" && $0 != "," })
            let hint = kinds.contains(kind) ? "" : Names.hint(kind, in: kinds)
            throw framing.failed("\(error)\(hint)")
        }
    }

    /// Frames of a stream stand behind their markers where nothing else is told, as stations send them (131.0-B-5, 9).
    private mutating func carry(over carrier: Carrier) {
        self.carrier = carrier
        if carrier == .tcp { framing = Self.synchronised }
    }

    private static let synchronised = StreamFraming.marker(FrameLayout.syncMarker, length: nil)

    /// Octets in front of each frame of a length.
    ///
    /// - Throws: why such frames cannot be framed so.
    func front(ofFrames length: Int, of spacecraft: String) throws(SettingsError) -> [UInt8] {
        func failed(_ words: String) -> SettingsError {
            let reason = "frames of \(spacecraft) have \(length) octets: \(words)"
            return mark?.failed(reason) ?? SettingsError(file: "", line: nil, key: nil, reason: reason)
        }
        switch framing {
        case nil: return []
        case .fixed(let told):
            guard told == length else { throw failed("fixed:\(told) are pieces of another length") }
            return []
        case .marker(let marker, let told):
            if let told, told != length { throw failed("there cannot be \(told) behind each marker") }
            return marker
        case .length(let field):
            let head = field.offset + field.width
            guard head <= Self.mostInFront else {
                throw failed("at most \(Self.mostInFront) octets stand in front of one, not \(head)")
            }
            if let strip = field.strip, strip != head {
                throw failed("strip=\(strip) would leave another piece than the frame; leave it out")
            }
            let value = length - field.adjustment
            guard value >= 0, field.width == 4 || value < 1 << (8 * field.width) else {
                throw failed("a length of \(field.width) octets cannot say \(value)")
            }
            let octets = (0..<field.width).map { UInt8(truncatingIfNeeded: value >> (8 * (field.width - 1 - $0))) }
            return [UInt8](repeating: 0, count: field.offset) + octets
        }
    }

    /// What it is, in a line for people.
    var words: String {
        let piece =
            switch framing {
            case nil, .fixed: carrier == .udp ? "" : ", one behind the other"
            case .marker(let marker, _):
                ", each behind the marker \(marker.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined())"
            case .length(let field): ", each behind a length of \(field.width) octets"
            }
        return carrier == .udp ? "frames over UDP, one a datagram\(piece)" : "frames over TCP\(piece)"
    }
}
