package import Bytes

/// A capture as blocks of a pcapng, batch by batch, to be put together with those of others into one section: packet blocks
/// with their options, and in front of each the blocks that are no packets.
///
/// A pcapng's own blocks are handed on as they stand. Other captures, and a pcapng whose first section is big-endian, are
/// written anew: of the latter packets and interfaces alone, see ``isRewritten``.
package final class SourceBlocks {
    /// The capture.
    package let reader: CaptureReader
    /// The packets in hand.
    package private(set) var packets = Batch<Packet>()
    /// For each of them where its block begins; one more for where those behind the last packet begin.
    package let blocks = Lane<Int>()
    /// For each of them where the blocks in front of it begin that are no packets.
    package let front = Lane<Int>()
    /// Where octets of the capture went.
    package private(set) var ledger = Ledger()
    /// Whether comments, names and other blocks are left out.
    package let isRewritten: Bool
    /// Why no more is read; nil when all is well.
    package private(set) var refusal: CaptureWriter.Refusal?

    private let copies: BlockCopies
    private let formatter: CaptureWriter?
    private var hasEnded = false

    /// The blocks of a capture that was not read before.
    package init(_ reader: CaptureReader) {
        self.reader = reader
        let format = reader.format
        let isVerbatim = format.kind == .pcapng && format.order != .big
        isRewritten = format.kind == .pcapng && !isVerbatim
        copies = BlockCopies(isVerbatim: isVerbatim)
        formatter = isVerbatim ? nil : CaptureWriter(.pcapng)
        if isVerbatim {
            reader.copies = copies
            reader.input.copies = copies.buffer
        }
    }

    /// All blocks in hand.
    package var buffer: ByteBuffer { formatter?.buffer ?? copies.buffer }

    /// Reads on. False when the capture has ended: then there may be blocks behind the last packet.
    package func next() -> Bool {
        buffer.removeAll()
        blocks.removeAll()
        front.removeAll()
        guard !hasEnded else { return false }
        let isThere = refusal == nil && reader.next(into: &packets, ledger: &ledger)
        if reader.archive != nil, ledger.rejections.contains(where: { $0.reason == Words.archiveMember }) {
            refusal = CaptureWriter.Refusal(
                description: "it is damaged: 'starlane archive repair' makes an archive of what can be read of it")
            packets.removeAll()
            buffer.removeAll()
        }
        if !isThere {
            packets.removeAll()
            reader.close(into: &ledger)
            (reader.copies, reader.input.copies, hasEnded) = (nil, nil, true)
        }
        ledger.leave("kept", count: packets.count, bytes: packets.octets)
        if let formatter {
            do { try formatter.append(packets, interfaces: reader.interfaces) } catch {
                refusal = error
                packets.removeAll()
            }
        }
        find()
        return isThere
    }

    /// Finds the packet blocks among those in hand.
    private func find() {
        let buffer = buffer
        let bytes = buffer.bytes
        var start = 0
        for row in BlockRow.all(in: bytes, isBig: false) {
            if row.type == BlockType.section, bytes.u32le(at: row.at + 8) != 0x1A2B_3C4D {
                refusal = CaptureWriter.Refusal(
                    description: "a big-endian section follows one that is little-endian; "
                        + "'starlane export' to a .pcap or .pcapng by a filter makes one of both")
                packets.truncate(to: blocks.count)
                break
            }
            guard row.isPacket else { continue }
            front.append(start)
            blocks.append(row.at)
            start = row.end
        }
        front.append(start)
        blocks.append(buffer.count)
    }
}

/// Puts blocks of several captures into one section, whose interfaces are those of all of them.
package final class BlockJoiner {
    /// The blocks.
    package let buffer = ByteBuffer(capacity: 1 << 20)
    /// How the interfaces of the section are known to people.
    package private(set) var names: [String] = []
    private var described: [String] = []

    /// One of the captures: what becomes of its interfaces.
    package struct Part {
        /// What its interfaces are called that have no name.
        let name: String
        /// The interfaces in the section for those of the capture, in order; -1 for those that are left out.
        package fileprivate(set) var targets: [Int] = []
        /// The first of those of the capture's section in hand.
        fileprivate var first = 0
        /// The one interface that is wanted; nil for all.
        let only: Int?

        package init(name: String, only: Int? = nil) { (self.name, self.only) = (name, only) }
    }

    /// Begins the section.
    ///
    /// - Parameter comment: what it says of itself.
    package init(comment: String?) {
        var body: [UInt8] = []
        body.append(le: 0x1A2B_3C4D as UInt32)
        body.append(le: 1 as UInt16)
        body.append(le: 0 as UInt16)
        body.append(le: UInt64.max)
        if let comment { BlockOption.append(code: 1, comment.utf8.prefix(65_000), to: &body) }
        BlockOption.append(code: 4, "starlane".utf8, to: &body)
        BlockOption.appendEnd(to: &body)
        append(BlockType.section, body)
    }

    private func append(_ type: UInt32, _ body: [UInt8]) {
        var block: [UInt8] = []
        block.append(le: type)
        block.append(le: UInt32(body.count + 12))
        block += body
        block.append(le: UInt32(body.count + 12))
        buffer.append(block.octets)
    }

    /// Adds blocks that are no packets. Sections are left out, as there is one.
    package func append(others blocks: RawSpan, of part: inout Part) {
        for row in BlockRow.all(in: blocks, isBig: false) {
            let block = blocks.slice(at: row.at, count: row.count)
            switch row.type {
            case BlockType.section: part.first = part.targets.count
            case BlockType.interface: describe(block, &part)
            case BlockType.interfaceStatistics where row.count >= 24:
                if let target = part.target(block.u32le(at: 8)) { append(block, interface: UInt32(target)) }
            default: buffer.append(block)
            }
        }
    }

    /// Adds the block of a packet; false where its interface is left out.
    ///
    /// - Returns: the interface in the section; nil where it is left out.
    package func append(packet block: RawSpan, _ packet: Packet, of part: Part) -> UInt32? {
        let place = Int(packet.interface)
        guard place < part.targets.count, part.targets[place] >= 0 else { return nil }
        let target = part.targets[place]
        let number = UInt32(target)
        switch block.u32le(at: 0) {
        case BlockType.enhancedPacket: append(block, interface: number)
        case BlockType.packet where target < 0xFFFF:
            let start = buffer.count
            buffer.append(block)
            buffer.replace(at: start + 8, with: [UInt8(truncatingIfNeeded: target), UInt8(target >> 8)].octets)
        default:
            // A simple packet, which says no interface, and no time.
            let count = packet.extent.count
            let (padding, isSimple) = (-count & 3, block.u32le(at: 0) == BlockType.simplePacket)
            let stamp = isSimple ? 0 : UInt64(block.u32le(at: 12)) | UInt64(block.u32le(at: 16)) << 32
            buffer.append(room: 28) { out in
                out.append(le: UInt64(BlockType.enhancedPacket) | UInt64(32 + count + padding) << 32)
                out.append(le: number)
                out.append(le: stamp)
                out.append(le: UInt64(count) | UInt64(packet.originalLength) << 32)
            }
            buffer.append(block.slice(at: isSimple ? 12 : 28, count: count))
            buffer.appendZeros(padding)
            buffer.append(room: 4) { $0.append(le: UInt32(32 + count + padding)) }
        }
        return number
    }

    /// Adds a block whose interface stands behind its lengths.
    private func append(_ block: RawSpan, interface: UInt32) {
        let start = buffer.count
        buffer.append(block)
        var octets: [UInt8] = []
        octets.append(le: interface)
        buffer.replace(at: start + 8, with: octets.octets)
    }

    /// Adds an interface, with the name of its capture where it has none, or where another one is called the same.
    private func describe(_ block: RawSpan, _ part: inout Part) {
        guard part.only ?? part.targets.count == part.targets.count else { return part.targets.append(-1) }
        let fields = BlockFields(block, isBig: false)
        var (name, words, others) = ("", "", [UInt8]())
        fields.forEachOption(from: 16) { code, at, length in
            switch code {
            case 2 where name.isEmpty: name = fields.text(at: at, length)
            case 3 where words.isEmpty: words = fields.text(at: at, length)
            default: BlockOption.append(code: code, block.slice(at: at, count: length).copied(), to: &others)
            }
            return true
        }
        if name.isEmpty && words.isEmpty { name = part.name }
        if described.contains("\(name)\0\(words)") { words = words.isEmpty ? part.name : "\(words) (\(part.name))" }
        described.append("\(name)\0\(words)")
        names.append(words.isEmpty ? name : words)
        part.targets.append(names.count - 1)
        var body = block.slice(at: 8, count: 8).copied()
        if !name.isEmpty { BlockOption.append(code: 2, name.utf8, to: &body) }
        if !words.isEmpty { BlockOption.append(code: 3, words.utf8, to: &body) }
        body += others
        if body.count > 8 { BlockOption.appendEnd(to: &body) }
        append(BlockType.interface, body)
    }
}

extension BlockJoiner.Part {
    /// The interface in the joint section for one that a block of the capture's section in hand names.
    fileprivate func target(_ number: UInt32) -> Int? {
        let place = first + Int(number)
        return place < targets.count && targets[place] >= 0 ? targets[place] : nil
    }
}
