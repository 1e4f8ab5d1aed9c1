import Bytes

/// Bare streams: no capture at all, octets one behind the other.
extension CaptureReader {
    /// Octets of a piece: small enough to stay in a cache, large enough to be few.
    private static var pieceSize: Int { 1 << 18 }

    /// Hands on what is in reach, in pieces; the octets are entered by whoever takes them.
    func readBareStream(_ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        let whole = input.extent
        let base = input.offset
        var at = 0
        while at < whole.count, !batch.isFull {
            let length = min(Self.pieceSize, whole.count - at)
            batch.append(
                Packet(
                    extent: whole.slice(at: at, count: length), time: .unknown, number: 0,
                    offset: base + UInt64(at), originalLength: UInt32(length), interface: 0))
            at += length
        }
        ledger.bytes += at
        input.skip(at)
    }
}
