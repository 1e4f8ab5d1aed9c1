public import BeiDou
public import CCSDS
public import Transport

/// What a flow carries, how sure that is, and why.
public struct Verdict: Sendable {
    /// What the flow's octets are.
    public enum Carrying: Sendable {
        /// Transfer frames of this layout.
        case frames(FrameLayout)
        /// Space packets without frames, with so many foreign octets in front of each.
        case packets(skip: Int)
        /// Messages of terminals, in these dialects.
        case messages([Dialect])
        /// Nothing that Starlane knows.
        case unknown
    }

    /// What it most likely carries. Told by the user where ``isTold``.
    public var carrying: Carrying
    /// How sure that is, 0 to 1; what is below one half is not acted upon.
    public var confidence: Double
    /// The signs that agree, in words.
    public var agreeing: [String]
    /// The signs that do not, in words.
    public var disagreeing: [String]
    /// True when it was not found out but told.
    public var isTold = false
    /// How its stream is cut into the pieces that carry it; nil where it is none, or is taken as it comes.
    public var framing: StreamFraming?
    /// Whether bit errors hide what a longer sample would show.
    var wantsMore = false

    /// Nothing was recognised, for these reasons.
    static func unknown(_ reasons: [String]) -> Verdict {
        Verdict(carrying: .unknown, confidence: 0, agreeing: [], disagreeing: reasons)
    }

    /// True when the flow is to be decoded as ``carrying`` says.
    public var isSure: Bool {
        if case .unknown = carrying { return false }
        return confidence >= 0.5
    }

    /// True when the flow is one of transfer frames.
    var carriesFrames: Bool { if case .frames = carrying { true } else { false } }

    /// All signs in one line, those that agree first.
    public var evidence: String {
        let against =
            disagreeing.isEmpty
            ? "" : (agreeing.isEmpty ? "" : "; ") + "against it: " + disagreeing.joined(separator: ", ")
        return agreeing.joined(separator: ", ") + against
    }
}

/// How much single signs weigh together: each sign that agrees takes its share of the doubt that is left.
struct Weighing {
    /// The doubt that is left, 1 at first.
    private var doubt = 1.0
    private var factor = 1.0
    private(set) var agreeing: [String] = []
    private(set) var disagreeing: [String] = []

    /// A sign that can hardly come about by chance.
    static let strong = 0.92
    /// A sign that chance brings about now and then.
    static let medium = 0.5
    /// A sign that says little alone.
    static let weak = 0.3

    /// Enters a sign that agrees.
    mutating func agree(_ weight: Double, _ sign: String) {
        doubt *= 1 - weight
        agreeing.append(sign)
    }

    /// Enters what was seen and weighs nothing.
    mutating func note(_ sign: String) { agreeing.append(sign) }

    /// Enters a sign that does not agree: what was sure becomes less so.
    mutating func disagree(_ weight: Double, _ sign: String) {
        factor *= 1 - weight
        disagreeing.append(sign)
    }

    /// From 0 to 0.99: nothing found out is certain.
    var confidence: Double { min(0.99, (1 - doubt) * factor) }
}
