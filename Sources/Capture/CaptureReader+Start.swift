import Bytes

/// What an input is, from its first octets.
extension CaptureReader {
    /// Looks at the first octets and sets the state. Never reads on farther than it needs, so that a live stream is not
    /// held up.
    func start() {
        guard input.require(1) else { return refuse(endOfNothing()) }
        _ = input.require(4)
        let input = input
        let magic = input.count >= 4 ? input.bytes.u32(at: 0) : 0
        switch magic {
        case 0xA1B2_C3D4, 0xA1B2_3C4D, 0xA1B2_CD34, 0xD4C3_B2A1, 0x4D3C_B2A1, 0x34CD_B2A1: startClassic(magic)
        case BlockType.section: startBlocks()
        case 0x736E_6F6F: startSnoop()
        case ArchiveSource.markType.byteSwapped where archive != nil: startArchive()
        default: startOther()
        }
    }

    /// Keeps why the input is not read.
    func refuse(_ error: CaptureError) {
        stored.refusal = error
        state = .refused
    }

    /// An input without a single octet.
    private func endOfNothing() -> CaptureError {
        switch input.ending {
        case .failed(let number, let words):
            CaptureError(file: name, reason: .cannotRead, found: "error \(number), \(words)")
        case .damaged(let reason, let offset):
            CaptureError(
                file: name, reason: .badCompression, offset: offset, found: reason, allowed: "a whole gzip member",
                advice: "copy the file again")
        case _ where Interruption.isAsked:
            CaptureError(file: name, reason: .cannotRead, found: "nothing has come before it was stopped")
        default:
            CaptureError(
                file: name, reason: .isEmpty, found: "",
                advice: "a capture, a log, or a stream of frames or packets is needed")
        }
    }

    /// An input that begins like a capture and ends inside its header.
    func cutShort(needed: Int) -> CaptureError {
        CaptureError(
            file: name, reason: .isCutShort, offset: UInt64(input.count), found: "the end of the input",
            allowed: "a header of \(needed) octets", advice: "copy the file again")
    }

    /// ERF has no mark at its beginning; other formats are known by theirs, and what is left is a bare stream.
    func startOther() {
        if looksLikeERF() { return startERF() }
        if let format = foreignFormat() {
            return refuse(
                CaptureError(
                    file: name, reason: .foreign, offset: 0, found: format.name,
                    allowed: "pcap, pcapng, ERF, snoop or bare telemetry",
                    advice: format.advice))
        }
        stored.format = CaptureFormat(.bareStream)
        stored.interfaces = [Interface(linkType: .bareStream, resolution: 0)]
        state = .bareStream
    }

    /// The format of a known mark that is not ours to read.
    private func foreignFormat() -> (name: String, advice: String)? {
        _ = input.require(Foreign.reach)
        let input = input
        let bytes = input.bytes
        for format in Foreign.formats {
            let mark = format.mark
            guard bytes.byteCount >= format.offset + mark.count else { continue }
            if mark.indices.allSatisfy({ bytes.u8(at: format.offset + $0) == mark[$0] }) {
                return (format.name, format.advice)
            }
        }
        return nil
    }
}

/// Marks of files that people hand over by mistake.
private enum Foreign {
    struct Format {
        let name: String
        let offset: Int
        let mark: [UInt8]
        let advice: String

        init(_ name: String, _ offset: Int, _ mark: [UInt8], _ advice: String = "unpack it first") {
            self.name = name
            self.offset = offset
            self.mark = mark
            self.advice = advice
        }
    }

    /// Enough octets for every mark.
    static let reach = 264
    static let formats = [
        Format("a bzip2 file", 4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]),
        Format("an xz file", 0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        Format("a zstd file", 0, [0x28, 0xB5, 0x2F, 0xFD]),
        Format("an lz4 file", 0, [0x04, 0x22, 0x4D, 0x18]),
        Format("a zip archive", 0, [0x50, 0x4B, 0x03, 0x04]),
        Format("a 7-zip archive", 0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        Format("a tar archive", 257, Array("ustar".utf8)),
        Format("a Network Monitor capture", 0, Array("GMBU".utf8), toPcap),
        Format("a Network Monitor capture", 0, Array("RTSS".utf8), toPcap),
        Format("a Sniffer capture", 0, Array("TRSNIFF data".utf8), toPcap),
        Format("a NetXRay capture", 0, Array("XCP\0".utf8), toPcap),
        Format("an XML document", 0, Array("<?xml".utf8), "a mission database is given with --spec"),
        Format("a PDF document", 0, Array("%PDF-".utf8), "give the capture itself"),
        Format("a program", 0, [0x7F, 0x45, 0x4C, 0x46], "give the capture itself"),
        Format("an SQLite database", 0, Array("SQLite format 3\0".utf8), "give the capture itself"),
    ]
    private static let toPcap = "save it as pcapng with editcap"
}
