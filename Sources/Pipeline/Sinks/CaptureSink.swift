package import Bytes
package import Capture
package import Records

/// Writes what chosen units came in, or the units themselves, as a capture file.
///
///     while engine.next(into: &units) {
///         try sink.write(units, chosen: chosen, engine: engine)     // every batch, also one without units
///     }
///     try sink.finish()
package final class CaptureSink {
    /// What is written.
    package enum Content: Sendable {
        /// The packets of the capture that a unit came in, as they were captured: from the one that holds its first octet
        /// to the one that completed it.
        case packets
        /// The units themselves, as upper PDUs.
        case units
    }

    private let file: any Outlet
    private let writer: CaptureWriter
    private let comment: CaptureComment?
    private let makeInput: (CaptureWriter.Capture) -> Input
    private var input: Input
    /// The captures that were begun, by number.
    private var inputs: [Int: Input] = [:]
    private var found = Batch<Packet>()
    private var lateCount = 0
    /// Units of captures that have ended that lack their beginning, and that were not found at all.
    private var endedUnits = (cut: 0, missing: 0)
    private var handedOn = 0

    /// What is known of one capture.
    private final class Input {
        let keeper: PacketKeeper?
        let upper: UpperPDUs?
        let written: CaptureWriter.Capture
        var interfaces: [Interface] = []
        var lastNumber: UInt64 = 0

        init(_ written: CaptureWriter.Capture, _ keeper: PacketKeeper?, _ upper: UpperPDUs?) {
            (self.written, self.keeper, self.upper) = (written, keeper, upper)
        }
    }

    /// Octets that are written at once: as many as stay in the nearer cache.
    private static let pieceSize = 1 << 18

    /// A sink into a file.
    ///
    /// - Parameters:
    ///   - comment: why a packet is kept, what a pcapng says of each; nil for nothing. A classic pcap has no comments.
    ///   - kept: octets of packets that are kept at most because units may have begun in them.
    ///   - joined: whether units come joined by their sequence flags.
    package init(
        _ file: any Outlet, _ format: CaptureWriter.Format, _ content: Content = .packets, comment: String? = nil,
        kept: Int = 64 << 20, joined: Bool = false
    ) {
        self.file = file
        writer = CaptureWriter(format)
        self.comment = comment.map { CaptureComment([$0]) }
        makeInput = {
            Input(
                $0, content == .packets ? PacketKeeper(limit: kept, joined: joined) : nil,
                content == .units ? UpperPDUs() : nil)
        }
        input = makeInput(writer.beginCapture())
        inputs[0] = input
    }

    /// Begins another capture, that of another engine; several may be written by turns.
    package func beginCapture(_ number: Int = 0) {
        endCapture(number)
        input = makeInput(writer.beginCapture())
        inputs[number] = input
    }

    /// Forgets a capture: nothing more comes of it.
    package func endCapture(_ number: Int) {
        guard let ended = inputs.removeValue(forKey: number) else { return }
        endedUnits.cut += ended.keeper?.cut ?? 0
        endedUnits.missing += ended.keeper?.missing ?? 0
    }

    private func turn(to capture: Int) {
        guard let next = inputs[capture], next !== input else { return }
        input = next
        writer.turn(to: next.written)
    }

    /// Writes what belongs to the chosen units of an engine's last batch. It has to be called for each of them.
    ///
    /// - Parameters:
    ///   - chosen: indexes into `units`, in rising order.
    ///   - capture: the engine's number.
    package func write(
        _ units: borrowing Batch<Unit>, chosen: Span<Int32>, engine: Engine, capture: Int = 0
    ) throws(OutputFile.Failure) {
        turn(to: capture)
        let (keeper, upper) = (input.keeper, input.upper)
        try meet(engine.reader.interfaces)
        let isBare = engine.reader.format.kind == .bareStream
        if !isBare { keeper?.keep(engine) }
        guard chosen.count > 0 else { return }
        if isBare, keeper != nil { throw Self.failure(writer.refusal(0)) }
        if let upper {
            upper.wrap(units, chosen, engine, into: &found)
        } else {
            keeper?.find(units, chosen, engine, into: &found)
            noteLate()
        }
        do {
            try writer.append(found, interfaces: input.interfaces, comment: comment)
        } catch {
            throw Self.failure(error)
        }
        if writer.buffer.count >= Self.pieceSize { try flush() }
    }

    /// Takes note of interfaces: a file without a packet has them, too.
    private func meet(_ added: [Interface]) throws(OutputFile.Failure) {
        guard added.count > input.interfaces.count else { return }
        input.interfaces = input.upper == nil ? added : UpperPDUs.interfaces(added)
        // By themselves: what may be dropped is packets, and never what describes them.
        try flush()
        writer.meet(input.interfaces)
        try flush()
    }

    /// Writes what was held back, up to the end of a packet: now and then for a live source, which may be stopped at any time.
    package func flush() throws(OutputFile.Failure) {
        let count = writer.packets - handedOn
        handedOn = writer.packets
        try file.write(writer.buffer, .whole(records: count))
    }

    /// Writes what is left; the file is not closed.
    package func finish(statistics: [InterfaceStatistics] = []) throws(OutputFile.Failure) {
        writer.finish(statistics: statistics)
        try flush()
    }

    /// How many packets were written.
    package var packets: Int { writer.packets }
    /// How many of them have another time than in the capture, which the format cannot hold.
    package var changedTimes: Int { writer.changedTimes }
    /// How many of them stand behind packets that were captured later, since a unit that was completed later asked for them.
    package var late: Int { lateCount }
    /// How many units were written without their beginning, which was no longer kept.
    package var unitsWithoutBeginning: Int { inputs.values.reduce(endedUnits.cut) { $0 + ($1.keeper?.cut ?? 0) } }
    /// How many units were not written, since none of their packets was kept any more.
    package var unitsNotFound: Int { inputs.values.reduce(endedUnits.missing) { $0 + ($1.keeper?.missing ?? 0) } }

    private static func failure(_ refusal: CaptureWriter.Refusal) -> OutputFile.Failure {
        OutputFile.Failure(isBrokenPipe: false, description: refusal.description)
    }

    private func noteLate() {
        for index in 0..<found.count {
            let number = found[index].number
            if number < input.lastNumber { lateCount += 1 } else { input.lastNumber = number }
        }
    }
}
