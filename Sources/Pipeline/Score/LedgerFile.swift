internal import Bytes

/// What a ledger says of a capture, read from what `inspect --format json` and `run --report` write.
struct LedgerFile {
    /// Octets and frames that should have decoded, by stage and reason.
    private(set) var rejections: [(stage: String, reason: String, count: Int)] = []
    /// Whether every octet is accounted for.
    private(set) var isBalanced = true
    /// What the counts of virtual channels say, or, where there are none, those of APIDs; nil where the file has neither.
    private(set) var channels: Channels?

    /// What counts say.
    struct Channels {
        /// Whether they are of frames, and not of packets.
        var areFrames = true
        var missing = 0, repeated = 0, late = 0
    }

    /// Octets that a file may have.
    private static let longest = 1 << 28

    /// Reads a file: one object, or one a line.
    init(_ name: String) throws(ScoreFailure) {
        let source = try TextSource.open(name, wanted: "JSON")
        let lines = OctetLines(source, longest: Self.longest)
        var octets: [UInt8] = []
        var objects: [JSONText] = []
        while let line = lines.next() {
            if octets.isEmpty, let object = JSONText(line) {
                objects.append(object)
                continue
            }
            // An object that is written over several lines.
            octets += line
            octets.append(0x0A)
            guard octets.count < Self.longest else { break }
        }
        if let words = TextSource.problem(source) { throw ScoreFailure("\(name) cannot be read: \(words)") }
        if !octets.isEmpty {
            guard let object = JSONText(octets) else { throw ScoreFailure("\(name) is no JSON") }
            objects.append(object)
        }
        var ledgers = 0
        for object in objects {
            if let ledger = object["ledger"] {
                ledgers += take(ledger)
                takeChannels(object)
            } else if case .list(let sources)? = object["sources"] {
                for source in sources { ledgers += source["ledger"].map { take($0) } ?? 0 }
            } else {
                ledgers += take(object)
            }
        }
        guard ledgers > 0 else {
            throw ScoreFailure("\(name) holds no ledger: 'starlane inspect --format json' writes one, with all counts")
        }
    }

    private static func integer(_ value: JSONText?) -> Int {
        // No capture has more; sums of what is more would not be numbers any more.
        min(max(value.flatMap(ScoreNumber.init)?.integer ?? 0, 0), 1 << 48)
    }

    private static func list(_ value: JSONText?) -> [JSONText] {
        if case .list(let list)? = value { list } else { [] }
    }

    /// Takes a ledger; gives how many that were.
    private mutating func take(_ ledger: JSONText) -> Int {
        guard case .list(let rows)? = ledger["rejected"], ledger["bytes"] != nil else { return 0 }
        for row in rows {
            let (stage, reason) = (row["stage"]?.text ?? "", row["reason"]?.text ?? "")
            let count = Self.integer(row["count"])
            if let place = rejections.firstIndex(where: { $0.stage == stage && $0.reason == reason }) {
                rejections[place].count += count
            } else {
                rejections.append((stage, reason, count))
            }
        }
        if ledger["balanced"] == .boolean(false) { isBalanced = false }
        return 1
    }

    private mutating func takeChannels(_ report: JSONText) {
        let rows = Self.list(report["channels"])
        let counted = rows.isEmpty ? Self.list(report["apids"]) : rows
        guard !counted.isEmpty else { return }
        var sum = channels ?? Channels(areFrames: !rows.isEmpty)
        for row in counted {
            sum.missing += Self.integer(row["missing"])
            sum.repeated += Self.integer(row["repeated"])
            sum.late += Self.integer(row["late"])
        }
        channels = sum
    }

    /// Takes off what a ledger of the capture says before it was broken: what was amiss already is no fault's doing.
    mutating func subtract(_ before: LedgerFile) {
        for row in before.rejections {
            if let place = rejections.firstIndex(where: { $0.stage == row.stage && $0.reason == row.reason }) {
                rejections[place].count -= row.count
            } else {
                rejections.append((row.stage, row.reason, -row.count))
            }
        }
        rejections.removeAll { $0.count == 0 }
        guard let others = before.channels, channels?.areFrames == others.areFrames else {
            channels = nil
            return
        }
        channels?.missing -= others.missing
        channels?.repeated -= others.repeated
        channels?.late -= others.late
    }

    /// How many frames, or what should have carried them, were rejected.
    var rejectedFrames: Int {
        rejections.reduce(0) { $0 + ($1.stage == "frame" || $1.stage == "transport" ? $1.count : 0) }
    }

    /// The same of packets, where nothing carries them.
    var rejectedPackets: Int { rejections.reduce(0) { $0 + ($1.stage == "packet" ? $1.count : 0) } }
}
