/// The few sentences that a session needs, written and read in one dialect.
package protocol TerminalCodec: Sendable {
    /// The dialect.
    static var dialect: Dialect { get }
    /// The name by which feedback names a message's sentence: TXSQ, TXA, TCQ.
    static var messageName: String { get }
    /// The name by which feedback names a receipt query's sentence.
    static var queryName: String { get }

    /// Asks for the card.
    static func cardQuery() -> [UInt8]

    /// A message; refused where the dialect has no place for something.
    static func message(
        _ content: MessageContent, to receiver: UInt32, from own: UInt32, _ options: SendOptions
    ) throws(EncodingRefusal) -> [UInt8]

    /// Asks the network for receipts of messages to an address; refused where the dialect has no such question.
    static func receiptQuery(_ receiver: UInt32, from own: UInt32) throws(EncodingRefusal) -> [UInt8]
}

/// What a message may ask for besides its content.
package struct SendOptions: Equatable, Sendable {
    /// Express class, RDSS only: short, in front of others.
    package var isExpress = false
    /// Frequency point 1 to 5 (Lf0 to Lf4), BeiDou-3 only.
    package var point = 2

    package init(isExpress: Bool = false, point: Int = 2) {
        self.isExpress = isExpress
        self.point = point
    }
}

extension Dialect {
    /// The dialects that a terminal can be asked in, in the order of asking: a terminal that speaks several is used in the
    /// newest one.
    package static let ofTerminals: [Dialect] = [.regional, .rdss2, .rdss4]

    /// The codec of a terminal's dialect; nil for the others.
    var codec: (any TerminalCodec.Type)? {
        switch self {
        case .rdss4: RDSS4Codec.self
        case .rdss2: RDSS2Codec.self
        case .regional: RegionalCodec.self
        case .nmea, .jtt808: nil
        }
    }
}

extension UInt32 {
    /// A card's address of 21 bits, or why it is none.
    func rdssAddress() throws(EncodingRefusal) -> UInt32 {
        guard self > 0, self < CardInformation.allBits else {
            throw EncodingRefusal("receiver", "the address \(self) is none of a card: allowed are 1 to 2097150")
        }
        return self
    }
}
