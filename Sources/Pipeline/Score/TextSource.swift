internal import Bytes
internal import Capture

/// Opens files of text: gzip'd ones are unpacked, and what is no text is refused with what to do.
enum TextSource {
    /// Octets of a file, unpacked; - is standard input.
    ///
    /// - Parameter wanted: what the file should be.
    static func open(_ file: String, wanted: String) throws(ScoreFailure) -> any OctetSource {
        let source: DescriptorSource
        do {
            source = file == "-" ? DescriptorSource(descriptor: 0, closes: false) : try DescriptorSource(path: file)
        } catch { throw ScoreFailure("\(file) cannot be read: \(error)") }
        guard !source.isFolder else { throw ScoreFailure("\(file) is a folder: name a file of \(wanted)") }
        let head = source.peek(4)
        try refuse(head, file)
        return GzipSource.begins(head) ? GzipSource(source) : source
    }

    /// Refuses what begins like a text of another kind, or like a packed file that is not unpacked here.
    static func refuse(_ head: [UInt8], _ file: String) throws(ScoreFailure) {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw ScoreFailure(
                "\(file) is a text in UTF-16, and UTF-8 is read: 'iconv -f UTF-16 -t UTF-8 \(file)' makes that of it")
        }
        for (name, magic, unpack) in [
            ("zstd", [0x28, 0xB5, 0x2F, 0xFD] as [UInt8], "zstdcat"), ("xz", [0xFD, 0x37, 0x7A, 0x58], "xzcat"),
            ("bzip2", [0x42, 0x5A, 0x68], "bzcat"), ("zip", [0x50, 0x4B, 0x03, 0x04], "unzip -p"),
        ] where head.starts(with: magic) {
            throw ScoreFailure("\(file) is packed by \(name): unpack it first, by '\(unpack) \(file)'")
        }
    }

    /// Why reading ended before the end of the text; nil where it did not.
    static func problem(_ source: any OctetSource) -> String? {
        switch source.ending {
        case .failed(_, let words): words
        case .damaged(let reason, let offset): "its gzip is damaged at octet \(offset): \(reason)"
        default: nil
        }
    }
}
