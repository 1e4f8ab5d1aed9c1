public import Bytes

/// Writes an archive: blocks of a pcapng in members of gzip, each with a summary in its header. Members are compressed
/// by all processors.
///
///     let writer = ArchiveWriter()
///     writer.begin(reader)                          // a source of any kind, several one behind the other
///     while reader.next(into: &batch, ledger: &ledger) {
///         try writer.append(batch, reader)
///         …                                         // `writer.buffer` is written out and emptied
///     }
///     writer.end()
///     writer.flush()
///
/// Whatever was written is an archive up to the end of any member. Octets of the source that are no block of a capture are
/// kept in blocks of our own, see ``BlockCopies``.
public final class ArchiveWriter {
    /// Finished members that were not taken yet: the caller writes them out and empties it.
    public let buffer = ByteBuffer(capacity: 1 << 20)
    /// How many packets were given.
    public private(set) var packets: UInt64 = 0
    /// How many octets the members unpack to, and how many they have.
    public private(set) var rawOctets: UInt64 = 0, octets: UInt64 = 0
    /// How many members were finished.
    public private(set) var members = 0

    /// Says what the packets are of the member that ends, see ``ArchiveMember/summary``; asked once for each member.
    public var summarise: (() -> [UInt8])?

    /// The databases in force, as octets; nil where nobody told.
    private var definitions: [UInt8]?
    /// The level that was told; without one the chooser says it.
    private let level: Int?
    private var chooser = LevelChooser()
    private let memberSize: Int
    private let crew = Crew()
    private var workers: [Worker] = []
    private var open = Pending()
    private var waiting: [Pending] = []
    private var spare: [Pending] = []
    /// For a source that is no pcapng what makes blocks of its packets.
    private var formatter: CaptureWriter?
    private var reader: CaptureReader?
    private var copies: BlockCopies?
    private var sections = 0
    private var interfaces = 0
    /// The number that the first interface of the source at hand has in the archive.
    public var firstInterface: Int { interfaces }
    private var section: ArchiveMember.Section?

    /// A member on its way.
    private final class Pending {
        var member = ArchiveMember()
        let raw = ByteBuffer(capacity: 1 << 16)
        let packed = ByteBuffer(capacity: 1 << 16)
    }

    private final class Worker {
        private var deflaters: [Int: Deflater] = [:]

        func deflater(_ level: Int) -> Deflater {
            if let deflater = deflaters[level] { return deflater }
            let deflater = Deflater(level: level)
            deflaters[level] = deflater
            return deflater
        }
    }

    /// Octets of a member before compression: so many that a member more costs nothing, and so few that a slice need not
    /// unpack much.
    public static let usualMemberSize = 512 << 10
    /// Level of libdeflate where none is told and no faster one does as well: that of gzip's own default.
    public static let usualLevel = 6
    /// Members that are compressed together.
    private static let together = 4

    /// A writer of an archive, or of what comes behind the members of one.
    ///
    /// - Parameters:
    ///   - level: 0 (none) to 12 (smallest); nil is the fastest that costs hardly more octets than the usual one.
    ///   - memberSize: octets of a member before compression, about.
    public init(level: Int? = nil, memberSize: Int = ArchiveWriter.usualMemberSize) {
        self.level = level
        self.memberSize = memberSize
    }

    /// A writer of what comes behind the members of an archive.
    ///
    /// - Throws: where its last member, which tells how far sections and interfaces are counted, cannot be read.
    public convenience init(
        behind archive: ArchiveReading, level: Int? = nil, memberSize: Int = ArchiveWriter.usualMemberSize
    ) throws(ArchiveReading.Damage) {
        self.init(level: level, memberSize: memberSize)
        let index = archive.index
        let end = try archive.standing()
        (sections, interfaces) = (end.sections, end.interfaces)
        (packets, rawOctets) = (index.packets, index.rawOctets)
        definitions = index.databases(at: .max)
    }

    /// Says which mission databases are in force for the sources that come: a member, unless it was the same before.
    ///
    /// - Returns: false where they are more than a header has room for; then nothing is said.
    public func define(_ databases: [DatabaseIdentity]) -> Bool {
        guard let octets = DatabaseIdentity.octets(of: databases) else { return false }
        guard octets != definitions, definitions != nil || !databases.isEmpty else { return true }
        definitions = octets
        flush()
        let member = ArchiveMember.definitions(octets, rawOffset: rawOctets, packetsBefore: packets)
        buffer.append(member.octets)
        self.octets += UInt64(member.count)
        return true
    }

    /// Begins a source. Of a capture everything is kept from now on, and it must not have been read before.
    public func begin(_ source: any PacketSource) {
        reader = source as? CaptureReader
        let isVerbatim = reader?.format.kind == .pcapng
        if let reader {
            let copies = BlockCopies(isVerbatim: isVerbatim)
            self.copies = copies
            reader.copies = copies
            if isVerbatim { reader.input.copies = copies.buffer }
        }
        if !isVerbatim { formatter = CaptureWriter(.pcapng) }
        // What is in hand ended with the source before, so that a section begins with a member.
        section = nil
        open.member.section = nil
    }

    /// Takes a batch and the blocks that came with it.
    public func append(_ batch: borrowing Batch<Packet>, _ source: any PacketSource) throws(CaptureWriter.Refusal) {
        if let formatter {
            try formatter.append(batch, interfaces: source.interfaces)
            take(formatter.buffer)
        }
        take()
        open.member.count(batch)
        packets += UInt64(batch.count)
        if open.raw.count >= memberSize { seal() }
    }

    /// Ends a capture: blocks behind its last packet belong to it.
    ///
    /// - Parameter statistics: what was counted of interfaces of a live source.
    public func end(statistics: [InterfaceStatistics] = []) {
        if let formatter {
            formatter.finish(statistics: statistics)
            take(formatter.buffer)
        }
        take()
        // Interfaces of the next source are counted behind these.
        interfaces += formatter?.written.count ?? reader?.interfaces.count ?? 0
        sections += formatter == nil ? reader?.sections ?? 0 : 1
        reader?.input.copies = nil
        reader?.copies = nil
        (formatter, copies, reader) = (nil, nil, nil)
        seal()
        section = nil
    }

    /// Takes the copies, and remembers how the section stands behind them.
    private func take() {
        if let copies { take(copies.buffer) }
        section = standing
    }

    private func take(_ blocks: ByteBuffer) {
        open.raw.append(blocks.bytes)
        blocks.removeAll()
    }

    private var standing: ArchiveMember.Section {
        var section = ArchiveMember.Section()
        if let formatter {
            section.number = sections
            section.firstInterface = interfaces
            section.interfaces = formatter.written
        } else if let reader {
            let first = reader.stored.section.firstInterface
            section.isBig = reader.stored.section.isBig
            section.number = sections + max(0, reader.sections - 1)
            section.firstInterface = interfaces + first
            section.interfaces = Array(reader.interfaces[first...])
        }
        return section
    }

    /// Ends the member in hand, and compresses when there are enough.
    private func seal() {
        guard open.raw.count > 0 else { return }
        open.member.rawSize = UInt32(open.raw.count)
        open.member.rawOffset = rawOctets
        open.member.packetsBefore = packets - UInt64(open.member.packets)
        rawOctets += UInt64(open.raw.count)
        if let summarise { open.member.tell(summarise()) }
        waiting.append(open)
        open = spare.popLast() ?? Pending()
        open.member = ArchiveMember()
        // A member whose section has more interfaces than a header has room for is read behind those in front of it.
        open.member.section = section.flatMap { $0.interfaces.count <= ArchiveMember.mostInterfaces ? $0 : nil }
        if waiting.count >= Self.together { pack() }
    }

    /// Finishes what is in hand, so that it survives: members that are smaller than others.
    public func flush() {
        seal()
        pack()
    }

    private func pack() {
        guard !waiting.isEmpty else { return }
        while workers.count < waiting.count { workers.append(Worker()) }
        if level == nil {
            for pending in waiting {
                let raw = pending.raw
                chooser.look(raw.bytes, at: pending.member.rawOffset, crew)
            }
        }
        let (waiting, workers, level) = (self.waiting, self.workers, self.level ?? chooser.level)
        crew.run(waiting.count) { number in
            let (pending, raw) = (waiting[number], waiting[number].raw)
            pending.member.pack(raw.bytes, workers[number].deflater(level), into: pending.packed)
        }
        for pending in waiting {
            let packed = pending.packed
            buffer.append(packed.bytes)
            octets += UInt64(packed.count)
            members += 1
            pending.raw.removeAll()
            pending.packed.removeAll()
            spare.append(pending)
        }
        self.waiting.removeAll()
    }
}
