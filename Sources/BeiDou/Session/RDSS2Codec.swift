/// What a session needs of RDSS 2.1. Source: beidou-rdss-2.1.md.
package enum RDSS2Codec: TerminalCodec {
    package static var dialect: Dialect { .rdss2 }
    package static var messageName: String { "TXA" }
    package static var queryName: String { "CXA" }

    package static func cardQuery() -> [UInt8] { Sentence.write(Array("CCICA,0,00".utf8)) }

    package static func message(
        _ content: MessageContent, to receiver: UInt32, from own: UInt32, _ options: SendOptions
    ) throws(EncodingRefusal) -> [UInt8] {
        let receiver = Sentence.padded(try receiver.rdssAddress())
        let head = "CCTXA,\(receiver),\(options.isExpress ? 0 : 1),\(content.form.rawValue),"
        return Sentence.write(Array(head.utf8) + Sentence.write(content))
    }

    package static func receiptQuery(_ receiver: UInt32, from own: UInt32) throws(EncodingRefusal) -> [UInt8] {
        Sentence.write(Array("CCCXA,1,3,\(Sentence.padded(try receiver.rdssAddress()))".utf8))
    }

    /// Reads a sentence whose check is right.
    static func decode(_ sentence: Sentence) -> TerminalEvent {
        func odd() -> TerminalEvent { .other(name: sentence.name) }
        switch sentence.name {
        case "BDICI":
            guard let address = sentence.address(0), let frequency = sentence.number(4) else { return odd() }
            let level = sentence.number(5) ?? 0
            return .card(
                CardInformation(
                    dialect: .rdss2, address: address, broadcast: sentence.address(2) ?? 0, frequency: frequency,
                    level: 1...4 ~= level ? level : nil, isEncrypted: sentence.text(6) == "E"))
        case "BDFKI": return feedback(sentence).map { .feedback($0) } ?? odd()
        case "BDTXR":
            guard let sender = sentence.address(1), let number = sentence.number(2) else { return odd() }
            let form = UInt8(exactly: number).flatMap(ContentForm.init(rawValue:)) ?? .code
            return .message(
                IncomingMessage(
                    sender: sender, receiver: nil, time: sentence.timeOfDay(3),
                    content: Sentence.content(sentence.rest(from: 4), form: form)))
        case "BDHZR":
            guard let receiver = sentence.address(0), let count = sentence.number(1), count <= 5,
                sentence.fields.count >= 2 + 2 * count
            else { return odd() }
            var pairs: [ReceiptPair] = []
            for pair in 0..<count {
                guard let sent = sentence.number(2 + 2 * pair), let received = sentence.number(3 + 2 * pair) else {
                    return odd()
                }
                pairs.append(
                    ReceiptPair(
                        sent: sent / 100 * 60 + sent % 100, received: received / 100 * 60 + received % 100))
            }
            return .receipts(of: receiver, pairs)
        case "BDDWR": return position(sentence, address: 1, emergency: 13) ?? odd()
        case "BDWAA": return position(sentence, address: 2, emergency: nil) ?? odd()
        case "BDBSI": return .power(sentence.fields.indices.dropFirst(2).compactMap(sentence.number))
        default: return odd()
        }
    }

    /// Time, latitude, longitude and height stand in one order behind the address.
    private static func position(_ sentence: Sentence, address: Int, emergency: Int?) -> TerminalEvent? {
        guard let terminal = sentence.address(address), let time = sentence.timeOfDay(address + 1),
            let latitude = sentence.degrees(address + 2), let longitude = sentence.degrees(address + 4)
        else { return nil }
        return .position(
            ReportedPosition(
                address: terminal, time: time, latitude: latitude, longitude: longitude,
                height: sentence.decimal(address + 6),
                isEmergency: emergency.map { sentence.text($0) == "A" } ?? false))
    }

    /// Sentence, executed, frequency set, suppression, wait; some units leave the suppression out.
    private static func feedback(_ sentence: Sentence) -> TerminalFeedback? {
        let count = sentence.fields.count
        guard count >= 4, ["Y", "N"].contains(sentence.text(1)), let clock = sentence.number(count - 1) else {
            return nil
        }
        return TerminalFeedback(
            sentence: sentence.text(0),
            outcome: .fki2(
                isExecuted: sentence.text(1) == "Y", suppression: count > 4 ? sentence.number(3) : nil,
                wait: clock / 100 * 60 + clock % 100))
    }
}
