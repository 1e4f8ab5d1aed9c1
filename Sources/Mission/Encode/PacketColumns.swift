public import Bytes
import Records

/// Makes many packets of one type from columns of numbers, without allocating or deciding anything for each packet.
///
///     let columns = try PacketColumns(encoder, ["packet_time", "eps_battery_voltage", "raw.eps_mode"], beyond: .saturate)
///     columns.resize(to: 512)
///     let voltages = columns.numbers(1)
///     for row in 0..<512 { voltages[row] = … }
///     columns.encode()
///     for row in 0..<columns.packets { … columns.packet(row) … }
///
/// Parameters that are no column are the same in all packets: what a ``PacketEncoder`` makes of them. On columns nothing may
/// depend: no size, no condition, no calibrator, and not the type of the packet. A time that counts from another parameter
/// writes that one, too. The sequence count of a primary header counts on, unless it is a column or given.
public final class PacketColumns {
    /// What becomes of values that the field cannot hold.
    public enum Beyond: Sendable, Hashable {
        /// The nearest that it can hold is written.
        case saturate
        /// The packet is left out.
        case refuse
    }
    /// What the numbers of a column are.
    public enum Kind: Sendable, Hashable {
        /// `Double`: engineering values, or the raw values of floats.
        case numbers
        /// `Int64`: raw values, whole numbers, indexes of labels, 0 and 1 of booleans; times as nanoseconds since 1970. Those of
        /// fields of 64 bits without a sign are the bits of a `UInt64`.
        case integers
    }

    /// The kind of each column.
    public let kinds: [Kind]
    /// What becomes of values that do not fit.
    public let beyond: Beyond
    /// Octets of each packet.
    public let packetLength: Int
    /// How many packets the last call made.
    public private(set) var packets = 0
    /// How many packets were left out so far.
    public private(set) var refused = 0
    /// The sequence count of the next packet.
    public var nextCount: UInt16 = 0

    /// Where each column stands; nil where the packets do not have it.
    let sources: [ColumnSource?]
    let numberLanes: [Lane<Double>]
    let integerLanes: [Lane<Int64>]
    private var beyondCounts: [Int]
    private let writers: [FieldWriter]
    private let tables: [[UInt64]]
    private let splines: [SplineInverse]
    private let polynomials: [PolynomialInverse]
    let inverses: [(inverse: InverseCalibration?, format: NumberFormat)]
    /// The octets that all packets begin as, eight in a word, and zeros behind them.
    private let words: [UInt64]
    private let rows = Lane<UInt8>()
    private let flags = Lane<UInt8>()
    private var count = 0
    /// The nanoseconds from and until which TAI is so far ahead.
    var leap: (from: Int64, until: Int64, ahead: Int64) = (0, 0, 0)

    /// So many packets are worked on while they are in the nearest cache.
    private static let piece = 64

    /// Columns of parameters, by their names; `raw.` in front of a name is its raw value.
    ///
    /// - Parameters:
    ///   - values: what the others hold.
    ///   - whereThere: whether columns and values of parameters that stand under conditions are written where the packets have
    ///     them, and left out where not. Else they decide that the packets have them.
    /// - Throws: which column or value is not possible, and why.
    public init(
        _ encoder: PacketEncoder, _ names: [String], others values: PacketValues = PacketValues(),
        beyond: Beyond = .saturate, whereThere: Bool = false
    ) throws(PacketRefusal) {
        self.beyond = beyond
        let maker = try FieldWriterMaker(encoder, names, values, whereThere: whereThere)
        let template = maker.template
        packetLength = template.count
        words = stride(from: 0, to: template.count, by: 8).map { start in
            (start..<start + 8).reduce(0) { $0 << 8 | (template.indices.contains($1) ? UInt64(template[$1]) : 0) }
        }
        kinds = maker.kinds
        writers = maker.writers
        tables = maker.tables
        splines = maker.splines
        polynomials = maker.polynomials
        inverses = maker.inverses
        sources = maker.sources
        numberLanes = names.map { _ in Lane() }
        integerLanes = names.map { _ in Lane() }
        beyondCounts = names.map { _ in 0 }
    }

    // MARK: The caller's side

    /// Makes room for the values of so many packets.
    public func resize(to count: Int) {
        self.count = count
        for (index, kind) in kinds.enumerated() {
            switch kind {
            case .numbers: numberLanes[index].resize(to: count, filler: 0)
            case .integers: integerLanes[index].resize(to: count, filler: 0)
            }
        }
    }

    /// The values of a column of numbers, to be written.
    public func numbers(_ column: Int) -> Lane<Double> {
        precondition(kinds[column] == .numbers, "this column holds whole numbers")
        return numberLanes[column]
    }

    /// Whether the whole numbers of a column are times.
    public func isTime(_ column: Int) -> Bool {
        if case .time? = sources[column]?.meaning { true } else { false }
    }

    /// Whether the whole numbers of a column are the bits of a `UInt64`.
    public func isUnsigned(_ column: Int) -> Bool {
        (sources[column]?.format.integers?.upperBound ?? 0) > Int128(Int64.max) && !isTime(column)
    }

    /// The values of a column of whole numbers, to be written.
    public func integers(_ column: Int) -> Lane<Int64> {
        precondition(kinds[column] == .integers, "this column holds numbers with fractions")
        return integerLanes[column]
    }

    /// How many values of a column did not fit so far.
    public func beyondCount(_ column: Int) -> Int { beyondCounts[column] }

    /// The packets that were made last, one behind the other.
    public var octets: RawSpan {
        @_lifetime(borrow self)
        get { unsafe rows.span(keptBy: self).bytes.slice(at: 0, count: packets * packetLength) }
    }

    /// A packet that was made last.
    @_lifetime(borrow self)
    public func packet(_ index: Int) -> RawSpan {
        unsafe rows.span(keptBy: self).bytes.slice(at: index * packetLength, count: packetLength)
    }

    // MARK: Making

    /// Makes packets of all rows and says how many there are: those that are left out are not among them.
    @discardableResult
    public func encode() -> Int {
        // Behind the last packet there is room for words of eight octets.
        rows.resize(to: count * packetLength + 16, filler: 0)
        flags.resize(to: count, filler: 0)
        flags.fill(0)
        var start = 0
        while start < count {
            let range = start..<min(start + Self.piece, count)
            fill(range)
            for writer in writers { write(writer, range) }
            start = range.upperBound
        }
        packets = count
        if beyond == .refuse { leaveOut() }
        nextCount = UInt16(truncatingIfNeeded: Int(nextCount) + count) & 0x3FFF
        return packets
    }

    /// Puts the octets that all packets begin as into their places, eight at a time: what is written behind a packet is
    /// written over by the next one, and behind the last there is room.
    private func fill(_ range: Range<Int>) {
        precondition(range.upperBound <= count && rows.count >= count * packetLength + 16, "rows have their places")
        let (rows, array) = (self.rows, self.words)
        let words = array.span
        var span = rows.writable
        var octets = unsafe span.mutableBytes
        for row in range {
            var place = row * packetLength
            for index in words.indices {
                // Inside, since the words reach no more than seven octets behind their packet.
                unsafe octets.put(words[unchecked: index], uncheckedAt: place)
                place += 8
            }
        }
    }

    /// Packets that were refused are taken out from between the others, and their counts with them.
    private func leaveOut() {
        var kept = 0
        let rows = self.rows
        var octets = rows.writable
        for row in 0..<count where flags[row] == 0 {
            if kept < row {
                for index in 0..<packetLength {
                    octets[kept * packetLength + index] = octets[row * packetLength + index]
                }
            }
            kept += 1
        }
        packets = kept
        refused += count - kept
    }

    private func write(_ writer: FieldWriter, _ range: Range<Int>) {
        let column = writer.column
        // In the loops below a row is one of the range, whose end was held against the length of each lane that is read.
        switch writer.kind {
        case .counter:
            let first = Int(nextCount)
            merge(writer, range) { (UInt64(truncatingIfNeeded: first + $0), true) }
        case .integer:
            let lane = integerLanes[column]
            let values = lane.span
            precondition(values.count >= range.upperBound, "each column has a value for each packet")
            let (low, high) = (writer.lowInteger, writer.highInteger)
            merge(writer, range) { row in
                let value = unsafe values[unchecked: row]
                let held = value < low ? low : value > high ? high : value
                return (UInt64(bitPattern: held), held == value)
            }
        case .linear:
            let lane = numberLanes[column]
            let values = lane.span
            precondition(values.count >= range.upperBound, "each column has a value for each packet")
            let (low, high) = (writer.low, writer.high)
            let (intercept, scale) = (writer.intercept, writer.scale)
            merge(writer, range) { Self.whole((unsafe values[unchecked: $0] - intercept) * scale, low, high) }
        case .float32:
            let lane = numberLanes[column]
            let values = lane.span
            precondition(values.count >= range.upperBound, "each column has a value for each packet")
            let (low, high) = (writer.low, writer.high)
            let (intercept, scale) = (writer.intercept, writer.scale)
            merge(writer, range) { row in
                let raw = (unsafe values[unchecked: row] - intercept) * scale
                let isInside = raw >= low && raw <= high || !raw.isFinite
                let held = isInside ? raw : raw > high ? high : low
                return (UInt64(Float(held).bitPattern), isInside)
            }
        case .float64:
            let lane = numberLanes[column]
            let values = lane.span
            precondition(values.count >= range.upperBound, "each column has a value for each packet")
            let (intercept, scale) = (writer.intercept, writer.scale)
            merge(writer, range) { (((unsafe values[unchecked: $0] - intercept) * scale).bitPattern, true) }
        case .time: writeTimes(writer, range)
        case .table:
            let lane = integerLanes[column]
            let values = lane.span
            precondition(values.count >= range.upperBound, "each column has a value for each packet")
            let table = tables[writer.other]
            merge(writer, range) { row in
                let index = unsafe values[unchecked: row]
                guard index >= 0, index < Int64(table.count) else { return (table.first ?? 0, false) }
                return (table[Int(index)], true)
            }
        case .spline:
            let lane = numberLanes[column]
            let values = lane.span
            precondition(values.count >= range.upperBound, "each column has a value for each packet")
            let spline = splines[writer.other]
            let (low, high) = (writer.low, writer.high)
            merge(writer, range) { Self.whole(spline.value(unsafe values[unchecked: $0]), low, high) }
        case .polynomial:
            let lane = numberLanes[column]
            let values = lane.span
            precondition(values.count >= range.upperBound, "each column has a value for each packet")
            let polynomial = polynomials[writer.other]
            let (low, high) = (writer.low, writer.high)
            merge(writer, range) { Self.whole(polynomial.value(unsafe values[unchecked: $0]), low, high) }
        case .each: writeEach(writer, range)
        }
    }

    /// The whole number nearest to a raw value among those that a field holds, as bits, and whether it is its own nearest.
    @inline(__always)
    private static func whole(_ raw: Double, _ low: Double, _ high: Double) -> (bits: UInt64, isInside: Bool) {
        // With this added, the low bits of a Double are those of the whole number nearest to it.
        let magic = 0x1.8p52
        // What is not a number becomes the least.
        let held = raw > high ? high : raw >= low ? raw : low
        return ((held + magic).bitPattern &- magic.bitPattern, raw >= low - 0.5 && raw <= high + 0.5)
    }

    /// Puts the bits of a column into the packets of a range: `raw` gives those of a row, and whether its value fits.
    @inline(__always)
    func merge(_ writer: FieldWriter, _ range: Range<Int>, _ raw: (Int) -> (bits: UInt64, isInside: Bool)) {
        precondition(range.upperBound <= count && rows.count >= count * packetLength + 16, "rows have their places")
        let (rows, flags) = (self.rows, self.flags)
        var span = rows.writable
        var octets = unsafe span.mutableBytes
        var outside = 0
        let isRefusing = beyond == .refuse
        var place = range.lowerBound * packetLength + writer.first
        let step = packetLength
        // All places lie inside: the field does in its packet, and 16 octets are behind the last one.
        if writer.isWide {
            let bits = writer.mask.nonzeroBitCount
            let skip = writer.skip
            for row in range {
                let (field, isInside) = raw(row)
                let value = field & writer.mask
                let over = skip + bits - 64
                if over <= 0 {
                    unsafe octets.merge(value << UInt64(-over), uncheckedAt: place)
                } else {
                    unsafe octets.merge(value >> UInt64(over), uncheckedAt: place)
                    unsafe octets.merge(value << UInt64(64 - over), uncheckedAt: place + 8)
                }
                if !isInside {
                    outside += 1
                    if isRefusing { flags[row] = 1 }
                }
                place += step
            }
        } else {
            for row in range {
                let (field, isInside) = raw(row)
                unsafe octets.merge(writer.word(field), uncheckedAt: place)
                if !isInside {
                    outside += 1
                    if isRefusing { flags[row] = 1 }
                }
                place += step
            }
        }
        if outside > 0, writer.column >= 0 { beyondCounts[writer.column] += outside }
    }
}
