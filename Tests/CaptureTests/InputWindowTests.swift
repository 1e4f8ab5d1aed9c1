import Bytes
import Capture
import Foundation
import Support
import Testing

/// A source that gives octets and then fails as a disk would.
private final class FailingSource: OctetSource {
    private let good: MemorySource
    private(set) var ending: OctetEnding?
    var taken: UInt64 { good.taken }
    var members: Int { 0 }

    init(_ octets: [UInt8]) { good = MemorySource(octets) }

    func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        let got = unsafe good.read(into: room)
        if got == 0 { ending = .failed(number: 5, words: "Input/output error") }
        return got
    }
}

@Suite("The window over an input")
struct InputWindowTests {
    private func contents(_ window: InputWindow) -> [UInt8] {
        (0..<window.count).map { window.bytes.u8(at: $0) }
    }

    @Test("shows octets in one piece, however small the pieces are that they come in", arguments: [1, 3, 100, 5000])
    func pieces(size: Int) {
        let octets = body(1, 4000)
        let window = InputWindow(source: MemorySource(octets), pieceSize: size, unthreaded: .max)
        #expect(window.require(1500) && window.count >= 1500)
        #expect(Array(contents(window).prefix(1500)) == Array(octets.prefix(1500)))
        window.skip(1000)
        #expect(window.offset == 1000)
        #expect(window.require(3000) && window.count == 3000 && contents(window) == Array(octets.dropFirst(1000)))
        #expect(!window.require(3001) && !window.more() && window.ending == .complete && window.taken == 4000)
    }

    @Test(
        "holds a run that is longer than its buffers and their reserve, and goes back to them", arguments: [0, Int.max])
    func longRun(unthreaded: Int) {
        let octets = body(2, 2_000_000)
        let window = InputWindow(source: MemorySource(octets), pieceSize: 50_000, unthreaded: unthreaded)
        #expect(window.require(1_234_567))
        #expect(Array(contents(window).prefix(1_234_567)) == Array(octets.prefix(1_234_567)))
        window.skip(1_234_567)
        var rest: [UInt8] = []
        repeat {
            rest += contents(window)
            window.skip(window.count)
        } while window.more()
        #expect(rest == Array(octets.dropFirst(1_234_567)))
    }

    @Test("over nothing is at its end at once")
    func nothing() {
        for window in [InputWindow(memory: []), InputWindow(source: MemorySource([]))] {
            #expect(!window.require(1) && window.count == 0 && window.ending == .complete)
        }
    }

    @Test("tells of a failure behind what was read, and the reader passes it on")
    func failure() {
        let file = Classic().file(10)
        let reader = CaptureReader(name: "", source: FailingSource(file), pieceSize: 100, unthreaded: 300)
        let reading = Reading(reader)
        #expect(reading.packets.count == 10 && reading.ledger.isBalanced)
        #expect(reading.ledger.rejections.map(\.reason) == ["reading failed"])
        #expect(reader.problems.map(\.found) == ["error 5, Input/output error"])
        let none = CaptureReader(name: "disk", source: FailingSource([]), pieceSize: 100, unthreaded: 300)
        #expect(none.refusal?.reason == .cannotRead)
    }

    @Test("A descriptor lets its first octets be seen and still gives them")
    func peek() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data([1, 2, 3, 4, 5]))
        try pipe.fileHandleForWriting.close()
        let source = DescriptorSource(descriptor: pipe.fileHandleForReading.fileDescriptor, closes: false)
        #expect(source.peek(3) == [1, 2, 3] && source.size == nil && !source.isFolder)
        let window = InputWindow(source: source)
        #expect(window.require(5) && contents(window) == [1, 2, 3, 4, 5] && !window.more())
        #expect(throws: SystemError(number: 2)) { try DescriptorSource(path: "/nowhere") }
    }
}
