internal import Bytes
internal import Records

/// What the values of one column are, over all batches.
struct ColumnTally {
    private var packets = 0
    private var unsigned: (least: UInt64, greatest: UInt64) = (.max, .min)
    private var signed: (least: Int64, greatest: Int64) = (.max, .min)
    private var real: (least: Double, greatest: Double) = (.infinity, -.infinity)
    private var time: (least: StatedTime, greatest: StatedTime)?
    /// For each label how many packets have it.
    private var labels: [Int]
    private var sample: String?
    private let info: ParameterInfo

    init(_ info: ParameterInfo) {
        self.info = info
        labels = Array(repeating: 0, count: info.labels.count)
    }

    /// Enters the values of some rows.
    mutating func add(_ column: Column, _ rows: Lane<Int32>) {
        switch info.kind {
        case .unsigned:
            var (low, high) = unsigned
            packets += Self.visit(column, rows) { cell, _ in (low, high) = (min(low, cell), max(high, cell)) }
            unsigned = (low, high)
        case .signed:
            var (low, high) = signed
            packets += Self.visit(column, rows) { cell, _ in
                let number = Int64(bitPattern: cell)
                (low, high) = (min(low, number), max(high, number))
            }
            signed = (low, high)
        case .float:
            var (low, high) = real
            packets += Self.visit(column, rows) { cell, _ in
                let number = Double(bitPattern: cell)
                // NaN is neither.
                if number < low { low = number }
                if number > high { high = number }
            }
            real = (low, high)
        case .enumeration, .boolean:
            let most = labels.count
            packets += Self.visit(column, rows) { cell, _ in if cell < most { labels[Int(cell)] += 1 } }
        case .time:
            var span = time
            packets += Self.visit(column, rows) { _, row in
                let now = column.time(at: row)
                guard let known = span else { return span = (now, now) }
                if now.isBefore(known.least) { span?.least = now }
                if known.greatest.isBefore(now) { span?.greatest = now }
            }
            time = span
        case .string, .list, .binary:
            var found: Int?
            let isWanted = sample == nil
            packets += Self.visit(column, rows) { _, row in
                if isWanted, found == nil, column.text(at: row).byteCount > 0 { found = row }
            }
            if let found { sample = Self.text(column, found) }
        }
    }

    /// Calls `body` with the cell and the row of each value that is there, and counts them.
    @inline(__always)
    private static func visit(_ column: Column, _ rows: Lane<Int32>, _ body: (UInt64, Int) -> Void) -> Int {
        let (values, states, indexes) = (column.values, column.validities, rows.span)
        let isAllValid = column.isAllValid
        var count = 0
        for index in indexes.indices {
            let row = Int(indexes[index])
            guard isAllValid || states[row].hasValue else { continue }
            count &+= 1
            body(values[row], row)
        }
        return count
    }

    private static func text(_ column: Column, _ row: Int) -> String {
        var out = TextBuffer(capacity: 64)
        out.appendBounded { $0.appendReadable(column, column.values[row], row) }
        return String(decoding: out.bytes.copied(), as: UTF8.self)
    }

    /// Enters what it holds into what was found of a field.
    func enter(into found: inout Field.Found, _ counts: inout [String: Int]) {
        guard packets > 0 else { return }
        found.packets += packets
        func widen(_ least: Field.Value, _ greatest: Field.Value) {
            if found.least.map({ least.isLess(than: $0) }) ?? true { found.least = least }
            if found.greatest.map({ $0.isLess(than: greatest) }) ?? true { found.greatest = greatest }
        }
        switch info.kind {
        case .unsigned: widen(.unsigned(unsigned.least), .unsigned(unsigned.greatest))
        case .signed: widen(.signed(signed.least), .signed(signed.greatest))
        case .float: if real.least <= real.greatest { widen(.real(real.least), .real(real.greatest)) }
        case .time:
            if let time {
                widen(.time(time.least, digits: info.timeDigits), .time(time.greatest, digits: info.timeDigits))
            }
        case .enumeration, .boolean:
            for (label, count) in zip(info.labels, labels) where count > 0 { counts[label, default: 0] += count }
        case .string, .list, .binary: if found.sample == nil { found.sample = sample.map { .text($0) } }
        }
    }
}

extension StatedTime {
    fileprivate func isBefore(_ other: StatedTime) -> Bool {
        (seconds, attoseconds) < (other.seconds, other.attoseconds)
    }
}
