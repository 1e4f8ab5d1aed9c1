internal import Bytes
internal import Glibc

/// The headers of all members once more, at the end of an archive, so that opening it is two reads: empty members whose
/// headers carry them, as many as it takes, and a last one of fixed size that says where the first one stands.
///
/// It is a cache. Where anything about it does not agree (the file was cut, or somebody wrote behind it) the members are
/// found by hopping, as if it were not there. `Specs/archive.md` has the layout.
enum ClosingIndex {
    /// Octets of headers that one member carries.
    private static var pieceSize: Int { 65_000 }
    /// Octets of the data of the last one.
    private static var lastSize: Int { ArchiveMember.fixedSize + 32 }
    /// Octets of offset and length in front of each header.
    private static var rowSize: Int { 10 }

    /// What an index at the end of a file says.
    struct Found {
        var entries: [ArchiveIndex.Entry] = []
        /// Where its first member stands.
        var start: UInt64
    }

    /// Whether the last octets of a file are the beginning of a member of an index, and not all of its header.
    static func isBegun(_ octets: RawSpan, _ count: UInt64) -> Bool {
        guard count >= 18, octets.byteCount >= 18, ArchiveMember.isMark(octets, 0) else { return false }
        return octets.u8(at: 16) == ArchiveMember.version && octets.u8(at: 17) == ArchiveMember.Kind.index.rawValue
            && count < UInt64(ArchiveMember.headSize) + UInt64(octets.u16le(at: 14))
    }

    /// The index of members, to be written behind them; nil where a header cannot be read again.
    ///
    /// - Parameters:
    ///   - file: where they stand.
    ///   - start: where the index will stand.
    static func octets(of entries: [ArchiveIndex.Entry], _ file: Int32, at start: UInt64) -> [UInt8]? {
        var rows: [UInt8] = []
        for entry in entries {
            guard let data = ArchiveMember.data(at: entry.offset, of: file) else { return nil }
            rows.append(le: entry.offset)
            rows.append(le: UInt16(data.count))
            rows += data
        }
        var out: [UInt8] = []
        var piece = ArchiveMember()
        piece.kind = .index
        piece.rawOffset = entries.last.map { $0.member.rawOffset &+ UInt64($0.member.rawSize) } ?? 0
        piece.packetsBefore = entries.last.map { $0.member.packetsBefore &+ UInt64($0.member.packets) } ?? 0
        for at in stride(from: 0, to: rows.count, by: pieceSize) {
            out += piece.empty(carrying: rows[at..<min(at + pieceSize, rows.count)])
        }
        var last: [UInt8] = []
        last.append(le: start)
        last.append(le: start + UInt64(out.count))
        last.append(le: UInt64(rows.count))
        last.append(le: UInt32(truncatingIfNeeded: entries.count))
        last.append(le: Deflate.crc32(rows.octets))
        return out + piece.empty(carrying: last[...])
    }

    /// The index at the end of a file; nil where there is none that can be trusted.
    static func read(_ file: Int32, size: UInt64) -> Found? {
        let lastCount = UInt64(ArchiveMember.emptySize + lastSize)
        guard size >= lastCount, let last = carried(read(file, size - lastCount, Int(lastCount))), last.count == 32
        else { return nil }
        let span = last.octets
        let (start, end) = (span.u64le(at: 0), span.u64le(at: 8))
        let (rowsCount, count) = (span.u64le(at: 16), Int(span.u32le(at: 24)))
        guard end == size - lastCount, start <= end, rowsCount <= end - start, end - start <= 1 << 30 else {
            return nil
        }
        var rows: [UInt8] = []
        rows.reserveCapacity(Int(rowsCount))
        let chain = read(file, start, Int(end - start))
        guard chain.count == Int(end - start) else { return nil }
        var at = 0
        while at < chain.count {
            guard let member = try? ArchiveMember(chain.octets.slice(at: at, count: chain.count - at)),
                member.kind == .index, at + Int(member.size) <= chain.count
            else { return nil }
            let fields = at + ArchiveMember.headSize + ArchiveMember.fixedSize
            let stop = at + Int(member.size) - 2 - ArchiveMember.trailerSize
            guard fields <= stop else { return nil }
            rows += chain[fields..<stop]
            at += Int(member.size)
        }
        guard rows.count == Int(rowsCount), Deflate.crc32(rows.octets) == span.u32le(at: 28) else { return nil }
        return entries(rows.octets, count, below: start).map { Found(entries: $0, start: start) }
    }

    private static func entries(_ rows: RawSpan, _ count: Int, below end: UInt64) -> [ArchiveIndex.Entry]? {
        var entries: [ArchiveIndex.Entry] = []
        guard count <= rows.byteCount / rowSize else { return nil }
        entries.reserveCapacity(count)
        var (at, place) = (0, UInt64(0))
        while at + rowSize <= rows.byteCount {
            let (offset, length) = (rows.u64le(at: at), Int(rows.u16le(at: at + 8)))
            at += rowSize
            guard length >= ArchiveMember.fixedSize, at + length <= rows.byteCount, offset >= place, offset <= end,
                let member = try? ArchiveMember(data: rows.slice(at: at, count: length))
            else { return nil }
            entries.append(ArchiveIndex.Entry(member: member, offset: offset))
            at += length
            place = offset + UInt64(member.size)
        }
        return at == rows.byteCount && entries.count == count && place <= end ? entries : nil
    }

    /// What the header of an empty member carries behind its own fields.
    private static func carried(_ octets: [UInt8]) -> [UInt8]? {
        guard let member = try? ArchiveMember(octets.octets), member.kind == .index, member.size == octets.count else {
            return nil
        }
        let fields = ArchiveMember.headSize + ArchiveMember.fixedSize
        return Array(octets[fields..<octets.count - 2 - ArchiveMember.trailerSize])
    }

    private static func read(_ file: Int32, _ place: UInt64, _ count: Int) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: count)
        let got = unsafe pread(file, &octets, count, Int(place))
        return got == count ? octets : Array(octets.prefix(max(0, got)))
    }
}

extension ArchiveIndex {
    /// The closing index of the archive that a file holds, to be written at its end; nil where it is none, or has
    /// octets that are no member: those are found by hopping alone.
    ///
    /// - Parameter file: a descriptor that can be read, of a file that nobody else writes.
    package static func closing(_ file: Int32) -> [UInt8]? {
        guard let index = try? ArchiveIndex(descriptor: file, trusts: false), index.gaps.isEmpty, index.tail == nil,
            index.end == index.appendPlace
        else { return nil }
        return ClosingIndex.octets(of: index.members, file, at: index.end)
    }
}
