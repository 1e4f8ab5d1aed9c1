import Bytes
import Records

/// Chooses for each column the way in which it is written, and refuses those that have none.
struct FieldWriterMaker {
    let encoder: PacketEncoder
    /// The octets that all packets begin as, with zeros where columns stand.
    private(set) var template: [UInt8] = []
    var writers: [FieldWriter] = []
    /// For each column where it stands; nil where the packets have no such field.
    var sources: [ColumnSource?] = []
    var kinds: [PacketColumns.Kind] = []
    private(set) var tables: [[UInt64]] = []
    private(set) var splines: [SplineInverse] = []
    private(set) var polynomials: [PolynomialInverse] = []
    private(set) var inverses: [(inverse: InverseCalibration?, format: NumberFormat)] = []
    /// Whether a packet was made that says where fields stand, and under which conditions.
    private var isSettled = false

    /// Columns of parameters in packets that have some values.
    ///
    /// - Parameter whereThere: whether columns and values of fields that stand under conditions are taken where the packet has them.
    init(
        _ encoder: PacketEncoder, _ names: [String], _ values: PacketValues, whereThere: Bool
    ) throws(PacketRefusal) {
        self.encoder = encoder
        var columns: [[Int]] = []
        for name in names {
            let parts = try parts(of: name)
            guard columns.allSatisfy({ Set($0).isDisjoint(with: parts) }) else {
                throw refusal(name, "is a column twice")
            }
            try check(name, parts)
            columns.append(parts)
        }
        encoder.excused = Set(columns.joined())
        defer { encoder.excused = [] }
        let octets = try packet(values, whereThere)
        isSettled = true
        template = octets
        for (column, name) in names.enumerated() {
            let parts = columns[column]
            if parts.contains(where: { encoder.given[$0] != nil }) {
                throw refusal(name, "is a column, and given for all packets, too: give it once")
            }
            guard parts.allSatisfy({ encoder.isWritten[$0] && end(of: $0) <= octets.count * 8 }) else {
                guard whereThere else { throw refusal(name, "is a column, and the packet ends in front of it") }
                kinds.append(.numbers)
                sources.append(nil)
                continue
            }
            try add(name, parts, column)
            for field in parts { clear(start(of: field), bits(of: field)) }
        }
        guard let header = encoder.header, encoder.given[header.sequenceCount] == nil else { return }
        // The count is put in packet by packet.
        clear(18, 14)
        if !writers.contains(where: { $0.field == header.sequenceCount }),
            case .number(let format) = encoder.plan.fields[header.sequenceCount].encoding
        {
            writers.append(FieldWriter(.counter, field: header.sequenceCount, column: -1, format: format, at: 18))
        }
    }

    /// Tries whether a parameter may be a column.
    init(trying name: String, of encoder: PacketEncoder) throws(PacketRefusal) {
        self.encoder = encoder
        let parts = try parts(of: name)
        try check(name, parts)
        try add(name, parts, 0)
    }

    func refusal(_ name: String?, _ reason: String) -> PacketRefusal {
        PacketRefusal(encoder.type.name, name, reason)
    }

    // MARK: The packet that all begin as

    /// A packet with the values that are no column.
    private func packet(_ values: PacketValues, _ whereThere: Bool) throws(PacketRefusal) -> [UInt8] {
        let counts = encoder.counts
        defer { encoder.counts = counts }
        guard whereThere else { return try encoder.encode(values) }
        var (given, waiting): (PacketValues, [(field: Int, entry: PacketValues.Entry)]) = (PacketValues(), [])
        for entry in values.entries {
            let field = try encoder.index(of: entry.name)
            if encoder.conditions[field].isEmpty {
                given.set(entry)
            } else {
                waiting.append((field, entry))
            }
        }
        waiting.sort { $0.field < $1.field }
        while true {
            let octets = try encoder.encode(given)
            // One at a time: what it holds may decide whether the next one is there.
            guard let next = waiting.firstIndex(where: { encoder.isWritten[$0.field] }) else { return octets }
            given.set(waiting.remove(at: next).entry)
        }
    }

    func start(of field: Int) -> Int {
        guard isSettled else { return 0 }
        return encoder.places.last { $0.field == field }?.start ?? 0
    }

    private func bits(of field: Int) -> Int { encoder.plan.fields[field].fixedBits ?? 0 }

    private func end(of field: Int) -> Int { start(of: field) + bits(of: field) }

    private mutating func clear(_ start: Int, _ bits: Int) {
        for bit in start..<start + bits { template[bit / 8] &= ~(0x80 >> UInt8(bit % 8)) }
    }

    // MARK: Columns

    /// The fields of a column: one, or the parts of a time, which count from each other, the finest first.
    private func parts(of name: String) throws(PacketRefusal) -> [Int] {
        let isRaw = name.hasPrefix("raw.")
        var parts = [try encoder.index(of: isRaw ? String(name.dropFirst(4)) : name)]
        while !isRaw, case .time(let time) = encoder.plan.fields[parts[parts.count - 1]].conversion,
            case .field(let origin) = time.origin, !parts.contains(origin)
        {
            parts.append(origin)
        }
        return parts
    }

    private func check(_ name: String, _ parts: [Int]) throws(PacketRefusal) {
        for field in parts {
            guard case .number = encoder.plan.fields[field].encoding else {
                throw refusal(name, "is no number in the packet: give it for all packets")
            }
            if let other = dependent(on: field, besides: parts) {
                throw refusal(name, "\(other): give it for all packets")
            }
        }
    }

    private mutating func add(_ name: String, _ parts: [Int], _ column: Int) throws(PacketRefusal) {
        let index = parts[0]
        let field = encoder.plan.fields[index]
        guard case .number(let format) = field.encoding else { return }
        if case .time(let time) = field.conversion, !name.hasPrefix("raw.") {
            return try add(time, parts, column, name)
        }
        var writer = FieldWriter(.each, field: index, column: column, format: format, at: start(of: index))
        let isSimple = writer.isSimple(format)
        let choice =
            try name.hasPrefix("raw.")
            ? raw(format) : engineering(&writer, field, format, name, isSimple: isSimple)
        kinds.append(choice.kind)
        sources.append(
            ColumnSource(
                info: field.info, format: format, start: start(of: index),
                meaning: name.hasPrefix("raw.") ? rawMeaning(of: field) : meaning(of: field)))
        writer.kind = isSimple || choice.writer == .table ? choice.writer : .each
        if writer.kind == .table, !isSimple {
            throw refusal(name, "its coding has labels one by one: give raw.\(name)")
        }
        if writer.kind == .each {
            writer.isWide = true
            writer.other = inverses.count
            inverses.append((choice.inverse, format))
        }
        writers.append(writer)
    }

    /// The calibrator that the packets have: what it depends on is the same in all of them.
    private func calibrator(_ standard: Calibrator?, _ contexts: [ContextPlan]) -> Calibrator? {
        guard isSettled else { return standard }
        return contexts.first { encoder.holds($0.criteria) }?.calibrator ?? standard
    }

    private func meaning(of field: FieldPlan) -> ColumnSource.Meaning {
        switch field.conversion {
        case .number: .number
        case .calibrated(let standard, let contexts): calibrator(standard, contexts).map { .calibrated($0) } ?? .raw
        case .labels(let table): .labels(table)
        case .truth: .truth
        case .none, .text, .textTruth, .textLabels, .binaryTruth, .time: .raw
        }
    }

    /// Raw values of enumerations are told by their labels.
    private func rawMeaning(of field: FieldPlan) -> ColumnSource.Meaning {
        if case .labels(let table) = field.conversion { .labels(table) } else { .raw }
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
        case .calibrated(let standard, let contexts):
            guard let calibrator = calibrator(standard, contexts) else {
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
        case .text, .textTruth, .textLabels, .binaryTruth, .time:
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

    /// What depends on a field, in words; nil when nothing does but some.
    private func dependent(on index: Int, besides parts: [Int]) -> String? {
        let plan = encoder.plan
        for criteria in encoder.criteria where criteria.steps.contains(where: { $0.test.fields.contains(index) }) {
            return "the type of the packet depends on it"
        }
        if encoder.header?.length == index { return "it is the length of the packet" }
        for (number, field) in plan.fields.enumerated() {
            if field.sizeReferences.contains(index) || field.looks(at: index)
                || field.counts(from: index) && !parts.contains(number)
            {
                return "\(field.info.shortName) depends on it"
            }
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
    /// Whether a field chooses its calibrator, which may be itself; limits do not change a value.
    fileprivate func looks(at index: Int) -> Bool {
        guard case .calibrated(_, let contexts) = conversion else { return false }
        return contexts.contains { $0.criteria.steps.contains { $0.test.fields.contains(index) } }
    }

    /// Whether it is a time that counts from another.
    fileprivate func counts(from index: Int) -> Bool {
        if case .time(let time) = conversion { time.origin == .field(index) } else { false }
    }
}
