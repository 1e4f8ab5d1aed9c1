internal import Bytes

/// One member of an archive, by what the extra field of its gzip header says of it: `Specs/archive.md` has the layout.
public struct ArchiveMember: Sendable, Equatable {
    /// What a member holds.
    public enum Kind: UInt8, Sendable {
        /// Blocks of a pcapng.
        case blocks = 0
        /// Nothing: its header is a part of an index of the others, see ``ClosingIndex``.
        case index = 1
        /// Nothing: its header says which mission databases are in force from there on, see ``DatabaseIdentity``.
        case definitions = 2
        /// What a later version may add.
        case unknown = 255
    }

    /// What it holds.
    public var kind = Kind.blocks
    /// Octets of the whole member, from its first header octet to its last check octet.
    public var size: UInt32 = 0
    /// Octets that it unpacks to.
    public var rawSize: UInt32 = 0
    /// Octets that all members in front of it unpack to.
    public var rawOffset: UInt64 = 0
    /// Packets in all members in front of it.
    public var packetsBefore: UInt64 = 0
    /// Packets in it.
    public var packets: UInt32 = 0
    /// The earliest and the latest time of a packet, in nanoseconds since 1970; the first is above the second where no packet
    /// has a time.
    public var earliest = Int64.max, latest = Int64.min
    /// How the section goes on that its first block belongs to; nil where its first block begins one.
    public var section: Section?
    /// What its packets are, for those who can read it: `MemberSummary` of the pipeline; empty where nobody looked. Of a member
    /// that says which databases are in force, those.
    public var summary: [UInt8] = []

    /// What has to be known of a section to read blocks in its middle.
    public struct Section: Sendable, Equatable {
        /// Whether its most significant octets come first.
        public var isBig = false
        /// Its number, from 0.
        public var number = 0
        /// How many interfaces the sections before it have.
        public var firstInterface = 0
        /// The interfaces that it has so far.
        public var interfaces: [Interface] = []

        /// A section without interfaces.
        public init() {}
    }

    /// A member of nothing.
    public init() {}

    /// The name of our subfield: "SL".
    static var subfield: (UInt8, UInt8) { (0x53, 0x4C) }
    /// Octets of the header in front of the subfield's data: 10 of gzip, the length of the extra field, and the subfield's
    /// name and length.
    static var headSize: Int { 16 }
    /// Octets of the fields that every member has.
    static var fixedSize: Int { 64 }
    /// Octets of an interface.
    private static var interfaceSize: Int { 16 }
    /// Octets of check and length behind the compressed data.
    static var trailerSize: Int { 8 }
    /// The version of the layout.
    static var version: UInt8 { 1 }

    /// Why a header is none of ours.
    enum Refusal: Error, Equatable {
        /// More octets are needed than there are.
        case needs(Int)
        /// It is gzip, and no member of an archive.
        case foreign
        /// It was ours once: the check does not agree, or fields contradict each other.
        case damaged(String)
    }
}

extension ArchiveMember {
    /// The gzip header (RFC 1952, 2.3), with everything in it.
    func header() -> [UInt8] {
        var data: [UInt8] = []
        data.append(Self.version)
        data.append(kind.rawValue)
        data.append(section == nil ? 0 : 1)
        data.append(section?.isBig == true ? 1 : 0)
        data.append(le: size)
        data.append(le: rawSize)
        data.append(le: packets)
        data.append(le: rawOffset)
        data.append(le: packetsBefore)
        data.append(le: UInt64(bitPattern: earliest))
        data.append(le: UInt64(bitPattern: latest))
        data.append(le: UInt32(section?.number ?? 0))
        data.append(le: UInt32(section?.firstInterface ?? 0))
        data.append(le: UInt32(section?.interfaces.count ?? 0))
        data.append(le: UInt32(0))
        for interface in section?.interfaces ?? [] {
            data.append(le: UInt32(interface.linkType.rawValue))
            data.append(le: interface.snapLength)
            data.append(
                le: UInt64(bitPattern: interface.timeOffset) & 0x00FF_FFFF_FFFF_FFFF
                    | UInt64(interface.resolution) << 56)
        }
        return Self.header(around: data + summary)
    }

    /// Reads the header of a member.
    ///
    /// - Parameter bytes: the file from the member's first octet on, as far as it was read.
    init(_ bytes: RawSpan) throws(Refusal) {
        let fixed = Self.headSize + Self.fixedSize
        guard bytes.byteCount >= Self.headSize else { throw .needs(fixed) }
        guard Self.isMark(bytes, 0) else { throw .foreign }
        let length = Int(bytes.u16le(at: 14))
        guard Int(bytes.u16le(at: 10)) >= length + 4, length >= Self.fixedSize else {
            throw .damaged("the extra field is shorter than its content")
        }
        guard bytes.byteCount >= Self.headSize + length else { throw .needs(Self.headSize + length) }
        var data: [UInt8] = bytes.slice(at: Self.headSize, count: length).copied()
        let check = data.octets.u32le(at: 60)
        data.replaceSubrange(60..<64, with: [0, 0, 0, 0])
        guard Deflate.crc32(data.octets) == check else { throw .damaged("the check of its header does not agree") }
        try self.init(data: data.octets)
    }

    /// Reads the data of a member's subfield, whose check agrees.
    init(data span: RawSpan) throws(Refusal) {
        let length = span.byteCount
        guard span.u8(at: 0) == Self.version else {
            throw .damaged("its version is \(span.u8(at: 0)), and \(Self.version) is read")
        }
        kind = Kind(rawValue: span.u8(at: 1)) ?? .unknown
        size = span.u32le(at: 4)
        rawSize = span.u32le(at: 8)
        packets = span.u32le(at: 12)
        rawOffset = span.u64le(at: 16)
        packetsBefore = span.u64le(at: 24)
        earliest = Int64(bitPattern: span.u64le(at: 32))
        latest = Int64(bitPattern: span.u64le(at: 40))
        let count = Int(span.u32le(at: 56))
        guard size >= Self.headSize + length + Self.trailerSize, count <= (length - Self.fixedSize) / Self.interfaceSize
        else { throw .damaged("its lengths contradict each other") }
        if kind == .definitions {
            summary = span.slice(at: Self.fixedSize, count: length - Self.fixedSize).copied()
        }
        guard kind == .blocks else { return }
        let told = Self.fixedSize + count * Self.interfaceSize
        summary = span.slice(at: told, count: length - told).copied()
        guard span.u8(at: 2) == 1 else { return }
        var section = Section()
        section.isBig = span.u8(at: 3) == 1
        section.number = Int(span.u32le(at: 48))
        section.firstInterface = Int(span.u32le(at: 52))
        for index in 0..<count {
            let at = Self.fixedSize + index * Self.interfaceSize
            var interface = Interface(
                linkType: LinkType(rawValue: span.u32le(at: at)), snapLength: span.u32le(at: at + 4))
            let word = span.u64le(at: at + 8)
            interface.resolution = UInt8(word >> 56)
            // 56 bits with their sign.
            interface.timeOffset = Int64(bitPattern: word << 8) >> 8
            interface.section = section.number
            section.interfaces.append(interface)
        }
        self.section = section
    }

    /// Counts packets of it, and widens its span of time to theirs.
    mutating func count(_ batch: borrowing Batch<Packet>) {
        packets += UInt32(batch.count)
        let records = batch.records
        for index in records.indices where records[index].time.isKnown {
            earliest = min(earliest, records[index].time.nanoseconds)
            latest = max(latest, records[index].time.nanoseconds)
        }
    }

    /// Says what its packets are; nothing where there is no room for that.
    mutating func tell(_ summary: [UInt8]) { self.summary = summary.count <= roomForSummary ? summary : [] }

    /// Octets of its header.
    var headerSize: Int {
        Self.headSize + Self.fixedSize + Self.interfaceSize * (section?.interfaces.count ?? 0) + summary.count
    }

    /// Octets that there are for a summary.
    var roomForSummary: Int {
        65_535 - 4 - Self.fixedSize - Self.interfaceSize * (section?.interfaces.count ?? 0)
    }

    /// Whether octets look like the beginning of a member's header, of which all but the lengths is always the same.
    static func isMark(_ bytes: RawSpan, _ at: Int) -> Bool {
        bytes.u32(at: at) & 0xFFFF_FF04 == 0x1F8B_0804 && bytes.u8(at: at + 12) == subfield.0
            && bytes.u8(at: at + 13) == subfield.1
    }

    /// Interfaces that there is room for.
    static var mostInterfaces: Int { (65_535 - 4 - fixedSize) / interfaceSize }
}
