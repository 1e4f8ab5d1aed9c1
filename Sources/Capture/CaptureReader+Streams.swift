import Bytes

/// Bare streams: no capture at all, octets one behind the other.
extension CaptureReader {
    /// Octets of a piece: what is decoded from it, a record and its values for each message or packet, has to stay in a
    /// cache together with it. Four pieces of this size and more take up to twice as long.
    private static var pieceSize: Int { 1 << 16 }

    /// Hands on the next piece of what is in reach; the octets are entered by whoever takes them.
    func readBareStream(_ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        let whole = input.extent
        guard whole.count > 0 else { return }
        let length = min(Self.pieceSize, whole.count)
        batch.append(
            Packet(
                extent: whole.prefix(length), time: .unknown, number: 0, offset: input.offset,
                originalLength: UInt32(length), interface: 0))
        ledger.bytes += length
        input.skip(length)
    }
}
