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
    private var ending: LiveEnding?
    /// Whether what the system was gathering in the end has been waited for.
    private var hasWaited = false

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
        if Interruption.isAsked { _ = end() }
        guard !isClosed, ending?.isOver != true else { return false }
        guard handle.read(most: batch.capacity) else {
            counts.fail(handle.lastError, &ledger)
            isClosed = true
            return false
        }
        for packet in handle.packets {
            ledger.bytes += packet.extent.count
            batch.append(counts.packet(packet.extent, at: packet.time, original: packet.original))
            ending?.take(packet.extent.count, at: packet.time)
        }
        guard batch.isEmpty else { return true }
        if ending != nil {
            // It hands over what it gathers within the patience of the handle, packets or not.
            guard !hasWaited else { return false }
            hasWaited = true
        }
        // The counter is asked for at leisure: each question is a call of the system.
        enterDrops(&ledger)
        _ = Waiting.wait(for: handle.descriptor, until: Waiting.now() + LiveCounts.patience)
        return true
    }

    private func enterDrops(_ ledger: inout Ledger) {
        if let count = handle.dropped { counts.drop(upTo: count, &ledger) }
    }

    func end() -> Bool {
        ending = ending ?? LiveEnding(octets: PcapHandle.buffer)
        return !isClosed
    }

    func close(into ledger: inout Ledger) {
        guard !isClosed else { return }
        isClosed = true
        enterDrops(&ledger)
    }
}
