internal import BeiDou
internal import Bytes
internal import Capture
internal import Records
internal import Transport

/// Wraps units as Wireshark's upper PDUs (LINKTYPE_WIRESHARK_UPPER_PDU), so that packets cut out of frames and streams open
/// as what they are: the name of a dissector, whose flow it was, the number of the packet it was completed by, its octets.
///
///     octets  0 1   2 3      4 …
///             tag   length   value, `length` octets      big-endian; tag 0 ends them
final class UpperPDUs {
    private let arena = Arena()
    private let headers = ByteBuffer()
    private var known: [UInt64: Header] = [:]
    private var last: (key: UInt64, header: Header)?

    /// What stands in front of the units of a flow for a dissector.
    private struct Header {
        /// Where its tags stand in `headers`.
        let range: Range<Int>
        let interface: UInt32
    }

    private enum Tag {
        static let end: UInt16 = 0
        static let dissector: UInt16 = 12
        static let ipv4 = (source: 20 as UInt16, destination: 21 as UInt16)
        static let ipv6 = (source: 22 as UInt16, destination: 23 as UInt16)
        static let portType: UInt16 = 24
        static let port = (source: 25 as UInt16, destination: 26 as UInt16)
        static let frameNumber: UInt16 = 30
    }

    /// What a unit is to Wireshark.
    private enum Dissector: UInt64 {
        case packet, text, octets

        /// The name of the dissector. Wireshark has none for encapsulation packets and terminals' frames; text is shown as
        /// lines.
        var name: String {
            switch self {
            case .packet: "ccsds"
            case .text: "data-text-lines"
            case .octets: "data"
            }
        }

        init(_ unit: Unit) {
            if unit.marks.contains(.message) {
                switch MessageTypes.all[Int(unit.apid)].dialect {
                case .nmea, .rdss2, .regional: self = .text
                case .rdss4, .jtt808: self = .octets
                }
            } else {
                self = unit.marks.contains(.encapsulation) ? .octets : .packet
            }
        }
    }

    /// The interfaces of a capture, as those of upper PDUs: their clocks and names.
    static func interfaces(_ interfaces: [Interface]) -> [Interface] {
        interfaces.map { interface in
            // A bare file has no clock of its own; its lines may have times in front.
            let resolution = interface.linkType == .bareStream ? 9 : interface.resolution
            var upper = Interface(linkType: .upperPDU, resolution: resolution)
            upper.name = interface.name
            upper.description = interface.description
            upper.timeOffset = interface.timeOffset
            return upper
        }
    }

    /// Empties `wrapped` and fills it with the chosen units, whose octets stay until the next call.
    func wrap(
        _ units: borrowing Batch<Unit>, _ chosen: Span<Int32>, _ engine: Engine, into wrapped: inout Batch<Packet>
    ) {
        wrapped.removeAll()
        arena.reset()
        let (headers, arena) = (self.headers, self.arena)
        let records = units.records
        for index in chosen.indices {
            let unit = records[Int(chosen[index])]
            let header = header(of: unit, engine)
            // The number of the packet stands at the end of the tags.
            var number = UInt32(truncatingIfNeeded: unit.packet).bigEndian
            unsafe withUnsafeBytes(of: &number) { octets in
                // The span is used while the number is lent, and not longer.
                unsafe headers.replace(at: header.range.upperBound - 8, with: RawSpan(_unsafeBytes: octets))
            }
            let tags = headers.bytes.slice(at: header.range.lowerBound, count: header.range.count)
            let extent = arena.copy(tags, units.bytes(of: unit))
            wrapped.append(
                Packet(
                    extent: extent, time: unit.time, number: unit.packet, offset: unit.offset,
                    originalLength: UInt32(truncatingIfNeeded: extent.count),
                    interface: header.interface))
        }
    }

    private func header(of unit: Unit, _ engine: Engine) -> Header {
        let dissector = Dissector(unit)
        let key = UInt64(unit.flow) << 8 | dissector.rawValue
        if let last, last.key == key { return last.header }
        let header = known[key] ?? make(dissector, engine.flow(at: Int(unit.flow)).key)
        known[key] = header
        last = (key, header)
        return header
    }

    private func make(_ dissector: Dissector, _ flow: FlowKey) -> Header {
        let start = headers.count
        append(dissector, flow)
        return Header(range: start..<headers.count, interface: flow.interface)
    }

    private func append(_ dissector: Dissector, _ flow: FlowKey) {
        var name = Array(dissector.name.utf8)
        while name.count % 4 != 0 { name.append(0) }
        append(Tag.dissector, name)
        let (source, destination) = (flow.source, flow.destination)
        if !source.isEmpty {
            let tags = source.count == 4 ? Tag.ipv4 : Tag.ipv6
            append(tags.source, source)
            append(tags.destination, destination)
        }
        let portType: UInt32? =
            switch flow.kind {
            case .tcp: 2
            case .udp: 3
            case .bareLink, .bareStream, .upperPDU: nil
            }
        if let portType {
            append(Tag.portType, portType)
            append(Tag.port.source, UInt32(flow.sourcePort))
            append(Tag.port.destination, UInt32(flow.destinationPort))
        }
        append(Tag.frameNumber, 0 as UInt32)
        append(Tag.end, [])
    }

    private func append(_ tag: UInt16, _ value: UInt32) {
        append(tag, [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) })
    }

    private func append(_ tag: UInt16, _ value: [UInt8]) {
        let length = UInt16(value.count)
        headers.append(
            octets: [UInt8(tag >> 8), UInt8(tag & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF)] + value)
    }
}
