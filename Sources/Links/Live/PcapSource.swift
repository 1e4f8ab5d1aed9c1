internal import Bytes
internal import CPcap
internal import Capture
internal import Glibc

/// What goes over a network interface, by libpcap.
final class PcapSource: PacketSource {
    let name: String
    let interfaces: [Interface]
    let format: CaptureFormat
    let isLive = true
    private let handle: PcapHandle
    private var counts = LiveCounts()
    private var isClosed = false

    init(_ address: SourceAddress, interface: String, filter: String?) throws(LinkError) {
        name = address.description
        handle = try PcapHandle(address, interface: interface, filter: filter)
        let digits: UInt8 = handle.hasNanoseconds ? 9 : 6
        format = .live(timeDigits: Int(digits))
        var link = Interface(linkType: handle.linkType, snapLength: PcapHandle.snapLength, resolution: digits)
        link.name = interface
        link.description = filter.map { "filter: \($0)" }
        interfaces = [link]
    }

    var packets: UInt64 { counts.packets }
    var uncompressedBytes: UInt64 { counts.octets }
    var dropped: UInt64 { counts.dropped }
    var problems: [Problem] { counts.problems }

    func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        batch.removeAll()
        guard !isClosed, !Interruption.isAsked else { return false }
        guard handle.read(most: batch.capacity) else {
            counts.fail(handle.lastError, &ledger)
            isClosed = true
            return false
        }
        for packet in handle.packets {
            ledger.bytes += packet.extent.count
            batch.append(counts.packet(packet.extent, at: packet.time, original: packet.original))
        }
        guard batch.isEmpty else { return true }
        // The counter is asked for at leisure: each question is a call of the system.
        enterDrops(&ledger)
        _ = Waiting.wait(for: handle.descriptor, until: Waiting.now() + LiveCounts.patience)
        return !Interruption.isAsked
    }

    private func enterDrops(_ ledger: inout Ledger) {
        if let count = handle.dropped { counts.drop(upTo: count, &ledger) }
    }

    func close(into ledger: inout Ledger) {
        guard !isClosed else { return }
        isClosed = true
        enterDrops(&ledger)
    }
}
