internal import Bytes
internal import Glibc

/// Headers as octets: for what copies members and keeps of their headers also what it does not know.
extension ArchiveMember {
    /// Where fields stand in the data of the subfield.
    private enum Place {
        static let rawOffset = 16
        static let packetsBefore = 24
        static let section = 48
        static let firstInterface = 52
        static let check = 60
    }

    /// The gzip header around the data of our subfield, of which the check is set: that of the data with zeros in its place.
    static func header(around data: [UInt8]) -> [UInt8] {
        var data = data
        data.set(le: UInt32(0), at: Place.check)
        data.set(le: Deflate.crc32(data.octets), at: Place.check)
        let length = UInt16(data.count)
        var head: [UInt8] = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255]
        head.append(le: length + 4)
        head += [subfield.0, subfield.1]
        head.append(le: length)
        return head + data
    }

    /// A whole member that unpacks to nothing, whose header carries octets behind its own fields.
    func empty(carrying carried: ArraySlice<UInt8>) -> [UInt8] {
        var member = self
        member.size = UInt32(Self.emptySize + Self.fixedSize + carried.count)
        let data = member.header()[Self.headSize...] + carried
        // An empty block of fixed codes; check and length of nothing are zeros.
        return Self.header(around: Array(data)) + [3, 0] + [UInt8](repeating: 0, count: Self.trailerSize)
    }

    /// Octets of an empty member besides its header's data: the head, an empty deflate block, check and length.
    static var emptySize: Int { headSize + 2 + trailerSize }

    /// A whole member that says which databases are in force behind it.
    ///
    /// - Parameter databases: as octets.
    static func definitions(_ databases: [UInt8], rawOffset: UInt64, packetsBefore: UInt64) -> [UInt8] {
        var member = ArchiveMember()
        member.kind = .definitions
        (member.rawOffset, member.packetsBefore) = (rawOffset, packetsBefore)
        return member.empty(carrying: databases[...])
    }

    /// The data of the subfield of a member that stands at an offset of a file; nil where it is none.
    static func data(at offset: UInt64, of file: Int32) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: 1 << 10)
        var got = unsafe pread(file, &octets, octets.count, Int(offset))
        guard got >= headSize, isMark(octets.octets, 0) else { return nil }
        let whole = headSize + Int(octets.octets.u16le(at: 14))
        if whole > got {
            octets = [UInt8](repeating: 0, count: whole)
            got = unsafe pread(file, &octets, whole, Int(offset))
        }
        return got >= whole ? Array(octets[headSize..<whole]) : nil
    }

    /// Octets of the member that begins at a place, by its header.
    package static func size(at place: Int, of bytes: RawSpan) -> Int {
        place + 24 <= bytes.byteCount ? Int(bytes.u32le(at: place + headSize + 4)) : bytes.byteCount
    }

    /// Whether a member of which the header is there unpacks to nothing.
    package static func isEmpty(at place: Int, of bytes: RawSpan) -> Bool {
        place + 28 <= bytes.byteCount && bytes.u32le(at: place + headSize + 8) == 0
    }

    /// The data of a subfield for a member that is copied to another place; all else in it stays.
    ///
    /// - Parameter section: the section's number there and the interfaces in front of it; nil where it begins one.
    static func moved(
        _ data: [UInt8], rawOffset: UInt64, packetsBefore: UInt64, section: (number: Int, firstInterface: Int)?
    ) -> [UInt8] {
        var data = data
        data.set(le: rawOffset, at: Place.rawOffset)
        data.set(le: packetsBefore, at: Place.packetsBefore)
        if let section {
            data.set(le: UInt32(truncatingIfNeeded: section.number), at: Place.section)
            data.set(le: UInt32(truncatingIfNeeded: section.firstInterface), at: Place.firstInterface)
        }
        return data
    }
}
