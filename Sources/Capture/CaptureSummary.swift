/// How many blocks of one type a pcapng holds.
public struct BlockCount: Sendable, Equatable {
    /// The block type's number.
    public let type: UInt32
    /// How many.
    public var count: Int

    /// The block's name in the standard (draft-ietf-opsawg-pcapng); "block 0x1234" when it has none.
    public var name: String {
        switch type {
        case BlockType.section: "section header"
        case BlockType.interface: "interface description"
        case BlockType.packet: "packet (obsolete)"
        case BlockType.simplePacket: "simple packet"
        case BlockType.nameResolution: "name resolution"
        case BlockType.interfaceStatistics: "interface statistics"
        case BlockType.enhancedPacket: "enhanced packet"
        case BlockType.journal: "systemd journal export"
        case BlockType.secrets: "decryption secrets"
        case BlockType.custom: "custom"
        case BlockType.customNoCopy: "custom, not to be copied"
        default: "block 0x" + String(type, radix: 16)
        }
    }
}

/// Block types of pcapng that have a meaning here.
enum BlockType {
    static let section: UInt32 = 0x0A0D_0D0A
    static let interface: UInt32 = 1
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let nameResolution: UInt32 = 4
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
    static let journal: UInt32 = 9
    static let secrets: UInt32 = 10
    static let custom: UInt32 = 0xBAD
    static let customNoCopy: UInt32 = 0x4000_0BAD
}

/// A text that a capture carries beside its packets.
public struct Remark: Sendable, Equatable {
    /// What the text is.
    public enum Kind: String, Sendable, Equatable {
        case comment, hardware, system = "operating system", application, name, statistics
    }

    /// What the text is.
    public var kind: Kind
    /// The text, cut after 512 octets.
    public var text: String
    /// Where its block stands in the uncompressed input.
    public var offset: UInt64
    /// The packet that it belongs to; 0 where there is none.
    public var packet: UInt64
}
