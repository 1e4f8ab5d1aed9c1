internal import Bytes
internal import Glibc

/// Reads one member at a time from a file and unpacks it; one serves one thread at a time.
final class MemberUnpacker {
    private let inflater = Inflater()
    /// The last member as it stands in the file.
    let packed = ByteBuffer(capacity: 1 << 16)
    /// The blocks of the last member, which are all of them or none.
    let blocks = ByteBuffer(capacity: 1 << 16)

    /// More than that no member unpacks to.
    private static var mostRaw: UInt32 { 64 << 20 }

    /// Reads the first octets of a member into ``packed``; says how many there are.
    private func read(_ size: Int, of entry: ArchiveIndex.Entry, file: Int32) -> Int {
        packed.removeAll()
        return unsafe packed.fill(room: size) { room in
            unsafe max(0, pread(file, room.baseAddress, room.count, Int(entry.offset)))
        }
    }

    /// Octets of blocks that are looked through for the first packet.
    private static let headRoom = 1 << 14

    /// Unpacks the blocks in front of a member's first packet into ``blocks``; false where that is not soon, or cannot be
    /// unpacked.
    func unpackHead(_ entry: ArchiveIndex.Entry, file: Int32) -> Bool {
        blocks.removeAll()
        let size = min(Int(entry.member.size), entry.member.headerSize + Self.headRoom)
        guard read(size, of: entry, file: file) == size else { return false }
        let packed = self.packed
        let source = GzipSource(MemorySource(packed.bytes.copied()))
        let head = ByteBuffer(capacity: Self.headRoom)
        _ = unsafe head.fill(room: Self.headRoom) { unsafe source.read(into: $0) }
        let bytes = head.bytes
        guard let packet = BlockRow.all(in: bytes, isBig: false).first(where: \.isPacket) else { return false }
        blocks.append(bytes.slice(at: 0, count: packet.at))
        return blocks.count > 0
    }

    /// Unpacks a member into ``blocks``, if its checks agree.
    func unpack(_ entry: ArchiveIndex.Entry, file: Int32) throws(ArchiveReading.Damage) {
        let member = entry.member
        blocks.removeAll()
        guard member.rawSize <= Self.mostRaw else {
            throw ArchiveReading.Damage(
                description: "it says that it unpacks to \(member.rawSize) octets; \(Self.mostRaw) are allowed")
        }
        // Octets that cannot be packed take a few more; headers take up to 64 KiB.
        guard member.size <= member.rawSize + member.rawSize / 16 + (1 << 17) else {
            throw ArchiveReading.Damage(
                description: "it says that \(member.rawSize) octets take \(member.size), which are more than they can")
        }
        let size = Int(member.size)
        let got = read(size, of: entry, file: file)
        guard got == size else {
            throw ArchiveReading.Damage(description: "\(got) of its \(size) octets can be read")
        }
        let packed = self.packed
        guard inflater.unpack(packed.bytes, size: Int(member.rawSize), into: blocks) else {
            blocks.removeAll()
            throw ArchiveReading.Damage(
                description: "its octets do not agree with its check, or cannot be unpacked")
        }
    }
}
