internal import BeiDou
internal import Bytes
internal import Records

/// The chosen packets and messages themselves, as they go over a line: one behind the other in a file or over a stream, a
/// datagram each over UDP.
///
/// Packets are their octets, and so are RDSS 4.0 frames; a sentence ends with carriage return and line feed; a JT/T 808
/// message is framed and escaped anew, in as many parts as its length takes.
final class PacketSink: RecordSink {
    private let file: any Outlet
    /// The dialect of each type; nil for packets.
    private let dialects: [Dialect?]
    private let octets = ByteBuffer(capacity: 1 << 18)
    /// Where each of the packets ends.
    private var ends: [Int] = []

    /// So many octets are handed on at once.
    private static let pieceSize = 1 << 17
    private static let lineEnd: InlineArray<2, UInt8> = [0x0D, 0x0A]

    init(_ file: any Outlet, types: [PacketType]) {
        self.file = file
        dialects = types.map { $0.dialect.flatMap(Dialect.init) }
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        let types = decoded.types
        for place in 0..<chosen.count {
            let index = Int(chosen[place])
            append(units.bytes(of: units[index]), types[index] >= 0 ? dialects[Int(types[index])] : nil)
            ends.append(octets.count)
            if octets.count >= Self.pieceSize { try flush() }
        }
    }

    private func append(_ packet: RawSpan, _ dialect: Dialect?) {
        switch dialect {
        case .jtt808:
            // What was decoded has a header, so it can be framed.
            let frames = (try? JTT808Framing.frames(packet.copied())) ?? JTT808Framing.escape(packet.copied())
            octets.append(frames.octets)
        case .rdss2, .regional, .nmea:
            octets.append(packet)
            octets.append(Self.lineEnd.span.octets)
        case .rdss4, nil: octets.append(packet)
        }
    }

    func flush() throws(OutputFile.Failure) {
        guard octets.count > 0 else { return }
        let cut = Cut.ends(ends)
        ends.removeAll(keepingCapacity: true)
        try file.write(octets, cut)
    }

    func finish() throws(OutputFile.Failure) { try flush() }
}
