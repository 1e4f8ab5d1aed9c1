internal import Bytes
internal import Records

/// The chosen packets and messages themselves, as they go over a line: one behind the other in a file or over a stream, a
/// datagram each over UDP. ``PacketOctets`` says what their octets are.
final class PacketSink: RecordSink {
    private let file: any Outlet
    private let maker: PacketOctets
    private let octets = ByteBuffer(capacity: 1 << 18)
    /// Where each of the packets ends.
    private var ends: [Int] = []

    /// So many octets are handed on at once.
    private static let pieceSize = 1 << 17

    init(_ file: any Outlet, types: [PacketType]) {
        self.file = file
        maker = PacketOctets(types)
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        let types = decoded.types
        for place in 0..<chosen.count {
            let index = Int(chosen[place])
            let unit = units[index]
            guard maker.append(unit, units.bytes(of: unit), type: Int(types[index]), to: octets) else { continue }
            ends.append(octets.count)
            if octets.count >= Self.pieceSize { try flush() }
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
