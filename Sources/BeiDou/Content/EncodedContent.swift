/// The content of a short message as it is sent.
public struct EncodedContent: Sendable, Hashable {
    /// How it is coded.
    public let form: ContentForm
    /// The octets as a frame of 4.0 carries them: digits two in an octet, an odd one padded with F; the lead A4 in front
    /// of mixed content.
    public let octets: [UInt8]
    /// How many characters it is: of a text its characters, of code its digits, of a mixed payload its octets, the lead
    /// not counted.
    public let characters: Int

    /// The bits that the length field of 4.0 counts: 16 a Chinese character, 4 a digit, 8 an octet of mixed content.
    public var wireBits: Int { form == .code ? characters * 4 : octets.count * 8 }

    /// The bits that the card's level limits: 14 a Chinese character, else as ``wireBits``.
    public var airBits: Int { form == .chinese ? octets.count * 7 : wireBits }

    /// What a text sentence carries: the octets of Chinese, the digits of code, mixed content as hex with its A4.
    public var line: [UInt8] {
        switch form {
        case .chinese: octets
        case .code: Array(Hexadecimal.digits(of: octets).prefix(characters))
        case .mixed: Hexadecimal.digits(of: octets)
        }
    }
}
