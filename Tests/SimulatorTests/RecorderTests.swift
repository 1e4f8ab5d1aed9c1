import Bytes
import Simulator
import Support
import Testing

/// A recorder keeps what fits, the newest of it, in its order.
@Suite struct RecorderTests {
    private func packet(_ value: UInt8, _ count: Int) -> [UInt8] { Array(repeating: value, count: count) }

    private func rest(_ recorder: Recorder) -> [UInt8] {
        var values: [UInt8] = []
        while !recorder.isEmpty {
            let out = ByteBuffer()
            _ = recorder.take(into: out)
            values.append(out.bytes.u8(at: 0))
        }
        return values
    }

    @Test("the oldest are written over when it is full")
    func full() {
        let recorder = Recorder(capacity: 100)
        for value in 0..<20 { _ = recorder.keep(packet(UInt8(value), 30).octets, nil) }
        #expect(recorder.overwritten == 17 && rest(recorder) == [17, 18, 19])
        for value in 0..<5 { _ = recorder.keep(packet(UInt8(value), 20).octets, nil) }
        _ = recorder.keep(packet(9, 61).octets, nil)
        #expect(rest(recorder) == [4, 9] && recorder.isEmpty)
    }

    @Test("what is kept and taken in turns stays in order, however much of it")
    func turns() {
        let recorder = Recorder(capacity: 100_000)
        var (put, taken) = (0, 0)
        let out = ByteBuffer()
        for round in 0..<5000 {
            for _ in 0..<3 {
                _ = recorder.keep(packet(UInt8(put & 0xFF), 10 + put % 7).octets, nil)
                put += 1
            }
            for _ in 0..<(round % 5) where !recorder.isEmpty {
                out.removeAll()
                _ = recorder.take(into: out)
                #expect(out.count == 10 + taken % 7 && out.bytes.u8(at: 0) == UInt8(taken & 0xFF))
                taken += 1
            }
        }
        #expect(taken > 5000 && rest(recorder).count == put - taken - Int(recorder.overwritten))
    }
}
