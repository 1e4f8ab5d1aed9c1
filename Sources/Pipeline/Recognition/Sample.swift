internal import Bytes

/// The beginning of a flow, kept until the recogniser has said what the flow carries.
///
/// The octets of all pieces stand one behind the other; a piece is a datagram, or a part of a stream.
final class Sample {
    /// Octets after which a flow is judged by what there is.
    static let limit = 1 << 20
    /// Pieces after which a flow of datagrams is judged.
    static let pieceLimit = 400

    private let buffer = ByteBuffer(capacity: 4096)
    /// Where each piece stands in the octets.
    private(set) var pieces: [Range<Int>] = []
    /// True when the pieces are parts of one stream and their borders mean nothing.
    let isStream: Bool

    /// An empty sample.
    init(isStream: Bool) { self.isStream = isStream }

    /// Adds a piece.
    func append(_ bytes: RawSpan) {
        let start = buffer.count
        buffer.append(bytes)
        pieces.append(start..<buffer.count)
    }

    /// How many octets it has.
    var count: Int { buffer.count }

    /// True when there is enough to judge by.
    var isFull: Bool { count >= Self.limit || (!isStream && pieces.count >= Self.pieceLimit) }

    /// The octets of all pieces.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // The buffer is the sample's own and changes only in `append`.
            unsafe buffer.extent.bytes(keptBy: self)
        }
    }
}
