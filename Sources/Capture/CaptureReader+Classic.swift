import Bytes

/// Classic pcap (draft-ietf-opsawg-pcap): a header of 24 octets, then records of 16 octets of header and the packet.
///
///     file header     magic  major,minor  time zone  accuracy  snap length  link type
///     record header   seconds  fraction  captured length  original length
///
/// All fields in the order that the magic number is in; seconds are unsigned and reach to 2106. Fractions above a second
/// are carried over. (Wireshark multiplies microseconds in 32 bits, so that those above 4.29 s lose whole rounds there.)
extension CaptureReader {
    /// What the records of a classic file are like.
    struct Classic {
        var isBig: Bool
        /// Octets of a record's header.
        var header: Int
        /// Nanoseconds of one unit of the fraction.
        var unit: Int64
        var lengths: CaptureFormat.Variant
        /// The longest captured length that is taken.
        var limit: Int
    }

    /// Reads the header of a file.
    func startClassic(_ magic: UInt32) {
        guard input.require(24) else { return refuse(cutShort(needed: 24)) }
        let input = input
        let bytes = input.bytes
        let isBig = magic >> 16 == 0xA1B2
        let kind = isBig ? magic : magic.byteSwapped
        let major = isBig ? bytes.u16(at: 4) : bytes.u16le(at: 4)
        let minor = isBig ? bytes.u16(at: 6) : bytes.u16le(at: 6)
        // libpcap reads 2.0 to 2.4 and DG/UX's 543.0; Wireshark takes every minor number, and so do we: no 2.5 was ever
        // defined, so a file that says so is a 2.4 by a careless writer.
        guard major == 2 || major == 543 else {
            return refuse(
                CaptureError(
                    file: name, reason: .unknownVersion, offset: 4, found: "pcap version \(major).\(minor)",
                    allowed: "version 2.0 to 2.4 or 543.0", advice: "the writer of the file may be at fault"))
        }
        let snapLength = isBig ? bytes.u32(at: 16) : bytes.u32le(at: 16)
        let link = isBig ? bytes.u32(at: 20) : bytes.u32le(at: 20)

        var format = CaptureFormat(.pcap, order: isBig ? .big : .little, timeDigits: kind == 0xA1B2_3C4D ? 9 : 6)
        format.version = .init(major: major, minor: minor)
        format.variant = kind == 0xA1B2_CD34 ? .modified : .standard
        if major == 543 || minor < 3 {
            format.variant = .swappedLengths
        } else if minor == 3 {
            format.variant = .mixedLengths
        }
        stored.format = format

        // The lower 26 bits are the link type; the upper ones tell the length of the frame check sequence.
        var interface = Interface(
            linkType: LinkType(rawValue: link & 0x03FF_FFFF).normal, snapLength: snapLength,
            resolution: UInt8(format.timeDigits))
        if link & 0x0400_0000 != 0 { interface.checkLength = Int(link >> 28) * 2 }
        stored.interfaces = [interface]
        stored.sections = 1
        state = .classic(
            Classic(
                isBig: isBig, header: kind == 0xA1B2_CD34 ? 24 : 16, unit: format.timeDigits == 9 ? 1 : 1000,
                lengths: format.variant == .modified ? .standard : format.variant,
                limit: interface.linkType.longestPacket))
        if major == 2 && minor > 4 {
            note(
                "the file states a version that was never defined", at: 4, found: "\(major).\(minor)",
                allowed: "2.0 to 2.4", advice: "it is read as 2.4")
        }
    }

    /// Reads the records in reach. The common kinds get a loop of their own, with the order of octets settled outside.
    func readClassic(_ kind: Classic, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        if input.offset == 0 { pass(24, ledger: &ledger) }
        repeat {
            if stored.loss != nil {
                guard batch.isEmpty else { return }
                seekClassic(kind, &ledger)
                if stored.loss != nil { return }
            }
            walkClassic(kind, &batch, &ledger)
        } while stored.loss != nil && batch.isEmpty
    }

    private func walkClassic(_ kind: Classic, _ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        if kind.header == 16 && kind.lengths == .standard {
            if kind.isBig {
                walkClassic(kind, isBig: true, header: 16, lengths: .standard, &batch, &ledger)
            } else {
                walkClassic(kind, isBig: false, header: 16, lengths: .standard, &batch, &ledger)
            }
        } else {
            walkClassic(kind, isBig: kind.isBig, header: kind.header, lengths: kind.lengths, &batch, &ledger)
        }
    }

    @inline(__always)
    private func walkClassic(
        _ kind: Classic, isBig: Bool, header: Int, lengths: CaptureFormat.Variant, _ batch: inout Batch<Packet>,
        _ ledger: inout Ledger
    ) {
        let input = input
        let bytes = input.bytes
        let whole = input.extent
        let base = input.offset
        let end = bytes.byteCount
        let (limit, unit) = (kind.limit, kind.unit)
        let room = batch.capacity - batch.count
        let first = stored.packets &+ 1
        var filled = 0
        var at = 0
        var isDamaged = false
        while filled < room, at &+ header <= end {
            // The header three or four records on: records lie at places that a processor cannot foresee.
            bytes.prefetch(at: at &+ 768)
            let seconds = isBig ? bytes.u32(at: at) : bytes.u32le(at: at)
            let fraction = isBig ? bytes.u32(at: at &+ 4) : bytes.u32le(at: at &+ 4)
            var captured = isBig ? bytes.u32(at: at &+ 8) : bytes.u32le(at: at &+ 8)
            var original = isBig ? bytes.u32(at: at &+ 12) : bytes.u32le(at: at &+ 12)
            if lengths != .standard, lengths == .swappedLengths || captured > original {
                swap(&captured, &original)
            }
            if Int(captured) > limit {
                isDamaged = true
                break
            }
            // Both are far below 2^62: the sum is safe.
            let next = at &+ header &+ Int(captured)
            if next > end { break }
            batch.append(
                Packet(
                    extent: whole.slice(at: at &+ header, count: Int(captured)),
                    time: CaptureTime(nanoseconds: Int64(seconds) &* 1_000_000_000 &+ Int64(fraction) &* unit),
                    number: first &+ UInt64(truncatingIfNeeded: filled),
                    offset: base &+ UInt64(truncatingIfNeeded: at &+ header),
                    originalLength: original, interface: 0))
            filled &+= 1
            at = next
        }
        stored.packets += UInt64(filled)
        if filled > 0 { stored.lastSeconds = UInt32(clamping: batch[batch.count - 1].time.nanoseconds / 1_000_000_000) }
        ledger.bytes += at
        ledger.overhead += filled * header
        // The captured octets are handed on: whoever takes the batch enters them.
        input.skip(at)
        if isDamaged {
            let found = isBig ? input.bytes.u32(at: 8) : input.bytes.u32le(at: 8)
            lose(
                Words.tooLong, found: "a captured length of \(found)", allowed: "up to \(limit)",
                advice: "the next records that make sense are looked for", ledger: &ledger)
        }
    }
}
