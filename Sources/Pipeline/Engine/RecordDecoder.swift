internal import BeiDou
internal import Bytes
internal import Mission
internal import Records

/// Decodes what an engine hands out, packets by mission databases and messages by their dialects, into one batch of
/// columns.
final class RecordDecoder {
    /// The databases' packet types, and behind them the types of messages.
    let types: [PacketType]
    /// The index of the first message type in ``types``.
    let messageBase: Int
    let mission: MissionDecoder
    private let messages: MessageDecoder

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

    /// Decodes a batch. Values that should be there and are not go to the ledger, with no octets.
    func decode(_ units: borrowing Batch<Unit>, into decoded: DecodedBatch, ledger: inout Ledger) {
        decoded.begin(types: types.count, units: units.count)
        mission.assign(units, to: decoded, ledger: &ledger)
        messages.assign(units, to: decoded, base: messageBase)
        decoded.distribute(units) { index in
            index < messageBase ? mission.table(index) : messages.table(index - messageBase, base: messageBase)
        }
        for index in decoded.typesPresent {
            guard let table = decoded.table(ofType: index) else { continue }
            if index < messageBase {
                mission.decode(table, units, ledger: &ledger)
            } else {
                messages.decode(table, base: messageBase, units, ledger: &ledger)
            }
        }
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
