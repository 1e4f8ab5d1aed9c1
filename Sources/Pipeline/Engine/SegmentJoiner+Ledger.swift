internal import Bytes
internal import CCSDS

extension SegmentJoiner {
    /// Enters the parts that could not be joined; their octets were entered when they were decoded.
    func enterBroken(into ledger: inout Ledger) {
        guard broken + waiting > 0 else { return }
        let place = firstBroken ?? (packet: 0, offset: 0)
        ledger.reject(
            .packet, "segments that are missing their others", count: broken + waiting, bytes: 0, packet: place.packet,
            offset: place.offset)
    }
}
