import Bytes
import Testing

/// Lines of a source, cut wherever its pieces end.
struct OctetLinesTests {
    /// A source that gives its octets in pieces of one length.
    private final class Pieces: OctetSource {
        private var rest: ArraySlice<UInt8>
        private let length: Int
        var taken: UInt64 { 0 }
        var members: Int { 0 }
        var ending: OctetEnding? { rest.isEmpty ? .complete : nil }

        init(_ octets: [UInt8], _ length: Int) {
            rest = octets[...]
            self.length = length
        }

        func read(into room: UnsafeMutableRawBufferPointer) -> Int {
            let piece = rest.prefix(min(length, room.count))
            unsafe room.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
    }

    private func lines(_ octets: [UInt8], pieces: Int, longest: Int = 1 << 20) -> [[UInt8]] {
        let lines = OctetLines(Pieces(octets, pieces), longest: longest)
        var found: [[UInt8]] = []
        while let line = lines.next() { found.append(line) }
        return found
    }

    @Test("lines are the same however they come", arguments: [1, 2, 3, 7, 100])
    func pieces(_ length: Int) {
        let octets: [UInt8] = [0xB4, 0xF3, 0x0D, 0x0A, 0x0A, 0x61, 0x0D, 0x62, 0x0A, 0x63]
        #expect(lines(octets, pieces: length) == [[0xB4, 0xF3], [], [0x61, 0x0D, 0x62], [0x63]])
        #expect(lines([], pieces: length).isEmpty)
        #expect(lines([0x0A], pieces: length) == [[]])
    }

    @Test("a line that does not end comes in pieces", arguments: [1, 3, 100])
    func long(_ length: Int) {
        let octets = [UInt8](repeating: 0x61, count: 10) + [0x0A, 0x62]
        #expect(lines(octets, pieces: length, longest: 4).map(\.count) == [4, 4, 2, 1])
        #expect(lines(Array(octets.dropFirst(2)), pieces: length, longest: 4).map(\.count) == [4, 4, 1])
    }
}
