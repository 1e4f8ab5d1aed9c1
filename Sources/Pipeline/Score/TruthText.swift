internal import Bytes

/// A file of JSON lines that is read from any place, mapped.
final class TruthText {
    /// What people call it.
    let name: String
    private let file: MappedFile

    /// Opens a file; a pipe is refused, since lines are looked at again.
    init(_ name: String) throws(ScoreFailure) {
        self.name = name
        guard name != "-" else { throw ScoreFailure("standard input cannot be read twice: name a file for the truth") }
        let source: DescriptorSource
        do { source = try DescriptorSource(path: name) } catch {
            throw ScoreFailure("\(name) cannot be read: \(error)")
        }
        guard !source.isFolder else { throw ScoreFailure("\(name) is a folder: name a file of JSON lines") }
        guard let file = source.map() else {
            throw ScoreFailure("\(name) is no regular file, and its lines are read twice: write it to a file first")
        }
        self.file = file
        let head = source.peek(4)
        try TextSource.refuse(head, name)
        guard head.first != 0x1F || head.count < 2 || head[1] != 0x8B else {
            throw ScoreFailure(
                "\(name) is gzip'd, and its lines are read twice: unpack it first, by 'gunzip -k \(name)'")
        }
    }

    /// Octets of the file.
    var count: Int { file.count }

    /// Puts the line that begins at an offset on a tape, without its line feed, and says where the next one begins.
    func read(lineAt offset: Int, onto tape: inout ValueTape) -> Int {
        tape.removeAll()
        let next = file.read(lineAt: offset, longest: NumberedLines.longest, into: &tape.octets)
        if offset == 0, tape.octets.starts(with: [0xEF, 0xBB, 0xBF]) { tape.octets.removeFirst(3) }
        return next
    }

    /// The number of the line that begins at an offset, from 1 on.
    func number(ofLineAt offset: Int) -> Int { file.number(ofLineAt: offset) }
}

extension MappedFile {
    /// Adds at most so many octets of the line that begins at an offset; says where the next one begins.
    fileprivate borrowing func read(lineAt offset: Int, longest: Int, into octets: inout [UInt8]) -> Int {
        let bytes = bytes
        let end = bytes.firstIndex(of: 0x0A, from: offset) ?? bytes.byteCount
        octets.append(bytes.slice(at: offset, count: min(end - offset, longest)))
        return min(end + 1, bytes.byteCount)
    }

    fileprivate borrowing func number(ofLineAt offset: Int) -> Int {
        let bytes = bytes
        var number = 1
        var place = 0
        while let end = bytes.firstIndex(of: 0x0A, from: place), end < offset {
            number += 1
            place = end + 1
        }
        return number
    }
}
