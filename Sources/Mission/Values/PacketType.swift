/// A kind of packet that a database knows: a container that packets can resolve to.
public struct PacketType: Sendable {
    /// The name that users type: space systems and container with dots.
    public let name: String
    /// The container's own name.
    public let shortName: String
    /// The short description of the database, often empty.
    public let description: String
    /// Which of the decoder's databases it is from.
    public let database: Int
    /// Its parameters in the order of the packet, those that are selected; a column each.
    public let parameters: [ParameterInfo]
    /// The length of its packets in octets, where all have the same.
    public let fixedLength: Int?
}
