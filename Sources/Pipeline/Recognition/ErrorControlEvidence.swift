internal import Bytes
internal import CCSDS
internal import Glibc

/// Whether the frames of a candidate end in an error control field, and how damaged they are.
///
/// By chance a check of 16 bits holds once in 65,536 frames. So a few different frames with a valid one prove that the field
/// is there, however many others bit errors have hit; and headers of which now and then a bit is wrong tell how many
/// frames can be whole at all.
struct ErrorControlEvidence {
    /// Frames looked at, those of them whose check holds, and how many of these differ.
    private(set) var looked = 0
    private(set) var valid: [Int] = []
    private(set) var different = 0
    /// Headers that are those of a believed spacecraft but for one bit, and how many different ones.
    private(set) var wrongBits = 0
    private var wrongHeaders: Set<UInt16> = []
    /// How many of all frames are whole, by that, and at the least.
    private let whole: (likely: Double, least: Double)

    /// Frames looked at where nothing speaks of damage.
    static let searched = 160
    /// Lengths among which one was found to fit.
    private static let lengths = 48.0
    /// So many frames that should be whole tell that there is no field where none of them has one that is valid.
    private static let enoughWhole = 8.0

    /// Looks at frames from all over the sample: a pass begins with bit errors, low above the horizon.
    init(_ candidate: FrameCandidate, _ starts: [Int], in bytes: RawSpan) {
        let known = Set(candidate.believed.map { Self.identifier($0, candidate.kind) })
        let (mask, bits): (UInt16, Double) = candidate.kind == .tm ? (0xFFF0, 12) : (0xFFC0, 10)
        for start in candidate.starts {
            let header = bytes.u16(at: start) & mask
            guard !known.contains(header), known.contains(where: { ($0 ^ header).nonzeroBitCount == 1 }) else {
                continue
            }
            wrongBits += 1
            wrongHeaders.insert(header)
        }
        let all = Double(max(1, candidate.starts.count))
        let length = Double(candidate.length * 8)
        func whole(_ wrong: Double) -> Double { all * exp(-wrong / (all * bits) * length) }
        let wrong = Double(wrongBits)
        self.whole = (whole(wrong), whole(wrong + 1 + 2 * (wrong + 1).squareRoot()))
        guard candidate.length > 8 else { return }
        look(
            stride(from: 0, to: starts.count, by: max(1, starts.count / Self.searched)).prefix(Self.searched).map {
                starts[$0]
            },
            candidate.length, bytes)
        if !isThere, looked < starts.count, !valid.isEmpty || wrongBits > 0 { look(starts, candidate.length, bytes) }
    }

    private static func identifier(_ spacecraft: Int, _ kind: FrameLayout.Kind) -> UInt16 {
        kind == .tm ? UInt16(spacecraft & 0x3FF) << 4 : 1 << 14 | UInt16(spacecraft & 0xFF) << 6
    }

    private mutating func look(_ starts: [Int], _ length: Int, _ bytes: RawSpan) {
        looked = starts.count
        valid = starts.filter { CRC16.of(bytes.slice(at: $0, count: length)) == 0 }
        // One frame that comes again and again is one: its check holds each time or never.
        different = Set(valid.map { UInt64(bytes.u32(at: $0)) << 16 | UInt64(bytes.u16(at: $0 + length - 2)) }).count
    }

    private var isMost: Bool { valid.count >= 2 && valid.count * 2 >= looked }

    /// Whether the field is there: valid in most frames, or in more than chance gives in any of the lengths tried.
    var isThere: Bool { isMost || different >= 2 && chance < 1e-6 }

    /// The probability that so many checks hold of frames without one.
    private var chance: Double {
        var term = Self.lengths
        for count in 1...max(1, different) where term > 1e-12 {
            term *= Double(looked) / 65536 / Double(count)
        }
        return term
    }

    /// Whether there may be a field that bit errors hide, and that more frames would show.
    var isHidden: Bool { !isThere && (wrongBits > 0 && whole.least < Self.enoughWhole || different >= 2) }

    /// Whether hardly a frame is whole and nothing tells which, so that they cannot be taken as they are.
    var isHopeless: Bool {
        !isThere && wrongBits >= 3 && wrongHeaders.count >= 2 && whole.likely < Self.enoughWhole
    }

    /// Frames that are not known to be damaged, of these.
    func sound(_ starts: [Int]) -> [Int] { isThere && !isMost ? valid : starts }
}
