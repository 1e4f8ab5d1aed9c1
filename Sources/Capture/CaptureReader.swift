public import Bytes

/// Reads a capture, batch by batch: classic pcap, pcapng, ERF and snoop, each of them gzip'd or not, and bare streams.
///
///     let reader = try CaptureReader.open("pass.pcapng")
///     while reader.next(into: &batch, ledger: &ledger) { … }
///
/// Every octet of the uncompressed input is entered in the ledger when the reader leaves it behind: headers, options,
/// padding and blocks that carry no packet as overhead, damage as rejected, a record that the input's end cuts as
/// pending. The captured octets of a packet are handed on with its record, for later stages to enter.
public final class CaptureReader {
    /// The input, as the user named it.
    public let name: String
    let input: InputWindow
    let isGzip: Bool
    let inputSize: UInt64?
    var state: State
    var stored = Stored()
    /// The archive that is read; nil for all else.
    var archive: ArchiveIndex?
    /// The member of an archive that the next packets are in, see ``MemberPlace``; nil where nobody asked for it.
    public internal(set) var member: MemberPlace?
    /// What takes everything that is left behind, for an archive; nil where nobody does.
    var copies: BlockCopies?

    /// What the reader is in the middle of.
    enum State {
        case start, refused, classic(Classic), blocks, erf, snoop, bareStream, ended
    }

    /// What the reader keeps while it reads, apart from its place.
    struct Stored {
        var format = CaptureFormat(.bareStream)
        var interfaces: [Interface] = []
        var sections = 0
        var blocks: [BlockCount] = []
        var remarks: [Remark] = []
        var problems: [Problem] = []
        var problemCount = 0
        var refusal: CaptureError?
        var packets: UInt64 = 0
        var section = Section()
        var links: [UInt32: UInt32] = [:]
        /// Why the octets in reach belong to no record; nil when all is well.
        var loss: String?
        /// Sections and interfaces in front of the archive that is read, where several were copied into one file.
        var joint = (sections: 0, interfaces: 0)
        /// When the last record of a classic file was captured, in seconds; nil in front of the first.
        var lastSeconds: UInt32?
    }

    /// Opens a file; "-" is standard input. Throws when it cannot be read, and when it begins like a capture that is not
    /// read (an unknown version, a foreign format, an empty file).
    public static func open(_ path: String) throws(CaptureError) -> CaptureReader {
        try open(path, mapped: false)
    }

    /// The same, for who wants packets of some members of an archive alone: others are passed, and ``isCutOff`` says whether
    /// there were some.
    public static func open(_ path: String, _ choice: MemberChoice) throws(CaptureError) -> CaptureReader {
        guard path != "-" else { return try open(path) }
        return try CaptureReader(name: path, descriptor: try source(path), mapped: false, choice)
    }

    /// The same, with a choice: `mapped` maps a regular file that is not gzip'd instead of reading it piece by piece.
    public static func open(_ path: String, mapped: Bool) throws(CaptureError) -> CaptureReader {
        if path == "-" { return try CaptureReader(descriptor: 0, name: "standard input") }
        return try CaptureReader(name: path, descriptor: try source(path), mapped: mapped)
    }

    private static func source(_ path: String) throws(CaptureError) -> DescriptorSource {
        do { return try DescriptorSource(path: path) } catch {
            throw CaptureError(
                file: path, reason: .cannotOpen, found: "\(error)", advice: "look whether the name is right")
        }
    }

    /// A reader of an open descriptor, which stays open: a file, a pipe, a socket. Throws as ``open(_:)`` does.
    public convenience init(descriptor: Int32, name: String) throws(CaptureError) {
        try self.init(name: name, descriptor: DescriptorSource(descriptor: descriptor, closes: false), mapped: false)
    }

    /// A reader of octets in memory. What ``open(_:)`` would throw is its ``refusal``.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        inputSize = UInt64(bytes.count)
        isGzip = GzipSource.begins(bytes)
        input =
            isGzip ? InputWindow(source: GzipSource(MemorySource(bytes)), unthreaded: .max) : InputWindow(memory: bytes)
        state = .start
        start()
    }

    /// A reader of the blocks of one member of an archive, whose interfaces are numbered from 0.
    package init(_ member: ArchiveMember, blocks: [UInt8]) {
        name = ""
        inputSize = UInt64(blocks.count)
        isGzip = false
        input = InputWindow(memory: blocks)
        state = .start
        guard let section = member.section else {
            start()
            return
        }
        state = .blocks
        stored.format = CaptureFormat(.pcapng, order: section.isBig ? .big : .little)
        stored.sections = 1
        stored.interfaces = section.interfaces
        stored.section.isBig = section.isBig
        stored.section.clocks = section.interfaces.map { InterfaceClock($0) }
    }

    private init(
        name: String, descriptor: DescriptorSource, mapped: Bool,
        _ choice: MemberChoice = .all
    ) throws(CaptureError) {
        if descriptor.isFolder { throw CaptureError(file: name, reason: .isFolder, advice: "name the files in it") }
        self.name = name
        inputSize = descriptor.size
        isGzip = GzipSource.begins(descriptor.peek(4))
        if isGzip, let archive = descriptor.archive(choice) {
            self.archive = archive.index
            input = InputWindow(source: archive, pieceSize: 1 << 18, unthreaded: 1 << 19)
        } else if isGzip {
            input = InputWindow(source: GzipSource(descriptor))
        } else if mapped, let file = descriptor.map() {
            input = InputWindow(mapping: file)
        } else {
            // A file that is shorter than a piece gets a piece of its own size.
            let size = descriptor.size.map { Int(clamping: $0) } ?? .max
            input = InputWindow(source: descriptor, pieceSize: min(1 << 20, max(1 << 12, size)))
        }
        state = .start
        start()
        if let refusal = stored.refusal { throw refusal }
    }

    /// A reader of any source, in pieces of a given size: for tests of records that straddle pieces.
    package init(name: String, source: any OctetSource, pieceSize: Int, unthreaded: Int) {
        self.name = name
        inputSize = nil
        isGzip = source is GzipSource
        input = InputWindow(source: source, pieceSize: pieceSize, unthreaded: unthreaded)
        state = .start
        start()
    }

    /// Empties `batch` and fills it with the next packets, up to its capacity. False when the input has ended and there
    /// was none. What the records of the batch before point at is gone.
    ///
    /// A batch may come back with fewer packets than it has room for: at the end of a buffer, and from a live stream.
    /// Traps when `batch` has no room at all.
    public func next(into batch: inout Batch<Packet>, ledger: inout Ledger) -> Bool {
        precondition(batch.capacity > 0, "a batch has room for a packet")
        batch.removeAll()
        input.forget()
        while true {
            switch state {
            case .start, .ended: return false
            case .refused: refuse(&ledger)
            case .classic(let kind): readClassic(kind, &batch, &ledger)
            case .blocks: readBlocks(&batch, &ledger)
            case .erf: readERF(&batch, &ledger)
            case .snoop: readSnoop(&batch, &ledger)
            case .bareStream: readBareStream(&batch, &ledger)
            }
            if !batch.isEmpty { return true }
            if !input.more() {
                finish(&ledger)
                return false
            }
        }
    }
}

extension CaptureReader {
    /// How the input is written.
    public var format: CaptureFormat {
        var format = stored.format
        format.isGzip = isGzip
        format.members = input.members
        return format
    }

    /// The links that packets came over, as far as read: a pcapng may add some at any place.
    public var interfaces: [Interface] { stored.interfaces }
    /// How many sections were begun: those of a pcapng, 1 for other captures, 0 for a bare stream.
    public var sections: Int { stored.sections }
    /// The blocks of a pcapng, a row a type in the order met: the first 256 types.
    public var blocks: [BlockCount] { stored.blocks }
    /// Comments, names and notes in the capture: the first 64.
    public var remarks: [Remark] { stored.remarks }
    /// What a person should read of the input: the first 64.
    public var problems: [Problem] { stored.problems }
    /// How many problems there were in all.
    public var problemCount: Int { stored.problemCount }
    /// Why nothing could be read; only a reader of octets in memory has one, the others throw it.
    public var refusal: CaptureError? { stored.refusal }
    /// How many packets were read: the pieces of a bare stream are none.
    public var packets: UInt64 { stored.packets }
    /// How many octets of the uncompressed input were left behind.
    public var uncompressedBytes: UInt64 { input.offset }
    /// How many octets of the input, packed as it is, were taken; up to a few buffers more than were left behind.
    public var compressedPosition: UInt64 { input.taken }
    /// How many octets the input has, packed as it is; nil for a pipe.
    public var totalSize: UInt64? { inputSize }
    /// Whether members of an archive were passed since nobody wanted them.
    public var isCutOff: Bool { (member?.jumps ?? 0) > 0 }
}
