internal import Bytes
internal import CCSDS

/// A guess: frames of one kind and length stand at these places of the sample.
struct FrameCandidate {
    let kind: FrameLayout.Kind
    /// Octets of the frame, the marker not counted.
    let length: Int
    let marker: [UInt8]
    /// Where each frame begins, behind its marker.
    let starts: [Int]
    /// How often each spacecraft stands in the headers of this kind's version.
    private(set) var spacecraft: [Int: Int] = [:]
    /// Frames whose header has another version.
    private(set) var strangers = 0

    init(kind: FrameLayout.Kind, length: Int, marker: [UInt8], starts: [Int], in bytes: RawSpan) {
        self.kind = kind
        self.length = length
        self.marker = marker
        self.starts = starts
        for start in starts {
            if let id = Self.spacecraft(of: bytes, at: start, kind) {
                spacecraft[id, default: 0] += 1
            } else {
                strangers += 1
            }
        }
    }

    /// The spacecraft that a header names; nil when its version is not that of the kind.
    static func spacecraft(of bytes: RawSpan, at start: Int, _ kind: FrameLayout.Kind) -> Int? {
        let first = bytes.u16(at: start)
        switch kind {
        case .tm: return first >> 14 == 0 ? Int(first >> 4 & 0x3FF) : nil
        case .aos: return first >> 14 == 1 ? Int(first >> 6 & 0xFF) : nil
        }
    }

    /// The virtual channel that a header names.
    static func channel(of bytes: RawSpan, at start: Int, _ kind: FrameLayout.Kind) -> Int {
        kind == .tm ? Int(bytes.u8(at: start + 1) >> 1 & 7) : Int(bytes.u8(at: start + 1) & 0x3F)
    }

    /// The count of the virtual channel, and what it counts modulo.
    static func count(of bytes: RawSpan, at start: Int, _ kind: FrameLayout.Kind) -> (value: Int, modulus: Int) {
        kind == .tm ? (Int(bytes.u8(at: start + 3)), 256) : (Int(bytes.u24(at: start + 2)), 1 << 24)
    }

    /// Spacecraft that stand in enough headers to be believed: one header alone may be a damaged one.
    var believed: [Int] {
        let enough = max(2, starts.count / 50)
        return spacecraft.filter { $0.value >= enough || (starts.count < 4 && $0.value * 2 >= starts.count) }.keys
            .sorted()
    }

    /// The share of frames whose headers name a believed spacecraft.
    var constancy: Double {
        guard !starts.isEmpty else { return 0 }
        return Double(believed.reduce(0) { $0 + (spacecraft[$1] ?? 0) }) / Double(starts.count)
    }

    /// The share of pairs of one channel whose count goes forward by a little.
    func forward(_ bytes: RawSpan) -> Double {
        var last: [Int: Int] = [:]
        var pairs = 0
        var steps = 0
        for start in starts.prefix(128) where Self.spacecraft(of: bytes, at: start, kind) != nil {
            let channel = Self.channel(of: bytes, at: start, kind)
            let (count, modulus) = Self.count(of: bytes, at: start, kind)
            if let before = last[channel] {
                pairs += 1
                let step = (count - before + modulus) % modulus
                if step >= 1 && step <= (kind == .tm ? 8 : 4096) { steps += 1 }
            }
            last[channel] = count
        }
        return pairs == 0 ? 0 : Double(steps) / Double(pairs)
    }
}

/// Finds the guesses that are worth a closer look.
enum FrameCandidates {
    /// The attached sync marker of uncoded, convolutional and Reed-Solomon channels (131.0-B, 9.3.3).
    static let syncMarker: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]
    /// The longest frame looked for without a marker.
    static let longest = 8192
    /// The shortest frame looked for.
    static let shortest = 32

    /// All guesses for a sample, a handful at most.
    static func find(in sample: Sample) -> [FrameCandidate] {
        if let marked = marked(in: sample) { return marked }
        return sample.isStream ? unmarked(in: sample) : datagrams(in: sample)
    }

    /// Frames behind markers that stand at one distance.
    private static func marked(in sample: Sample) -> [FrameCandidate]? {
        let bytes = sample.bytes
        var places: [Int] = []
        var position = 0
        while position + 4 <= bytes.byteCount {
            // The second octet of the marker stands nowhere else in it: a quick way past what is no marker.
            if bytes.u32(at: position) == 0x1ACF_FC1D {
                places.append(position)
                position += 4
            } else {
                position += 1
            }
        }
        guard !places.isEmpty else { return nil }
        var distances: [Int: Int] = [:]
        for (a, b) in zip(places, places.dropFirst()) { distances[b - a, default: 0] += 1 }
        if sample.isStream || sample.pieces.count < 2 {
            if places.count == 1, places[0] == 0 { distances[bytes.byteCount] = 1 }
        } else {
            for piece in sample.pieces where places.contains(piece.lowerBound) {
                distances[piece.count, default: 0] += 1
            }
        }
        guard let (distance, times) = distances.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }),
            distance >= shortest, times * 2 >= places.count - 1
        else { return nil }
        let length = distance - 4
        let starts = places.map { $0 + 4 }.filter { $0 + length <= bytes.byteCount }
        guard !starts.isEmpty else { return nil }
        return [.tm, .aos].map {
            FrameCandidate(kind: $0, length: length, marker: syncMarker, starts: starts, in: bytes)
        }
        .filter { $0.constancy >= 0.6 }
    }

    /// Frames back to back from the first octet on: lengths at which the header comes again.
    private static func unmarked(in sample: Sample) -> [FrameCandidate] {
        let bytes = sample.bytes
        var found: [(candidate: FrameCandidate, score: Double)] = []
        for length in stride(from: shortest, through: min(longest, bytes.byteCount), by: 1) {
            let whole = bytes.byteCount / length
            guard whole >= 1 else { break }
            let sampled = min(whole, 48)
            for kind in [FrameLayout.Kind.tm, .aos] where constant(bytes, kind, length, sampled) {
                let starts = (0..<whole).map { $0 * length }
                let candidate = FrameCandidate(kind: kind, length: length, marker: [], starts: starts, in: bytes)
                guard candidate.constancy >= 0.6 else { continue }
                // A file that holds whole frames to its last octet is a little sign, above all when it is short.
                let even = bytes.byteCount % length == 0 ? 0.2 : 0
                found.append((candidate, candidate.constancy + candidate.forward(bytes) + even))
            }
        }
        found.sort { ($0.score, -$0.candidate.length) > ($1.score, -$1.candidate.length) }
        return found.prefix(48).map(\.candidate)
    }

    /// Whether most headers at a distance agree in version and spacecraft: a vote by majority, before anything is
    /// built.
    private static func constant(_ bytes: RawSpan, _ kind: FrameLayout.Kind, _ length: Int, _ frames: Int) -> Bool {
        var winner = -1
        var lead = 0
        var votes = 0
        for frame in 0..<frames {
            let id = FrameCandidate.spacecraft(of: bytes, at: frame * length, kind) ?? -1
            if lead == 0 { (winner, lead) = (id, 1) } else { lead += id == winner ? 1 : -1 }
        }
        guard winner >= 0 else { return false }
        for frame in 0..<frames where FrameCandidate.spacecraft(of: bytes, at: frame * length, kind) == winner {
            votes += 1
        }
        return votes * 10 >= frames * 6
    }

    /// Frames in datagrams: one in each, or as many as go in.
    private static func datagrams(in sample: Sample) -> [FrameCandidate] {
        let bytes = sample.bytes
        var lengths: [Int: Int] = [:]
        for piece in sample.pieces { lengths[piece.count, default: 0] += 1 }
        guard let (usual, times) = lengths.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }), usual >= shortest,
            times * 2 >= sample.pieces.count
        else { return [] }
        var found: [FrameCandidate] = []
        for parts in 1...16 where usual % parts == 0 && usual / parts >= shortest {
            let length = usual / parts
            let starts = sample.pieces.filter { $0.count % length == 0 }
                .flatMap { Array(stride(from: $0.lowerBound, to: $0.upperBound, by: length)) }
            for kind in [FrameLayout.Kind.tm, .aos] {
                let candidate = FrameCandidate(kind: kind, length: length, marker: [], starts: starts, in: bytes)
                if candidate.constancy >= 0.6 { found.append(candidate) }
            }
        }
        return found
    }
}
