internal import Bytes
internal import Plot
internal import Records

/// Takes decoded batches and keeps the values of the wanted parameters, a series for each spacecraft or terminal's link.
final class PlotCollector {
    /// A parameter of one spacecraft or link.
    private struct Series {
        var target: Int
        /// An index into `places`.
        var place: Int
        var points = PlotPoints()
        /// What counted the packet of the last value, whose gaps are its own; and that packet's number.
        var channel: Channel?
        var number: Int64 = -1
    }
    /// What a sequence count counts.
    private struct Channel: Hashable {
        var flow: UInt32
        var channel: UInt32
        var apid: UInt16

        init(_ unit: Unit) { (flow, channel, apid) = (unit.flow, unit.channel, unit.apid) }
    }
    /// A packet before which others are missing.
    private struct Loss {
        var number: Int64
        var channel: Channel
    }

    /// Whose values they are.
    private struct Place: Equatable {
        var name: String
        /// Whether a flow alone tells it: space packets of all flows are of one spacecraft then.
        var isFlow = false
    }

    private let wanted: PlotFields
    private var all: [Series] = []
    /// For each target the series that took its last value, and whose it is.
    private var latest: [(origin: UInt64, series: Int)?]
    /// Spacecraft and links by name; packets that name no spacecraft are of one.
    private var places = [Place(name: "")]
    private var placeOfOrigin: [UInt64: Int] = [:]
    /// Packets of this batch before which others are missing, and the last one of earlier batches.
    private var losses: [Loss] = []
    private var lastLoss: [Channel: Int64] = [:]
    /// For each packet of the batch whether it is drawn.
    private let isChosen = Lane<Bool>()
    /// Units before this batch.
    private var counted: Int64 = 0
    private(set) var axis: PlotAxis?
    private(set) var counts = Plotting.Counts()
    /// More series than that nobody tells apart.
    private static let mostSeries = 32

    init(_ wanted: PlotFields) {
        self.wanted = wanted
        latest = Array(repeating: nil, count: wanted.targets.count)
    }

    /// Begins a capture: its flows are others, whatever their numbers.
    func beginCapture() {
        placeOfOrigin.removeAll()
        latest = Array(repeating: nil, count: wanted.targets.count)
        for index in all.indices { all[index].channel = nil }
        lastLoss.removeAll()
    }

    /// Enters the origins that a batch brings with it.
    func add(_ found: [(key: UInt64, origin: Origin)]) {
        for (key, origin) in found {
            let place =
                origin.spacecraft.map { Place(name: "spacecraft \($0)") } ?? Place(name: origin.flow, isFlow: true)
            placeOfOrigin[key] = places.firstIndex(of: place) ?? places.count
            if !places.contains(place) { places.append(place) }
        }
    }

    // MARK: Batches

    /// Takes a batch.
    ///
    /// - Parameter chosen: the indexes of the packets that are drawn, in order; nil for all.
    func take(_ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, chosen: Lane<Int32>? = nil) {
        findLosses(units)
        isChosen.resize(to: units.count, filler: true)
        isChosen.fill(chosen == nil)
        if let chosen { for place in 0..<chosen.count { isChosen[Int(chosen[place])] = true } }
        for type in decoded.typesPresent {
            guard let table = decoded.table(ofType: type) else { continue }
            for source in wanted.sources[type] {
                take(table.columns[source.column], target: source.target, of: table, units)
            }
        }
        for loss in losses { lastLoss[loss.channel] = loss.number }
        counted += Int64(units.count)
    }

    private func findLosses(_ units: borrowing Batch<Unit>) {
        losses.removeAll(keepingCapacity: true)
        for index in 0..<units.count where units[index].marks.contains(.gapBefore) {
            losses.append(Loss(number: counted + Int64(index), channel: Channel(units[index])))
        }
    }

    private func take(_ column: Column, target: Int, of table: DecodedTable, _ units: borrowing Batch<Unit>) {
        let times = wanted.timeColumns[table.typeIndex].map { table.columns[$0] }
        let (values, validities, limits, unitOfRow) = (column.values, column.validities, column.limits, table.units)
        let (kind, hasLimits) = (column.info.kind, column.info.hasLimits)
        var nextLoss = 0
        var last: Int?
        for row in 0..<table.count where validities[row].hasValue {
            let index = Int(unitOfRow[row])
            guard isChosen[index] else { continue }
            let unit = units[index]
            guard let series = self.series(target, unit) else {
                counts.crowded += 1
                continue
            }
            guard let x = x(unit, number: counted + Int64(index), row, times) else {
                counts.untimed += 1
                continue
            }
            if series != last {
                // Packets may be missing since its last value, which was in another batch.
                if let channel = all[series].channel, lastLoss[channel] ?? -1 > all[series].number {
                    all[series].points.interrupt()
                }
                (last, nextLoss) = (series, 0)
            }
            let channel = Channel(unit)
            while nextLoss < losses.count, losses[nextLoss].number <= counted + Int64(index) {
                let loss = losses[nextLoss]
                nextLoss += 1
                guard loss.number > all[series].number else { continue }
                if loss.channel == channel || loss.channel == all[series].channel { all[series].points.interrupt() }
            }
            let value = Self.value(values[row], kind)
            all[series].points.add(PlotPoint(x: x, value: value, state: hasLimits ? limits[row] : .nominal))
            all[series].channel = channel
            all[series].number = counted + Int64(index)
        }
    }

    @inline(__always)
    private static func value(_ cell: UInt64, _ kind: ValueKind) -> Double {
        switch kind {
        case .float: Double(bitPattern: cell)
        case .signed: Double(Int64(bitPattern: cell))
        default: Double(cell)
        }
    }

    /// Where on the horizontal axis a value stands; nil where it has no time and others do.
    private func x(_ unit: Unit, number: Int64, _ row: Int, _ times: Column?) -> Int64? {
        guard wanted.usesStatedTime else {
            if axis == nil { axis = unit.time.isKnown ? .time : .packets }
            guard axis == .time else { return number + 1 }
            return unit.time.isKnown ? unit.time.nanoseconds : nil
        }
        axis = .time
        guard let times, times.validities[row].hasValue else { return nil }
        let time = times.time(at: row)
        let (whole, overflow) = time.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        // What lies in a leap second is at its beginning.
        let (sum, tooMuch) = whole.addingReportingOverflow(Int64(min(time.attoseconds / 1_000_000_000, 999_999_999)))
        return overflow || tooMuch ? nil : sum
    }

    /// The series that a value of a packet belongs to; nil when there are too many.
    private func series(_ target: Int, _ unit: Unit) -> Int? {
        let origin = unit.originKey
        if let (known, series) = latest[target], known == origin { return series }
        let isPacket = !unit.marks.contains(.message)
        let place = placeOfOrigin[origin].map { places[$0].isFlow && isPacket ? 0 : $0 } ?? 0
        let found: Int
        if let known = all.firstIndex(where: { $0.target == target && $0.place == place }) {
            found = known
        } else {
            guard all.count < Self.mostSeries else { return nil }
            found = all.count
            all.append(Series(target: target, place: place))
        }
        latest[target] = (origin, found)
        return found
    }

    // MARK: What there is

    /// The series that have values, in the order of the fields.
    func series() -> [PlotSeries] {
        wanted.targets.indices.flatMap { target in
            let own = all.filter { $0.target == target && !$0.points.isEmpty }
            let info = wanted.targets[target].info
            return own.map { one in
                let title = wanted.title(target)
                return PlotSeries(
                    name: own.count > 1 ? "\(title) · \(places[one.place].name)" : title, unit: info.unit,
                    labels: info.labels, limits: info.limitRanges, points: one.points)
            }
        }
    }

    /// The fields without a value.
    var empty: [String] {
        let met = Set(all.filter { !$0.points.isEmpty }.map { wanted.targets[$0.target].field })
        return wanted.names.indices.filter { !met.contains($0) }.map { wanted.names[$0] }
    }
}
