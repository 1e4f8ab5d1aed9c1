/// The lines of a source, as octets: what people pipe is not always UTF-8.
///
/// A line ends at LF or at the end of the source; LF, and CR in front of it, are no part of it. A line that is longer than
/// allowed comes in several pieces, so that no input takes unbounded memory.
public final class OctetLines {
    private let source: any OctetSource
    private let longest: Int
    private var room: [UInt8]
    /// What was read and not given yet: `room[given..<filled]`.
    private var given = 0
    private var filled = 0
    /// Whether a CR stood in front of the LF of the line that was given last.
    public private(set) var endedInCR = false
    /// Whether the last piece was cut: then an end of line right behind it is its own.
    private var isCut = false

    /// The lines of a source, each of at most so many octets.
    public init(_ source: any OctetSource, longest: Int = 1 << 20) {
        self.source = source
        self.longest = max(1, longest)
        room = [UInt8](repeating: 0, count: 1 << 16)
    }

    /// The next line; nil at the end of the source. As soon as a line is there it is given.
    public func next() -> [UInt8]? {
        var line: [UInt8] = []
        return next(behind: &line) ? line : nil
    }

    /// Puts the next line behind what is there; false at the end of the source.
    public func next(behind line: inout [UInt8]) -> Bool {
        let start = line.count
        endedInCR = false
        while true {
            if given == filled {
                filled = unsafe room.withUnsafeMutableBytes { unsafe source.read(into: $0) }
                given = 0
                guard filled > 0 else { return line.count > start }
            }
            if isCut {
                isCut = false
                if room[given] == 0x0A {
                    given += 1
                    continue
                }
            }
            let end = room.octets.slice(at: 0, count: filled).firstIndex(of: 0x0A, from: given)
            let taken = room[given..<(end ?? filled)].prefix(longest - (line.count - start))
            line += taken
            given = taken.endIndex
            if given == end {
                given += 1
                if line.count > start, line.last == 0x0D {
                    line.removeLast()
                    endedInCR = true
                }
                return true
            }
            if line.count - start == longest {
                isCut = true
                return true
            }
        }
    }
}
