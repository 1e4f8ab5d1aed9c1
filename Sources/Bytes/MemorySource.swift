/// Octets in memory as a source, given in pieces of at most a stated size.
public final class MemorySource: OctetSource {
    private let octets: [UInt8]
    private let pieceSize: Int
    private var given = 0

    /// A source of `octets` that gives at most `pieceSize` at a time.
    public init(_ octets: [UInt8], pieceSize: Int = .max) {
        self.octets = octets
        self.pieceSize = max(1, pieceSize)
    }

    /// Octets given so far.
    public var taken: UInt64 { UInt64(given) }
    /// Memory is not packed.
    public var members: Int { 0 }
    /// Complete when all was given.
    public var ending: OctetEnding? { given == octets.count ? .complete : nil }

    /// Gives the next octets.
    public func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        let length = min(room.count, pieceSize, octets.count - given)
        unsafe room.copyBytes(from: octets[given..<given + length])
        given += length
        return length
    }
}
