import Bytes

/// Classic pcap as it is written (draft-ietf-opsawg-pcap): see `CaptureReader+Classic.swift` for the layout.
extension CaptureWriter {
    /// Writes the header of a file.
    func beginClassic(_ linkType: LinkType) {
        let links = written.filter { $0.linkType == linkType }
        // A binary clock has steps that microseconds do not hold.
        let isNano = written.contains { $0.resolution > 6 }
        let limit = UInt32(linkType.longestPacket)
        let snapLength = links.map { $0.snapLength == 0 ? limit : $0.snapLength }.max() ?? limit
        // The upper bits tell the length of a frame check sequence, in units of two octets.
        var check: UInt32 = 0
        if let length = links.first?.checkLength, length % 2 == 0, length <= 30,
            links.allSatisfy({ $0.checkLength == length })
        {
            check = 0x0400_0000 | UInt32(length / 2) << 28
        }
        buffer.append(room: 24) { output in
            output.append(le: isNano ? 0xA1B2_3C4D : 0xA1B2_C3D4 as UInt32)
            output.append(le: 2 as UInt16)
            output.append(le: 4 as UInt16)
            output.append(le: 0 as UInt64)
            output.append(le: links.count > 1 ? max(snapLength, limit) : snapLength)
            output.append(le: linkType.rawValue | check)
        }
        classic = ClassicFile(linkType: linkType, isNano: isNano)
    }

    func appendClassic(
        _ packets: borrowing Batch<Packet>, _ targets: borrowing Batch<WriterTarget>
    ) throws(Refusal) {
        let records = packets.records
        if classic == nil {
            let first = records[0].interface
            guard Int(first) < targets.count, targets[Int(first)].index >= 0 else { throw refusal(first) }
            beginClassic(targets[Int(first)].linkType)
        }
        guard let classic else { return }
        var octets = 0
        let known = targets.records
        for index in records.indices {
            let interface = records[index].interface
            guard Int(interface) < known.count, known[Int(interface)].linkType == classic.linkType else {
                throw refusal(interface)
            }
            octets &+= records[index].extent.count
        }
        var changed = 0
        buffer.append(room: records.count * 16 + octets) { output in
            for index in records.indices {
                let packet = records[index]
                var time = packet.time.nanoseconds
                var isOther = false
                // Seconds are unsigned and have 32 bits: from 1970 to 2106.
                if time < 0 || time >= 4_294_967_296_000_000_000 {
                    isOther = true
                    time = time < 0 ? 0 : 4_294_967_295_999_999_999
                }
                let seconds = UInt64(bitPattern: time) / 1_000_000_000
                var fraction = UInt64(bitPattern: time) &- seconds &* 1_000_000_000
                if !classic.isNano {
                    let micros = fraction / 1000
                    isOther = isOther || micros &* 1000 != fraction
                    fraction = micros
                }
                if isOther { changed &+= 1 }
                output.append(le: seconds | fraction &<< 32)
                output.append(le: UInt64(packet.extent.count) | UInt64(packet.originalLength) &<< 32)
                output.append(packets.bytes(of: packet))
            }
        }
        changedTimes += changed
    }
}
