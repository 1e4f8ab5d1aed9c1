import BeiDou
import Bytes
import Driver
import Records
import Transport

// libFuzzer calls from one thread.
nonisolated(unsafe) private let decoder = MessageDecoder()

/// Octets are scanned as a stream cut into pieces, decoded with every column and explained: the units' octets are there, and
/// the ledger balances.
public func scan(_ input: [UInt8], piece: Int) {
    let scanner = MessageScanner(isLog: piece % 2 == 0)
    var ledger = Ledger()
    var payloads = Batch<Payload>()
    var units = Batch<Unit>()
    let extent = Extent(input.octets)
    ledger.bytes = input.count
    var values = Ledger()
    let decoded = DecodedBatch()
    var at = 0
    while at < input.count {
        payloads.removeAll()
        units.removeAll()
        scanner.beginBatch()
        while at < input.count, payloads.count < 8 {
            let length = min(piece, input.count - at)
            payloads.append(
                Payload(
                    extent: extent.slice(at: at, count: length), time: CaptureTime(nanoseconds: Int64(at)),
                    packet: UInt64(at) + 1, offset: UInt64(at), flow: 0))
            at += length
        }
        scanner.process(payloads, at: 0..<payloads.count, into: &units, ledger: &ledger)
        decode(units, decoded, &values)
    }
    units.removeAll()
    scanner.beginBatch()
    scanner.finish(into: &units, ledger: &ledger)
    decode(units, decoded, &values)
    precondition(ledger.isBalanced, "the ledger does not balance: \(ledger)")
    if let refusal = MessageTypes.explain(input.octets) {
        precondition(refusal.offset >= 0 && refusal.offset <= input.count, "a refusal lies in its message")
    }
    withExtendedLifetime(input) {}
}

private func decode(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ ledger: inout Ledger) {
    decoder.decode(units, into: decoded, ledger: &ledger)
    for index in 0..<units.count { reach(units.bytes(of: units[index])) }
    for type in decoded.typesPresent {
        guard let table = decoded.table(ofType: type) else { continue }
        for column in table.columns {
            for row in 0..<table.count {
                let validity = column.validities[row]
                if validity.hasValue, let fault = fault(column, row) {
                    let unit = (0..<units.count).first { decoded.type(of: $0) == type && decoded.row(of: $0) == row }
                    let message = units.bytes(of: units[unit ?? 0]).copied()
                    fatalError("\(table.type.name), \(column.info.name): \(fault): \(message)")
                }
                if validity.hasRaw, column.info.rawKind == .bytes || column.info.rawKind == .text {
                    reach(column.rawBytes(at: row))
                }
            }
        }
    }
}

/// What a value is not that it has to be.
private func fault(_ column: Column, _ row: Int) -> String? {
    switch column.info.kind {
    case .string, .list:
        reach(column.text(at: row))
        return column.text(at: row).isUTF8 ? nil : "a text is UTF-8"
    case .binary: reach(column.bytes(at: row))
    case .enumeration, .boolean:
        return column.values[row] < column.info.labels.count ? nil : "a label is one of the list"
    case .time: _ = column.time(at: row).text(digits: 3)
    default: break
    }
    return nil
}
