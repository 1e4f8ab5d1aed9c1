internal import Bytes
internal import Capture

extension OutputFile {
    /// Writes members one by one and takes them out of their buffer: of those that a full disk has room for none
    /// is lost. One that is empty goes with the one behind it.
    func write(members: ByteBuffer) throws(Failure) {
        var at = 0
        defer { members.removeFirst(at) }
        while at < members.count {
            let bytes = members.bytes
            var size = ArchiveMember.size(at: at, of: bytes)
            if ArchiveMember.isEmpty(at: at, of: bytes) { size += ArchiveMember.size(at: at + size, of: bytes) }
            size = min(size, bytes.byteCount - at)
            try write(bytes.slice(at: at, count: size), .whole(records: 0))
            at += size
        }
    }

    /// Writes the closing index of the archive that the file holds, where it can be read again.
    func finishArchive() throws(Failure) {
        if let index = reading(ArchiveIndex.closing) { try write(index.octets, .whole(records: 0)) }
    }
}
