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
        guard !isClosed, !Interruption.isAsked else { return false }
        guard Waiting.wait(for: link.descriptor, until: Waiting.now() + LiveCounts.patience).isReady else {
            return !Interruption.isAsked
        }
        do throws(LinkError) {
            switch try link.read() {
            case .nothing: return true
            case .ended:
                isClosed = true
                return false
            case .octets(let octets):
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

    func close(into ledger: inout Ledger) { isClosed = true }
}
