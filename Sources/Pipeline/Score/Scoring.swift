internal import Bytes

/// Rates what a decoder made of a capture against the truth of it.
public final class Scoring {
    let options: ScoreOptions
    let truth: Truth
    private let judge: ValueJudge
    var report = ScoreReport()
    private var values: ValueTally
    private let isIgnored: [Bool]
    private let ignoresAll: Bool
    var repeatedByGroup: [UInt64: Int] = [:]

    /// Of packets with one APID and count so many are looked at, and of so many the values.
    private static let most = (packets: 4_096, values: 32)

    /// Reads the truth.
    public init(_ options: ScoreOptions) throws(ScoreFailure) {
        self.options = options
        judge = ValueJudge(tolerance: options.tolerance)
        truth = try Truth(options.truth, reference: options.reference, shown: options.shown)
        values = ValueTally(truth.names.names)
        ignoresAll = options.ignored.contains("*")
        isIgnored = truth.names.names.map { options.ignored.contains($0) }
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
            values.write(to: &report)
            if truth.isReference { truth.explainReference() }
            count()
        }
        if let ledger = options.ledger { hold(try LedgerFile(ledger)) }
        judgeAll()
        return report
    }

    // MARK: - The result

    private func read(_ file: String) throws(ScoreFailure) {
        let reader = try ResultReader(file, told: options.columns, truth: truth.names)
        while let line = try reader.next(), !Interruption.isAsked {
            switch line {
            case .row(let row): take(row, of: reader)
            case .other: report.rows.other += 1
            case .bad(let line, let words):
                report.rows.rejected += 1
                if report.bad.count < options.shown { report.bad.append((file, line, words)) }
            }
        }
        report.columns = ScoreColumn.allCases.compactMap { column in reader.meant[column].map { (column, $0) } }
    }

    private func take(_ row: ResultRow, of reader: ResultReader) {
        report.rows.all += 1
        let packets = truth.packets
        var spacecraft: Int?
        if let name = row.spacecraft {
            spacecraft = packets.place(named: name)
            guard spacecraft != nil else { return invent(row, of: reader, "no spacecraft of the truth is called so") }
        }
        let candidates = packets.candidates(spacecraft, row.apid, row.count, most: Self.most.packets)
        guard let place = choose(row, reader.line, among: candidates) else {
            return invent(row, of: reader, "no packet has this APID and count")
        }
        let packet = packets.all[place]
        guard packet.state != .neverSent else { return invent(row, of: reader, "it was made and never sent") }
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
                var example = example(packet, reader.file, row.line)
                example.words = "row \(Int(packet.found) + 1) of it"
                report.repeated.append(example)
            }
        }
        let isWrong = compare(place, row, of: reader)
        packets.change(place) {
            $0.found = $0.found == .max ? .max : $0.found + 1
            $0.met |= bit
            if isWrong { $0.isWrong = true }
        }
    }

    private func invent(_ row: ResultRow, of reader: ResultReader, _ words: String) {
        report.rows.invented += 1
        guard report.invented.count < options.shown else { return }
        report.invented.append(
            ScoreReport.Example(
                spacecraft: row.spacecraft ?? "", type: nil, apid: row.apid, count: row.count,
                time: ResultRow.time(reader.line.tape, row.time).map { CaptureTime(nanoseconds: $0) } ?? .unknown,
                file: reader.file,
                line: row.line, words: words))
    }

    /// Which of several packets with the same APID and count a row is of: those that are nearest in time, of them the one
    /// whose values are like its own, the first one of which not all rows were met.
    private func choose(_ row: ResultRow, _ line: ScoreLine, among candidates: [Int]) -> Int? {
        guard candidates.count > 1 else { return candidates.first }
        let all = truth.packets.all
        var near = candidates
        if let time = ResultRow.time(line.tape, row.time) {
            // A decoder tells when a packet was made, or when it came, which is hours later where it was stored.
            let distances = candidates.map {
                min(Self.distance(all[$0].time, time), Self.distance(all[$0].sent, time))
            }
            let least = distances.min() ?? 0
            // Those of two spacecraft, or of copies, are as near.
            let most = truth.isReference ? least : min(least, .max - 1_000_000_000) + 1_000_000_000
            near = zip(candidates, distances).filter { $0.1 <= most }.map(\.0)
        }
        if near.count > 1, near.count <= Self.most.values, !line.values.isEmpty, !ignoresAll {
            let wrong = near.map { place in
                match(truth.line(of: place), line).count { $0.verdict == .wrong }
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

    /// A value that both have.
    struct Pair {
        let name: Int
        /// Where they stand.
        let expected: Int
        let found: Int
        let verdict: ValueJudge.Verdict
    }

    /// Compares the values that both have.
    private func match(_ truth: ScoreLine, _ result: ScoreLine) -> [Pair] {
        var pairs: [Pair] = []
        pairs.reserveCapacity(truth.values.count)
        // Both are mostly in the same order.
        var next = 0
        for (name, expected) in truth.values where !isIgnored[name] {
            var place = next
            while place < result.values.count, result.values[place].name != name { place += 1 }
            if place == result.values.count {
                guard let before = result.values[..<next].firstIndex(where: { $0.name == name }) else { continue }
                place = before
            } else {
                next = place + 1
            }
            let found = result.values[place].place
            let verdict = judge.judge(truth.tape, expected, result.tape, found)
            if verdict != .absent { pairs.append(Pair(name: name, expected: expected, found: found, verdict: verdict)) }
        }
        return pairs
    }

    /// Compares and counts; says whether anything is wrong.
    private func compare(_ place: Int, _ row: ResultRow, of reader: ResultReader) -> Bool {
        guard !reader.line.values.isEmpty, !ignoresAll else { return false }
        let (expected, found) = (truth.line(of: place), reader.line)
        let pairs = match(expected, found)
        guard values.add(pairs) else { return false }
        for pair in pairs where pair.verdict == .wrong && report.wrong.count < options.shown {
            var example = example(truth.packets.all[place], reader.file, row.line)
            example.parameter = truth.names.names[pair.name]
            example.expected = JSONText(expected.tape, pair.expected).words
            example.found = JSONText(found.tape, pair.found).words
            report.wrong.append(example)
        }
        return true
    }

    func example(_ packet: ExpectedPackets.Packet, _ file: String, _ line: Int) -> ScoreReport.Example {
        ScoreReport.Example(
            spacecraft: truth.packets.spacecraft[packet.spacecraft].name, type: truth.type(of: packet),
            apid: packet.apid, count: packet.count,
            time: packet.time == .min ? .unknown : CaptureTime(nanoseconds: packet.time), file: file, line: line)
    }
}
