public import Bytes
public import Faults
public import Links

/// What a replay sent, what it did not, and how exactly it kept time.
public struct ReplayReport: Sendable {
    /// Packets with a reason, in the order met.
    public struct Reasons: Sendable {
        /// A row a reason.
        public private(set) var rows: [(reason: String, packets: Int)] = []

        /// All together.
        public var total: Int { rows.reduce(0) { $0 + $1.packets } }

        mutating func add(_ reason: String, _ packets: Int) {
            guard packets > 0 else { return }
            if let row = rows.firstIndex(where: { $0.reason == reason }) {
                rows[row].packets += packets
            } else {
                rows.append((reason, packets))
            }
        }

        mutating func add(_ other: Reasons) { for row in other.rows { add(row.reason, row.packets) } }
    }

    /// Packets of captures that were read.
    public var read: UInt64 = 0
    /// Packets that left, of the layer that was asked for.
    public var sent = 0
    /// Their octets.
    public var octets = 0
    /// What nobody asked to be sent.
    public var skipped = Reasons()
    /// What should have been sent, or should have come, and did not.
    public var failed = Reasons()
    /// From the first packet to the last, in nanoseconds.
    public var duration: Int64 = 0
    /// How late packets left; nothing is counted where nothing was due.
    public var lateness = Lateness()
    /// Packets that were captured before the one in front of them.
    public var backwards = 0
    /// Packets without a time.
    public var untimed = 0
    /// Whether the user ended it.
    public var isInterrupted = false
    /// The number of the captured packet up to which all has left, where it ended early; nil: all has.
    public var left: UInt64?
    /// The clients of a port, where that was a target.
    public var clients: [PacketSender.Client] = []
    /// What else a person should know.
    public var notes: [String] = []
    /// Why it ended early, or what could not be read: lines for people.
    public var problems: [String] = []

    /// What should have decoded and did not, of each file.
    public var damage: [(file: String, row: Ledger.Rejection)] = []

    /// What was broken on purpose; nil where nothing was to be.
    public var faults: Faults?

    /// What was broken on purpose of what was sent.
    public struct Faults: Sendable {
        /// The plan, and what its random numbers were made of.
        public let plan: String, seed: UInt64
        /// What came of it.
        public let counts: FaultCounts
    }

    /// Whether all that was asked for was sent.
    public var isComplete: Bool { failed.rows.isEmpty && problems.isEmpty && damage.isEmpty && !isInterrupted }

    /// Adds the report as a JSON object and a line feed.
    public func write(json out: inout TextBuffer) {
        func reasons(_ row: (reason: String, packets: Int), _ out: inout TextBuffer) {
            out.append("{")
            out.member("reason", row.reason)
            out.member("packets", row.packets)
            out.append("}")
        }
        out.append("{")
        out.member("packets_read", read)
        out.member("packets_sent", sent)
        out.member("octets_sent", octets)
        out.member("seconds", thousandths: Double(duration) / 1e9)
        out.member("skipped", skipped.rows, reasons)
        out.member("failed", failed.rows, reasons)
        out.member("times_backwards", backwards)
        out.member("times_unknown", untimed)
        if let faults {
            out.member("faults")
            out.append("{")
            out.member("plan", faults.plan)
            out.member("seed", faults.seed)
            faults.counts.write(members: &out)
            out.append("}")
        }
        out.member("lateness_us")
        if lateness.count > 0 {
            func microseconds(_ share: Double) -> Double? { lateness.quantile(share).map { Double($0) / 1000 } }
            out.append("{")
            out.member("packets", lateness.count)
            out.member("median", thousandths: microseconds(0.5))
            out.member("p99", thousandths: microseconds(0.99))
            out.member("worst", thousandths: Double(lateness.worst) / 1000)
            out.append("}")
        } else {
            out.append("null")
        }
        out.member("clients", clients) { client, out in
            out.append("{")
            out.member("address", client.name)
            out.member("packets", client.packets)
            out.member("octets", client.octets)
            out.member("lost", client.lost)
            out.member("left_early", client.hasLeft)
            out.append("}")
        }
        out.member("damage", damage) { damage, out in
            out.append("{")
            out.member("file", damage.file)
            out.member("stage", damage.row.stage.rawValue)
            out.member("reason", damage.row.reason)
            out.member("count", damage.row.count)
            out.member("bytes", damage.row.bytes)
            out.append("}")
        }
        out.member("interrupted", isInterrupted)
        out.member("problems", problems) { $1.appendJSON($0) }
        out.member("notes", notes) { $1.appendJSON($0) }
        out.append("}\n")
    }
}
