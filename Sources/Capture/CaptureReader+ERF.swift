import Bytes

/// Endace's extensible record format: records one behind the other, no file header.
///
///     0   time stamp, 64 bits of seconds with 32 bits of fraction, little-endian
///     8   type (top bit: extension headers follow)     9   flags (the two lowest bits: interface)
///     10  record length    12  loss counter or colour    14  wire length, all three big-endian
///     16  extension headers of eight octets, the top bit of each says that another follows
///
/// Ethernet records have two octets in front of the frame, some others four. (Endace, ERF types reference guide.)
///
/// Frames and IP packets are handed on without what is in front of them. For an archive, which keeps everything, records
/// are handed on whole, as packets of the link type that captures have for them.
extension CaptureReader {
    private enum ERF {
        static let header = 16
        static let padding: UInt8 = 48
        static let lastType: UInt8 = 48
        /// Types whose payload is an Ethernet frame behind two octets.
        static func isEthernet(_ type: UInt8) -> Bool { [2, 11, 16, 20].contains(type) }
        /// Octets in front of the payload of a type.
        static func inFront(_ type: UInt8) -> Int {
            switch type {
            case 2, 11, 16, 20: 2
            case 5...9, 12, 17, 18: 4
            default: 0
            }
        }
    }

    /// Whether a run of records begins here: up to 20 that make sense, or all until the input ends.
    func looksLikeERF() -> Bool {
        var at = 0
        var last: UInt64?
        for index in 0..<20 {
            guard input.require(at + ERF.header) else { return index > 0 && input.count == at }
            let input = input
            let bytes = input.bytes
            let type = bytes.u8(at: at + 8) & 0x7F
            let length = Int(bytes.u16(at: at + 10))
            guard type > 0, type <= ERF.lastType, length >= ERF.header else { return false }
            // Times rise, or fall by less than a second, and do not leap by more than a month.
            let time = bytes.u64le(at: at)
            if type != ERF.padding {
                if let last, time < last ? last - time > 1 << 32 : time - last > 2_678_400 << 32 { return false }
                last = time
            }
            at += length
            guard input.require(at) else { return false }
        }
        return true
    }

    /// Begins with the first record.
    func startERF() {
        stored.format = CaptureFormat(.erf, order: .big, timeDigits: 9)
        stored.sections = 1
        state = .erf
    }

    /// Reads the records in reach.
    func readERF(_ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        if stored.loss != nil { return rejectLost(input.count, ledger: &ledger) }
        let input = input
        let bytes = input.bytes
        let whole = input.extent
        let base = input.offset
        var at = 0
        var handed = 0
        var isDamaged = false
        while !batch.isFull, at + ERF.header <= bytes.byteCount {
            bytes.prefetch(at: at + 768)
            let kind = bytes.u8(at: at + 8)
            let type = kind & 0x7F
            let length = Int(bytes.u16(at: at + 10))
            guard type > 0, type <= ERF.lastType, length >= ERF.header else {
                isDamaged = true
                break
            }
            if at + length > bytes.byteCount { break }
            defer { at += length }
            if type == ERF.padding { continue }

            let (contained, start) = payload(bytes, at, length, kind)
            let (link, skip) = copies == nil && contained != .erf ? (contained, start) : (.erf, 0)
            let wire = Int(bytes.u16(at: at + 14))
            // Records are padded to a multiple of eight; what exceeds the wire length is padding. A whole record that is
            // handed on as it is has none.
            let captured = link == .erf ? length : min(length - skip, wire)
            stored.packets += 1
            batch.append(
                Packet(
                    extent: whole.slice(at: at + skip, count: captured), time: Self.time(ofERF: bytes.u64le(at: at)),
                    number: stored.packets, offset: base + UInt64(at + skip),
                    originalLength: UInt32(link == .erf ? start + wire : max(wire, captured)),
                    interface: interface(link, UInt32(bytes.u8(at: at + 9) & 3))))
            handed += captured
        }
        ledger.bytes += at
        ledger.overhead += at - handed
        input.skip(at)
        if isDamaged {
            lose(
                Words.recordLength,
                found: "a record of type \(input.bytes.u8(at: 8)) and length \(input.bytes.u16(at: 10))",
                allowed: "types 1 to 48, lengths from 16 on", advice: "what follows is left", ledger: &ledger)
        }
    }

    /// What link a record's payload is of, that of records where it is none of ours, and how many octets are in front of it.
    private func payload(_ bytes: RawSpan, _ at: Int, _ length: Int, _ kind: UInt8) -> (LinkType, Int) {
        var skip = ERF.header
        var more = kind & 0x80 != 0
        while more, skip + 8 <= length {
            more = bytes.u8(at: at + skip) & 0x80 != 0
            skip += 8
        }
        let type = kind & 0x7F
        skip += ERF.inFront(type)
        guard !more, skip <= length else { return (.erf, skip) }
        if ERF.isEthernet(type) { return (.ethernet, skip) }
        if type == 22 { return (.ipv4, skip) }
        if type == 23 { return (.ipv6, skip) }
        return (.erf, skip)
    }

    /// The interface of a link and a port, which is added when it is new.
    private func interface(_ link: LinkType, _ port: UInt32) -> UInt32 {
        let key = link.rawValue << 2 | port
        if let known = stored.links[key] { return known }
        let index = UInt32(stored.interfaces.count)
        var interface = Interface(linkType: link, resolution: 9)
        interface.name = "port \(port)"
        stored.interfaces.append(interface)
        stored.links[key] = index
        return index
    }

    /// Seconds and a binary fraction, rounded to nanoseconds.
    private static func time(ofERF stamp: UInt64) -> CaptureTime {
        let seconds = Int64(stamp >> 32)
        let fraction = ((stamp & 0xFFFF_FFFF) * 1_000_000_000 + 0x8000_0000) >> 32
        return CaptureTime(nanoseconds: seconds * 1_000_000_000 + Int64(fraction))
    }
}
