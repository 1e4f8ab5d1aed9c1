/// The numberings that feedback uses.
public enum FeedbackTable: String, Sendable, Hashable, CaseIterable {
    /// The kind of FKXX, RDSS 4.0.
    case fkxx
    /// The emission suppression of FKI, RDSS 2.1.
    case fki2 = "fki_2"
    /// The reason of FKI, BeiDou-3.
    case fki3 = "fki_3"

    /// The numbers that it has room for.
    var codes: ClosedRange<Int> {
        switch self {
        case .fkxx: 0...255
        case .fki2: 0...9
        case .fki3: 0...99
        }
    }
}

/// What a kind of feedback means for the message that was to be sent.
public struct Feedback: Sendable, Hashable {
    /// What a sender does.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The terminal has sent the message.
        case sent
        /// Try again after the time that the feedback states.
        case wait
        /// Try again after ``Feedback/seconds``.
        case retry
        /// Trying again changes nothing: a person has to, or the system lifts it.
        case lasting
        /// What held messages back is over.
        case lifted
    }

    /// What it is, in lower case with underscores.
    public let label: String
    /// What a sender does.
    public let rule: Rule
    /// After how many seconds, for rule `retry`.
    public let seconds: Int?

    /// A meaning from its parts.
    public init(_ label: String, _ rule: Rule, seconds: Int? = nil) {
        self.label = label
        self.rule = rule
        self.seconds = seconds
    }

    static let standard: [FeedbackTable: [Int: Feedback]] = [
        .fkxx: [
            0: Feedback("success", .sent), 1: Feedback("failure", .retry, seconds: 60),
            2: Feedback("signal_not_locked", .retry, seconds: 60), 3: Feedback("battery_low", .lasting),
            4: Feedback("too_soon", .wait), 5: Feedback("encryption_error", .lasting),
            6: Feedback("crc_error", .retry, seconds: 60), 7: Feedback("suppressed", .lasting),
            8: Feedback("suppression_lifted", .lifted),
        ],
        .fki2: [
            0: Feedback("none", .retry, seconds: 60), 1: Feedback("suppressed", .lasting),
            2: Feedback("battery_low", .lasting), 3: Feedback("radio_silence", .lasting),
            4: Feedback("power_not_locked", .retry, seconds: 60),
        ],
        .fki3: [
            0: Feedback("none", .retry, seconds: 60), 1: Feedback("too_soon", .wait),
            2: Feedback("suppressed", .lasting), 3: Feedback("radio_silence", .lasting),
            4: Feedback("power_not_locked", .retry, seconds: 60), 5: Feedback("no_card", .lasting),
            6: Feedback("no_permission", .lasting), 11: Feedback("check_error", .retry, seconds: 60),
        ],
    ]

    /// The meanings that are ours to choose: the sources name the kind, and not what a sender does.
    static let openRules: [FeedbackTable: Set<Int>] = [.fkxx: [2, 3, 6], .fki2: [0, 4], .fki3: [0, 4, 11]]
}

/// What becomes of a message after its feedback.
public enum Verdict: Sendable, Hashable {
    /// The terminal has sent it; nothing is said about the peer.
    case sent
    /// Try again after so many seconds.
    case again(seconds: Int, reason: String)
    /// Stop trying.
    case stopped(reason: String)
    /// No feedback on a message: sending is allowed again.
    case lifted
}

extension Limits {
    /// The meaning of a number of feedback; nil when it is reserved or a maker's own and no settings name it.
    public func feedback(_ table: FeedbackTable, _ code: Int) -> Feedback? { feedback[table]?[code] }

    /// What FKXX says about a message.
    ///
    /// - Parameters:
    ///   - kind: its first octet.
    ///   - wait: the seconds of kind 4.
    public func verdict(fkxx kind: Int, wait: Int?) -> Verdict { verdict(.fkxx, kind, wait: wait) }

    /// What FKI of RDSS 2.1 says about a message: executed or not; the suppression, nil when it is left out; and the
    /// wait in seconds.
    public func verdict(fki2 isExecuted: Bool, suppression: Int?, wait: Int?) -> Verdict {
        if isExecuted { return .sent }
        // A refusal without suppression but with a wait came too soon.
        if suppression ?? 0 == 0, let wait, wait > 0 {
            return .again(seconds: wait + reserveSeconds, reason: "too_soon")
        }
        return verdict(.fki2, suppression ?? 0, wait: wait)
    }

    /// What FKI of BeiDou-3 says about a message: executed or not, its reason, the time left in seconds. A message that
    /// is executed is sent, whatever reason stands beside it.
    public func verdict(fki3 isExecuted: Bool, reason: Int, wait: Int?) -> Verdict {
        isExecuted ? .sent : verdict(.fki3, reason, wait: wait)
    }

    private func verdict(_ table: FeedbackTable, _ code: Int, wait: Int?) -> Verdict {
        guard let meaning = feedback(table, code) else { return .stopped(reason: "\(table.rawValue)_\(code)") }
        switch meaning.rule {
        case .sent: return .sent
        case .wait:
            let seconds = wait.map { max(0, min($0, 86_400)) } ?? serviceSeconds
            return .again(seconds: seconds + reserveSeconds, reason: meaning.label)
        case .retry: return .again(seconds: meaning.seconds ?? interval(stated: nil), reason: meaning.label)
        case .lasting: return .stopped(reason: meaning.label)
        case .lifted: return .lifted
        }
    }
}
