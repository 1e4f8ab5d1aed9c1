import Records
import Bytes
import CCSDS
import Foundation
import Support
import Testing

/// Bare files of space packets, of real missions.
@Suite(.enabled(if: Corpus.isThere, "\(Corpus.why)"))
struct PacketFileTests {
    /// The packets of a file by the length fields alone, an APID and a count each.
    private func walk(_ data: [UInt8]) -> [(apid: Int, count: Int, length: Int)] {
        var (found, at): ([(Int, Int, Int)], Int) = ([], 0)
        while at + 6 <= data.count {
            let length = Int(data[at + 4]) << 8 + Int(data[at + 5]) + 7
            found.append(
                (Int(data[at] & 7) << 8 + Int(data[at + 1]), Int(data[at + 2] & 63) << 8 + Int(data[at + 3]), length))
            at += length
        }
        return found
    }

    @Test(
        "every packet of a file comes out, in order and to the last octet",
        arguments: [
            ("spp/jpss/J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1", 7200, 1),
            ("spp/ctim/ccsds_2021_155_14_39_51", 1499, 9),
            ("ccsdspy/europa_clipper/ecm_raw2.bin", 1030, 6), ("ccsdspy/europa_clipper/apid01216.tlm", 944, 1),
            ("ccsdspy/hs/apid035/SSAT1_2015-180-00-00-00_2015-180-01-59-59_35_1_sim.tlm", 7200, 1),
            ("ccsdspy/hs/apid010/SSAT1_2015-180-00-00-00_2015-180-00-59-59_10_1_sim.tlm", 3513, 1),
            ("ccsdspy/hs/apid001/SSAT1_2015-180-00-00-00_2015-180-01-59-58_1_1_sim.tlm", 1448, 1),
        ])
    func files(path: String, packets: Int, apids: Int) throws {
        let data = [UInt8](try Data(contentsOf: Corpus.file(path)))
        let wanted = walk(data)
        var random = SeededGenerator(seed: 3)
        for list in [[Piece(range: 0..<data.count)], pieces(data.count, upTo: 2000, by: &random)] {
            let outcome = decode(data, list, by: .packets(PacketDecoder(isStream: true)))
            #expect(outcome.units.count == packets && outcome.counts.count == apids)
            #expect(outcome.ledger.isBalanced && outcome.ledger.rejections.isEmpty && outcome.ledger.pending == 0)
            #expect(outcome.units.map { Int($0.apid) } == wanted.map(\.apid))
            #expect(outcome.units.map { Int($0.sequence) } == wanted.map(\.count))
            #expect(outcome.units.map(\.octets.count) == wanted.map(\.length))
        }
    }

    @Test("files whose packets have version 1 are refused, and read when that is told")
    func version() throws {
        for url in Corpus.files(below: "ccsdspy/byte_order") {
            let data = [UInt8](try Data(contentsOf: url))
            let list = pieces(data.count, of: 500)
            let refused = decode(data, list, by: .packets(PacketDecoder(isStream: true)))
            #expect(refused.units.isEmpty && refused.ledger.isBalanced)
            let told = decode(data, list, by: .packets(PacketDecoder(isStream: true, version: 1)))
            #expect(told.ledger.decoded == data.count && told.units.count == walk(data).count)
        }
    }
}
