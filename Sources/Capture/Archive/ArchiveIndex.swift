public import Bytes
internal import Glibc

/// The members of an archive, found by hopping from header to header: nothing is unpacked.
public struct ArchiveIndex: Sendable {
    /// A member and where it stands.
    public struct Entry: Sendable, Equatable {
        /// What its header says.
        public let member: ArchiveMember
        /// Where its first octet stands in the file.
        public let offset: UInt64
        /// Where it ends.
        public var end: UInt64 { offset + UInt64(member.size) }
    }

    /// Octets between members that belong to none: damage.
    public struct Gap: Sendable, Equatable {
        /// Where they stand.
        public let range: Range<UInt64>
        /// What is wrong with them.
        public let words: String
    }

    /// The members that hold blocks, in order.
    public private(set) var entries: [Entry] = []
    /// The members that say which mission databases are in force, in order.
    private(set) var definitionEntries: [Entry] = []
    /// What lies between them.
    public private(set) var gaps: [Gap] = []
    /// Octets of the file.
    public let size: UInt64
    /// Where the last whole member ends.
    public private(set) var end: UInt64 = 0
    /// What stands behind it, in words; nil where nothing does.
    public private(set) var tail: String?
    /// Where a writer goes on: behind the last member, and in front of an index that ends the file.
    public private(set) var appendPlace: UInt64 = 0
    /// Whether the members were told by a closing index.
    public private(set) var isIndexed = false
    /// The entries with which another archive begins, whose file was copied behind that of the one before.
    public private(set) var joints: [Int] = []
    private var isOurs = false

    /// Octets behind the last whole member: what a writer that was stopped had begun.
    public var tornOctets: UInt64 { size - end }
    /// Packets in all members.
    public var packets: UInt64 { entries.last.map { $0.member.packetsBefore &+ UInt64($0.member.packets) } ?? 0 }
    /// Octets that all members unpack to.
    public var rawOctets: UInt64 { entries.last.map { $0.member.rawOffset &+ UInt64($0.member.rawSize) } ?? 0 }

    /// Reads the headers of a file, or its closing index; nil where it does not begin with a member of an archive.
    ///
    /// - Parameter trusts: whether the closing index is taken for the headers, where there is one.
    public init?(path: String, trusts: Bool = true) throws(SystemError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError(number: errno) }
        defer { close(file) }
        try self.init(descriptor: file, trusts: trusts)
    }

    /// Reads the headers of an open file; nil where it is no regular file, or does not begin with a member of an archive.
    init?(descriptor file: Int32, trusts: Bool = true) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw SystemError(number: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = UInt64(status.st_size)
        if trusts, let found = ClosingIndex.read(file, size: size) {
            for entry in found.entries { add(entry) }
            (end, appendPlace, isIndexed) = (size, found.start, true)
            join()
            return
        }
        defer { join() }
        var room = [UInt8](repeating: 0, count: ArchiveMember.headSize + 1 << 16)
        var place: UInt64 = 0
        // Where damage began that is being passed, and what it is.
        var lost: (from: UInt64, words: String)?
        while place < size {
            let (found, words) = try Self.member(at: place, size, file, &room)
            if let member = found {
                isOurs = true
                if let lost {
                    gaps.append(Gap(range: lost.from..<place, words: lost.words))
                    appendPlace = place
                }
                lost = nil
                guard place + UInt64(member.size) <= size else {
                    // Half an index is as good as none, and nothing is lost with it.
                    if member.kind == .index {
                        end = size
                    } else {
                        tail = "a member of \(member.size) octets, of which \(size - place) are there"
                    }
                    return
                }
                add(Entry(member: member, offset: place))
                place += UInt64(member.size)
                end = place
                if member.kind != .index { appendPlace = place }
                continue
            }
            // The same of an index whose header is not all there.
            if isOurs, words != nil, ClosingIndex.isBegun(room.octets, size - place) {
                end = size
                return
            }
            if words != nil { isOurs = true }
            guard isOurs else { return nil }
            lost = lost ?? (place, words ?? "octets that are no member of an archive")
            guard let next = try Self.mark(behind: place, size, file, &room) else { break }
            place = next
        }
        if !isOurs { return nil }
        if let lost { tail = lost.words }
    }

    private mutating func add(_ entry: Entry) {
        switch entry.member.kind {
        case .blocks: entries.append(entry)
        case .definitions: definitionEntries.append(entry)
        case .index, .unknown: break
        }
    }

    /// All members that an index lists, in the order of the file.
    public var members: [Entry] { (entries + definitionEntries).sorted { $0.offset < $1.offset } }

    /// Whether nothing that holds or held blocks lies between a member and the one in front of it.
    func follows(_ number: Int) -> Bool {
        guard number > 0 else { return true }
        var end = entries[number - 1].end
        for entry in definitionEntries where entry.offset == end { end = entry.end }
        return end == entries[number].offset
    }

    /// The databases in force at an offset of the file, as octets; nil where nobody told.
    func databases(at offset: UInt64) -> [UInt8]? { definitionEntries.last { $0.offset < offset }?.member.summary }

    /// Numbers what was copied behind another archive as if it had been written there.
    private mutating func join() {
        var (shift, packets, raw) = (UInt64(0), UInt64(0), UInt64(0))
        var rawShift = UInt64(0)
        for index in entries.indices {
            var member = entries[index].member
            // What a header counts in front of it may be more than is there, where members were lost, and never less.
            if member.packetsBefore &+ shift < packets || member.rawOffset &+ rawShift < raw {
                (shift, rawShift) = (packets &- member.packetsBefore, raw &- member.rawOffset)
                joints.append(index)
            }
            if !joints.isEmpty {
                member.packetsBefore &+= shift
                member.rawOffset &+= rawShift
                entries[index] = Entry(member: member, offset: entries[index].offset)
            }
            packets = member.packetsBefore &+ UInt64(member.packets)
            raw = member.rawOffset &+ UInt64(member.rawSize)
        }
        guard !joints.isEmpty else { return }
        // Databases are in force from the member behind them on.
        for index in definitionEntries.indices {
            let entry = definitionEntries[index]
            let next = entries.first { $0.offset > entry.offset }?.member
            var member = entry.member
            (member.packetsBefore, member.rawOffset) = (next?.packetsBefore ?? packets, next?.rawOffset ?? raw)
            definitionEntries[index] = Entry(member: member, offset: entry.offset)
        }
    }

    /// The member at an offset; or in words what stands there, nil for what never was a member.
    private static func member(
        at place: UInt64, _ size: UInt64, _ file: Int32, _ room: inout [UInt8]
    ) throws(SystemError) -> (ArchiveMember?, String?) {
        var wanted = 256
        while true {
            let got = try read(file, place, wanted, &room)
            do throws(ArchiveMember.Refusal) {
                return (try ArchiveMember(room.octets.slice(at: 0, count: got)), nil)
            } catch {
                switch error {
                case .needs(let count) where got == wanted && wanted < room.count:
                    wanted = min(room.count, max(count, wanted * 2))
                case .needs: return (nil, "the beginning of a header")
                case .foreign: return (nil, nil)
                case .damaged(let words): return (nil, "a member that is damaged: \(words)")
                }
            }
        }
    }

    /// Where the next octets stand that look like the header of a member.
    private static func mark(
        behind place: UInt64, _ size: UInt64, _ file: Int32, _ room: inout [UInt8]
    ) throws(SystemError) -> UInt64? {
        var at = place + 1
        while at < size {
            let got = try read(file, at, room.count, &room)
            guard got >= ArchiveMember.headSize else { return nil }
            let span = room.octets
            for index in 0...got - ArchiveMember.headSize where span.u8(at: index) == 0x1F {
                if ArchiveMember.isMark(span, index) { return at + UInt64(index) }
            }
            at += UInt64(got - ArchiveMember.headSize + 1)
        }
        return nil
    }

    private static func read(
        _ file: Int32, _ place: UInt64, _ count: Int, _ room: inout [UInt8]
    ) throws(SystemError) -> Int {
        let got = unsafe pread(file, &room, count, Int(place))
        guard got >= 0 else { throw SystemError(number: errno) }
        return got
    }
}
