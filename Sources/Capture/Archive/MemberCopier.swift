public import Bytes

/// Copies members of an archive into another one: whole, as they stand and with all that their headers say, or some packets
/// of one, which are compressed anew. What comes out is an archive by itself, whichever members were left out.
///
///     let copier = MemberCopier(archive)
///     for number in archive.index.entries.indices {
///         let times = try copier.look(number)
///         try copier.copy()                   // `copier.buffer` is written out and emptied
///     }
public final class MemberCopier {
    /// Members that were not taken yet: the caller writes them out and empties it.
    public let buffer = ByteBuffer(capacity: 1 << 20)
    /// Packets and octets of the part in hand.
    public private(set) var packets: UInt64 = 0, octets: UInt64 = 0

    /// Says what the packets are of a member that is copied: by its header, as it stands in the part, and its blocks. See
    /// ``ArchiveMember/summary``; what the member in the archive says of itself is true behind those in front of it there.
    public var summarise: ((ArchiveMember, [UInt8]) -> [UInt8])?

    private let archive: ArchiveReading
    private let deflater = Deflater(level: ArchiveWriter.usualLevel)
    /// The member that was looked into, and its blocks.
    private var number = -1
    private var blocks: [UInt8] = []
    private var places: [Int] = []
    private var times: [Int64] = []
    /// Up to which packet it was copied.
    private var copied = 0
    /// Whether they are those of the torn member behind the last one.
    private var isTorn = false
    /// The section at the place that was reached; nil where it is not known.
    private var section: SectionBlocks?
    private var part = Part()

    /// What stands in the part so far.
    private struct Part {
        var rawOctets: UInt64 = 0
        /// The section in hand and the interfaces in front of it; all interfaces.
        var section = -1
        var firstInterface = 0
        var interfaces = 0
        /// Whether the section of the place that was reached goes on in it.
        var isOpen = false
        /// The databases in force, as octets; nil where nobody told.
        var definitions: [UInt8]?
    }

    /// A copier of members of an archive.
    public init(_ archive: ArchiveReading) { self.archive = archive }

    /// Begins another part.
    public func beginPart() {
        part = Part()
        (packets, octets) = (0, 0)
    }

    /// Looks into a member, which is to be copied next.
    ///
    /// - Returns: the times of its packets, in nanoseconds since 1970, `Int64.min` where one has none.
    public func look(_ number: Int) throws(ArchiveReading.Damage) -> [Int64] {
        let entries = archive.index.entries
        let entry = entries[number]
        try archive.verify(entry)
        blocks = archive.unpacked.bytes.copied()
        let follows =
            number == self.number + 1 && !archive.index.joints.contains(number) && archive.index.follows(number)
        if !follows { (section, part.isOpen) = (nil, false) }
        self.number = number
        try prepare(entry.member)
        return times
    }

    /// Finds the packets of blocks, and the section that they begin in.
    private func prepare(_ member: ArchiveMember) throws(ArchiveReading.Damage) {
        copied = 0
        if !begins(at: 0) {
            if let told = member.section, section.map({ $0.count != told.interfaces.count }) ?? true {
                section = SectionBlocks(told)
            }
            guard section != nil else {
                throw ArchiveReading.Damage(description: "the beginning of its section is lost")
            }
        }
        places.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
        let reader = CaptureReader(member, blocks: blocks)
        var batch = Batch<Packet>()
        var ledger = Ledger()
        while reader.next(into: &batch, ledger: &ledger) {
            for index in 0..<batch.count { times.append(batch[index].time.nanoseconds) }
        }
        let whole = blocks
        for row in BlockRow.all(in: whole.octets, isBig: section?.isBig ?? false) where row.isPacket {
            places.append(row.at)
        }
        // Packet blocks that are no packets would be counted otherwise.
        guard places.count == times.count else { throw ArchiveReading.Damage(description: "a packet block is damaged") }
    }

    private func begins(at place: Int) -> Bool {
        let blocks = blocks
        return place + 4 <= blocks.count && blocks.octets.u32(at: place) == BlockType.section
    }

    /// Copies the member that was looked into.
    public func copy() throws(ArchiveReading.Damage) {
        let entry = archive.index.entries[number]
        let isBeginning = begins(at: 0)
        define(at: entry.offset)
        if !isBeginning, !part.isOpen, let section {
            pack(ArchiveMember(), section.octets.octets)
            open(section)
        }
        guard let data = archive.data(of: entry) else {
            throw ArchiveReading.Damage(description: "its header cannot be read again")
        }
        let isTold = !isBeginning && entry.member.section != nil
        var moved = ArchiveMember.moved(
            data, rawOffset: part.rawOctets, packetsBefore: packets,
            section: isTold ? (part.section, part.firstInterface) : nil)
        if let summarise {
            var member = entry.member
            (member.rawOffset, member.packetsBefore) = (part.rawOctets, packets)
            member.section?.number = part.section
            member.section?.firstInterface = part.firstInterface
            moved.removeLast(member.summary.count)
            member.tell(summarise(member, blocks))
            moved += member.summary
        }
        let packed = archive.packed
        let body = 12 + Int(packed.bytes.u16le(at: 10))
        moved.set(le: UInt32(ArchiveMember.headSize + moved.count + packed.count - body), at: 4)
        part.rawOctets += UInt64(entry.member.rawSize)
        add(ArchiveMember.header(around: moved), packed.bytes.slice(at: body, count: packed.count - body))
        finish(0, blocks.count, Int(entry.member.packets))
    }

    /// Says which databases are in force at an offset of the archive, where the part does not say so yet.
    private func define(at offset: UInt64) {
        guard let definitions = archive.index.databases(at: offset), definitions != part.definitions else { return }
        part.definitions = definitions
        add(ArchiveMember.definitions(definitions, rawOffset: part.rawOctets, packetsBefore: packets), [UInt8]().octets)
    }

    /// Copies packets of the member that was looked into, from the last one that was copied on, with the blocks behind them.
    public func copy(packets count: Int) {
        define(at: isTorn ? .max : archive.index.entries[number].offset)
        let end = copied + count
        let range = (copied == 0 ? 0 : places[copied])..<(end == places.count ? blocks.count : places[end])
        let isBeginning = begins(at: range.lowerBound)
        // What the part does not have of the section goes into the same member.
        let front = isBeginning || part.isOpen ? nil : section
        var member = ArchiveMember()
        if let front {
            open(front)
        } else if !isBeginning, let section {
            var told = ArchiveMember.Section()
            told.isBig = section.isBig
            (told.number, told.firstInterface) = (part.section, part.firstInterface)
            told.interfaces = section.interfaces
            member.section = told.interfaces.count <= ArchiveMember.mostInterfaces ? told : nil
        }
        member.packets = UInt32(count)
        for time in times[copied..<end] where time != .min {
            member.earliest = min(member.earliest, time)
            member.latest = max(member.latest, time)
        }
        let blocks = blocks
        if let front {
            let whole = front.octets + blocks[range]
            pack(member, whole.octets)
        } else {
            pack(member, blocks.octets.slice(at: range.lowerBound, count: range.count))
        }
        finish(range.lowerBound, range.upperBound, count)
        copied = end
    }

    /// Takes note of the section and its interfaces, which the part does not have yet.
    private func open(_ section: SectionBlocks) {
        part.section += 1
        part.firstInterface = part.interfaces
        part.interfaces += section.count
        part.isOpen = true
    }

    /// Compresses blocks into a member.
    private func pack(_ member: ArchiveMember, _ blocks: RawSpan) {
        var member = member
        member.rawSize = UInt32(blocks.byteCount)
        (member.rawOffset, member.packetsBefore) = (part.rawOctets, packets)
        if let summarise { member.tell(summarise(member, blocks.copied())) }
        part.rawOctets += UInt64(blocks.byteCount)
        let start = buffer.count
        member.pack(blocks, deflater, into: buffer)
        octets += UInt64(buffer.count - start)
    }

    private func add(_ header: [UInt8], _ body: RawSpan) {
        buffer.append(header.octets)
        buffer.append(body)
        octets += UInt64(header.count + body.byteCount)
    }

    /// Takes note of what was copied.
    private func finish(_ start: Int, _ end: Int, _ count: Int) {
        let blocks = blocks
        let range = blocks.octets.slice(at: start, count: end - start)
        for row in BlockRow.all(in: range, isBig: section?.isBig ?? false) {
            if row.type == BlockType.section {
                section = SectionBlocks(range.slice(at: row.at, count: row.count))
                part.section += 1
                part.firstInterface = part.interfaces
                part.isOpen = true
            } else if row.type == BlockType.interface {
                section?.append(interface: range.slice(at: row.at, count: row.count))
                part.interfaces += 1
            }
        }
        packets += UInt64(count)
    }

    /// Copies what can be unpacked of the torn member behind the last one.
    ///
    /// - Returns: how many packets.
    public func copyTorn() -> Int {
        guard let torn = archive.torn() else { return 0 }
        blocks = torn.blocks
        if !archive.index.entries.isEmpty,
            number != archive.index.entries.count - 1 || archive.index.end != archive.index.appendPlace
        {
            (section, part.isOpen) = (nil, false)
        }
        do { try prepare(torn.member) } catch { return 0 }
        guard !places.isEmpty else { return 0 }
        isTorn = true
        copy(packets: places.count)
        return places.count
    }
}
