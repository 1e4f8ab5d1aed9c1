import Bytes
import Support
import Testing

struct CRC16Tests {
    /// The same, bit by bit.
    private func slow(_ octets: [UInt8], preset: UInt16 = 0xFFFF) -> UInt16 {
        octets.reduce(preset) { crc, octet in
            (0..<8).reduce(crc ^ UInt16(octet) << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
    }

    @Test("every row that crcmod, fastcrc, Python and dariol83/ccsds agree on")
    func vectors() throws {
        let rows = try Table(fixture("vectors/ccsds-crc16.tsv")).rows
        #expect(rows.count >= 50)
        for row in rows {
            let octets = octets(row["data"] ?? "")
            #expect(CRC16.of(octets.octets) == UInt16(row["crc"] ?? "", radix: 16), "\(row["name"] ?? "")")
        }
    }

    @Test("every length up to three rounds gives what bit by bit gives, from any preset and in two pieces")
    func lengths() {
        var random = SeededGenerator(seed: 16)
        for length in 0..<100 {
            let octets = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let preset = UInt16.random(in: 0...0xFFFF, using: &random)
            #expect(CRC16.of(octets.octets) == slow(octets))
            #expect(CRC16.of(octets.octets, preset: preset) == slow(octets, preset: preset))
            let cut = length / 3
            let first = CRC16.of(octets.octets.slice(at: 0, count: cut))
            #expect(CRC16.of(octets.octets.slice(at: cut, count: length - cut), preset: first) == slow(octets))
        }
    }

    @Test("what the code overlooks are multiples of its polynomial, and nothing else")
    func overlooks() {
        var random = SeededGenerator(seed: 17)
        for start in [0, 3, 700, 8 * 1_115 - 17] as [UInt32] {
            let bits = [0, 4, 11, 16].map { $0 + start }
            #expect(CRC16.overlooks(bits, octets: 1_115))
            #expect(CRC16.overlooks(bits.reversed(), octets: 1_115))
            #expect(!CRC16.overlooks(bits.map { $0 + 1 } + [start], octets: 1_115))
            var frame = (0..<1_113).map { _ in UInt8.random(in: 0...255, using: &random) }
            let code = CRC16.of(frame.octets)
            frame += [UInt8(code >> 8), UInt8(code & 0xFF)]
            for bit in bits { frame[Int(bit / 8)] ^= 0x80 >> UInt8(bit % 8) }
            #expect(CRC16.of(frame.octets) == 0)
        }
        let shortest = [0, 4, 11, 16] as [UInt32]
        #expect(!CRC16.overlooks(shortest.dropLast(), octets: 1_115))
        #expect(!CRC16.overlooks([] as [UInt32], octets: 1_115))
        #expect(!CRC16.overlooks(shortest, octets: 2))
    }

    @Test("data with its code behind it gives 0, and not with any one bit wrong")
    func check() {
        var octets = Array("123456789".utf8) + [0x29, 0xB1]
        #expect(CRC16.of(octets.octets) == 0)
        for bit in 0..<octets.count * 8 {
            octets[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            #expect(CRC16.of(octets.octets) != 0)
            octets[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        }
    }
}
