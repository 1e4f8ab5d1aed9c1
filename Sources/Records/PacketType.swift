/// A kind of packet that a database knows, a container that packets can resolve to; or a kind of message.
public struct PacketType: Sendable {
    /// The name that users type: space systems and container with dots; the sentence's name.
    public let name: String
    /// The container's own name.
    public let shortName: String
    /// The short description of the database, often empty.
    public let description: String
    /// Which of the decoder's databases it is from; nil for a message.
    public let database: Int?
    /// The name of that database: its root space system; nil for a message.
    public let mission: String?
    /// The dialect of a message, as sinks print it; nil for a packet.
    public let dialect: String?
    /// Its parameters in the order of the packet, those that are selected; a column each.
    public let parameters: [ParameterInfo]
    /// The length of its packets in octets, where all have the same.
    public let fixedLength: Int?

    /// A type from its parts.
    public init(
        name: String, shortName: String, description: String, database: Int?, mission: String? = nil,
        dialect: String? = nil, parameters: [ParameterInfo], fixedLength: Int? = nil
    ) {
        self.name = name
        self.shortName = shortName
        self.description = description
        self.database = database
        self.mission = mission
        self.dialect = dialect
        self.parameters = parameters
        self.fixedLength = fixedLength
    }
}
