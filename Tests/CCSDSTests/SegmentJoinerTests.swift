import Bytes
import Records
import CCSDS
import Support
import Testing
import Transport

/// Parts of one piece of data, joined.
struct SegmentJoinerTests {
    private func run(_ packets: [[UInt8]], _ joiner: SegmentJoiner, batch: Int = 4) -> [[UInt8]] {
        var joined: [[UInt8]] = []
        for start in stride(from: 0, to: packets.count, by: batch) {
            let octets = Octets(packets[start..<min(packets.count, start + batch)].flatMap { $0 })
            var payloads = Batch<Payload>()
            payloads.append(Payload(extent: octets.extent, time: .unknown, packet: 1, offset: 0, flow: 0))
            var units = Batch<Unit>()
            var out = Batch<Unit>()
            var ledger = Ledger()
            PacketDecoder(isStream: false).process(payloads, into: &units, ledger: &ledger)
            joiner.process(units, into: &out)
            for index in 0..<out.count {
                let bytes = out.bytes(of: out[index])
                joined.append((0..<bytes.byteCount).map { bytes.u8(at: $0) })
            }
        }
        return joined
    }

    @Test("first, continuation and last become one packet with the first one's header")
    func joins() throws {
        let parts = [
            packet(5, 16382, [1, 2], flags: .first), packet(6, 0, [9]), packet(5, 16383, [3], flags: .continuation),
            packet(5, 0, [4, 5, 6], flags: .last), packet(5, 1, [7]),
        ]
        for batch in [1, 2, 5] {
            let joiner = SegmentJoiner()
            let joined = run(parts, joiner, batch: batch)
            #expect(joined == [parts[1], packet(5, 16382, [1, 2, 3, 4, 5, 6]), parts[4]])
            #expect(joiner.joined == 1 && joiner.broken == 0 && joiner.waiting == 0)
        }
    }

    @Test("parts that are missing break a packet, and it is counted")
    func breaks() {
        let joiner = SegmentJoiner()
        let joined = run(
            [
                packet(5, 0, [1], flags: .first), packet(5, 2, [2], flags: .last),
                packet(5, 3, [3], flags: .continuation),
                packet(5, 4, [4], flags: .first), packet(5, 5, [5], flags: .first), packet(5, 5, [5], flags: .first),
                packet(5, 6, [6], flags: .continuation), packet(5, 6, [6], flags: .continuation),
                packet(5, 7, [7], flags: .last),
            ], joiner)
        #expect(joined == [packet(5, 5, [5, 6, 7])])
        #expect(joiner.broken == 4 && joiner.brokenOctets == 5 * 7)
    }

    @Test("what grows too large or waits among too many is given up")
    func bounds() {
        let joiner = SegmentJoiner(largest: 100, mostOpen: 4)
        let long = (0..<20).map {
            packet(5, $0, [UInt8](repeating: 1, count: 10), flags: $0 == 0 ? .first : $0 == 19 ? .last : .continuation)
        }
        #expect(run(long, joiner).isEmpty)
        #expect(joiner.broken >= 1 && joiner.waiting == 0)
        _ = run((0..<10).map { packet($0, 0, [1], flags: .first) }, joiner)
        #expect(joiner.waiting == 4)
    }
}
