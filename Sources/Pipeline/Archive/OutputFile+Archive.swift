internal import Bytes
internal import Capture

extension OutputFile {
    /// Writes members one by one and empties their buffer: of those that a full disk has room for none is lost.
    func write(members: ByteBuffer) throws(Failure) {
        let bytes = members.bytes
        var at = 0
        while at < bytes.byteCount {
            let size = min(ArchiveMember.size(at: at, of: bytes), bytes.byteCount - at)
            try write(bytes.slice(at: at, count: size), .whole(records: 0))
            at += size
        }
        members.removeAll()
    }

    /// Writes the closing index of the archive that the file holds, where it can be read again.
    func finishArchive() throws(Failure) {
        if let index = reading(ArchiveIndex.closing) { try write(index.octets, .whole(records: 0)) }
    }
}
