import Bytes
import Records

/// Columns whose values are written one by one.
extension PacketColumns {
    /// What has no loop of its own.
    func writeEach(_ writer: FieldWriter, _ range: Range<Int>) {
        let (inverse, format) = inverses[writer.other]
        let numbers = numberLanes[writer.column]
        let integers = integerLanes[writer.column]
        let isNumber = kinds[writer.column] == .numbers
        let (low, high) = (writer.lowInteger, writer.highInteger)
        merge(writer, range) { row in
            guard isNumber else {
                let value = integers[row]
                let held = value < low ? low : value > high ? high : value
                let field = format.field(UInt64(bitPattern: held))
                return (field ?? 0, held == value && field != nil)
            }
            let value = numbers[row]
            var isInside = true
            var cell: UInt64
            if let inverse {
                let finite = min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
                guard !value.isNaN, let found = inverse.find(finite, near: nil) else { return (0, false) }
                isInside = found.isNear || found.error == 0
                cell = inverse.isFloat ? inverse.value(found.raw).bitPattern : NumberFormat.cell(found.raw)
            } else {
                cell = value.bitPattern
            }
            if format.integers == nil {
                let number = Double(bitPattern: cell)
                if let nearest = format.nearest(number) {
                    cell = nearest
                } else {
                    isInside = false
                    cell = (number > 0 ? format.floats.upperBound : format.floats.lowerBound).bitPattern
                }
            }
            guard let field = format.field(cell) else { return (0, false) }
            return (field, isInside)
        }
    }
}
