internal import Bytes
internal import Capture

/// The octets of a serial line, as pieces of a bare stream.
final class SerialSource: PacketSource {
    let name: String
    let interfaces: [Interface]
    let format = CaptureFormat.liveStream
    let isLive = true
    let isDedicated = true
    private let link: SerialLink
    private let buffer = ByteBuffer()
    private var counts = LiveCounts()
    private var isClosed = false
    /// Octets that are still to be read where it is to end.
    private var left: Int?

    init(_ address: SourceAddress, device: String, baud: Int) throws(LinkError) {
        name = address.description
        var line = Interface(linkType: .bareStream, resolution: 9)
        line.name = device
        interfaces = [line]
        link = try SerialLink(device: device, baud: baud)
    }

    /// The pieces of a stream are no packets of anybody's.
    var packets: UInt64 { 0 }
    var uncompressedBytes: UInt64 { counts.octets }
    var problems: [Problem] { counts.problems }

    func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        batch.removeAll()
        buffer.removeAll()
        if Interruption.isAsked { _ = end() }
        if isClosed || left.map({ $0 <= 0 }) ?? false { return false }
        guard Waiting.wait(for: link.descriptor, until: Waiting.now() + (left == nil ? LiveCounts.patience : 0)).isReady
        else { return left == nil }
        do throws(LinkError) {
            switch try link.read() {
            case .nothing: return left == nil
            case .ended:
                isClosed = true
                return false
            case .octets(let octets):
                left = left.map { $0 - octets.count }
                buffer.append(octets.octets)
                ledger.bytes += octets.count
                batch.append(counts.packet(buffer.extent, at: .now))
                return true
            }
        } catch {
            counts.fail(error.description, &ledger)
            isClosed = true
            return false
        }
    }

    func end() -> Bool {
        left = left ?? SystemQueue.incoming(link.descriptor)
        return !isClosed
    }

    func close(into ledger: inout Ledger) { isClosed = true }
}
