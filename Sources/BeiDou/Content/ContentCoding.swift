/// How texts and octets become the content of a short message. Source: beidou-text-coding.md.
public enum ContentCoding {
    /// The content of a text.
    ///
    /// Without a form the cheapest one is taken that keeps the text as it is: code for digits 0 to 9 and nothing else,
    /// Chinese when every character is one of GB 2312's two-octet ones, else mixed.
    ///
    /// - Parameters:
    ///   - form: the form to use; code then allows the digits A to F too.
    ///   - isWidened: whether ASCII may be turned into its full-width twins, which the Chinese form needs.
    /// - Throws: a refusal that names the characters that the form has no place for.
    public static func encode(
        _ text: String, form: ContentForm? = nil, isWidened: Bool = false
    ) throws(EncodingRefusal) -> EncodedContent {
        switch form ?? choose(text, isWidened: isWidened) {
        case .code: try code(text)
        case .chinese: try chinese(text, isWidened: isWidened)
        case .mixed: try mixed(text)
        }
    }

    /// The content of octets: a payload. Mixed puts an A4 in front; code and Chinese take them as they are.
    ///
    /// - Throws: a refusal of octets that are no Chinese text, when they are to be.
    public static func encode(octets: [UInt8], form: ContentForm) throws(EncodingRefusal) -> EncodedContent {
        switch form {
        case .code: return EncodedContent(form: .code, octets: octets, characters: octets.count * 2)
        case .mixed:
            return EncodedContent(form: .mixed, octets: [ContentLead.mixed] + octets, characters: octets.count)
        case .chinese:
            guard octets.count.isMultiple(of: 2) else {
                throw EncodingRefusal(
                    "content", "the Chinese form carries characters of two octets, here are \(octets.count) octets")
            }
            for index in stride(from: 0, to: octets.count, by: 2) {
                let code = UInt16(octets[index]) << 8 | UInt16(octets[index + 1])
                guard GBK.isGB2312(code) else {
                    throw EncodingRefusal(
                        "content",
                        "octets \(Hexadecimal.text(code, digits: 4)) at \(index) are no character of GB 2312; the Chinese form carries no others"
                    )
                }
            }
            return EncodedContent(form: .chinese, octets: octets, characters: octets.count / 2)
        }
    }

    private static func choose(_ text: String, isWidened: Bool) -> ContentForm {
        if !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { return .code }
        let isChinese =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in chineseCode(of: scalar, isWidened: isWidened) != nil }
        return isChinese ? .chinese : .mixed
    }

    /// The code that a character has in the Chinese form; nil when it has none.
    private static func chineseCode(of scalar: Unicode.Scalar, isWidened: Bool) -> UInt16? {
        guard scalar.isASCII else { return GBK.code(of: scalar).flatMap { GBK.isGB2312($0) ? $0 : nil } }
        guard isWidened else { return nil }
        // The full-width twins: row A3, the octet with its top bit set. Its 24 is ￥ and its 7E is ￣, not $ and ~.
        switch scalar.value {
        case 0x20: return 0xA1A1
        case 0x24: return 0xA1E7
        case 0x7E: return 0xA1AB
        case 0x21...0x7D: return 0xA380 | UInt16(scalar.value)
        default: return nil
        }
    }

    private static func code(_ text: String) throws(EncodingRefusal) -> EncodedContent {
        var digits: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9": digits.append(UInt8(scalar.value - 0x30))
            case "A"..."F": digits.append(UInt8(scalar.value - 0x37))
            case "a"..."f": digits.append(UInt8(scalar.value - 0x57))
            default:
                throw GBK.lacking(
                    "the code form", in: text, "it carries the digits 0 to 9 and A to F, mixed carries text"
                ) { $0.isASCII && $0.isHexDigit }
            }
        }
        let octets = stride(from: 0, to: digits.count, by: 2).map { index in
            digits[index] << 4 | (index + 1 < digits.count ? digits[index + 1] : 0xF)
        }
        return EncodedContent(form: .code, octets: octets, characters: digits.count)
    }

    private static func chinese(_ text: String, isWidened: Bool) throws(EncodingRefusal) -> EncodedContent {
        var octets: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let code = chineseCode(of: scalar, isWidened: isWidened) else {
                let advice =
                    scalar.isASCII && !isWidened
                    ? "ask for full-width letters, or use the mixed form" : "use the mixed form"
                throw GBK.lacking("the Chinese form, GB 2312,", in: text, advice) { character in
                    character.unicodeScalars.allSatisfy { chineseCode(of: $0, isWidened: isWidened) != nil }
                }
            }
            GBK.append(code, to: &octets)
        }
        return EncodedContent(form: .chinese, octets: octets, characters: octets.count / 2)
    }

    private static func mixed(_ text: String) throws(EncodingRefusal) -> EncodedContent {
        EncodedContent(
            form: .mixed, octets: [ContentLead.mixed] + (try GBK.encode(text)), characters: text.unicodeScalars.count)
    }
}
