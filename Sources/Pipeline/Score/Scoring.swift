internal import Bytes
internal import Records

/// Rates what a decoder made of a capture against the truth of it.
public final class Scoring {
    let options: ScoreOptions
    let truth: Truth
    private let judge: ValueJudge
    var report = ScoreReport()
    private var values: ValueTally
    private let isIgnored: [Bool]
    let ignoresAll: Bool
    var repeatedByGroup: [UInt64: Int] = [:]
    /// What the times of the result are: set when the first rows ask for it.
    var clock = RowClock()
    var unreadTimes: (count: Int, example: String?) = (0, nil)
    /// Whether any row could be of several packets.
    private(set) var wasAmbiguous = false

    /// Of packets with one APID and count so many are looked at, and of so many the values; by so many rows, or so many octets
    /// of them, it is seen what their times are.
    static let most = (packets: 4_096, values: 32, rows: 512, octets: 1 << 24)

    /// Reads the truth.
    public init(_ options: ScoreOptions) throws(ScoreFailure) {
        self.options = options
        judge = ValueJudge(tolerance: options.tolerance)
        truth = try Truth(options.truth, reference: options.reference, shown: options.shown)
        values = ValueTally(truth.names.names)
        ignoresAll = options.ignored.contains("*")
        isIgnored = try Self.ignored(options, truth)
        guard options.result == nil || truth.packets.count > 0 else {
            throw ScoreFailure(Self.hasNone(options, truth))
        }
        guard options.result != nil || options.ledger != nil else {
            throw ScoreFailure("nothing is held against \(options.truth): name a result, or give --ledger")
        }
    }

    /// Words for a truth, or a reference, without packets.
    private static func hasNone(_ options: ScoreOptions, _ truth: Truth) -> String {
        if truth.isReference {
            return "\(options.reference ?? "") has no packet: 'starlane decode --format jsonl' writes a line for each"
        }
        guard truth.messages.sent == 0 else {
            return "\(options.truth) has no record of a packet, but \(truth.messages.sent) of messages of terminals "
                + "(\(truth.messages.received) received), which are not rated: score rates packets and ledgers alone"
        }
        return
            "\(options.truth) has no record of a packet: name by --reference what is decoded of the capture before it "
            + "was broken, or leave the result out and give --ledger"
    }

    /// Which of the truth's parameters are ignored, by names and by patterns as `adcs_*`.
    private static func ignored(_ options: ScoreOptions, _ truth: Truth) throws(ScoreFailure) -> [Bool] {
        let names = truth.names.names
        var isIgnored = [Bool](repeating: false, count: names.count)
        for pattern in options.ignored.sorted() where pattern != "*" {
            let found = names.indices.filter { matches(names[$0].utf8[...], pattern.utf8[...]) }
            guard options.result == nil || !found.isEmpty else {
                throw ScoreFailure(
                    "--ignore \(pattern): no parameter of the truth is called so\(Names.hint(pattern, in: names))")
            }
            for place in found { isIgnored[place] = true }
        }
        return isIgnored
    }

    /// Whether a name is as a pattern says, in which a star stands for anything.
    private static func matches(_ name: Substring.UTF8View, _ pattern: Substring.UTF8View) -> Bool {
        let star = UInt8(ascii: "*")
        var (name, pattern) = (name, pattern)
        // Where the last star stood, and what of the name was behind it.
        var retry: (name: Substring.UTF8View, pattern: Substring.UTF8View)?
        while !name.isEmpty {
            if pattern.first == star {
                pattern = pattern.dropFirst()
                retry = (name, pattern)
            } else if pattern.first == name.first {
                (name, pattern) = (name.dropFirst(), pattern.dropFirst())
            } else {
                guard let last = retry else { return false }
                name = last.name.dropFirst()
                pattern = last.pattern
                retry = (name, pattern)
            }
        }
        return pattern.allSatisfy { $0 == star }
    }

    /// Reads the result and the ledger, and judges.
    public func run() throws(ScoreFailure) -> ScoreReport {
        report.truth = options.truth
        (report.result, report.ledgerFile, report.reference) = (options.result, options.ledger, options.reference)
        report.referenceLedger = options.referenceLedger
        report.command = truth.run?["command"]?.text
        report.subject = truth.run?["scenario"]?.text ?? truth.run?["plan"]?.text
        if case .number(let seed)? = truth.run?["seed"] { report.seed = seed }
        report.isWhole = truth.hasEnd
        report.messages = truth.messages
        report.bad = truth.bad
        report.rows.rejected = truth.badCount
        if let result = options.result {
            try read(result)
            values.write(to: &report)
            if truth.isReference { truth.explainReference() }
            count()
        }
        if let name = options.ledger {
            var ledger = try LedgerFile(name)
            if let before = options.referenceLedger { ledger.subtract(try LedgerFile(before)) }
            hold(ledger)
        }
        judgeAll()
        return report
    }

    // MARK: - The result

    private func read(_ file: String) throws(ScoreFailure) {
        let reader = try ResultReader(file, told: options.columns, truth: truth.names)
        // Rows that may be of several packets wait until it is known what their times are.
        var waiting: [(row: ResultRow, line: ScoreLine)] = []
        var samples: [RowClock.Sample] = []
        var (octets, isSet) = (0, false)
        func settle() {
            (isSet, wasAmbiguous) = (true, true)
            setClock(samples)
            for (row, line) in waiting { take(row, line, of: file) }
            waiting.removeAll()
        }
        while let line = try reader.next(), !Interruption.isAsked {
            switch line {
            case .row(let row):
                guard !isSet, let places = candidates(row), !places.isEmpty else {
                    take(row, reader.line, of: file)
                    continue
                }
                if samples.count < Self.most.rows, let sample = sample(row, reader.line, places) {
                    samples.append(sample)
                }
                guard places.count > 1 else {
                    take(row, reader.line, of: file)
                    continue
                }
                waiting.append((row, reader.line))
                octets += reader.line.tape.octets.count
                if waiting.count >= Self.most.rows || octets >= Self.most.octets { settle() }
            case .other: report.rows.other += 1
            case .bad(let line, let words):
                report.rows.rejected += 1
                if report.bad.count < options.shown { report.bad.append((file, line, words)) }
            }
        }
        if !waiting.isEmpty { settle() }
        report.columns = ScoreColumn.allCases.compactMap { column in reader.meant[column].map { (column, $0) } }
        reportClock(reader.meant[.time])
    }

    /// The packets that a row can be of; nil where the truth has no such spacecraft.
    func candidates(_ row: ResultRow) -> [Int]? {
        var spacecraft: Int?
        if let name = row.spacecraft {
            spacecraft = truth.packets.place(named: name)
            guard spacecraft != nil else { return nil }
        }
        return truth.packets.candidates(spacecraft, row.apid, row.count, most: Self.most.packets)
    }

    private func take(_ row: ResultRow, _ line: ScoreLine, of file: String) {
        report.rows.all += 1
        let packets = truth.packets
        guard let candidates = candidates(row) else {
            return invent(row, line, of: file, "no spacecraft of the truth is called so")
        }
        guard let place = choose(row, line, among: candidates) else {
            return invent(row, line, of: file, "no packet has this APID and count")
        }
        let packet = packets.all[place]
        guard packet.state != .neverSent else { return invent(row, line, of: file, "it was made and never sent") }
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
        let isWrong = compare(place, row, line, of: file)
        packets.change(place) {
            $0.found = $0.found == .max ? .max : $0.found + 1
            $0.met |= bit
            if isWrong { $0.isWrong = true }
        }
    }

    private func invent(_ row: ResultRow, _ line: ScoreLine, of file: String, _ words: String) {
        report.rows.invented += 1
        guard report.invented.count < options.shown else { return }
        report.invented.append(
            ScoreReport.Example(
                spacecraft: row.spacecraft ?? "", type: nil, apid: row.apid, count: row.count,
                time: ResultTime.nanoseconds(line.tape, row.time).map { CaptureTime(nanoseconds: $0) } ?? .unknown,
                file: file, line: row.line, words: words))
    }

    // MARK: - Values

    /// A value of the truth, and that of a result.
    struct Pair {
        let name: Int
        /// Where they stand; a result that has none has it nowhere.
        let expected: Int
        let found: Int
        let verdict: ValueJudge.Verdict
    }

    /// Compares the values of the truth with those of a result.
    func match(_ truth: ScoreLine, _ result: ScoreLine) -> [Pair] {
        var pairs: [Pair] = []
        pairs.reserveCapacity(truth.values.count)
        // Both are mostly in the same order.
        var next = 0
        for (name, expected) in truth.values where !isIgnored[name] {
            var place = next
            while place < result.values.count, result.values[place].name != name { place += 1 }
            if place == result.values.count {
                guard let before = result.values[..<next].firstIndex(where: { $0.name == name }) else {
                    // An empty text and no text look alike in a table.
                    let isTold = truth.tape.values[expected].kind != .null && !truth.tape.isEmpty(at: expected)
                    if isTold { pairs.append(Pair(name: name, expected: expected, found: -1, verdict: .missing)) }
                    continue
                }
                place = before
            } else {
                next = place + 1
            }
            let found = result.values[place].place
            let verdict = judge.judge(truth.tape, expected, result.tape, found)
            if verdict != .untold { pairs.append(Pair(name: name, expected: expected, found: found, verdict: verdict)) }
        }
        return pairs
    }

    /// Compares and counts; says whether anything is wrong.
    private func compare(_ place: Int, _ row: ResultRow, _ found: ScoreLine, of file: String) -> Bool {
        guard !ignoresAll else { return false }
        let expected = truth.line(of: place)
        let pairs = match(expected, found)
        guard values.add(pairs) else { return false }
        for pair in pairs where pair.verdict == .wrong && report.wrong.count < options.shown {
            var example = example(truth.packets.all[place], file, row.line)
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
