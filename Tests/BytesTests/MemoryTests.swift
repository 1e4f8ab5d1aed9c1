import Bytes
import Support
import Testing

/// Extents, arenas and buffers.
@Suite struct MemoryTests {
    private func octets(_ extent: Extent, _ keeper: Arena) -> [UInt8] {
        // The arena keeps what was copied in until it is reset, and the tests hold it.
        unsafe extent.bytes(keptBy: keeper).copied()
    }

    @Test("a buffer takes values one behind the other, and grows by what was written alone")
    func output() {
        let buffer = ByteBuffer(capacity: 16)
        buffer.append(octets: [9])
        buffer.append(room: 40) { output in
            output.append(le: 0x0201 as UInt16)
            output.append(le: 0x0605_0403 as UInt32)
            output.append(le: 0x0E0D_0C0B_0A09_0807 as UInt64)
            output.append([15, 16].octets)
            output.append(RawSpan())
        }
        #expect(buffer.bytes.copied() == [9] + (1...16).map { UInt8($0) })
        buffer.append(room: 0) { _ in }
        #expect(buffer.count == 17)
    }

    @Test("an extent is cut as an array is")
    func extents() {
        let arena = Arena()
        let whole = arena.copy([1, 2, 3, 4, 5].octets)
        #expect(octets(whole, arena) == [1, 2, 3, 4, 5])
        #expect(octets(whole.dropFirst(2), arena) == [3, 4, 5] && octets(whole.prefix(2), arena) == [1, 2])
        #expect(octets(whole.slice(at: 1, count: 3), arena) == [2, 3, 4])
        #expect(octets(whole.slice(at: 5, count: 0), arena) == [] && whole.dropFirst(5).count == 0)
        #expect(octets(.empty, arena) == [] && Extent.empty.count == 0)
        #expect(Extent([UInt8]().octets).count == 0)
    }

    @Test("an extent gives no more than it has")
    func extentRefusals() async {
        await #expect(processExitsWith: .failure) { _ = Arena().copy([1].octets).dropFirst(2) }
        await #expect(processExitsWith: .failure) { _ = Arena().copy([1].octets).prefix(-1) }
        await #expect(processExitsWith: .failure) { _ = Arena().copy([1, 2].octets).slice(at: 1, count: 2) }
        await #expect(processExitsWith: .failure) { _ = Arena().copy([1, 2].octets).slice(at: .max, count: .max) }
    }

    @Test("what an arena was given stays where it is until it is reset, whatever else comes")
    func arena() {
        let arena = Arena(chunkSize: 64)
        var random = SeededGenerator(seed: 5)
        for round in 0..<20 {
            var kept: [(Extent, [UInt8])] = []
            var total = 0
            for number in 0..<50 {
                let length = Int.random(in: 0...(number % 10 == 0 ? 300 : 30), using: &random)
                let data = (0..<length).map { UInt8(truncatingIfNeeded: $0 &+ number &+ round) }
                let cut = length / 3
                kept.append(
                    number % 2 == 0
                        ? (arena.copy(data.octets), data)
                        : (arena.copy(Array(data[..<cut]).octets, Array(data[cut...]).octets), data))
                total += length
            }
            for (extent, data) in kept { #expect(octets(extent, arena) == data) }
            #expect(arena.used == total)
            arena.reset()
            #expect(arena.used == 0)
        }
    }

    @Test("a buffer grows at its end and loses its beginning")
    func buffer() {
        let buffer = ByteBuffer(capacity: 1)
        var model: [UInt8] = []
        var random = SeededGenerator(seed: 6)
        for _ in 0..<2000 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0...1:
                let data = (0..<Int.random(in: 0...40, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
                buffer.append(data.octets)
                model += data
            case 2:
                buffer.appendZeros(3)
                model += [0, 0, 0]
            case 3:
                let count = Int.random(in: 0...model.count, using: &random)
                buffer.removeFirst(count)
                model.removeFirst(count)
            case 4 where model.count >= 4:
                let place = Int.random(in: 0...model.count - 4, using: &random)
                buffer.replace(at: place, with: [9, 8, 7, 6].octets)
                model.replaceSubrange(place..<place + 4, with: [9, 8, 7, 6])
            default:
                buffer.append(octets: [1, 2])
                model += [1, 2]
            }
            if model.count > 500 {
                buffer.removeAll()
                model = []
            }
            #expect(buffer.count == model.count)
        }
        #expect(buffer.bytes.copied() == model)
        #expect(buffer.extent.count == model.count)
    }

    @Test("bits become octets, aligned at the front or at the end")
    func bits() {
        func packed(_ octets: [UInt8], _ offset: Int, _ count: Int, _ aligned: ByteBuffer.BitAlignment) -> [UInt8] {
            let buffer = ByteBuffer()
            buffer.append(bitsOf: octets.octets, at: offset, count: count, aligned: aligned)
            return buffer.bytes.copied()
        }
        #expect(packed([0xAB, 0xCD], 0, 16, .front) == [0xAB, 0xCD])
        #expect(packed([0xAB, 0xCD], 4, 8, .front) == [0xBC])
        #expect(packed([0xAB, 0xCD], 4, 12, .front) == [0xBC, 0xD0])
        #expect(packed([0xAB, 0xCD], 4, 12, .end) == [0x0B, 0xCD])
        #expect(packed([0xFF], 7, 1, .front) == [0x80] && packed([0xFF], 7, 1, .end) == [0x01])
        #expect(packed([0xFF], 3, 0, .end) == [])
    }

    @Test("what is written into a buffer's room counts as far as it says")
    func filling() throws {
        struct Refusal: Error {}
        let buffer = ByteBuffer()
        _ = unsafe buffer.fill(room: 4) { room in
            unsafe room[0] = 7
            return 1
        }
        #expect(buffer.bytes.copied() == [7])
        #expect(throws: Refusal.self) { _ = unsafe try buffer.fill(room: 4) { _ throws(Refusal) in throw Refusal() } }
        #expect(buffer.bytes.copied() == [7])
    }

    @Test("a buffer refuses what it does not have")
    func bufferRefusals() async {
        await #expect(processExitsWith: .failure) { ByteBuffer().removeFirst(1) }
        await #expect(processExitsWith: .failure) { ByteBuffer().replace(at: 0, with: [1].octets) }
        await #expect(processExitsWith: .failure) {
            ByteBuffer().append(bitsOf: [1].octets, at: 4, count: 5, aligned: .end)
        }
        await #expect(processExitsWith: .failure) { _ = unsafe ByteBuffer().fill(room: 2) { _ in 3 } }
    }
}
