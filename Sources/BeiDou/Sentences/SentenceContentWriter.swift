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
        let given = ["text", "content", "latitude", "longitude"]
        guard values.parameters["body"] == nil, given.contains(where: { values.parameters[$0] != nil })
        else {
            return nil
        }
        return try ContentCoding.encode(values, form: form()).line
    }

    /// The form that the sentence will state.
    private func form() throws(EncodingRefusal) -> ContentForm {
        guard case .code(let codes) = formField.kind else { return .mixed }
        if case .text(let label)? = values.parameters[formField.name],
            codes.contains(where: { $0.label == label })
        {
            return SentenceContent.form(ofLabel: label)
        }
        if case .text(let code)? = values.raws[formField.name],
            let known = codes.first(where: { $0.code == code })
        {
            return SentenceContent.form(ofLabel: known.label)
        }
        throw EncodingRefusal(
            formField.name, "is needed to write a content; \(FieldWriter(formField).allowed)")
    }
}
