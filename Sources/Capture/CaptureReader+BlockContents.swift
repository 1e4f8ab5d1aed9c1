import Bytes

/// What the blocks of a pcapng say that carry no packet: sections, interfaces, names, statistics.
extension CaptureReader {
    /// Interfaces that are kept; a file with more is hostile.
    private static var mostInterfaces: Int { 1 << 16 }

    /// Begins a section (section 4.1).
    func readSection(_ block: borrowing BlockFields, _ length: Int, _ ledger: inout Ledger) {
        let version = CaptureFormat.Version(major: block.u16(at: 12), minor: block.u16(at: 14))
        var section = Section()
        section.isBig = block.isBig
        section.firstInterface = stored.interfaces.count
        section.isUnknown = !Self.isKnown(version)
        stored.section = section
        if section.isUnknown {
            return reject(
                block: Words.sectionVersion, length, found: "pcapng version \(version)", allowed: "version 1.0 or 1.2",
                &ledger)
        }
        stored.sections += 1
        stored.format.order = block.isBig ? .big : .little
        block.forEachOption(from: 24) { code, at, size in
            switch code {
            case 1: remark(.comment, block.text(at: at, size))
            case 2: remark(.hardware, block.text(at: at, size))
            case 3: remark(.system, block.text(at: at, size))
            case 4: remark(.application, block.text(at: at, size))
            default: break
            }
            return true
        }
        count(BlockType.section, 1)
        pass(length, ledger: &ledger)
    }

    /// Adds an interface (section 4.2).
    func readInterface(_ length: Int, _ ledger: inout Ledger) {
        let input = input
        let block = BlockFields(input.bytes.slice(at: 0, count: length), isBig: stored.section.isBig)
        guard length >= 20 else { return reject(block: Words.blockBody, length, &ledger) }
        guard stored.interfaces.count < Self.mostInterfaces else {
            return reject(
                block: Words.tooManyInterfaces, length, found: "one more interface",
                allowed: "\(Self.mostInterfaces) in a file", &ledger)
        }
        var interface = Interface(
            linkType: LinkType(rawValue: UInt32(block.u16(at: 8))).normal, snapLength: block.u32(at: 12))
        interface.section = max(0, stored.sections - 1)
        block.forEachOption(from: 16) { code, at, size in
            switch code {
            case 1: remark(.comment, block.text(at: at, size))
            case 2: interface.name = interface.name ?? block.text(at: at, size)
            case 3: interface.description = interface.description ?? block.text(at: at, size)
            case 9 where size >= 1: interface.resolution = block.bytes.u8(at: at)
            case 13 where size >= 1: interface.checkLength = Int(block.bytes.u8(at: at))
            case 14 where size >= 8:
                let upper = block.isBig ? block.bytes.u64(at: at) : block.bytes.u64le(at: at)
                interface.timeOffset = Int64(bitPattern: upper)
            default: break
            }
            return true
        }
        stored.interfaces.append(interface)
        stored.section.clocks.append(InterfaceClock(interface))
        count(BlockType.interface, 1)
        pass(length, ledger: &ledger)
    }

    /// Keeps the first names that addresses are given (section 4.5).
    func readNames(_ length: Int) {
        let input = input
        let block = BlockFields(input.bytes.slice(at: 0, count: length), isBig: stored.section.isBig)
        // Records look like options: type 1 is an IPv4 address and names, type 2 an IPv6 address and names.
        block.forEachOption(from: 8) { code, at, size in
            let width = code == 1 ? 4 : 16
            if code == 1 || code == 2, size > width {
                var parts: [String] = []
                for index in 0..<(code == 1 ? 4 : 8) {
                    parts.append(
                        code == 1
                            ? String(block.bytes.u8(at: at + index))
                            : String(block.bytes.u16(at: at + 2 * index), radix: 16))
                }
                let names = block.text(at: at + width, size - width).split(separator: "\0")
                remark(.name, parts.joined(separator: code == 1 ? "." : ":") + " " + names.joined(separator: " "))
            }
            return wantsRemarks
        }
    }

    /// Keeps what an interface received and dropped (section 4.6).
    func readStatistics(_ length: Int) {
        guard length >= 24, wantsRemarks else { return }
        let input = input
        let block = BlockFields(input.bytes.slice(at: 0, count: length), isBig: stored.section.isBig)
        var text = "interface \(block.u32(at: 8))"
        block.forEachOption(from: 20) { code, at, size in
            guard size == 8 else { return true }
            let number = block.isBig ? block.bytes.u64(at: at) : block.bytes.u64le(at: at)
            switch code {
            case 4: text += ", received \(number)"
            case 5: text += ", dropped \(number)"
            case 6: text += ", accepted by the filter \(number)"
            case 7: text += ", dropped by the system \(number)"
            case 8: text += ", delivered \(number)"
            default: break
            }
            return true
        }
        remark(.statistics, text)
    }

    /// Keeps a text, while there is room.
    func remark(_ kind: Remark.Kind, _ text: String, packet: UInt64 = 0) {
        guard wantsRemarks else { return }
        stored.remarks.append(Remark(kind: kind, text: text, offset: input.offset, packet: packet))
    }
}
