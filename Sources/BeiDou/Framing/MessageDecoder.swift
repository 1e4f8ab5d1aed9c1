public import Bytes
public import Records

/// Decodes messages, a batch at a time, into columns.
///
/// One decoder serves one thread.
public final class MessageDecoder {
    /// Every kind of message, with the parameters that are selected.
    public let types: [PacketType]
    /// For each type which of its parameters are selected.
    private let selected: [[Int]]

    /// A decoder for the selected parameters.
    public init(selection: Selection = .all) {
        selected = MessageTypes.all.map { type in
            type.parameters.indices.filter { selection.contains(type.parameters[$0]) }
        }
        types = zip(MessageTypes.all, selected).map { type, selected in
            PacketType(
                name: type.name, shortName: type.name, description: type.title, database: nil,
                dialect: type.dialect.rawValue, parameters: selected.map { type.parameters[$0] })
        }
    }

    /// Says of which type each message is; packets are passed over.
    ///
    /// - Parameter base: the index of the first message type in `decoded`.
    package func assign(_ units: borrowing Batch<Unit>, to decoded: DecodedBatch, base: Int) {
        let types = decoded.typeIndexes
        let base = Int32(truncatingIfNeeded: base)
        for index in 0..<units.count where units[index].marks.contains(.message) {
            types[index] = base &+ Int32(units[index].apid)
        }
    }

    /// An empty table for messages of a type, which is the one with the index `base + type` in a batch.
    package func table(_ type: Int, base: Int) -> DecodedTable {
        let parameters = MessageTypes.all[type].parameters
        var fields = [(info: ParameterInfo, sharesCells: Bool)?](repeating: nil, count: parameters.count)
        // A raw text is the octets of its field, an engineering text may stand elsewhere: the cells are two.
        for index in selected[type] { fields[index] = (parameters[index], false) }
        return DecodedTable(type: types[type], typeIndex: base + type, fields: fields, selected: selected[type])
    }

    /// Fills the columns of a table whose messages are there; what is not written as it must be goes to the ledger.
    package func decode(_ table: DecodedTable, base: Int, _ units: borrowing Batch<Unit>, ledger: inout Ledger) {
        MessageTypes.decode(table, type: table.typeIndex - base)
        // The lists of codes are open: makers and later editions have their own, and the raw value is there.
        table.report(units, to: &ledger, ordinary: .noLabel)
    }

    /// Decodes a batch of messages alone.
    public func decode(_ units: borrowing Batch<Unit>, into decoded: DecodedBatch, ledger: inout Ledger) {
        decoded.begin(types: types.count, units: units.count)
        assign(units, to: decoded, base: 0)
        decoded.distribute(units) { table($0, base: 0) }
        for index in decoded.typesPresent {
            if let table = decoded.table(ofType: index) { decode(table, base: 0, units, ledger: &ledger) }
        }
    }
}
