/// Which system a card belongs to.
public enum CardGeneration: Int, Sendable, Hashable, CaseIterable {
    /// BeiDou-2: protocols 4.0 and 2.1, levels 1 to 4.
    case beidou2 = 2
    /// BeiDou-3, regional: levels 1 to 5, frequency points Lf0 to Lf4.
    case beidou3 = 3
}

/// What cards, terminals and the systems behind them allow: one table, replaceable by a settings file.
///
/// ``standard`` is what the facts say; where they leave a value open it stands in ``open`` and is marked so in
/// `Specs/limits.yaml`, which is the same table written out. Sources: beidou-rdss-4.0.md, beidou-rdss-2.1.md,
/// beidou-3-regional.md.
public struct Limits: Sendable, Hashable {
    /// Bits of an ordinary message of a BeiDou-2 card on the air, levels 1 to 4, card not encrypted.
    public var plainBits = [110, 408, 628, 848]
    /// The same of an encrypted card.
    public var encryptedBits = [140, 360, 580, 1_680]
    /// Bits of an express message of a BeiDou-2 card, whatever its level.
    public var expressBits = 188
    /// Bits of a message of a BeiDou-3 card, levels 1 to 5. No source gives them: the largest that the service carries.
    public var levelBits = [14_000, 14_000, 14_000, 14_000, 14_000]
    /// Bits of a message by frequency point, Lf0 to Lf4.
    public var pointBits = [1_680, 14_000, 14_000, 14_000, 560]

    /// Seconds between two messages where the card does not say.
    public var serviceSeconds = 60
    /// Seconds to wait on top of the service frequency.
    public var reserveSeconds = 2
    /// Seconds that a terminal may take to answer a request with its feedback.
    public var feedbackSeconds = 8
    /// How often a message is tried when the terminal does not answer.
    public var tries = 3

    /// The smallest address of a BeiDou-2 card: 0 says that there is no usable card.
    public var firstCard2 = 1
    /// The largest address of a BeiDou-2 card: all 21 bits set say that there is no usable card.
    public var lastCard2 = 2_097_150
    /// The smallest address of a BeiDou-3 card.
    public var firstCard3 = 1
    /// The largest address of a BeiDou-3 card.
    public var lastCard3 = 99_999_999
    /// Addresses that reach many cards, besides those that a card states as its own.
    public var broadcastAddresses: [Int] = []
    /// Addresses of groups, besides those that a card states.
    public var groupAddresses: [Int] = []

    /// Pairs of times that a receipt (TXHZ, HZR) can carry.
    public var receiptPairs = 5
    /// The resolution of their times in seconds.
    public var receiptSeconds = 60
    /// Seconds within which a gateway's own receipt comes back as a message.
    public var answerSeconds = 10

    /// What feedback means, by its kind: ``feedback(_:_:)``.
    public var feedback: [FeedbackTable: [Int: Feedback]] = Feedback.standard
    /// The keys whose values the sources leave open.
    public var open: Set<String> = Self.openInStandard

    /// What the sources say.
    public static let standard = Limits()

    init() {}
}

extension Limits {
    /// How many bits a message may have on the air; nil when there is no such level or frequency point.
    ///
    /// - Parameters:
    ///   - level: of the card; 0 is level 5 of BeiDou-3.
    ///   - isEncrypted: whether the card is; counts for BeiDou-2.
    ///   - isExpress: whether the message is; counts for BeiDou-2.
    ///   - frequencyPoint: 1 to 5 for Lf0 to Lf4, as sentences number them; counts for BeiDou-3.
    public func capacity(
        level: Int, generation: CardGeneration, isEncrypted: Bool = false, isExpress: Bool = false,
        frequencyPoint: Int? = nil
    ) -> Int? {
        switch generation {
        case .beidou2:
            let bits = isEncrypted ? encryptedBits : plainBits
            guard bits.indices.contains(level &- 1) else { return nil }
            return isExpress ? expressBits : bits[level - 1]
        case .beidou3:
            let level = level == 0 ? levelBits.count : level
            guard levelBits.indices.contains(level &- 1) else { return nil }
            guard let frequencyPoint else { return levelBits[level - 1] }
            guard pointBits.indices.contains(frequencyPoint &- 1) else { return nil }
            return min(levelBits[level - 1], pointBits[frequencyPoint - 1])
        }
    }

    /// How many characters of a form fit: Chinese characters, digits, or octets of mixed content behind its lead.
    public static func characters(inBits bits: Int, form: ContentForm) -> Int {
        switch form {
        case .chinese: max(0, bits / 14)
        case .code: max(0, bits / 4)
        case .mixed: max(0, bits / 8 - 1)
        }
    }

    /// What a message leaves of its capacity.
    public struct Room: Sendable, Hashable {
        /// Bits on the air; negative when the message is too long by so many.
        public let bits: Int
        /// Characters of the message's form; of mixed content octets.
        public let characters: Int
    }

    /// What a content leaves of a capacity.
    public static func room(for content: EncodedContent, in capacity: Int) -> Room {
        let left = capacity - content.airBits
        let cost =
            switch content.form {
            case .chinese: 14
            case .code: 4
            case .mixed: 8
            }
        return Room(bits: left, characters: max(0, left) / cost)
    }

    /// Whether an address can be that of a single card.
    public func isCard(_ address: Int, generation: CardGeneration) -> Bool {
        let isInside =
            switch generation {
            case .beidou2: firstCard2 <= address && address <= lastCard2
            case .beidou3: firstCard3 <= address && address <= lastCard3
            }
        return isInside && !broadcastAddresses.contains(address) && !groupAddresses.contains(address)
    }

    /// Seconds from one message to the next.
    ///
    /// - Parameter stated: the service frequency that the card states; nil when it does not.
    public func interval(stated: Int?) -> Int { (stated ?? serviceSeconds) + reserveSeconds }
}
