internal import Bytes

/// Rates what a decoder made of a capture against the truth of it.
public final class Scoring {
    let options: ScoreOptions
    let truth: Truth
    private let judge: ValueJudge
    var report = ScoreReport()
    /// Places of parameters in the report, by their names.
    private var valuePlaces: [String: Int] = [:]
    var repeatedByGroup: [UInt64: Int] = [:]

    /// Of packets with one APID and count so many are looked at, and of so many the values.
    private static let most = (packets: 4_096, values: 32)

    /// Reads the truth.
    public init(_ options: ScoreOptions) throws(ScoreFailure) {
        self.options = options
        judge = ValueJudge(tolerance: options.tolerance)
        truth = try Truth(options.truth, reference: options.reference, shown: options.shown)
        guard options.result == nil || truth.packets.count > 0 else {
            throw ScoreFailure(
                truth.isReference
                    ? "\(options.reference ?? "") has no packet: 'starlane decode --format jsonl' writes a line for each"
                    : "\(options.truth) has no record of a packet: name by --reference what is decoded of the capture before it "
                        + "was broken, or leave the result out and give --ledger")
        }
        guard options.result != nil || options.ledger != nil else {
            throw ScoreFailure("nothing is held against \(options.truth): name a result, or give --ledger")
        }
    }

    /// Reads the result and the ledger, and judges.
    public func run() throws(ScoreFailure) -> ScoreReport {
        report.truth = options.truth
        (report.result, report.ledgerFile, report.reference) = (options.result, options.ledger, options.reference)
        report.command = truth.run?["command"]?.text
        report.subject = truth.run?["scenario"]?.text ?? truth.run?["plan"]?.text
        if case .number(let seed)? = truth.run?["seed"] { report.seed = seed }
        report.isWhole = truth.hasEnd
        report.bad = truth.bad
        report.rows.rejected = truth.badCount
        if let result = options.result {
            try read(result)
            if truth.isReference { truth.explainReference() }
            count()
        }
        if let ledger = options.ledger { hold(try LedgerFile(ledger)) }
        judgeAll()
        return report
    }

    // MARK: - The result

    private func read(_ file: String) throws(ScoreFailure) {
        let reader = try ResultReader(file, told: options.columns)
        while let line = try reader.next(), !Interruption.isAsked {
            switch line {
            case .row(let row): take(row, file)
            case .other: report.rows.other += 1
            case .bad(let line, let words):
                report.rows.rejected += 1
                if report.bad.count < options.shown { report.bad.append((file, line, words)) }
            }
        }
        report.columns = ScoreColumn.allCases.compactMap { column in reader.meant[column].map { (column, $0) } }
    }

    private func take(_ row: ResultRow, _ file: String) {
        report.rows.all += 1
        let packets = truth.packets
        var spacecraft: Int?
        if let name = row.spacecraft {
            spacecraft = packets.place(named: name)
            guard spacecraft != nil else { return invent(row, file, "no spacecraft of the truth is called so") }
        }
        let candidates = packets.candidates(spacecraft, row.apid, row.count, most: Self.most.packets)
        guard let place = choose(row, candidates) else {
            return invent(row, file, "no packet has this APID and count")
        }
        let packet = packets.all[place]
        guard packet.state != .neverSent else { return invent(row, file, "it was made and never sent") }
        var isRepeated = packet.found >= packet.allowed
        var bit: UInt32 = 0
        if let name = row.interface, packet.heard != 0 {
            bit = packets.bit(ofInterface: name, of: packet.spacecraft, adding: false) ?? 0
            if bit & packet.heard == 0 { report.rows.elsewhere += 1 }
            // An interface has it once, as long as each has a bit of its own.
            if bit & packet.met != 0, bit != 1 << 31 { isRepeated = true }
        }
        if isRepeated {
            report.rows.repeated += 1
            repeatedByGroup[packet.group, default: 0] += 1
            if report.repeated.count < options.shown {
                var example = example(packet, file, row.line)
                example.words = "row \(Int(packet.found) + 1) of it"
                report.repeated.append(example)
            }
        }
        let isWrong = compare(packet, row, file)
        packets.change(place) {
            $0.found = $0.found == .max ? .max : $0.found + 1
            $0.met |= bit
            if isWrong { $0.isWrong = true }
        }
    }

    private func invent(_ row: ResultRow, _ file: String, _ words: String) {
        report.rows.invented += 1
        guard report.invented.count < options.shown else { return }
        report.invented.append(
            ScoreReport.Example(
                spacecraft: row.spacecraft ?? "", type: nil, apid: row.apid, count: row.count,
                time: row.time.map { CaptureTime(nanoseconds: $0) } ?? .unknown, file: file, line: row.line,
                words: words))
    }

    /// Which of several packets with the same APID and count a row is of: those that are nearest in time, of them the one
    /// whose values are like its own, the first one of which not all rows were met.
    private func choose(_ row: ResultRow, _ candidates: [Int]) -> Int? {
        guard candidates.count > 1 else { return candidates.first }
        let all = truth.packets.all
        var near = candidates
        if let time = row.time {
            let least = candidates.map { Self.distance(all[$0].time, time) }.min() ?? 0
            // Those of two spacecraft, or of copies, are as near.
            near = candidates.filter { Self.distance(all[$0].time, time) <= least &+ 1_000_000_000 || least == .max }
            if truth.isReference { near = candidates.filter { Self.distance(all[$0].time, time) == least } }
        }
        if near.count > 1, near.count <= Self.most.values, !row.values.isEmpty {
            let wrong = near.map { place in
                var wrong = 0
                match(all[place], row) { _, _, _, verdict in if verdict == .wrong { wrong += 1 } }
                return wrong
            }
            let least = wrong.min()
            near = zip(near, wrong).filter { $0.1 == least }.map(\.0)
        }
        return near.first { all[$0].found < all[$0].allowed && all[$0].state == .receivable }
            ?? near.first { all[$0].found < all[$0].allowed } ?? near.first
    }

    private static func distance(_ a: Int64, _ b: Int64) -> UInt64 {
        guard a != .min else { return .max }
        let (difference, overflows) = a.subtractingReportingOverflow(b)
        return overflows ? .max : difference.magnitude
    }

    // MARK: - Values

    /// Compares the values that both have.
    private func match(
        _ packet: ExpectedPackets.Packet, _ row: ResultRow,
        _ take: (String, JSONText, JSONText, ValueJudge.Verdict) -> Void
    ) {
        guard !row.values.isEmpty, !options.ignored.contains("*") else { return }
        let values = truth.values(of: packet)
        // Both are mostly in the same order.
        var next = 0
        for (name, value) in values where !options.ignored.contains(name) {
            var place = next
            while place < row.values.count, row.values[place].name != name { place += 1 }
            if place == row.values.count {
                guard let before = row.values[..<next].firstIndex(where: { $0.name == name }) else { continue }
                place = before
            } else {
                next = place + 1
            }
            take(name, value, row.values[place].value, judge.judge(truth: value, row.values[place].value))
        }
    }

    /// Compares and counts; says whether anything is wrong.
    private func compare(_ packet: ExpectedPackets.Packet, _ row: ResultRow, _ file: String) -> Bool {
        var isWrong = false
        match(packet, row) { name, expected, found, verdict in
            guard verdict != .absent else { return }
            let place = valuePlaces[name] ?? report.values.count
            if place == report.values.count {
                valuePlaces[name] = place
                report.values.append(ScoreReport.Value(name: name))
            }
            guard verdict != .apart else {
                report.values[place].apart += 1
                report.rows.apart += 1
                return
            }
            report.values[place].compared += 1
            report.rows.compared += 1
            guard verdict == .wrong else { return }
            isWrong = true
            report.values[place].wrong += 1
            report.rows.wrong += 1
            guard report.wrong.count < options.shown else { return }
            var example = example(packet, file, row.line)
            (example.parameter, example.expected, example.found) = (name, expected.words, found.words)
            report.wrong.append(example)
        }
        return isWrong
    }

    func example(_ packet: ExpectedPackets.Packet, _ file: String, _ line: Int) -> ScoreReport.Example {
        ScoreReport.Example(
            spacecraft: truth.packets.spacecraft[packet.spacecraft].name, type: truth.record(of: packet)?["type"]?.text,
            apid: packet.apid, count: packet.count,
            time: packet.time == .min ? .unknown : CaptureTime(nanoseconds: packet.time), file: file, line: line)
    }
}
