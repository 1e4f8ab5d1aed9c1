import Bytes
import CCSDS
import Records
import Driver
import Transport

/// Any octets are read as packets, datagram by datagram or as a stream that is cut anywhere, and segments are joined: the
/// units' octets are there, and the ledger balances.
///
/// The last four octets of the input choose what stands in front of each packet and the cuts, so that recorded packets
/// are seeds.
@main
enum Target {
    static func main() {
        drive { start, count in
            guard count > 4 else { return 0 }
            let input = octets(start, count)
            let tail = input.octets.slice(at: count - 4, count: 4)
            let isStream = tail.u8(at: 0) & 1 == 0
            let decoder = PacketDecoder(
                skip: Int(tail.u8(at: 1) & 31), isStream: isStream, version: min(6, tail.u8(at: 0) >> 5))
            let counts = PacketLedger()
            var ledger = Ledger()
            var payloads = Batch<Payload>()
            var units = Batch<Records.Unit>()
            let piece = Int(tail.u8(at: 2)) * 8 + 1
            let data = input.octets.slice(at: 0, count: count - 4)
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
                    if tail.u8(at: 3) & 1 != 0, at % 7 == 3 { marks.insert(.gapBefore) }
                    if tail.u8(at: 3) & 2 != 0, at % 11 == 3 { marks.insert(.cut) }
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
