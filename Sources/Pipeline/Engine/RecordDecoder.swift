package import Bytes
package import Mission
package import Records
package import BeiDou

/// Decodes packets and messages of a batch into columns.
package final class RecordDecoder {
    /// Every kind of packet and message.
    package let types: [PacketType]
    /// The kinds of messages.
    package let messageTypes: [MessageType] = []
    /// The index of the first kind of message in ``types``.
    package let messageBase: Int
    private let packets: MissionDecoder

    /// A decoder for the selected parameters.
    package init(_ databases: [Database], selection: Selection = .all) {
        packets = MissionDecoder(databases, selection: selection)
        types = packets.types
        messageBase = packets.types.count
    }

    /// Decodes a batch.
    package func decode(_ units: borrowing Batch<Unit>, into decoded: DecodedBatch, ledger: inout Ledger) {
        packets.decode(units, into: decoded, ledger: &ledger)
    }
}
