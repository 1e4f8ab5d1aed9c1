import Bytes

/// Sun snoop, version 2 (RFC 1761): all fields big-endian.
///
///     file header     "snoop" and three zeros  version  data link type
///     record header   original length  included length  record length  drops  seconds  microseconds
extension CaptureReader {
    private static var header: Int { 24 }

    /// Reads the header of a file.
    func startSnoop() {
        guard input.require(16) else { return refuse(cutShort(needed: 16)) }
        let input = input
        let bytes = input.bytes
        guard bytes.u32(at: 4) == 0x7000_0000 else { return startOther() }
        let version = bytes.u32(at: 8)
        guard version == 2 else {
            return refuse(
                CaptureError(
                    file: name, reason: .unknownVersion, offset: 8, found: "snoop version \(version)",
                    allowed: "version 2", advice: "save it as pcapng with editcap"))
        }
        stored.format = CaptureFormat(.snoop, timeDigits: 6)
        stored.format.version = .init(major: 2, minor: 0)
        stored.sections = 1
        // RFC 1761 and IANA's list; the others keep their number, above those of capture files.
        let link: LinkType =
            switch bytes.u32(at: 12) {
            case 0, 4: .ethernet
            case 2: LinkType(rawValue: 6)
            case 8: LinkType(rawValue: 10)
            case let other: LinkType(rawValue: 0x8000_0000 | other)
            }
        stored.interfaces = [Interface(linkType: link)]
        state = .snoop
    }

    /// Reads the records in reach.
    func readSnoop(_ batch: inout Batch<Packet>, _ ledger: inout Ledger) {
        if input.offset == 0 { pass(16, ledger: &ledger) }
        if stored.loss != nil { return rejectLost(input.count, ledger: &ledger) }
        let input = input
        let bytes = input.bytes
        let whole = input.extent
        let base = input.offset
        let limit = 1 << 18
        var at = 0
        var handed = 0
        var damage: Int?
        while !batch.isFull, at + Self.header <= bytes.byteCount {
            bytes.prefetch(at: at + 768)
            let captured = Int(bytes.u32(at: at + 4))
            let length = Int(bytes.u32(at: at + 8))
            // A record is padded to a multiple of four octets; some writers pad further.
            guard captured <= limit, length >= Self.header + captured, length <= Self.header + 2 * limit else {
                damage = length
                break
            }
            if at + length > bytes.byteCount { break }
            stored.packets += 1
            let seconds = Int64(bytes.u32(at: at + 16))
            let fraction = Int64(bytes.u32(at: at + 20))
            batch.append(
                Packet(
                    extent: whole.slice(at: at + Self.header, count: captured),
                    time: CaptureTime(nanoseconds: seconds * 1_000_000_000 + fraction * 1000), number: stored.packets,
                    offset: base + UInt64(at + Self.header),
                    originalLength: bytes.u32(at: at), interface: 0))
            handed += captured
            at += length
        }
        ledger.bytes += at
        ledger.overhead += at - handed
        input.skip(at)
        if let damage {
            lose(
                Words.recordLength, found: "a record length of \(damage)",
                allowed: "header, packet and padding", advice: "what follows is left", ledger: &ledger)
        }
    }
}
