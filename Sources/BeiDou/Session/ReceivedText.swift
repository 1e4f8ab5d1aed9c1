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
            if let position = decoded.position {
                shown = "position \(position.latitude), \(position.longitude), \(position.height) m"
            } else {
                shown = "hex " + content.hex
            }
            return
        }
        shown = Self.visible(text)
    }

    /// A text without control characters: a message may not move the cursor of who reads it.
    package static func visible(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            out.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return String(out)
    }
}
