internal import Bytes
package import Records

/// One frame decoded to values that can be given to the encoder: for the encoder's own check, and for tests.
package struct RDSS4Reading {
    private let table: DecodedTable
    private let frame: ByteBuffer
    /// The number of the frame's type.
    package let type: Int

    /// Decodes a whole frame.
    package init(_ octets: [UInt8]) {
        frame = ByteBuffer(capacity: octets.count)
        frame.append(octets: octets)
        type = RDSS4Family.type(of: octets.octets)
        let messageType = RDSS4Family.types[type]
        table = DecodedTable(
            type: messageType.packetType, typeIndex: type, fields: messageType.parameters.map { ($0, false) },
            selected: Array(messageType.parameters.indices))
        // The buffer is not changed while this value lives.
        table.append(frame.extent, unit: 0)
        RDSS4Family.decode(table, type: type)
    }

    /// Whether a value is there, and why not.
    package func validity(_ index: Int) -> Validity {
        withExtendedLifetime(frame) { table.columns[index].states[0] }
    }

    /// The value that people read; nil when there is none.
    package func value(_ index: Int) -> FieldValue? {
        let column = table.columns[index]
        guard validity(index).hasValue else { return nil }
        let cell = column.valueCells[0]
        return withExtendedLifetime(frame) {
            switch column.info.kind {
            case .unsigned: .integer(Int64(truncatingIfNeeded: cell))
            case .signed: .integer(Int64(bitPattern: cell))
            case .float: .number(Double(bitPattern: cell))
            case .enumeration: .text(column.info.labels[Int(cell)])
            case .boolean: .boolean(cell == 1)
            case .string: .text(String(decoding: column.text(at: 0).copied(), as: UTF8.self))
            case .binary: .octets(column.bytes(at: 0).copied())
            case .time: .text(column.time(at: 0).text(digits: 0))
            case .list: .list(Self.list(String(decoding: column.text(at: 0).copied(), as: UTF8.self)))
            }
        }
    }

    /// What stands in the frame; nil when there is nothing.
    package func raw(_ index: Int) -> FieldValue? {
        let column = table.columns[index]
        guard validity(index).hasRaw else { return nil }
        return withExtendedLifetime(frame) {
            switch column.info.rawKind {
            case .bytes, .text: .octets(column.rawBytes(at: 0).copied())
            default: .integer(Int64(truncatingIfNeeded: column.rawCells[0]))
            }
        }
    }

    /// Everything, as the encoder takes it.
    package var values: MessageValues {
        var values = MessageValues()
        for (index, column) in table.columns.enumerated() {
            values.parameters[column.info.shortName] = value(index)
            values.raws[column.info.shortName] = raw(index)
        }
        return values
    }

    /// The elements of a JSON array of numbers, or of texts without escapes.
    private static func list(_ json: String) -> [FieldValue] {
        json.dropFirst().dropLast().split(separator: ",").map { element in
            Int64(element).map(FieldValue.integer) ?? .text(String(element.dropFirst().dropLast()))
        }
    }
}
