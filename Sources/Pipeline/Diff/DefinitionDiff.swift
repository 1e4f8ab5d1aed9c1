public import Bytes
public import Capture
public import Mission
internal import Query
internal import Records

/// Says what two sets of mission databases make of the same packets.
public final class DefinitionDiff {
    private let input: DiffInput
    private let views: [DiffView]
    private let progress: (ReadProgress) -> Bool
    private let report: DiffReport
    private let comparison: ValueComparison
    private let either = Lane<Int32>()

    /// Opens a capture. A packet is compared where the filter chooses it under one of them.
    ///
    /// - Parameters:
    ///   - names: how a person calls the databases.
    ///   - progress: called now and then; false ends the comparison.
    /// - Throws: what is wrong with the capture or the filter.
    public init(
        _ file: String, _ a: [Database], _ b: [Database], names: (a: String, b: String),
        _ options: DiffOptions = DiffOptions(), told: ToldLayout? = nil, into outlet: any Outlet,
        progress: @escaping (ReadProgress) -> Bool = { _ in true }
    ) throws {
        // What one of them has no field for, it chooses nothing by.
        var problem: FilterError?
        var views: [DiffView] = []
        for databases in [a, b] {
            do throws(FilterError) {
                let view = DiffView(databases, try options.conditions.check(databases))
                views.append(view)
            } catch {
                if problem != nil { throw error }
                problem = error
                views.append(DiffView(databases, nil, isBlind: true))
            }
        }
        for view in views {
            try view.filtering?.lookAhead(
                [file], view.databases, told: told, joinsSegments: false, progress: progress)
        }
        self.views = views
        input = try DiffInput(file, told: told, options, views)
        comparison = ValueComparison(views[0].decoder.types, views[1].decoder.types)
        report = DiffReport(options, names, outlet)
        self.progress = progress
    }

    /// The capture, and where its octets went.
    public var source: (source: any PacketSource, ledger: Ledger, slice: ArchiveSlice?) {
        (input.reader, input.feed.ledger, input.slice)
    }

    /// Compares what the capture has, to its end, and writes what differs, with a summary behind it.
    public func run() throws(OutputFile.Failure) -> DiffCounts {
        report.begin()
        while progress(ReadProgress(input.reader)), input.next() {
            let (a, chosenA) = views[0].look(input.units, input.context)
            let (b, chosenB) = views[1].look(input.units, input.context)
            var number = 0
            // A batch is cut by its length alone, and so by both at the same places.
            try a.forEach(input.units) { (units, decoded) throws(OutputFile.Failure) in
                choose(chosenA[number], chosenB[number])
                try compare(units, decoded, b.part(number))
                number += 1
            }
        }
        return try report.finish(comparison)
    }

    /// The packets that are wanted under one of them, in order.
    private func choose(_ a: Lane<Int32>, _ b: Lane<Int32>) {
        either.removeAll()
        var (one, two) = (0, 0)
        let (countA, countB) = (views[0].isBlind ? 0 : a.count, views[1].isBlind ? 0 : b.count)
        while one < countA || two < countB {
            let first = one < countA ? a[one] : .max
            let second = two < countB ? b[two] : .max
            either.append(min(first, second))
            if first <= second { one += 1 }
            if second <= first { two += 1 }
        }
    }

    private func compare(
        _ units: borrowing Batch<Unit>, _ a: DecodedBatch, _ b: DecodedBatch
    ) throws(OutputFile.Failure) {
        report.counts.packets.a += either.count
        report.counts.packets.b += either.count
        for place in 0..<either.count {
            let index = Int(either[place])
            let (typeA, typeB) = (a.type(of: index), b.type(of: index))
            let (layout, isNew) = comparison.layout(typeA, typeB)
            if isNew { try report.definition(layout) }
            var values: [Int] = []
            if let one = a.table(ofType: typeA), let two = b.table(ofType: typeB),
                comparison.compare(layout, one, a.row(of: index), two, b.row(of: index))
            {
                values = comparison.found
            }
            guard !values.isEmpty else {
                if layout.isOneType { report.counts.same += 1 } else { report.counts.changed += 1 }
                continue
            }
            let unit = units[index]
            var cursor = input.context.cursor
            let origin = input.context.origins[cursor.index(of: unit)]
            try report.changed(
                packet(unit, origin, a, index, layout.types.a), packet(unit, origin, b, index, layout.types.b), layout,
                values, octets: nil)
        }
    }

    private func packet(
        _ unit: Unit, _ origin: Origin, _ decoded: DecodedBatch, _ index: Int, _ type: PacketType?
    ) -> DiffPacket {
        DiffPacket(
            unit: unit, origin: origin, index: decoded.type(of: index), type: type,
            table: decoded.table(ofType: decoded.type(of: index)), row: decoded.row(of: index))
    }
}
