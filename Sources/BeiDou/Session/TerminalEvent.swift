/// What a terminal said, as small values: what a session acts on and a person is told.
package enum TerminalEvent: Equatable, Sendable {
    /// Which card is in it, and what the card may do.
    case card(CardInformation)
    /// What became of a request.
    case feedback(TerminalFeedback)
    /// A short message.
    case message(IncomingMessage)
    /// When messages to an address were sent and received, the network's answer to a receipt query.
    case receipts(of: UInt32, [ReceiptPair])
    /// Where a terminal is.
    case position(ReportedPosition)
    /// Bars of its beams, or C/N0 in dB-Hz.
    case power([Int])
    /// A sentence that a session has no use for.
    case other(name: String)
    /// Octets that are no sentence, and why.
    case noise(octets: Int, reason: String)
}

/// What a card query is answered with: ICXX, BDICI or BDICP.
package struct CardInformation: Equatable, Sendable {
    /// The dialect of the answer.
    package var dialect: Dialect
    /// The card's address; see ``isUsable``.
    package var address: UInt32
    /// The address that the card receives broadcasts with; 0 where there is none.
    package var broadcast: UInt32
    /// Seconds between two requests.
    package var frequency: Int
    /// Communication level, 1 to 4 (RDSS) or 1 to 5 (BeiDou-3); nil where it is none of these.
    package var level: Int?
    /// Whether the card encrypts.
    package var isEncrypted: Bool

    /// Whether there is a card at all: an address of 0, or of all 21 bits, says that there is none.
    package var isUsable: Bool { address != 0 && (dialect == .regional || address != CardInformation.allBits) }

    /// The address that terminals report when they have no card (beidou-rdss-2.1.md, "Examples").
    package static let allBits: UInt32 = 0x1F_FFFF

    /// A card from its parts.
    package init(dialect: Dialect, address: UInt32, broadcast: UInt32, frequency: Int, level: Int?, isEncrypted: Bool) {
        self.dialect = dialect
        self.address = address
        self.broadcast = broadcast
        self.frequency = frequency
        self.level = level
        self.isEncrypted = isEncrypted
    }
}

/// What became of a request: FKXX or BDFKI, as it stands there. What it means for a sender is in ``Limits``.
package struct TerminalFeedback: Equatable, Sendable {
    /// The name of the sentence that it answers; nil where it names none.
    package var sentence: String?
    /// What became of it.
    package var outcome: Outcome

    /// What became of a request.
    package enum Outcome: Equatable, Sendable {
        /// FKXX of RDSS 4.0: its kind, and the seconds to wait of kind 4.
        case fkxx(kind: Int, wait: Int?)
        /// FKI of RDSS 2.1: executed, suppression, seconds to wait.
        case fki2(isExecuted: Bool, suppression: Int?, wait: Int?)
        /// FKI of BeiDou-3: executed, reason, seconds to wait.
        case fki3(isExecuted: Bool, reason: Int, wait: Int?)

        /// Seconds to wait, where they are told and are not 0.
        package var wait: Int? {
            switch self {
            case .fkxx(_, let wait), .fki2(_, _, let wait), .fki3(_, _, let wait): wait == 0 ? nil : wait
            }
        }

        /// What a sender has to make of it; nil when the number is reserved or a maker's own and says nothing of a
        /// request.
        package func verdict(_ limits: Limits) -> Verdict? {
            switch self {
            case .fkxx(let kind, let wait):
                limits.feedback(.fkxx, kind) == nil ? nil : limits.verdict(fkxx: kind, wait: wait)
            case .fki2(let isExecuted, let suppression, let wait):
                limits.verdict(fki2: isExecuted, suppression: suppression, wait: wait)
            case .fki3(let isExecuted, let reason, let wait):
                limits.verdict(fki3: isExecuted, reason: reason, wait: wait)
            }
        }
    }

    /// Feedback from its parts.
    package init(sentence: String?, outcome: Outcome) {
        self.sentence = sentence
        self.outcome = outcome
    }
}

/// A short message that came in: TXXX, BDTXR or BDTCI.
package struct IncomingMessage: Equatable, Sendable {
    /// The address of its sender.
    package var sender: UInt32
    /// The address that it went to, where the sentence says so.
    package var receiver: UInt32?
    /// Hour, minute and second as far as the sentence states them: "14:22".
    package var time: String?
    /// What it holds.
    package var content: MessageContent

    /// A message from its parts.
    package init(sender: UInt32, receiver: UInt32?, time: String?, content: MessageContent) {
        self.sender = sender
        self.receiver = receiver
        self.time = time
        self.content = content
    }
}

/// When a message was sent and when it was received, "HH:MM"; the documents do not say in which zone.
package struct ReceiptPair: Equatable, Sendable {
    /// Minutes of the day when it was sent.
    package var sent: Int
    /// Minutes of the day when it was received.
    package var received: Int

    /// A pair from its parts.
    package init(sent: Int, received: Int) {
        self.sent = sent
        self.received = received
    }
}

/// Where a terminal is: DWXX, BDDWR or BDWAA.
package struct ReportedPosition: Equatable, Sendable {
    /// The terminal.
    package var address: UInt32
    /// UTC of the day, "08:49:36.50".
    package var time: String
    /// Degrees, north and east positive.
    package var latitude: Double
    package var longitude: Double
    /// Metres above sea level, where it is told.
    package var height: Double?
    /// Whether it is an emergency.
    package var isEmergency: Bool

    /// A position from its parts.
    package init(address: UInt32, time: String, latitude: Double, longitude: Double, height: Double?, isEmergency: Bool)
    {
        self.address = address
        self.time = time
        self.latitude = latitude
        self.longitude = longitude
        self.height = height
        self.isEmergency = isEmergency
    }
}

/// The content of a short message, as the air carries it.
package struct MessageContent: Equatable, Sendable {
    /// How it is coded.
    package var form: ContentForm
    /// Its octets: the lead A4 of mixed content included, digits of code two in an octet, an odd last one padded with F.
    package var octets: [UInt8]
    /// How many bits of them count.
    package var bits: Int

    /// Content from its parts; all bits of the octets where `bits` is not told.
    package init(form: ContentForm, octets: [UInt8], bits: Int? = nil) {
        self.form = form
        self.octets = octets
        self.bits = bits ?? octets.count * 8
    }

    /// Upper-case hexadecimal digits, for code as many as count.
    package var hex: String {
        let digits = Hexadecimal.digits(of: octets)
        return String(decoding: form == .code ? digits.prefix(bits / 4) : digits[...], as: UTF8.self)
    }
}
