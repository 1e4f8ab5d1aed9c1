import Bytes
import Records

/// How times are written.
extension FieldWriterMaker {
    /// A time, whose parts share the count of the finest one between them.
    mutating func add(
        _ finest: TimePlan, _ parts: [Int], _ column: Int, _ name: String
    ) throws(PacketRefusal) {
        let nano = StatedTime.attosecondsInSecond / 1_000_000_000
        func refused(_ why: String) -> PacketRefusal { refusal(name, "its time \(why): give raw.\(name)") }
        var unit: (binary: Int64, nanoseconds: Int64) = (-1, 1)
        switch finest.scale {
        case .binary(let bits) where bits <= FieldWriter.mostBinary: unit.binary = Int64(bits)
        // Fractions of a second that are a part of their own.
        case .binary(let bits) where bits <= 32 && parts.count == 2: unit.binary = Int64(bits)
        case .attoseconds(let size) where size > 0 && size % nano == 0 && size / nano < 1 << 62:
            unit.nanoseconds = Int64(size / nano)
        default: throw refused("counts finer than nanoseconds")
        }
        var made: [FieldWriter] = []
        var places: [ColumnSource.TimePart] = []
        var (origin, isTAI): (Int64?, Bool) = (nil, false)
        for (number, index) in parts.enumerated() {
            guard case .number(let format) = encoder.plan.fields[index].encoding, format.integers != nil,
                case .time(let time) = encoder.plan.fields[index].conversion
            else { throw refused("is no whole number") }
            var writer = FieldWriter(.time, field: index, column: column, format: format, at: start(of: index))
            guard writer.isSimple(format) else { throw refused("has a coding that is written one by one") }
            (writer.binary, writer.unit) = (unit.binary, unit.nanoseconds)
            guard let units = time.scale.units(of: finest.scale) else {
                throw refused("has parts that are no multiples of each other")
            }
            if unit.binary > FieldWriter.mostBinary, number > 0, units != 1 << unit.binary {
                throw refused("counts finer than nanoseconds")
            }
            writer.divisor = units
            if number > 0 { made[number - 1].modulus = units / made[number - 1].divisor }
            switch time.origin {
            case .epoch(let epoch, let counts):
                (origin, isTAI) = (Int64(exactly: (epoch + time.offset) / nano), counts)
                if (epoch + time.offset) % nano != 0 { origin = nil }
            case .field: if time.offset != 0 { throw refused("has a part with an offset") }
            }
            made.append(writer)
            places.append(ColumnSource.TimePart(plan: time, format: format, start: start(of: index)))
        }
        guard let origin else { throw refused("counts from no whole nanosecond") }
        for writer in made {
            var writer = writer
            (writer.origin, writer.isTAI) = (origin, isTAI)
            writers.append(writer)
        }
        guard case .number(let format) = encoder.plan.fields[parts[0]].encoding else { return }
        kinds.append(.integers)
        sources.append(
            ColumnSource(
                info: encoder.plan.fields[parts[0]].info, format: format, start: start(of: parts[0]),
                meaning: .time(places.reversed())))
    }
}
