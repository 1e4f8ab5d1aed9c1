internal import BeiDou
internal import Bytes
internal import Records

/// The chosen packets and messages themselves, as they go over a line: one behind the other in a file or over a stream, a
/// datagram each over UDP.
///
/// Packets are their octets, and so are RDSS 4.0 frames; a sentence ends with carriage return and line feed; a JT/T 808
/// message is framed and escaped anew, in as many parts as its length takes. An entry of a batch of positions goes with its
/// batch; one that was chosen without it becomes a batch of one.
final class PacketSink: RecordSink {
    private let file: any Outlet
    /// The dialect of each type; nil for packets.
    private let dialects: [Dialect?]
    private let entryType: Int?
    /// Where the batch of positions stands that was written last.
    private var batch: (packet: UInt64, offset: UInt64)?
    private let octets = ByteBuffer(capacity: 1 << 18)
    /// Where each of the packets ends.
    private var ends: [Int] = []

    /// So many octets are handed on at once.
    private static let pieceSize = 1 << 17
    private static let lineEnd: InlineArray<2, UInt8> = [0x0D, 0x0A]

    init(_ file: any Outlet, types: [PacketType]) {
        self.file = file
        dialects = types.map { $0.dialect.flatMap(Dialect.init) }
        let entry = JTT808Family.types[JTT808Family.entryType].name
        entryType = types.firstIndex { $0.name == entry && $0.dialect == Dialect.jtt808.rawValue }
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        let types = decoded.types
        for place in 0..<chosen.count {
            let index = Int(chosen[place])
            let unit = units[index]
            let type = Int(types[index])
            guard type != entryType else {
                if let batch, batch == (unit.packet, unit.offset) { continue }
                octets.append(frames(JTT808Family.message(ofEntry: units.bytes(of: unit).copied())).octets)
                ends.append(octets.count)
                continue
            }
            let dialect = type >= 0 ? dialects[type] : nil
            if dialect == .jtt808 { batch = (unit.packet, unit.offset) }
            append(units.bytes(of: unit), dialect)
            ends.append(octets.count)
            if octets.count >= Self.pieceSize { try flush() }
        }
    }

    private func append(_ packet: RawSpan, _ dialect: Dialect?) {
        switch dialect {
        case .jtt808: octets.append(frames(packet.copied()).octets)
        case .rdss2, .regional, .nmea:
            octets.append(packet)
            octets.append(Self.lineEnd.span.octets)
        case .rdss4, nil: octets.append(packet)
        }
    }

    private func frames(_ message: [UInt8]) -> [UInt8] {
        // What was decoded has a header, so it can be framed.
        (try? JTT808Framing.frames(message)) ?? JTT808Framing.escape(message)
    }

    func flush() throws(OutputFile.Failure) {
        guard octets.count > 0 else { return }
        let cut = Cut.ends(ends)
        ends.removeAll(keepingCapacity: true)
        try file.write(octets, cut)
    }

    func finish() throws(OutputFile.Failure) { try flush() }
}
