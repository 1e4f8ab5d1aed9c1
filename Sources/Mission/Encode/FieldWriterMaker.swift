import Bytes
import Records

/// Chooses for each column the way in which it is written, and refuses those that have none.
struct FieldWriterMaker {
    let encoder: PacketEncoder
    var writers: [FieldWriter] = []
    var kinds: [PacketColumns.Kind] = []
    var tables: [[UInt64]] = []
    var splines: [SplineInverse] = []
    var polynomials: [PolynomialInverse] = []
    var inverses: [(inverse: InverseCalibration?, format: NumberFormat)] = []
    private(set) var firstCount: UInt16 = 0

    init(_ encoder: PacketEncoder) { self.encoder = encoder }

    private func refusal(_ name: String?, _ reason: String) -> PacketRefusal {
        PacketRefusal(encoder.type.name, name, reason)
    }

    // MARK: The packet that all begin as

    /// The octets of a packet with the values that are no column, and zeros where columns stand.
    mutating func template(_ values: PacketValues) throws(PacketRefusal) -> [UInt8] {
        encoder.excused = Set(writers.map(\.field))
        defer { encoder.excused = [] }
        let count = encoder.counts
        var octets = try encoder.encode(values)
        encoder.counts = count
        for writer in writers {
            let name = encoder.plan.fields[writer.field].info.shortName
            if encoder.given[writer.field] != nil {
                throw refusal(name, "is a column, and given for all packets, too: give it once")
            }
            guard case .fixed(let start) = encoder.plan.fields[writer.field].place,
                let bits = encoder.plan.fields[writer.field].fixedBits, start + bits <= octets.count * 8
            else { throw refusal(name, "is a column, and the packet ends in front of it") }
            clear(&octets, start, bits)
        }
        // The count is put in packet by packet.
        if let header = encoder.header, encoder.given[header.sequenceCount] == nil { clear(&octets, 18, 14) }
        return octets
    }

    private func clear(_ octets: inout [UInt8], _ start: Int, _ bits: Int) {
        for bit in start..<start + bits { octets[bit / 8] &= ~(0x80 >> UInt8(bit % 8)) }
    }

    /// The writer of the sequence count, where nothing else says it; the template has to be made before.
    mutating func counter(_ values: PacketValues) -> FieldWriter? {
        guard let header = encoder.header, encoder.given[header.sequenceCount] == nil,
            !writers.contains(where: { $0.field == header.sequenceCount }),
            case .number(let format) = encoder.plan.fields[header.sequenceCount].encoding
        else { return nil }
        firstCount = 0
        return FieldWriter(.counter, field: header.sequenceCount, column: -1, format: format, at: 18)
    }

    // MARK: Columns

    mutating func add(_ name: String, _ column: Int) throws(PacketRefusal) {
        let isRaw = name.hasPrefix("raw.")
        let index = try encoder.index(of: isRaw ? String(name.dropFirst(4)) : name)
        let field = encoder.plan.fields[index]
        guard case .fixed(let offset) = field.place else {
            throw refusal(name, "its place differs from packet to packet: make its packets one by one")
        }
        guard case .number(let format) = field.encoding else {
            throw refusal(name, "is no number in the packet: give it for all packets")
        }
        guard !writers.contains(where: { $0.field == index }) else { throw refusal(name, "is a column twice") }
        if let other = dependent(on: index) { throw refusal(name, "\(other): give it for all packets") }
        var writer = FieldWriter(.each, field: index, column: column, format: format, at: offset)
        var isSimple =
            switch format.coding {
            case .unsigned, .twosComplement, .ieee32, .ieee64: !format.isReversed
            default: false
            }
        switch format.order {
        case .bigEndian: break
        case .littleEndian: if format.bits % 8 != 0 || writer.isWide { isSimple = false }
        case .list: isSimple = false
        }
        let choice = try isRaw ? raw(format) : engineering(&writer, field, format, name, isSimple: isSimple)
        kinds.append(choice.kind)
        writer.kind = isSimple || choice.writer == .table ? choice.writer : .each
        if writer.kind == .table, !isSimple {
            throw refusal(name, "its coding has labels one by one: give raw.\(name)")
        }
        if writer.kind == .time, !isSimple { throw refusal(name, "its coding has times one by one: give raw.\(name)") }
        if writer.kind == .each {
            writer.isWide = true
            writer.other = inverses.count
            inverses.append((choice.inverse, format))
        }
        writers.append(writer)
    }

    private typealias Choice = (
        kind: PacketColumns.Kind, writer: FieldWriter.Kind, inverse: InverseCalibration?
    )

    private func raw(_ format: NumberFormat) -> Choice {
        guard format.integers == nil else { return (.integers, .integer, nil) }
        return (.numbers, format.coding == .ieee64 ? .float64 : .float32, nil)
    }

    private mutating func engineering(
        _ writer: inout FieldWriter, _ field: FieldPlan, _ format: NumberFormat, _ name: String, isSimple: Bool
    ) throws(PacketRefusal) -> Choice {
        switch field.conversion {
        case .none: return raw(format)
        case .number: return try calibrated(&writer, .linear(slope: 1, intercept: 0), format, name, isSimple)
        case .calibrated(let calibrator, let contexts):
            guard contexts.isEmpty else {
                throw refusal(name, "its calibrator depends on other parameters: give raw.\(name)")
            }
            guard let calibrator else {
                guard format.integers != nil else { return raw(format) }
                return try calibrated(&writer, .linear(slope: 1, intercept: 0), format, name, isSimple)
            }
            return try calibrated(&writer, calibrator, format, name, isSimple)
        case .labels(let labels):
            guard let integers = format.integers else { throw refusal(name, "has labels of floats: give raw.\(name)") }
            writer.other = tables.count
            var table: [UInt64] = []
            for index in field.info.labels.indices {
                let range = labels.ranges.first { Int($0.label) == index }
                let raw = range.map { format.integer(LabelTable.biased($0.low, isSigned: labels.isSigned)) }
                guard let raw, integers.contains(raw) else {
                    throw refusal(
                        name, "\(field.info.labels[index]) stands for no raw value that fits: give raw.\(name)")
                }
                table.append(NumberFormat.cell(raw))
            }
            tables.append(table)
            return (.integers, .table, nil)
        case .truth:
            guard let integers = format.integers else { return raw(format) }
            writer.other = tables.count
            tables.append([0, NumberFormat.cell(integers.contains(1) ? 1 : integers.lowerBound)])
            return (.integers, .table, nil)
        case .time(let time):
            try self.time(&writer, time, format, name)
            return (.integers, .time, nil)
        case .text, .textTruth, .textLabels, .binaryTruth:
            throw refusal(name, "is no number in the packet: give it for all packets")
        }
    }

    private mutating func calibrated(
        _ writer: inout FieldWriter, _ calibrator: Calibrator, _ format: NumberFormat, _ name: String, _ isSimple: Bool
    ) throws(PacketRefusal) -> Choice {
        // Beyond 50 bits a Double has no half steps left.
        let isNarrow = writer.low > -0x1p50 && writer.high < 0x1p50
        switch calibrator {
        case .linear(let slope, let intercept) where isSimple && slope != 0 && slope.isFinite && intercept.isFinite:
            writer.intercept = intercept
            writer.scale = 1 / slope
            if format.integers != nil, isNarrow, writer.scale.isFinite { return (.numbers, .linear, nil) }
            if format.coding == .ieee32, writer.scale.isFinite { return (.numbers, .float32, nil) }
        case .spline(let spline):
            guard isSimple, format.integers != nil, isNarrow, let inverse = SplineInverse(spline) else { break }
            if !spline.extrapolates {
                writer.low = max(writer.low, inverse.ends.lowerBound.rounded(.up))
                writer.high = min(writer.high, inverse.ends.upperBound.rounded(.down))
            }
            guard writer.low <= writer.high else { break }
            writer.other = splines.count
            splines.append(inverse)
            return (.numbers, .spline, nil)
        case .polynomial(let polynomial):
            guard isSimple, format.integers != nil, isNarrow, let general = InverseCalibration(calibrator, format),
                let inverse = PolynomialInverse(polynomial, general)
            else { break }
            writer.other = polynomials.count
            polynomials.append(inverse)
            return (.numbers, .polynomial, nil)
        default: break
        }
        guard let inverse = InverseCalibration(calibrator, format), !inverse.pieces.isEmpty else {
            throw refusal(name, "its calibrator cannot be run backwards: give raw.\(name)")
        }
        return (.numbers, .each, inverse)
    }

    private func time(
        _ writer: inout FieldWriter, _ time: TimePlan, _ format: NumberFormat, _ name: String
    ) throws(PacketRefusal) {
        let nano = StatedTime.attosecondsInSecond / 1_000_000_000
        guard format.integers != nil, case .epoch(let epoch, let isTAI) = time.origin,
            let origin = Int64(exactly: (epoch + time.offset) / nano), (epoch + time.offset) % nano == 0
        else {
            throw refusal(name, "its time counts from another, or in no whole nanoseconds: give raw.\(name)")
        }
        writer.origin = origin
        writer.isTAI = isTAI
        switch time.scale {
        // Seconds of an Int64 of nanoseconds have 34 bits.
        case .binary(let bits) where bits <= 29: writer.binary = Int64(bits)
        case .attoseconds(let unit) where unit > 0 && unit % nano == 0 && unit / nano < 1 << 62:
            writer.unit = Int64(unit / nano)
        default: throw refusal(name, "its time counts finer than nanoseconds: give raw.\(name)")
        }
    }

    /// What depends on a field, in words; nil when nothing does.
    private func dependent(on index: Int) -> String? {
        let plan = encoder.plan
        for criteria in encoder.criteria where criteria.steps.contains(where: { $0.test.fields.contains(index) }) {
            return "the type of the packet depends on it"
        }
        if encoder.header?.length == index { return "it is the length of the packet" }
        for field in plan.fields where field.sizeReferences.contains(index) || field.looks(at: index) {
            return "\(field.info.shortName) depends on it"
        }
        for step in plan.walk {
            if case .branch(let criteria, _) = step, criteria.steps.contains(where: { $0.test.fields.contains(index) })
            {
                return "what stands in the packet depends on it"
            }
        }
        return nil
    }
}

extension FieldPlan {
    /// Whether its value depends on another field; limits do not change it.
    fileprivate func looks(at index: Int) -> Bool {
        switch conversion {
        case .calibrated(_, let contexts):
            contexts.contains { $0.criteria.steps.contains { $0.test.fields.contains(index) } }
        case .time(let time): time.origin == .field(index)
        default: false
        }
    }
}
