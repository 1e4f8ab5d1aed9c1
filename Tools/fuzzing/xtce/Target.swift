import Bytes
import CCSDS
import Driver
import Foundation
import Mission
import Records
import Transport

/// Any octets are read as a mission database: loaded, or refused with a place; and what was loaded decodes packets that it
/// was not made for.
@main
enum Target {
    /// Packets of many shapes: all octets of the first are zero, all of the second one, then noise.
    static let packets: [UInt8] = {
        var (octets, noise): ([UInt8], UInt64) = ([], 1)
        for (number, length) in [1, 8, 40, 300, 2000, 64, 64, 64].enumerated() {
            octets += [UInt8(number < 4 ? 0x08 : 0x19), UInt8(number), 0xC0, UInt8(number)]
            octets += [UInt8((length - 1) >> 8), UInt8((length - 1) & 0xFF)]
            for _ in 0..<length {
                noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                octets.append(number == 0 ? 0 : number == 1 ? 0xFF : UInt8(truncatingIfNeeded: noise >> 56))
            }
        }
        return octets
    }()

    static func main() {
        drive { start, count in
            let input = octets(start, count)
            let database: Database
            do throws(MissionError) { database = try Database(xml: Data(input), file: "fuzz.xml") } catch {
                precondition(!error.errors.isEmpty, "refused without a reason")
                for diagnostic in error.diagnostics { precondition(diagnostic.line >= 1 && diagnostic.column >= 1) }
                return 0
            }
            Target.decode([database])
            return 0
        }
    }

    static func decode(_ databases: [Database]) {
        let mission = MissionDecoder(databases)
        let decoder = PacketDecoder(isStream: true)
        var ledger = Ledger()
        var payloads = Batch<Payload>()
        var units = Batch<Records.Unit>()
        payloads.append(
            Payload(
                extent: Extent(packets.octets), time: CaptureTime(nanoseconds: 0), packet: 1, offset: 0, flow: 0))
        decoder.beginBatch()
        decoder.process(payloads, into: &units, ledger: &ledger)
        let decoded = DecodedBatch()
        mission.decode(units, into: decoded, ledger: &ledger)
        for type in decoded.typesPresent {
            guard let table = decoded.table(ofType: type) else { continue }
            for column in table.columns {
                let isText = column.info.kind == .string || column.info.kind == .binary
                for row in 0..<column.count where isText && (column.isAllValid || column.validities[row].hasValue) {
                    reach(column.info.kind == .string ? column.text(at: row) : column.bytes(at: row))
                }
            }
        }
    }
}
