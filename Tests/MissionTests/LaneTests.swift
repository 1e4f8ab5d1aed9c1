import Records
import Bytes
import Testing

/// What Mission needs of Bytes: lanes, runs of bits as octets, text.
struct LaneTests {
    @Test("a lane keeps its values when it grows, and fills with what it is told")
    func lane() {
        let lane = Lane<UInt32>()
        #expect(lane.count == 0)
        for value in 0..<100 { lane.append(UInt32(value)) }
        lane.resize(to: 150, filler: 7)
        #expect(lane[99] == 99)
        #expect(lane[149] == 7)
        lane.resize(to: 10, filler: 8)
        lane.resize(to: 12, filler: 8)
        #expect(lane[9] == 9)
        #expect(lane[11] == 8)
        lane.fill(3)
        var sum = 0
        let span = lane.span
        for index in span.indices { sum += Int(span[index]) }
        #expect(sum == 36)
        var writable = lane.writable
        writable[2] = 9
        #expect(lane[2] == 9)
        lane.removeAll()
        #expect(lane.count == 0)
    }

    @Test("bits become octets with the zeros in front or behind")
    func bits() {
        let source = ByteBuffer()
        source.append(octets: [0b1010_1100, 0b1111_0001, 0xFF])
        let out = ByteBuffer()
        out.append(bitsOf: source.bytes, at: 4, count: 12, aligned: .end)
        out.append(bitsOf: source.bytes, at: 4, count: 12, aligned: .front)
        out.append(bitsOf: source.bytes, at: 1, count: 16, aligned: .front)
        out.append(bitsOf: source.bytes, at: 24, count: 0, aligned: .end)
        // 1100 1111 0001; then 1100 1111 0001 0000; then 0101 1001 1110 0011.
        #expect(hex(out.bytes) == "0cf1" + "cf10" + "59e3")
    }

    @Test(
        "well-formed UTF-8 is told from the rest",
        arguments: [
            ("", true), ("41", true), ("e58c97", true), ("f09f9a80", true), ("efbfbd", true),
            ("c3a9414141414141414141", true), ("80", false), ("c0af", false), ("c3", false), ("e08080", false),
            ("eda080", false), ("f4908080", false), ("f8888080", false), ("e58c", false), ("41414141414141ff", false),
        ])
    func utf8(digits: String, isRight: Bool) {
        let values = digits.compactMap(\.hexDigitValue)
        let buffer = ByteBuffer()
        buffer.append(
            octets: stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) })
        #expect(buffer.bytes.isUTF8 == isRight)
    }

    @Test("a run of octets is found at multiples of a stride only")
    func search() {
        let buffer = ByteBuffer()
        buffer.append(octets: [0x41, 0, 0, 0x42, 0, 0])
        #expect(buffer.bytes.firstIndex(of: [0, 0], from: 0, stride: 1) == 1)
        #expect(buffer.bytes.firstIndex(of: [0, 0], from: 0, stride: 2) == 4)
        #expect(buffer.bytes.firstIndex(of: [0, 0], from: 5, stride: 1) == nil)
        #expect(buffer.bytes.firstIndex(of: [], from: 0, stride: 1) == nil)
        #expect(buffer.bytes.firstIndex(of: [0x43], from: 0, stride: 1) == nil)
    }
}
