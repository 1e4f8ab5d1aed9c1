package import Bytes

/// JT/T 808, vehicle terminal to platform: editions 2011, 2013 and 2019 (jtt808.md).
///
/// A message is the unescaped header and body of a frame, without its check; the body of a joined message may be longer
/// than its header can say.
package enum JTT808Family: MessageFamily {
    package static let types: [MessageType] = JTT808Kind.layouts.map(\.type)

    /// The number of the type of one entry of a message 0x0704: no message on the wire has it, see
    /// ``appendEntry(_:of:to:)``.
    package static let entryType = JTT808Kind.batchEntry.rawValue

    /// Whether a message id is laid out.
    package static func isKnown(_ messageID: UInt16) -> Bool {
        JTT808Kind.layouts.contains { $0.id == messageID && messageID != 0 }
    }

    package static func type(of message: RawSpan) -> Int {
        guard let header = JTT808Header(message), !header.isPart, header.encryption == 0 else {
            return JTT808Kind.unknown.rawValue
        }
        let is2019 = header.is2019
        let kind: JTT808Kind =
            switch header.messageID {
            case 0x0200: .location
            case 0x0001: .terminalAnswer
            case 0x8001: .platformAnswer
            case 0x0002: .heartbeat
            case 0x0003: .logOut
            case 0x0004: .timeQuery
            case 0x0005: isByteCount(message, header) ? .terminalResendParts : .terminalResendParts16
            case 0x0100: is2019 ? .registration2019 : registration(message.slice(at: 12, count: message.byteCount - 12))
            case 0x0102: is2019 ? .authentication2019 : .authentication2013
            case 0x0104: .parameterAnswer
            case 0x0201: .locationAnswer
            case 0x0704: .batch
            case 0x0900: .transparentUp
            case 0x8003: isByteCount(message, header) ? .resendParts : .resendParts16
            case 0x8004: .timeAnswer
            case 0x8100: .registrationAnswer
            case 0x8103: .setParameters
            case 0x8104: .queryParameters
            case 0x8300: is2019 ? .text2019 : .text2013
            case 0x8900: .transparentDown
            default: .unknown
            }
        return kind.rawValue
    }

    /// A list of numbers of two octets behind a flow number and its count: an odd length tells a count of one octet.
    private static func isByteCount(_ message: RawSpan, _ header: borrowing JTT808Header) -> Bool {
        (message.byteCount - header.length) % 2 == 1
    }

    /// Without the version bit a registration is that of 2013, whose colour and plate begin 12 octets later, or that of
    /// 2011: when it is too short for the former, or has what is no colour there and a colour where 2011 has it.
    private static func registration(_ body: RawSpan) -> JTT808Kind {
        guard body.byteCount >= 37 else { return .registration2011 }
        return body.u8(at: 36) >= 0x30 && body.u8(at: 24) < 10 ? .registration2011 : .registration2013
    }
}

/// The entries of a message 0x0704, each of which is a unit of its own.
extension JTT808Family {
    /// Where the first entry of a message may stand: behind count and kind; nil when the message is no 0x0704, or too
    /// short.
    package static func entriesStart(of message: RawSpan) -> Int? {
        guard let header = JTT808Header(message), header.messageID == 0x0704, !header.isPart,
            message.byteCount >= header.length + 3
        else { return nil }
        return header.length + 3
    }

    /// The location report of the entry whose length field stands at `offset`, which is inside the message or its end;
    /// nil when no whole entry stands there. The next entry stands at the end of the range.
    package static func entry(of message: RawSpan, at offset: Int) -> Range<Int>? {
        guard offset >= 0, offset + 2 <= message.byteCount else { return nil }
        let length = Int(message.u16(at: offset))
        guard offset + 2 + length <= message.byteCount else { return nil }
        return offset + 2..<offset + 2 + length
    }

    /// The location reports of a message 0x0704, as many as its count says and its octets hold.
    package static func entries(of message: RawSpan) -> [Range<Int>] {
        guard let start = entriesStart(of: message) else { return [] }
        let count = Int(message.u16(at: start - 3))
        var entries: [Range<Int>] = []
        var offset = start
        while entries.count < count, let entry = entry(of: message, at: offset) {
            entries.append(entry)
            offset = entry.upperBound
        }
        return entries
    }

    /// Adds the octets of the unit of one entry to a buffer: the message as far as its kind, and then the one entry
    /// with its length in front. They decode as type ``entryType``.
    package static func appendEntry(_ entry: Range<Int>, of message: RawSpan, to buffer: ByteBuffer) {
        guard let start = entriesStart(of: message), entry.lowerBound >= start + 2,
            entry.upperBound <= message.byteCount
        else { return }
        buffer.append(message.slice(at: 0, count: start))
        buffer.append(message.slice(at: entry.lowerBound - 2, count: entry.count + 2))
    }

    /// The message 0x0704 that carries one entry and no other, of the octets of that entry's unit.
    package static func message(ofEntry unit: [UInt8]) -> [UInt8] {
        guard let start = entriesStart(of: unit.octets) else { return unit }
        var message = unit
        message[start - 3] = 0
        message[start - 2] = 1
        return message
    }
}
