internal import Bytes
internal import Records

/// Writes the content of a message as it stands in a sentence: raw octets in the Chinese form, hexadecimal digits in the
/// others. Source: beidou-text-coding.md.
struct SentenceContentWriter {
    private let values: MessageValues
    private let formField: SentenceField

    init(_ values: MessageValues, formField: SentenceField) {
        self.values = values
        self.formField = formField
    }

    /// The content as it stands; nil when none is given but what `body` may say.
    func octets() throws(EncodingRefusal) -> [UInt8]? {
        guard values.parameters["body"] == nil else { return nil }
        if case .octets(let content)? = values.parameters["content"] {
            let form = try form()
            // The A4 of mixed content is its lead and no part of it.
            return line(form, form == .mixed ? [0xA4] + content : content)
        }
        if let other = values.parameters["content"] {
            throw SentenceValues.refusal("content", other, allowed: "octets")
        }
        guard let value = values.parameters["text"] else { return nil }
        guard case .text(let text) = value else { throw SentenceValues.refusal("text", value, allowed: "a text") }
        let form = try form()
        if form == .code {
            guard text.utf8.allSatisfy({ ASCII.hexValue($0) < 16 }) else {
                throw SentenceValues.refusal("text", value, allowed: "digits 0 to 9 and A to F in the form code")
            }
            return Array(text.uppercased().utf8)
        }
        return line(form, try SentenceContent.octets(of: text, form))
    }

    private func line(_ form: ContentForm, _ content: [UInt8]) -> [UInt8] {
        if form == .chinese { return content }
        return content.flatMap { [ASCII.hexDigit($0 >> 4), ASCII.hexDigit($0 & 15)] }
    }

    /// The form that the sentence will state.
    private func form() throws(EncodingRefusal) -> ContentForm {
        guard case .code(let codes) = formField.kind else { return .mixed }
        if case .text(let label)? = values.parameters[formField.name], codes.contains(where: { $0.label == label }) {
            return SentenceContent.form(ofLabel: label)
        }
        if case .text(let code)? = values.raws[formField.name], let known = codes.first(where: { $0.code == code }) {
            return SentenceContent.form(ofLabel: known.label)
        }
        throw EncodingRefusal(formField.name, "is needed to write a content; \(FieldWriter(formField).allowed)")
    }
}

extension SentenceContent {
    /// The octets of a text in a form, lead included.
    static func octets(of text: String, _ form: ContentForm) throws(EncodingRefusal) -> [UInt8] {
        guard text.utf8.allSatisfy({ $0 < 0x80 }), form == .mixed else {
            throw EncodingRefusal("text", "only ASCII in the form mixed can be written as text; give content as octets")
        }
        return [0xA4] + Array(text.utf8)
    }
}
