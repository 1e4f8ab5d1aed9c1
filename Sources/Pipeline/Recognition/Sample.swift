internal import Bytes
internal import Transport

/// The beginning of a flow, kept until the recogniser has said what the flow carries, and handed on then.
///
/// A piece is a payload: a datagram, or a part of a stream. Judged by are whole datagrams only, and of a stream the
/// longest run without a hole.
final class Sample {
    /// Octets after which a flow is judged by what there is.
    static let limit = 1 << 20
    /// Pieces after which a flow of datagrams is judged.
    static let pieceLimit = 400

    /// Octets after which a flow is judged at last in which bit errors hide what there is.
    static let longest = 8 << 20

    /// How many times the limits this sample may hold.
    private var times = 1
    private let buffer = ByteBuffer()
    private var payloads: [Payload] = []
    private var starts: [Int] = []
    private var run = 0..<0
    private var longestRun = 0..<0
    /// Where each piece that is judged by stands in ``bytes``.
    private(set) var pieces: [Range<Int>] = []
    /// True when the pieces are parts of one stream and their borders mean nothing.
    let isStream: Bool
    /// True when it is of a bare file: its end is meant to be one.
    let isFile: Bool

    /// An empty sample.
    init(isStream: Bool, isFile: Bool = false) {
        self.isStream = isStream
        self.isFile = isFile
    }

    /// Adds a payload, whose octets are copied.
    func append(_ payload: Payload, _ bytes: RawSpan) {
        let start = buffer.count
        buffer.append(bytes)
        payloads.append(payload)
        starts.append(start)
        if isStream {
            if payload.marks.contains(.gapBefore) { run = start..<start }
            run = run.lowerBound..<buffer.count
            if run.count > longestRun.count { longestRun = run }
        } else if !payload.marks.contains(.cut) {
            pieces.append(start..<buffer.count)
        }
    }

    /// How many octets are held.
    var held: Int { buffer.count }

    /// How many octets are judged by.
    var count: Int { isStream ? longestRun.count : buffer.count }

    /// True when there is enough to judge by.
    var isFull: Bool { held >= Self.limit * times || (!isStream && payloads.count >= Self.pieceLimit * times) }

    /// Takes twice as much before it is full; false when it is the longest already.
    func extend() -> Bool {
        guard Self.limit * times * 2 <= Self.longest else { return false }
        times *= 2
        return true
    }

    /// True when the flow may go on behind what is judged by.
    var isCut: Bool { held >= Self.limit }

    /// The octets that are judged by.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let judged =
                isStream ? buffer.extent.slice(at: longestRun.lowerBound, count: longestRun.count) : buffer.extent
            // The buffer is the sample's own and changes only in `append`.
            return unsafe judged.bytes(keptBy: self)
        }
    }

    /// All octets that are held, of a stream with holes too.
    var allBytes: RawSpan {
        @_lifetime(borrow self)
        // The buffer is the sample's own and changes only in `append`.
        get { unsafe buffer.extent.bytes(keptBy: self) }
    }

    /// The pieces that the stream is cut into, as a sample; nil when it does not look as if it were made of them.
    func cut(_ framing: StreamFraming) -> Sample? {
        let framer = StreamFramer(framing)
        var payloads = Batch<Payload>(capacity: 64)
        var pieces = Batch<Payload>(capacity: 64)
        var ledger = Ledger()
        release(into: &payloads)
        framer.cut(payloads, at: 0..<payloads.count, into: &pieces, ledger: &ledger)
        if !isCut { _ = framer.finish(flow: 0, time: .unknown, into: &pieces, ledger: &ledger) }
        // A stream that was joined in the middle of a piece may lose some of its beginning.
        guard !pieces.isEmpty, ledger.rejectedBytes * 4 <= held else { return nil }
        let sample = Sample(isStream: false, isFile: isFile)
        for index in 0..<pieces.count { sample.append(pieces[index], pieces.bytes(of: pieces[index])) }
        return sample
    }

    /// Hands the payloads on, pointing into the sample, which stays alive until they are used up.
    func release(into batch: inout Batch<Payload>) {
        for (payload, start) in zip(payloads, starts) {
            var payload = payload
            payload.extent = buffer.extent.slice(at: start, count: payload.extent.count)
            batch.append(payload)
        }
    }
}
