import Bytes

/// PCAP Next Generation (draft-ietf-opsawg-pcapng): a row of blocks, in sections that each may have another order of
/// octets.
extension CaptureReader {
    /// Looks at the first section header.
    func startBlocks() {
        guard input.require(28) else { return refuse(cutShort(needed: 28)) }
        let input = input
        let bytes = input.bytes
        let mark = bytes.u32(at: 8)
        guard let isBig = Self.order(of: mark) else {
            return refuse(
                CaptureError(
                    file: name, reason: .badHeader, offset: 8, found: "a byte-order mark of \(hex(mark))",
                    allowed: "1a2b3c4d in either order", advice: "the file may be damaged, or no pcapng"))
        }
        let header = BlockFields(bytes.slice(at: 0, count: 28), isBig: isBig)
        let version = CaptureFormat.Version(major: header.u16(at: 12), minor: header.u16(at: 14))
        guard Self.isKnown(version) else {
            return refuse(
                CaptureError(
                    file: name, reason: .unknownVersion, offset: 12, found: "pcapng version \(version)",
                    allowed: "version 1.0 or 1.2", advice: "the writer of the file may be at fault"))
        }
        stored.format = CaptureFormat(.pcapng, order: isBig ? .big : .little)
        stored.format.version = version
        stored.section.isBig = isBig
        state = .blocks
    }

    /// The order that a byte-order mark, read as big-endian, tells.
    static func order(of mark: UInt32) -> Bool? {
        switch mark {
        case 0x1A2B_3C4D: true
        case 0x4D3C_2B1A: false
        default: nil
        }
    }

    /// 1.0 is the standard's; files that say 1.2 are read as the same.
    static func isKnown(_ version: CaptureFormat.Version) -> Bool {
        version.major == 1 && (version.minor == 0 || version.minor == 2)
    }

    /// Reads the blocks in reach.
    func readBlocks(_ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        while !batch.isFull {
            if stored.loss != nil {
                guard batch.isEmpty else { return }
                seekBlock(&ledger)
                if stored.loss != nil { return }
            }
            walkEnhanced(&batch, &ledger)
            if batch.isFull || !readBlock(&batch, &ledger) { return }
        }
    }

    /// Reads one block of any kind; false when it has not all come yet.
    private func readBlock(_ batch: inout Batch<Packet>, _ ledger: inout Ledger) -> Bool {
        let input = input
        let bytes = input.bytes
        guard bytes.byteCount >= 12 else { return false }
        if archive != nil, bytes.u32le(at: 0) == ArchiveSource.markType {
            // A batch has packets of one member.
            return batch.isEmpty && jump(&ledger)
        }
        var isBig = stored.section.isBig
        let isSection = bytes.u32(at: 0) == BlockType.section
        if isSection {
            guard let order = Self.order(of: bytes.u32(at: 8)) else {
                lose(
                    Words.sectionOrder, found: hex(bytes.u32(at: 8)), allowed: "1a2b3c4d in either order",
                    advice: "the next block that makes sense is looked for", ledger: &ledger)
                return true
            }
            isBig = order
        }
        let head = BlockFields(bytes.slice(at: 0, count: 12), isBig: isBig)
        let type = head.u32(at: 0)
        let length = Int(head.u32(at: 4))
        guard length % 4 == 0, length >= (isSection ? 28 : 12), length <= Self.longestBlock else {
            lose(
                Words.blockLength, found: "a block of type \(hex(type)) and length \(length)",
                allowed: "multiples of 4 from 12 to \(Self.longestBlock)",
                advice: "the next block that makes sense is looked for", ledger: &ledger)
            return true
        }
        guard bytes.byteCount >= length else { return false }
        let block = BlockFields(bytes.slice(at: 0, count: length), isBig: isBig)
        let trailer = Int(block.u32(at: length - 4))
        guard trailer == length else {
            lose(
                Words.blockTrailer, found: "a block of type \(hex(type)) with lengths \(length) and \(trailer)",
                allowed: "twice the same", advice: "the next block that makes sense is looked for", ledger: &ledger)
            return true
        }
        if isSection {
            readSection(block, length, &ledger)
        } else if stored.section.isUnknown {
            reject(Words.sectionVersion, length: length, count: 0, ledger: &ledger)
        } else {
            read(type, length, &batch, &ledger)
        }
        return true
    }

    private func read(_ type: UInt32, _ length: Int, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        switch type {
        case BlockType.enhancedPacket, BlockType.simplePacket, BlockType.packet:
            return readPacketBlock(type, length, &batch, &ledger)
        case BlockType.interface:
            return readInterface(length, &ledger)
        case BlockType.nameResolution:
            readNames(length)
        case BlockType.interfaceStatistics:
            readStatistics(length)
        default: break
        }
        count(type, 1)
        pass(length, ledger: &ledger)
    }

    /// Counts blocks of a type.
    func count(_ type: UInt32, _ number: Int) {
        if number == 0 { return }
        if let row = stored.blocks.firstIndex(where: { $0.type == type }) {
            stored.blocks[row].count += number
        } else if stored.blocks.count < 256 {
            stored.blocks.append(BlockCount(type: type, count: number))
        }
    }

    /// Rejects a whole block whose lengths are right.
    func reject(
        block reason: String, _ length: Int,
        found: @autoclosure () -> String = "a block of fewer octets than its fields need",
        allowed: @autoclosure () -> String = "", _ ledger: inout Ledger
    ) {
        note(reason, at: input.offset, found: found(), allowed: allowed(), advice: "the block is left out")
        reject(reason, length: length, ledger: &ledger)
    }

    /// Rejects octets up to the next block: a type that is known, and two lengths that agree. Leaves the reader lost when
    /// the input ends before one.
    private func seekBlock(_ ledger: inout Ledger) {
        while true {
            let input = input
            let bytes = input.bytes
            let end = bytes.byteCount
            var at = 0
            var waits = false
            while at + 12 <= end {
                if let length = plausibleBlock(bytes, at) {
                    if at + length <= end {
                        if trails(bytes, at, length) {
                            rejectLost(at, ledger: &ledger)
                            stored.loss = nil
                            return
                        }
                    } else {
                        waits = true
                        break
                    }
                }
                at += 1
            }
            // What was looked at is no beginning; a candidate whose end is not in reach stays.
            rejectLost(min(at, end), ledger: &ledger)
            if input.more() { continue }
            // The input has ended: the candidate's own first octet is passed, and the search goes on behind it.
            if !waits { return }
            rejectLost(1, ledger: &ledger)
        }
    }

    private func plausibleBlock(_ bytes: RawSpan, _ at: Int) -> Int? {
        if archive != nil, bytes.u32le(at: at) == ArchiveSource.markType { return ArchiveSource.markSize }
        var isBig = stored.section.isBig
        if bytes.u32(at: at) == BlockType.section {
            guard let order = Self.order(of: bytes.u32(at: at + 8)) else { return nil }
            isBig = order
        } else {
            switch isBig ? bytes.u32(at: at) : bytes.u32le(at: at) {
            case 1...6, 9, 10, BlockType.custom, BlockType.customNoCopy: break
            default: return nil
            }
        }
        let length = Int(isBig ? bytes.u32(at: at + 4) : bytes.u32le(at: at + 4))
        return length % 4 == 0 && length >= 12 && length <= Self.longestBlock ? length : nil
    }

    private func trails(_ bytes: RawSpan, _ at: Int, _ length: Int) -> Bool {
        bytes.u32(at: at + 4) == bytes.u32(at: at + length - 4)
    }
}

/// A number as eight hexadecimal digits.
func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
