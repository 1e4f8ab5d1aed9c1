internal import Bytes
internal import Capture
public import Faults
internal import Records

/// Writes the truth of a run: what was broken, as JSON lines (`Specs/truth.md`).
///
/// A record of the run comes first, then one for each fault in the order in which packets went out, and one that ends them.
public final class TruthWriter {
    private let file: any Outlet
    private var text = TextBuffer()
    /// What belongs to whom, as members of JSON, by the numbers that faults carry.
    private var owners: [String] = [""]

    /// Octets that are written at once.
    private static let pieceSize = 1 << 18

    /// A writer into a file.
    public init(into file: any Outlet) { self.file = file }

    /// What a run is, for its record.
    public struct Run: Sendable {
        /// The program with its version, and the command: `starlane 0.1.0`, `corrupt`.
        public var program: String, command: String
        /// What is broken, and what the random numbers are made of.
        public var plan: FaultPlan, seed: UInt64
        /// What of packets can be hit: `payload`, `link`, `datagram`, `packet`, `frame`.
        public var layer: String
        /// What comes in, and where it goes.
        public var sources: [String], outputs: [String]
        /// Whether checksums of UDP and TCP are mended.
        public var mendsChecksums: Bool

        /// A run.
        public init(
            program: String, command: String, plan: FaultPlan, seed: UInt64, layer: String, sources: [String],
            outputs: [String], mendsChecksums: Bool
        ) {
            (self.program, self.command, self.plan, self.seed) = (program, command, plan, seed)
            (self.layer, self.sources, self.outputs) = (layer, sources, outputs)
            self.mendsChecksums = mendsChecksums
        }
    }

    /// Writes the record of the run.
    func begin(_ run: Run) {
        text.append("{")
        text.member("record", "run")
        text.member("truth", 1)
        text.member("program", run.program)
        text.member("command", run.command)
        text.member("seed", run.seed)
        text.member("plan", run.plan.description)
        text.member("layer", run.layer)
        text.member("mends_checksums", run.mendsChecksums)
        text.member("sources", run.sources) { $1.appendJSON($0) }
        text.member("outputs", run.outputs) { $1.appendJSON($0) }
        text.append("}\n")
    }

    /// The number of what packets belong to: an interface, by its number and its name, and a flow, by its own.
    func owner(interface: String?, flow: String?) -> UInt32 {
        var members = TextBuffer(capacity: 64)
        members.append("{")
        if let interface { members.member("interface", interface) }
        if let flow { members.member("flow", flow) }
        owners.append(String(decoding: members.bytes.copied().dropFirst(), as: UTF8.self))
        return UInt32(owners.count - 1)
    }

    /// Writes the record of a fault.
    ///
    /// - Parameters:
    ///   - bits: those of the log that it is in.
    ///   - source: the file, and of several rounds which.
    ///   - index: its place among the run's sources, from 0 on.
    ///   - before: how many packets went out in front of the batch.
    ///   - target: where it goes, where there are several.
    ///   - isOverlooked: the error control field of the frame that was hit is right nevertheless.
    func write(
        _ fault: Fault, _ bits: Lane<UInt32>, source: String, index: Int, round: Int?, before: UInt64,
        target: String? = nil, isOverlooked: Bool = false
    ) {
        text.append("{")
        text.member("record", "fault")
        text.member("kind", fault.kind.name)
        text.member("source", source)
        text.member("source_index", index)
        text.member("round", optional: round)
        text.member("packet", fault.packet)
        text.member("time", fault.time, digits: 9)
        let owner = owners[Int(fault.place.flow)]
        if !owner.isEmpty {
            text.append(",")
            text.append(owner)
        }
        if let target { text.member("target", target) }
        text.member("output", fault.kind == .loss ? nil : Int(before) + fault.index + 1)
        if fault.kind != .bitError { text.member("source_offset", fault.offset) }
        switch fault.kind {
        case .loss: break
        case .bitError:
            place(fault, bits)
            if isOverlooked { text.member("undetected", true) }
        case .truncate:
            text.member("octets", fault.octets)
            text.member("kept", Int(fault.value))
        case .jitter:
            text.member("delay_ns", Int(fault.value))
            text.member("moved_to", fault.moved, digits: 9)
        case .reorder:
            text.member("places", Int(fault.value))
            text.member("moved_to", fault.moved, digits: 9)
        case .duplicate: text.member("copy", Int(before) + fault.index + 2)
        }
        text.append("}\n")
    }

    /// Where bits were turned over.
    private func place(_ fault: Fault, _ bits: Lane<UInt32>) {
        text.member("offset", fault.place.start)
        text.member("octets", fault.place.count)
        text.member("bits", fault.firstBit..<fault.firstBit + fault.bitCount) { $1.append(UInt64(bits[$0])) }
        text.member("source_offset", fault.offset &+ UInt64(fault.place.start))
        if fault.place.lead > 0 { text.member("lead", UInt64(fault.place.lead)) }
        guard fault.place.checksum >= 0 else { return }
        text.member("checksum")
        text.append("{")
        text.member("offset", fault.place.checksum)
        text.member("from", Int(fault.checksum.before))
        text.member("to", Int(fault.checksum.after))
        text.append("}")
    }

    /// Writes out what there is enough of.
    func settle() throws(OutputFile.Failure) {
        if text.count >= Self.pieceSize { try flush() }
    }

    private func flush() throws(OutputFile.Failure) { try file.write(&text, .whole(records: 0)) }

    /// Writes the last record, and puts the file in its place.
    func finish(read: UInt64, sent: UInt64, _ counts: FaultCounts, isInterrupted: Bool) throws(OutputFile.Failure) {
        text.append("{")
        text.member("record", "end")
        text.member("packets_read", read)
        text.member("packets_out", sent)
        counts.write(members: &text)
        text.member("interrupted", isInterrupted)
        text.append("}\n")
        try flush()
        try file.close()
    }
}

extension TextBuffer {
    /// Adds a number where there is one.
    fileprivate mutating func member(_ name: StaticString, optional value: Int?) {
        if let value { member(name, value) }
    }
}

extension FaultCounts {
    /// Adds the counts as members of a JSON object.
    func write(members out: inout TextBuffer) {
        out.member("lost", lost)
        out.member("duplicated", doubled)
        out.member("changed", changed)
        out.member("bits", bits)
        out.member("truncated", cut)
        out.member("reordered", putBack)
        out.member("delayed", delayed)
    }
}
