internal import BeiDou
internal import Bytes
internal import Records

/// Makes of packets and messages the octets that go over a line.
///
/// Packets are their octets, and so are RDSS 4.0 frames; a sentence ends with carriage return and line feed; a JT/T 808
/// message is framed and escaped anew, in as many parts as its length takes. An entry of a batch of positions goes with its
/// batch; one that was chosen without it becomes a batch of one.
final class PacketOctets {
    /// The dialect of each type; nil for packets.
    private let dialects: [Dialect?]
    private let entryType: Int?
    /// Where the batch of positions stands that was made last.
    private var batch: (packet: UInt64, offset: UInt64)?

    private static let lineEnd: InlineArray<2, UInt8> = [0x0D, 0x0A]

    init(_ types: [PacketType]) {
        dialects = types.map { $0.dialect.flatMap(Dialect.init) }
        let entry = JTT808Family.types[JTT808Family.entryType].name
        entryType = types.firstIndex { $0.name == entry && $0.dialect == Dialect.jtt808.rawValue }
    }

    /// Adds the octets of a packet or message, whose type is -1 where nothing explains it. False for an entry that went with
    /// its batch.
    func append(_ unit: Unit, _ packet: RawSpan, type: Int, to octets: ByteBuffer) -> Bool {
        guard type != entryType else {
            if let batch, batch == (unit.packet, unit.offset) { return false }
            octets.append(frames(JTT808Family.message(ofEntry: packet.copied())).octets)
            return true
        }
        let dialect = type >= 0 ? dialects[type] : nil
        switch dialect {
        case .jtt808:
            batch = (unit.packet, unit.offset)
            octets.append(frames(packet.copied()).octets)
        case .rdss2, .regional, .nmea:
            octets.append(packet)
            octets.append(Self.lineEnd.span.octets)
        case .rdss4, nil: octets.append(packet)
        }
        return true
    }

    private func frames(_ message: [UInt8]) -> [UInt8] {
        // What was decoded has a header, so it can be framed.
        (try? JTT808Framing.frames(message)) ?? JTT808Framing.escape(message)
    }
}
