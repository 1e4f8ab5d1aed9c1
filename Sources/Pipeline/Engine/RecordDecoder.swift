internal import BeiDou
internal import Bytes
internal import Mission
internal import Records

/// Decodes what an engine hands out, packets by mission databases and messages by their dialects, into columns.
///
/// A batch of many messages is decoded in parts by several threads.
final class RecordDecoder {
    /// The databases' packet types, and behind them the types of messages.
    let types: [PacketType]
    /// The index of the first message type in ``types``.
    let messageBase: Int
    let mission: MissionDecoder
    private let messages: MessageDecoder
    private let crew = Crew()
    private var parts: [DecodedPart] = []

    /// Units of a part: their columns stay in the nearer cache, and to wake a thread takes some hundredth of their time.
    private static let partSize = 2048

    /// A decoder for the selected parameters.
    init(_ databases: [Database], selection: Selection = .all) {
        mission = MissionDecoder(databases, selection: selection)
        messages = MessageDecoder(selection: selection)
        messageBase = mission.types.count
        types = mission.types + messages.types
    }

    /// The message types, all parameters.
    var messageTypes: [MessageType] { MessageTypes.all }

    /// Begins another capture, whose flows are others.
    func beginCapture() { mission.beginCapture() }

    /// Decodes a batch. Values that should be there and are not go to the ledger, with no octets. What comes back is true
    /// until the next batch.
    func decode(_ units: borrowing Batch<Unit>, ledger: inout Ledger) -> DecodedUnits {
        if units.count < 2 * Self.partSize {
            let decoded = part(0).decoded
            begin(units, decoded, &ledger)
            fill(units, decoded, &ledger)
            return .whole(decoded)
        }
        let count = units.count / Self.partSize
        for index in 0..<count {
            let part = part(index)
            part.copy(units, index * units.count / count..<(index + 1) * units.count / count)
            begin(part.units, part.decoded, &ledger)
        }
        let parts = Array(self.parts.prefix(count))
        crew.run(count) { fill(parts[$0].units, parts[$0].decoded, &parts[$0].ledger) }
        for part in parts { ledger.addRejections(of: part.ledger) }
        return .parts(parts)
    }

    /// What has an order: which database explains a flow is known by its first packets.
    private func begin(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ ledger: inout Ledger) {
        decoded.begin(types: types.count, units: units.count)
        mission.assign(units, to: decoded, ledger: &ledger)
    }

    /// What has none, and may be done by any thread.
    private func fill(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ ledger: inout Ledger) {
        messages.assign(units, to: decoded, base: messageBase)
        decoded.distribute(units) { emptyTable($0) }
        for index in decoded.typesPresent {
            guard let table = decoded.table(ofType: index) else { continue }
            if index < messageBase {
                mission.decode(table, units, ledger: &ledger)
            } else {
                messages.decode(table, base: messageBase, units, ledger: &ledger)
            }
        }
    }

    /// An empty table for a type.
    func emptyTable(_ index: Int) -> DecodedTable {
        index < messageBase ? mission.table(index) : messages.table(index - messageBase, base: messageBase)
    }

    private func part(_ index: Int) -> DecodedPart {
        while parts.count <= index { parts.append(DecodedPart()) }
        return parts[index]
    }

    /// What a name that a user typed means, among the parameters of packets and messages.
    func meaning(of name: String) -> NameMeaning {
        let meant = mission.meaning(of: name)
        guard case .unknown(let nearest) = meant else { return meant }
        let names = MessageTypes.all.flatMap { $0.parameters.filter { $0.isMeant(by: name) }.map(\.name) }
        if names.count == 1 { return .parameter(names[0]) }
        if names.count > 1 { return .ambiguous(names) }
        let last = name.split { $0 == "." || $0 == "/" }.last.map(String.init) ?? name
        let known = Set(MessageTypes.all.flatMap { $0.parameters.map(\.shortName) })
        return .unknown(nearest: nearest + Names.nearest(to: last, in: Array(known)))
    }
}
