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
    private let keeper: PacketKeeper?
    private let upper: UpperPDUs?
    private var interfaces: [Interface] = []
    private var found = Batch<Packet>()
    private var lastNumber: UInt64 = 0
    private var lateCount = 0
    private var handedOn = 0

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
        keeper = content == .packets ? PacketKeeper(limit: kept, joined: joined) : nil
        upper = content == .units ? UpperPDUs() : nil
    }

    /// Begins another capture, that of another engine.
    package func beginCapture() {
        interfaces = []
        writer.beginCapture()
        keeper?.beginCapture()
        upper?.beginCapture()
        lastNumber = 0
    }

    /// Writes what belongs to the chosen units of an engine's last batch. It has to be called for each of them.
    ///
    /// - Parameter chosen: indexes into `units`, in rising order.
    package func write(
        _ units: borrowing Batch<Unit>, chosen: Span<Int32>, engine: Engine
    ) throws(OutputFile.Failure) {
        meet(engine.reader.interfaces)
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
            try writer.append(found, interfaces: interfaces, comment: comment)
        } catch {
            throw Self.failure(error)
        }
        if writer.buffer.count >= Self.pieceSize { try flush() }
    }

    /// Takes note of interfaces: a file without a packet has them, too.
    private func meet(_ added: [Interface]) {
        guard added.count > interfaces.count else { return }
        interfaces = upper == nil ? added : UpperPDUs.interfaces(added)
        writer.meet(interfaces)
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
    package var unitsWithoutBeginning: Int { keeper?.cut ?? 0 }
    /// How many units were not written, since none of their packets was kept any more.
    package var unitsNotFound: Int { keeper?.missing ?? 0 }

    private static func failure(_ refusal: CaptureWriter.Refusal) -> OutputFile.Failure {
        OutputFile.Failure(isBrokenPipe: false, description: refusal.description)
    }

    private func noteLate() {
        for index in 0..<found.count {
            let number = found[index].number
            if number < lastNumber { lateCount += 1 } else { lastNumber = number }
        }
    }
}
