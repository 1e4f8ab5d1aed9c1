import Bytes
import CCSDS
import Records
import Driver
import Transport

/// Any octets are read as frames of any layout, datagram by datagram or as a stream that is cut anywhere: the units'
/// octets are there, and the ledger balances.
///
/// The last eight octets of the input choose the layout and the cuts, so that recorded frames are seeds.
@main
enum Target {
    static func layout(_ tail: RawSpan) -> FrameLayout {
        let flags = tail.u8(at: 0)
        var layout = FrameLayout(kind: flags & 1 == 0 ? .tm : .aos, length: Int(tail.u16(at: 1)))
        if flags & 2 != 0 { layout.marker = FrameLayout.syncMarker }
        layout.hasFECF = flags & 4 != 0
        layout.ocf = flags & 8 != 0
        layout.insertZone = Int(tail.u8(at: 3) & 15)
        layout.headerErrorControl = flags & 16 != 0
        if flags & 32 != 0 { layout.secondaryHeader = Int(tail.u8(at: 3) >> 4) }
        switch tail.u8(at: 4) & 7 {
        case 0: layout.zone = .onePacket(at: Int(tail.u8(at: 5)))
        case 1: layout.zone = .opaque
        case 2: layout.zone = .bitstream
        case 3: layout.zones[Int(tail.u8(at: 5) & 63)] = .bitstream
        default: break
        }
        return layout
    }

    static func main() {
        drive { start, count in
            guard count > 8 else { return 0 }
            let input = octets(start, count)
            let tail = input.octets.slice(at: count - 8, count: 8)
            let layout = Target.layout(tail)
            guard layout.problem == nil else { return 0 }
            let isStream = tail.u8(at: 0) & 64 != 0
            let decoder = FrameDecoder(layout: layout, isStream: isStream)
            let counts = PacketLedger()
            var ledger = Ledger()
            var payloads = Batch<Payload>()
            var units = Batch<Records.Unit>()
            let piece =
                isStream ? Int(tail.u8(at: 6)) * 16 + 1 : layout.length + layout.marker.count + Int(tail.u8(at: 6) & 1)
            let data = input.octets.slice(at: 0, count: count - 8)
            let extent = Extent(data)
            ledger.bytes = data.byteCount
            var at = 0
            while at < data.byteCount {
                payloads.removeAll()
                units.removeAll()
                decoder.beginBatch()
                while at < data.byteCount, payloads.count < 8 {
                    let length = min(piece, data.byteCount - at)
                    var marks: Payload.Marks = []
                    if tail.u8(at: 7) & 1 != 0, at % 7 == 3 { marks.insert(.gapBefore) }
                    if tail.u8(at: 7) & 2 != 0, at % 11 == 3 { marks.insert(.cut) }
                    payloads.append(
                        Payload(
                            extent: extent.slice(at: at, count: length), time: CaptureTime(nanoseconds: Int64(at)),
                            packet: UInt64(at) + 1, offset: UInt64(at), flow: 0, marks: marks))
                    at += length
                }
                decoder.process(payloads, into: &units, ledger: &ledger)
                Target.take(&units, counts)
            }
            units.removeAll()
            decoder.beginBatch()
            decoder.finish(into: &units, ledger: &ledger)
            Target.take(&units, counts)
            precondition(ledger.isBalanced, "the ledger does not balance: \(ledger)")
            withExtendedLifetime(input) {}
            return 0
        }
    }

    static func take(_ units: inout Batch<Unit>, _ counts: PacketLedger) {
        counts.process(&units)
        for index in 0..<units.count { reach(units.bytes(of: units[index])) }
    }
}
