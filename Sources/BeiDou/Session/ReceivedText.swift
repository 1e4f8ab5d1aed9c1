/// What a person reads of a content: its text where it is one, else its digits.
package struct ReceivedText: Equatable, Sendable {
    /// The text, or nil.
    package let text: String?
    /// The text with control characters made visible, or hexadecimal digits.
    package let shown: String

    /// Reads a content.
    package init(_ content: MessageContent) {
        let decoded = ContentCoding.decode(content.octets, bits: content.bits, form: content.form)
        text = decoded.isTextDamaged ? nil : decoded.text
        guard let text else {
            shown = "hex " + content.hex
            return
        }
        // A message may not move the cursor of who reads it.
        shown = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}
