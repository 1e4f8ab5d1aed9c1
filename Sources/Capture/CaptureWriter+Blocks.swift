import Bytes

/// PCAP Next Generation as it is written: see `CaptureReader+Packets.swift` for the layout of packet blocks.
extension CaptureWriter {
    /// Octets of an enhanced packet block besides the packet, its padding and its options.
    private static var enhancedSize: Int { 32 }

    /// Writes the section header, once (section 4.1). The length of the section is left open, so that it ends where the
    /// file does.
    func beginSection() {
        guard !hasSection else { return }
        hasSection = true
        var options: [UInt8] = []
        BlockOption.append(code: 4, "starlane".utf8, to: &options)
        BlockOption.appendEnd(to: &options)
        append(block: BlockType.section) { body in
            body.append(le: 0x1A2B_3C4D as UInt32)
            body.append(le: 1 as UInt16)
            body.append(le: 0 as UInt16)
            body.append(le: UInt64.max)
            body += options
        }
    }

    /// Writes the block of an interface (section 4.2).
    func describe(_ interface: Interface) {
        beginSection()
        var options: [UInt8] = []
        if let name = interface.name { BlockOption.append(code: 2, name.utf8, to: &options) }
        if let words = interface.description { BlockOption.append(code: 3, words.utf8, to: &options) }
        if interface.resolution != 6 { BlockOption.append(code: 9, [interface.resolution], to: &options) }
        if let length = interface.checkLength {
            BlockOption.append(code: 13, [UInt8(clamping: length)], to: &options)
        }
        if interface.timeOffset != 0 {
            var value: [UInt8] = []
            value.append(le: interface.timeOffset)
            BlockOption.append(code: 14, value, to: &options)
        }
        if !options.isEmpty { BlockOption.appendEnd(to: &options) }
        append(block: BlockType.interface) { body in
            body.append(le: UInt16(truncatingIfNeeded: interface.linkType.rawValue))
            body.append(le: 0 as UInt16)
            body.append(le: interface.snapLength)
            body += options
        }
    }

    /// Writes what was counted of an interface (section 4.6).
    func append(_ row: InterfaceStatistics) {
        guard row.interface >= 0, row.interface < capture.targets.count else { return }
        let target = capture.targets[row.interface]
        guard target.index >= 0 else { return }
        var options: [UInt8] = []
        let numbers: [(UInt16, UInt64?)] = [
            (4, row.received), (5, row.dropped), (6, row.accepted), (7, row.droppedBySystem), (8, row.delivered),
        ]
        for (code, number) in numbers {
            guard let number else { continue }
            var value: [UInt8] = []
            value.append(le: number)
            BlockOption.append(code: code, value, to: &options)
        }
        guard !options.isEmpty else { return }
        BlockOption.appendEnd(to: &options)
        let stamp = row.time.isKnown ? self.stamp(row.time, target).stamp : 0
        append(block: BlockType.interfaceStatistics) { body in
            body.append(le: target.index)
            body.append(le: UInt32(truncatingIfNeeded: stamp >> 32))
            body.append(le: UInt32(truncatingIfNeeded: stamp))
            body += options
        }
    }

    private func append(block type: UInt32, _ fill: (inout [UInt8]) -> Void) {
        var body: [UInt8] = []
        fill(&body)
        let length = UInt32(body.count + 12)
        var block: [UInt8] = []
        block.append(le: type)
        block.append(le: length)
        block += body
        block.append(le: length)
        buffer.append(octets: block)
    }

    func appendBlocks(
        _ packets: borrowing Batch<Packet>, _ targets: borrowing Batch<WriterTarget>, _ comment: CaptureComment?
    ) throws(Refusal) {
        beginSection()
        let records = packets.records
        let options = comment?.options ?? []
        let known = targets.records
        var octets = 0
        for index in records.indices {
            let interface = records[index].interface
            guard Int(interface) < known.count, known[Int(interface)].index >= 0 else { throw refusal(interface) }
            octets &+= records[index].extent.count &+ 3
        }
        var changed = 0
        let room = records.count * (Self.enhancedSize + options.count) + octets
        buffer.append(room: room) { output in
            let options = options.octets
            for index in records.indices {
                let packet = records[index]
                let target = known[Int(packet.interface)]
                let captured = packet.extent.count
                let padding = -captured & 3
                if !packet.time.isKnown, options.byteCount == 0, isSimple(packet, target) {
                    let length = UInt64(captured &+ padding &+ 16)
                    output.append(le: UInt64(BlockType.simplePacket) | length &<< 32)
                    output.append(le: packet.originalLength)
                    output.append(packets.bytes(of: packet))
                    for _ in 0..<padding { output.append(0) }
                    output.append(le: UInt32(truncatingIfNeeded: length))
                    continue
                }
                let (stamp, isExact) = stamp(packet.time, target)
                if !isExact { changed &+= 1 }
                let length = UInt64(Self.enhancedSize &+ captured &+ padding &+ options.byteCount)
                output.append(le: UInt64(BlockType.enhancedPacket) | length &<< 32)
                output.append(le: UInt64(UInt32(bitPattern: target.index)) | (stamp &>> 32) &<< 32)
                output.append(le: stamp & 0xFFFF_FFFF | UInt64(captured) &<< 32)
                output.append(le: packet.originalLength)
                output.append(packets.bytes(of: packet))
                for _ in 0..<padding { output.append(0) }
                output.append(options)
                output.append(le: UInt32(truncatingIfNeeded: length))
            }
        }
        changedTimes += changed
    }

    /// Whether a simple packet block can hold a packet that has no time: it says neither interface nor captured length,
    /// which are the first one and as much as the snap length leaves.
    private func isSimple(_ packet: Packet, _ target: WriterTarget) -> Bool {
        guard target.index == 0 else { return false }
        let snap = written[0].snapLength
        let captured = snap > 0 ? min(packet.originalLength, snap) : packet.originalLength
        return packet.extent.count == Int(captured)
    }

    /// The time stamp of a time by an interface's clock, and whether it says just that time.
    @inline(__always)
    private func stamp(_ time: CaptureTime, _ target: WriterTarget) -> (stamp: UInt64, isExact: Bool) {
        if target.isEasy {
            let (count, overflow) = time.nanoseconds.subtractingReportingOverflow(target.offset)
            if !overflow, count >= 0 {
                if target.unit == 1 { return (UInt64(bitPattern: count), true) }
                let stamp = target.unit == 1000 ? count / 1000 : count / target.unit
                return (UInt64(bitPattern: stamp), stamp &* target.unit == count)
            }
        }
        return InterfaceClock.stamp(time, of: written[Int(target.index)])
    }
}

/// What an interface received and dropped, by whoever captured (draft-ietf-opsawg-pcapng, section 4.6).
public struct InterfaceStatistics: Sendable {
    /// The interface, as the capture numbers them.
    public var interface: Int
    /// When it was counted.
    public var time: CaptureTime
    /// Packets that came to the interface (`isb_ifrecv`).
    public var received: UInt64?
    /// Packets that the interface dropped (`isb_ifdrop`).
    public var dropped: UInt64?
    /// Packets that the filter let pass (`isb_filteraccept`).
    public var accepted: UInt64?
    /// Packets that the operating system dropped (`isb_osdrop`).
    public var droppedBySystem: UInt64?
    /// Packets that were handed to the capturing program (`isb_usrdeliv`).
    public var delivered: UInt64?

    /// Counts of an interface, none of them known yet.
    public init(interface: Int, time: CaptureTime) {
        self.interface = interface
        self.time = time
    }
}
