internal import Bytes
internal import Records
internal import Mission

/// Pieces of text that come again for every packet of a type, made once: keys and labels, ready to be copied out.
struct FieldKeys {
    /// What is copied into an arena that is never reset stays where it is.
    private let arena = Arena(chunkSize: 1 << 14)
    private var pieces: [Extent] = []

    /// Adds a piece, which stays where it is for as long as these keys are alive.
    mutating func piece(_ fill: (inout TextBuffer) -> Void) -> Extent {
        var piece = TextBuffer(capacity: 64)
        fill(&piece)
        return arena.copy(piece.bytes)
    }

    /// Adds a piece and gives its number: pieces added one behind the other have numbers that follow one another.
    mutating func add(_ fill: (inout TextBuffer) -> Void) -> Int {
        pieces.append(piece(fill))
        return pieces.count - 1
    }

    /// Writes the piece with a number.
    @inline(__always)
    func write(_ number: Int, _ out: inout TextBuffer) { out.append(pieces[number], keptBy: self) }
}

extension TextBuffer {
    /// Adds a piece, without its first octet (a comma) where it is the first of a list.
    @inline(__always)
    mutating func append(_ piece: Extent, keptBy keys: borrowing FieldKeys, isFirst: Bool = false) {
        // Pieces live as long as the keys that made them.
        append(unsafe (isFirst ? piece.dropFirst(1) : piece).bytes(keptBy: keys))
    }
}

/// The names by which a type's parameters are printed: the short one where it stands for one parameter only.
func printedNames(_ type: PacketType) -> [String] {
    var times: [String: Int] = [:]
    for parameter in type.parameters { times[parameter.shortName, default: 0] += 1 }
    return type.parameters.map { times[$0.shortName] == 1 ? $0.shortName : $0.name }
}
