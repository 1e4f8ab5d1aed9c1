/// A sentence of text: `$`, name, fields, `*`, the XOR of what stands between as two digits, CR LF. Source:
/// beidou-rdss-2.1.md, "Sentence".
struct Sentence {
    /// Talker and name: BDFKI.
    let name: String
    /// The fields behind the name.
    let fields: [ArraySlice<UInt8>]

    /// What stands between `$` and the star.
    private let body: ArraySlice<UInt8>

    /// Takes a sentence apart, from what stands between `$` and the star in front of its check.
    init(body: ArraySlice<UInt8>) {
        self.body = body
        let parts = body.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        name = String(decoding: parts.first ?? [], as: UTF8.self)
        fields = Array(parts.dropFirst())
    }

    /// The text of a field; empty where there is none.
    func text(_ index: Int) -> String {
        fields.indices.contains(index) ? String(decoding: fields[index], as: UTF8.self) : ""
    }

    /// The whole number that a field is: digits only, a fraction of nothing but zeros is let pass (9999.0).
    func number(_ index: Int) -> Int? {
        let parts = text(index).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let digits = parts.first, !digits.isEmpty, digits.count <= 9, digits.allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        if parts.count == 2, !parts[1].allSatisfy({ $0 == "0" }) { return nil }
        return Int(digits)
    }

    /// The number with a fraction that a field is.
    func decimal(_ index: Int) -> Double? { Double(text(index)) }

    /// The address that a field is.
    func address(_ index: Int) -> UInt32? { number(index).map { UInt32($0) } }

    /// Everything from a field on, commas included.
    func rest(from index: Int) -> ArraySlice<UInt8> {
        guard fields.indices.contains(index) else { return [] }
        return body[fields[index].startIndex...]
    }

    /// Degrees from ddmm.mmmm, and the letter of the hemisphere behind it.
    func degrees(_ index: Int) -> Double? {
        guard let value = decimal(index), value >= 0 else { return nil }
        let degrees = (value / 100).rounded(.down)
        // Rounded far below a millimetre, so that 23.6667 minutes are not a neighbour of what they are.
        let angle = ((degrees + (value - degrees * 100) / 60) * 1e9).rounded() / 1e9
        return ["S", "W"].contains(text(index + 1)) ? -angle : angle
    }

    /// A time of day "08:49:36.50" from hhmmss.ss, or "14:22" from HHMM; nil where it is none.
    func timeOfDay(_ index: Int) -> String? {
        let text = text(index)
        let digits = text.prefix { $0.isASCIIDigit }
        guard digits.count == 4 || digits.count == 6 else { return nil }
        var out = String(digits.prefix(2)) + ":" + String(digits.dropFirst(2).prefix(2))
        if digits.count == 6 { out += ":" + String(digits.suffix(2)) + text.dropFirst(6) }
        return out
    }

    /// Writes a sentence: what stands between `$` and `*`.
    static func write(_ body: [UInt8]) -> [UInt8] {
        let check = body.reduce(0) { $0 ^ $1 }
        return [UInt8(ascii: "$")] + body + [UInt8(ascii: "*")] + Hexadecimal.digits(of: [check]) + [0x0D, 0x0A]
    }

    /// Seven decimal digits, or more where they are needed.
    static func padded(_ address: UInt32) -> String {
        let digits = String(address)
        return String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    }

    /// A content as text sentences write it: characters of Chinese as they are, else hexadecimal digits.
    static func write(_ content: MessageContent) -> [UInt8] {
        content.form == .chinese ? content.octets : Array(content.hex.utf8)
    }

    /// The content that stands in a field. What is no hex although it should be is carried as the octets that stand
    /// there (beidou-text-coding.md: one module prints mixed content as text without A4).
    static func content(_ octets: ArraySlice<UInt8>, form: ContentForm) -> MessageContent {
        guard form != .chinese else { return MessageContent(form: .chinese, octets: Array(octets)) }
        var values = octets.map(ASCII.hexValue)
        guard values.allSatisfy({ $0 < 16 }) else { return MessageContent(form: .mixed, octets: Array(octets)) }
        let bits = values.count * 4
        if values.count % 2 == 1 { values.append(0xF) }
        let packed = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
        return MessageContent(form: form, octets: packed, bits: form == .code ? bits : nil)
    }
}

extension Character {
    /// A decimal digit of ASCII.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
