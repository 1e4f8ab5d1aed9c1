internal import Bytes
internal import Mission

/// Pieces of text that come again for every packet of a type, made once: keys and labels, ready to be copied out.
struct FieldKeys {
    private var octets: [UInt8] = []
    private var ends: [Int] = []

    /// Adds a piece and gives its number.
    mutating func add(_ fill: (inout TextBuffer) -> Void) -> Int {
        var piece = TextBuffer(capacity: 64)
        fill(&piece)
        octets += piece.bytes.copied()
        ends.append(octets.count)
        return ends.count - 1
    }

    /// Writes the piece with a number, without its first octet (a comma) where it is the first of a list.
    @inline(__always)
    func write(_ number: Int, _ out: inout TextBuffer, isFirst: Bool = false) {
        let start = (number == 0 ? 0 : ends[number - 1]) + (isFirst ? 1 : 0)
        out.append(octets.octets.slice(at: start, count: ends[number] - start))
    }
}

/// The names by which a type's parameters are printed: the short one where it stands for one parameter only.
func printedNames(_ type: PacketType) -> [String] {
    var times: [String: Int] = [:]
    for parameter in type.parameters { times[parameter.shortName, default: 0] += 1 }
    return type.parameters.map { times[$0.shortName] == 1 ? $0.shortName : $0.name }
}
