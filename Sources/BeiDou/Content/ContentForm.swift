/// How the content of a short message is coded.
public enum ContentForm: UInt8, Sendable, Hashable, CaseIterable {
    /// Two-byte characters of GB 2312 and nothing else.
    case chinese
    /// Digits of four bits.
    case code
    /// Octets behind the lead A4: GBK and ASCII, or any payload.
    case mixed

    /// The label that people read.
    public var label: String {
        switch self {
        case .chinese: "chinese"
        case .code: "code"
        case .mixed: "mixed"
        }
    }
}
