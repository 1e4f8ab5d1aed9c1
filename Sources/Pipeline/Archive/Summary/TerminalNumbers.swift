internal import BeiDou
internal import Bytes
internal import Query
internal import Records

/// The numbers of terminals that stand in the messages of an archive's member: card addresses and phone numbers.
final class TerminalNumbers {
    /// The parameters that hold such numbers, by their qualified names, in order: summaries number them so.
    static let parameters: [String] = {
        let short: Set<String> = ["sender", "receiver", "address", "phone", "queried"]
        let all = MessageTypes.all.flatMap(\.parameters).filter {
            short.contains($0.shortName) && ($0.kind == .unsigned || $0.kind == .string)
        }
        return Set(all.map(\.name)).sorted()
    }()

    /// More numbers of one parameter than that are not told.
    static let most = 64

    private struct Key: Hashable {
        let origin: UInt64
        let type: Int
        let parameter: UInt8
    }

    private let decoder = RecordDecoder([], selection: .parameters(TerminalNumbers.parameters))
    /// For each type its columns, and which parameters they are.
    private lazy var columns: [[(column: Int, parameter: UInt8)]] = decoder.types.map { type in
        type.parameters.enumerated().compactMap { column, info in
            Self.parameters.firstIndex(of: info.name).map { (column, UInt8($0)) }
        }
    }
    private var found: [Key: Set<UInt64>] = [:]

    /// Looks at the messages of a batch.
    func look(_ units: borrowing Batch<Unit>) {
        var ledger = Ledger()
        decoder.decode(units, ledger: &ledger).forEach(units) { units, decoded in
            for type in decoded.typesPresent {
                guard let table = decoded.table(ofType: type) else { continue }
                for (column, parameter) in columns[type] {
                    note(table.columns[column], table, units, type: type - decoder.messageBase, parameter)
                }
            }
        }
    }

    private func note(
        _ column: Column, _ table: DecodedTable, _ units: borrowing Batch<Unit>, type: Int, _ parameter: UInt8
    ) {
        let isText = column.info.kind == .string
        var last: (key: Key, number: UInt64)?
        for row in 0..<column.count where column.validities[row] == .valid {
            let key = Key(origin: units[Int(table.unitIndexes[row])].originKey, type: type, parameter: parameter)
            let number = isText ? Candidate.number(of: column.text(at: row).copied()) : column.values[row]
            if let last, last == (key, number) { continue }
            last = (key, number)
            // One beyond what is told shows that it is not told.
            if found[key]?.count ?? 0 <= Self.most { found[key, default: []].insert(number) }
        }
    }

    /// What the messages of a type of a flow have, each parameter with its numbers in order; those with too many left out.
    func numbers(origin: UInt64, type: Int) -> [MemberSummary.Numbers] {
        found.compactMap { key, numbers in
            key.origin == origin && key.type == type && numbers.count <= Self.most
                ? MemberSummary.Numbers(parameter: key.parameter, numbers: numbers.sorted()) : nil
        }.sorted { $0.parameter < $1.parameter }
    }

    /// Begins the next member.
    func begin() { found.removeAll(keepingCapacity: true) }
}
