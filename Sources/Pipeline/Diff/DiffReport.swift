internal import Bytes
internal import Records

/// Counts differences and writes them.
final class DiffReport {
    var counts = DiffCounts()
    let options: DiffOptions
    /// How a person calls what is compared.
    let names: (a: String, b: String)
    private let outlet: any Outlet
    private var out = TextBuffer(capacity: 1 << 16)
    private var written = 0
    /// Differences that were not written.
    private var passed = 0

    init(_ options: DiffOptions, _ names: (a: String, b: String), _ outlet: any Outlet) {
        (self.options, self.names, self.outlet) = (options, names, outlet)
    }

    /// Whether differences are still written.
    var isShowing: Bool { written < options.limit ?? .max }

    /// Says what is compared.
    func begin() {
        if options.format == .table { Self.head(names, options.style, &out) }
    }

    /// A packet that only one of them has.
    func only(_ side: Int, _ packet: DiffPacket) throws(OutputFile.Failure) {
        count(only: side, isPassed: false)
        written += 1
        switch options.format {
        case .table: Self.only(side, packet, options.style, &out)
        case .jsonl: Self.only(side, json: packet, &out)
        }
        try flush(beyond: 1 << 15)
    }

    /// Counts one that is not written.
    func count(only side: Int, isPassed: Bool = true) {
        if side == 0 { counts.only.a += 1 } else { counts.only.b += 1 }
        if isPassed { passed += 1 }
    }

    /// A packet that is not the same in both.
    ///
    /// - Parameters:
    ///   - values: the parameters that differ, as the layout numbers them.
    ///   - octets: how its octets differ; nil where they do not.
    func changed(
        _ a: DiffPacket, _ b: DiffPacket, _ layout: ValueComparison.Layout, _ values: [Int], octets: OctetDifference?
    ) throws(OutputFile.Failure) {
        counts.changed += 1
        guard isShowing else {
            passed += 1
            return
        }
        written += 1
        switch options.format {
        case .table: Self.changed(a, b, layout, values, octets, options.style, &out)
        case .jsonl: Self.changed(json: a, b, layout, values, octets, &out)
        }
        try flush(beyond: 1 << 15)
    }

    /// Two types that explain the same packets, met for the first time: what only one of them has.
    func definition(_ layout: ValueComparison.Layout) throws(OutputFile.Failure) {
        let count = layout.only.a.count + layout.only.b.count + (layout.isOneType ? 0 : 1)
        guard count > 0 else { return }
        counts.definitions += count
        guard isShowing else {
            passed += 1
            return
        }
        written += 1
        switch options.format {
        case .table: Self.definition(layout, options.style, &out)
        case .jsonl: Self.definition(json: layout, &out)
        }
        try flush(beyond: 1 << 15)
    }

    /// Writes the summary.
    func finish(_ comparison: ValueComparison) throws(OutputFile.Failure) -> DiffCounts {
        var rows: [ValueCount] = []
        for layout in comparison.met {
            let type = (layout.types.a ?? layout.types.b)?.name ?? ""
            for (index, count) in layout.counts.enumerated() where count > 0 {
                rows.append(ValueCount(type: type, name: layout.parameters[index].name, count: count))
            }
        }
        rows.sort { $0.count > $1.count }
        switch options.format {
        case .table: summarise(rows, passed, &out)
        case .jsonl: summarise(json: rows, &out)
        }
        try flush(beyond: 0)
        return counts
    }

    /// How many packets have another value of a parameter.
    struct ValueCount {
        let type: String
        let name: String
        let count: Int
    }

    private func flush(beyond count: Int) throws(OutputFile.Failure) {
        if out.count > count { try outlet.write(&out) }
    }
}
