public import Records

/// A kind of message that a dialect has: a sentence, a binary frame, or one of their forms.
///
/// Parameters that mean the same have the same short name in every dialect, so that tracks, filters and people find
/// them: see `Specs/beidou.md`.
public struct MessageType: Sendable {
    /// The name of the sentence or frame as the dialect writes it: `GGA`, `TXR`, `TXSQ`, `0x0200`. Forms of one name have
    /// the same name and other parameters.
    public let name: String
    /// The dialect that it belongs to.
    public let dialect: Dialect
    /// What it is, in a few words: "position fix".
    public let title: String
    /// Its parameters, in the order of the message.
    public let parameters: [ParameterInfo]

    /// A type from its parts.
    public init(name: String, dialect: Dialect, title: String, parameters: [ParameterInfo]) {
        self.name = name
        self.dialect = dialect
        self.title = title
        self.parameters = parameters
    }

    /// The type as sinks and filters know it.
    public var packetType: PacketType {
        PacketType(
            name: name, shortName: name, description: title, database: nil, dialect: dialect.rawValue,
            parameters: parameters)
    }

    /// False for the types that stand for all messages without a known name.
    public var isKnown: Bool { name != Self.unknown }

    /// The name of the types that stand for all messages without a known name.
    public static let unknown = "unknown"
}
