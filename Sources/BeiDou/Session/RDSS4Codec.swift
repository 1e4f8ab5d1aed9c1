/// What a session needs of RDSS 4.0. Source: beidou-rdss-4.0.md.
package enum RDSS4Codec: TerminalCodec {
    package static var dialect: Dialect { .rdss4 }
    package static var messageName: String { "TXSQ" }
    package static var queryName: String { "TXSQ" }

    package static func cardQuery() -> [UInt8] { frame("ICJC", 0, [0]) }

    package static func message(
        _ content: MessageContent, to receiver: UInt32, from own: UInt32, _ options: SendOptions
    ) throws(EncodingRefusal) -> [UInt8] {
        let receiver = try receiver.rdssAddress()
        let category: UInt8 = (options.isExpress ? 0x40 : 0x44) | (content.form == .chinese ? 0 : 0x02)
        let bits = UInt16(clamping: content.bits)
        return frame(
            "TXSQ", own, [category] + octets(receiver) + [UInt8(bits >> 8), UInt8(bits & 0xFF), 0] + content.octets)
    }

    package static func receiptQuery(_ receiver: UInt32, from own: UInt32) throws(EncodingRefusal) -> [UInt8] {
        frame("TXSQ", own, [0x78] + octets(try receiver.rdssAddress()))
    }

    /// A frame: name, length, the user's address, body, XOR.
    private static func frame(_ name: String, _ own: UInt32, _ body: [UInt8]) -> [UInt8] {
        let length = UInt16(clamping: 11 + body.count)
        let start = Array("$\(name)".utf8) + [UInt8(length >> 8), UInt8(length & 0xFF)] + octets(own) + body
        return start + [start.reduce(0) { $0 ^ $1 }]
    }

    private static func octets(_ address: UInt32) -> [UInt8] {
        let address = address & CardInformation.allBits
        return [UInt8(address >> 16), UInt8(address >> 8 & 0xFF), UInt8(address & 0xFF)]
    }

    /// Reads a frame that is whole and whose check is right.
    static func decode(_ frame: [UInt8]) -> TerminalEvent {
        let name = String(decoding: frame[1..<5], as: UTF8.self)
        let body = Array(frame[10..<frame.count - 1])
        func address(_ at: Int, _ from: [UInt8]) -> UInt32 {
            (UInt32(from[at]) << 16 | UInt32(from[at + 1]) << 8 | UInt32(from[at + 2])) & CardInformation.allBits
        }
        func short(_ at: Int) -> Int { Int(body[at]) << 8 | Int(body[at + 1]) }
        switch (name, body.count) {
        case ("ICXX", 11) where body[0] == 0:
            let level = Int(body[7])
            return .card(
                CardInformation(
                    dialect: .rdss4, address: address(7, frame), broadcast: address(1, body), frequency: short(5),
                    level: 1...4 ~= level ? level : nil, isEncrypted: body[8] != 0))
        case ("FKXX", 5): return .feedback(feedback(kind: body[0], detail: Array(body[1...])))
        case ("TXXX", 9...):
            let bits = short(6)
            guard (bits + 7) / 8 == body.count - 9 else {
                let reason = "TXXX states a message of \(bits) bits and holds one of \((body.count - 9) * 8)"
                return .noise(octets: frame.count, reason: reason)
            }
            let octets = Array(body[8..<body.count - 1])
            let form: ContentForm = body[0] & 0x20 == 0 ? .chinese : octets.first == 0xA4 ? .mixed : .code
            let time = body[4] == 0 && body[5] == 0 ? nil : clock(Int(body[4]) * 60 + Int(body[5]))
            return .message(
                IncomingMessage(
                    sender: address(1, body), receiver: address(7, frame), time: time,
                    content: MessageContent(form: form, octets: octets, bits: bits)))
        case ("TXHZ", 4...) where body.count == 4 + 4 * Int(body[3]):
            func minutes(_ at: Int) -> Int { Int(body[at]) * 60 + Int(body[at + 1]) }
            let pairs = stride(from: 4, to: body.count, by: 4).map { at in
                ReceiptPair(sent: minutes(at), received: minutes(at + 2))
            }
            return .receipts(of: address(0, body), pairs)
        case ("DWXX", 20):
            let height = (short(16) & 0x4000 != 0 ? -1.0 : 1.0) * Double(short(16) & 0x3FFF)
            func angle(_ at: Int) -> Double {
                let minutes = Int(body[at]) * 60 + Int(body[at + 1])
                let tenths = (minutes * 60 + Int(body[at + 2])) * 10 + Int(body[at + 3])
                return Double(tenths) / 36_000
            }
            let time = clock(Int(body[4]) * 60 + Int(body[5])) + ":" + two(Int(body[6])) + "." + two(Int(body[7]))
            return .position(
                ReportedPosition(
                    address: address(1, body), time: time, latitude: angle(12), longitude: angle(8), height: height,
                    isEmergency: body[0] & 0x04 != 0))
        case ("GLZK", 6): return .power(body.map(Int.init))
        default: return .other(name: name)
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// "14:22" from minutes of the day.
    static func clock(_ minutes: Int) -> String { two(minutes / 60) + ":" + two(minutes % 60) }

    private static func feedback(kind: UInt8, detail: [UInt8]) -> TerminalFeedback {
        guard kind == 4 else {
            let isName = detail.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
            let sentence = isName ? String(decoding: detail, as: UTF8.self) : nil
            return TerminalFeedback(sentence: sentence, outcome: .fkxx(kind: Int(kind), wait: nil))
        }
        // High octet first; a wait of more than a day is one that was written the other way round.
        var wait = detail.reduce(0) { $0 << 8 | Int($1) }
        if wait > 86400 { wait = detail.reversed().reduce(0) { $0 << 8 | Int($1) } }
        return TerminalFeedback(sentence: nil, outcome: .fkxx(kind: 4, wait: 1...86400 ~= wait ? wait : nil))
    }
}
