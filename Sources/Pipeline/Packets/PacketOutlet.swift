public import Bytes
internal import Capture

/// Writes packets that were made into an outlet: as they are, as lines of hexadecimal digits, or as a capture.
public final class PacketOutlet {
    /// How they are written.
    public enum Format: String, Sendable, CaseIterable {
        /// Octets, one packet behind the other.
        case packets
        /// Hexadecimal digits, a line a packet.
        case hex
        /// A classic capture of upper PDUs.
        case pcap
        /// A pcapng of upper PDUs.
        case pcapng

        /// The format that the name of a file asks for; nil where it asks for none.
        public static func named(by path: String) -> Format? {
            for (ending, format) in [(".pcap", Format.pcap), (".pcapng", .pcapng), (".hex", .hex)]
            where path.hasSuffix(ending) { return format }
            return nil
        }
    }

    private let outlet: any Outlet
    private let writer: CaptureWriter?
    private let format: Format
    private let octets = ByteBuffer(capacity: 1 << 17)
    private var text = TextBuffer(capacity: 1 << 16)
    private var ends: [Int] = []
    /// Tags of an upper PDU that is a space packet: the name of the dissector, and their end.
    private static let tags: [UInt8] = [0, 12, 0, 8] + Array("ccsds".utf8) + [0, 0, 0] + [0, 0, 0, 0]
    private static let pieceSize = 1 << 16

    /// A writer into an outlet.
    public init(_ outlet: any Outlet, _ format: Format) {
        self.outlet = outlet
        self.format = format
        switch format {
        case .pcap: writer = CaptureWriter(.pcap)
        case .pcapng: writer = CaptureWriter(.pcapng)
        case .packets, .hex: writer = nil
        }
    }

    /// Writes a packet.
    public func write(_ packet: [UInt8], at time: CaptureTime) throws(OutputFile.Failure) {
        switch format {
        case .packets:
            octets.append(octets: packet)
            ends.append(octets.count)
        case .hex:
            text.appendHex(packet.octets)
            text.append("\n")
        case .pcap, .pcapng: try writer.map { (writer) throws(OutputFile.Failure) in try capture(packet, time, writer) }
        }
        if octets.count + text.count + (writer?.buffer.count ?? 0) >= Self.pieceSize { try flush() }
    }

    private func capture(
        _ packet: [UInt8], _ time: CaptureTime, _ writer: CaptureWriter
    ) throws(OutputFile.Failure) {
        octets.removeAll()
        octets.append(octets: Self.tags)
        octets.append(octets: packet)
        var batch = Batch<Packet>(capacity: 1)
        batch.append(
            Packet(
                extent: octets.extent, time: time, number: UInt64(writer.packets + 1), offset: 0,
                originalLength: UInt32(octets.count), interface: 0))
        do throws(CaptureWriter.Refusal) {
            try writer.append(batch, interfaces: [Interface(linkType: .upperPDU, resolution: 9)])
        } catch {
            throw OutputFile.Failure(isBrokenPipe: false, description: error.description)
        }
        octets.removeAll()
    }

    /// Hands on what waits.
    public func flush() throws(OutputFile.Failure) {
        if let writer {
            try outlet.write(writer.buffer, .whole(records: 0))
        } else if format == .hex {
            try outlet.write(&text)
        } else if octets.count > 0 {
            let cut = Cut.ends(ends)
            ends.removeAll(keepingCapacity: true)
            try outlet.write(octets, cut)
        }
    }

    /// Writes what is left; the outlet is not closed.
    public func finish() throws(OutputFile.Failure) {
        writer?.finish()
        try flush()
    }
}
