import Bytes

/// The packets of a pcapng (draft-ietf-opsawg-pcapng, sections 4.3, 4.4 and the obsolete packet block).
///
///     block           type  length  body…  length again      all in multiples of four octets
///     enhanced        interface  time stamp (upper, lower)  captured length  original length  packet  options
///     simple          original length  packet
///     obsolete        interface (16 bits)  drops (16 bits)  time stamp  captured length  original length  packet  options
extension CaptureReader {
    /// What is known of the section in hand.
    struct Section {
        var isBig = false
        /// The reader's number of the section's first interface.
        var firstInterface = 0
        var clocks: [InterfaceClock] = []
        /// A section of an unknown version: its blocks are only passed.
        var isUnknown = false
    }

    /// The longest block that is taken, in octets: as in libpcap.
    static var longestBlock: Int { 1 << 24 }

    /// Reads the run of enhanced packet blocks in reach, up to the first block that is another or is not well formed:
    /// ``readBlock(_:_:)`` is for those.
    func walkEnhanced(_ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        let section = stored.section
        if section.isUnknown { return }
        if section.isBig {
            walkEnhanced(section, isBig: true, &batch, &ledger)
        } else {
            walkEnhanced(section, isBig: false, &batch, &ledger)
        }
    }

    @inline(__always)
    private func walkEnhanced(
        _ section: Section, isBig: Bool, _ batch: inout Batch<Packet>, _ ledger: inout Ledger
    ) {
        let input = input
        let bytes = input.bytes
        let whole = input.extent
        let base = input.offset
        let end = bytes.byteCount
        let clocks = section.clocks.span
        let firstInterface = UInt32(section.firstInterface)
        let room = batch.capacity - batch.count
        let first = stored.packets &+ 1
        var filled = 0
        var handed = 0
        var at = 0
        while filled < room, at &+ 32 <= end {
            bytes.prefetch(at: at &+ 768)
            guard (isBig ? bytes.u32(at: at) : bytes.u32le(at: at)) == BlockType.enhancedPacket else { break }
            let length = Int(isBig ? bytes.u32(at: at &+ 4) : bytes.u32le(at: at &+ 4))
            let id = Int(isBig ? bytes.u32(at: at &+ 8) : bytes.u32le(at: at &+ 8))
            let captured = Int(isBig ? bytes.u32(at: at &+ 20) : bytes.u32le(at: at &+ 20))
            let padded = (captured &+ 3) & ~3
            // 32 octets of header and trailer; with options there are more.
            guard length & 3 == 0, length <= Self.longestBlock, length >= 32 &+ padded, id < clocks.count else { break }
            let next = at &+ length
            guard next <= end else { break }
            let trailer = Int(isBig ? bytes.u32(at: next &- 4) : bytes.u32le(at: next &- 4))
            guard trailer == length else { break }
            if length > 32 &+ padded, wantsRemarks,
                BlockFields(
                    bytes.slice(at: at, count: length), isBig: isBig
                ).hasComment(from: 28 &+ padded)
            {
                break
            }
            let upper = UInt64(isBig ? bytes.u32(at: at &+ 12) : bytes.u32le(at: at &+ 12))
            let lower = UInt64(isBig ? bytes.u32(at: at &+ 16) : bytes.u32le(at: at &+ 16))
            let original = isBig ? bytes.u32(at: at &+ 24) : bytes.u32le(at: at &+ 24)
            batch.append(
                Packet(
                    extent: whole.slice(at: at &+ 28, count: captured), time: clocks[id].time(upper << 32 | lower),
                    number: first &+ UInt64(truncatingIfNeeded: filled),
                    offset: base &+ UInt64(truncatingIfNeeded: at &+ 28),
                    originalLength: original,
                    interface: firstInterface &+ UInt32(truncatingIfNeeded: id)))
            filled &+= 1
            handed &+= captured
            at = next
        }
        stored.packets += UInt64(filled)
        count(BlockType.enhancedPacket, filled)
        ledger.bytes += at
        ledger.overhead += at - handed
        input.skip(at)
    }

    /// Whether there is room for another comment.
    var wantsRemarks: Bool { stored.remarks.count < 64 }

    /// Reads one packet block of any kind, whose lengths are known to be right.
    func readPacketBlock(
        _ type: UInt32, _ length: Int, _ batch: inout Batch<Packet>, _ ledger: inout Ledger
    ) {
        let section = stored.section
        let input = input
        let block = BlockFields(input.bytes.slice(at: 0, count: length), isBig: section.isBig)
        let header = type == BlockType.simplePacket ? 12 : 28
        guard length >= header + 4 else { return reject(block: Words.blockBody, length, &ledger) }
        let isSimple = type == BlockType.simplePacket
        let id =
            switch type {
            case BlockType.enhancedPacket: Int(block.u32(at: 8))
            case BlockType.packet: Int(block.u16(at: 8))
            default: 0
            }
        guard id < section.clocks.count else {
            return reject(
                block: Words.blockInterface, length, found: "interface \(id)",
                allowed: "below \(section.clocks.count), as many as the section has", &ledger)
        }
        let interface = section.firstInterface + id
        let original = block.u32(at: isSimple ? 8 : 24)
        let captured: Int
        if isSimple {
            // A simple block has no captured length: it is the original one, or the snap length if that is shorter.
            let snap = stored.interfaces[interface].snapLength
            captured = Int(snap > 0 ? min(original, snap) : original)
        } else {
            captured = Int(block.u32(at: 20))
        }
        guard captured <= length - header - 4 else {
            return reject(
                block: Words.blockBody, length, found: "a captured length of \(captured)",
                allowed: "up to \(length - header - 4), the room in the block", &ledger)
        }
        stored.packets += 1
        count(type, 1)
        batch.append(
            Packet(
                extent: input.extent.slice(at: header, count: captured),
                time: isSimple ? .unknown : section.clocks[id].time(block.stamp(at: 12)), number: stored.packets,
                offset: input.offset + UInt64(header), originalLength: original,
                interface: UInt32(interface)))
        if !isSimple, wantsRemarks {
            block.forEachOption(from: header + (captured + 3) / 4 * 4) { code, at, size in
                if code == 1 { remark(.comment, block.text(at: at, size), packet: stored.packets) }
                return wantsRemarks
            }
        }
        ledger.bytes += length
        ledger.overhead += length - captured
        input.skip(length)
    }
}
