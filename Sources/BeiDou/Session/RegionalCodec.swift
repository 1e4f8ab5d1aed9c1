/// What a session needs of the BeiDou-3 sentences. Source: beidou-3-regional.md.
package enum RegionalCodec: TerminalCodec {
    package static var dialect: Dialect { .regional }
    package static var messageName: String { "TCQ" }
    package static var queryName: String { "TCQ" }

    package static func cardQuery() -> [UInt8] { Sentence.write(Array("CCICR,0,00".utf8)) }

    package static func message(
        _ content: MessageContent, to receiver: UInt32, from own: UInt32, _ options: SendOptions
    ) throws(EncodingRefusal) -> [UInt8] {
        guard 1...99_999_999 ~= receiver else {
            throw EncodingRefusal("receiver", "the address \(receiver) is none of a card: allowed are 1 to 99999999")
        }
        guard !options.isExpress else {
            throw EncodingRefusal("class", "the BeiDou-3 sentences have no express class; leave it away")
        }
        let coding = content.form.rawValue + 1
        // Confirmation 1: not needed. The documents do not say how one would be told.
        let head = "CCTCQ,\(Sentence.padded(receiver)),\(options.point),1,\(coding),"
        return Sentence.write(Array(head.utf8) + Sentence.write(content) + Array(",0".utf8))
    }

    package static func receiptQuery(_ receiver: UInt32, from own: UInt32) throws(EncodingRefusal) -> [UInt8] {
        throw EncodingRefusal(
            "receipt", "the BeiDou-3 sentences have no question for receipts; wait for an acknowledgement or an answer")
    }

    /// Whether a sentence is one of this dialect: FKI stands in two, and begins with six digits in this one.
    static func owns(_ sentence: Sentence) -> Bool {
        switch sentence.name {
        case "BDICP", "BDTCI", "BDPWI", "BDSNR": true
        case "BDFKI": sentence.text(0).count == 6 && sentence.text(0).allSatisfy(\.isASCIIDigit)
        default: false
        }
    }

    /// Reads a sentence whose check is right.
    static func decode(_ sentence: Sentence) -> TerminalEvent {
        func odd() -> TerminalEvent { .other(name: sentence.name) }
        switch sentence.name {
        case "BDICP":
            guard let address = sentence.address(0), let frequency = sentence.number(13) else { return odd() }
            let level = sentence.number(14) ?? 0
            return .card(
                CardInformation(
                    dialect: .regional, address: address, broadcast: sentence.address(1) ?? 0, frequency: frequency,
                    level: level == 0 ? 5 : 1...5 ~= level ? level : nil, isEncrypted: sentence.text(5) == "Y"))
        case "BDFKI":
            guard let reason = sentence.number(3), ["Y", "N"].contains(sentence.text(2)) else { return odd() }
            return .feedback(
                TerminalFeedback(
                    sentence: sentence.text(1),
                    outcome: .fki3(
                        isExecuted: sentence.text(2) == "Y", reason: reason, wait: sentence.number(4))))
        case "BDTCI":
            guard let sender = sentence.address(0), let coding = sentence.number(4) else { return odd() }
            let form = UInt8(exactly: coding - 1).flatMap(ContentForm.init(rawValue:)) ?? .code
            return .message(
                IncomingMessage(
                    sender: sender, receiver: sentence.address(1), time: sentence.timeOfDay(3),
                    content: Sentence.content(sentence.rest(from: 6), form: form)))
        case "BDSNR": return .power(sentence.fields.indices.compactMap(sentence.number))
        default: return odd()
        }
    }
}
