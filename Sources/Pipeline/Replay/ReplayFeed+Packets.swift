internal import Bytes
internal import Capture
internal import Records
internal import Transport

/// Packets of the network as they are, or their payloads.
extension ReplayFeed {
    func send(_ reader: any PacketSource, _ path: String, _ ledger: inout Ledger) {
        captureFilter?.beginCapture()
        let transport = Transport(verifiesChecksums: false)
        var packets = Batch<Packet>()
        var payloads = Batch<Payload>()
        var seen: UInt64 = 0
        while goesOn(), reader.next(into: &packets, ledger: &ledger) {
            seen += UInt64(packets.count)
            var count = packets.count
            if let captureFilter {
                do { try captureFilter.apply(to: &packets, interfaces: reader.interfaces, ledger: &ledger) } catch {
                    findings.problems.append("\(path): \(error)")
                    break
                }
                findings.skipped.add("not chosen by --bpf", count - packets.count)
                count = packets.count
            }
            options.conditions.keepTimes(&packets)
            findings.skipped.add(Self.outside, count - packets.count)
            keepSought(&packets)
            add(packets, reader.interfaces, transport, &payloads, &ledger)
            handOn()
        }
        if reader.isCutOff {
            let lost = ledger.rejections.reduce(0) { $0 + ($1.stage == .capture ? $1.count : 0) }
            findings.skipped.add(
                sought == nil ? Self.outside : Self.passed, Int(clamping: reader.packets - seen) - lost)
        }
        transport.finish(into: &payloads, ledger: &ledger)
        add(payloads, transport)
        handOn()
    }

    private static let outside = "outside of --from and --until"
    /// What a turn of the reading passes.
    static let passed = "passed by a seek or another filter"
    private static let cut = "sent without their ends, which the capture does not hold"
    static let unmapped = "of flows that no --map names, without --to"

    /// Keeps packets behind where the reading was turned to.
    func keepSought(_ packets: inout Batch<Packet>) {
        let (done, sought) = (done, sought)
        guard done > 0 || sought != nil else { return }
        let count = packets.count
        packets.keep { isSought($0.number, $0.time, done, sought) }
        findings.skipped.add(Self.passed, count - packets.count)
    }

    /// Whether what came in a captured packet is wanted, by ``done`` and ``sought``.
    func isSought(_ number: UInt64, _ time: CaptureTime, _ done: UInt64, _ sought: Int64?) -> Bool {
        number > done && (sought.map { time.isKnown && time.nanoseconds >= $0 } ?? true)
    }

    /// Packets as they are, or what they carry.
    func add(
        _ packets: borrowing Batch<Packet>, _ interfaces: [Interface], _ transport: Transport,
        _ payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        if options.layer == .link { return add(packets, interfaces) }
        transport.process(packets, interfaces: interfaces, into: &payloads, ledger: &ledger)
        add(payloads, transport)
        // Packets of a batch that carry nothing, as far as that is known already: some wait for others.
        var (last, carriers) = (UInt64.max, 0)
        for index in 0..<payloads.count where payloads[index].packet != last {
            last = payloads[index].packet
            carriers += 1
        }
        // What belongs to connections that are made while they are sent is of the capture alone.
        if options.source == nil { findings.skipped.add("without a payload of their own", packets.count - carriers) }
    }

    private func add(_ packets: borrowing Batch<Packet>, _ interfaces: [Interface]) {
        guard let target = routing.withoutFlow else { return }
        let wanted = targets[Int(target)].linkType
        var (cut, foreign, found) = (0, 0, LinkType.raw)
        let isBroken = faults != nil
        for index in 0..<packets.count {
            let packet = packets[index]
            let type = interfaces[Int(packet.interface)].linkType
            if let wanted, !type.fits(wanted) {
                (foreign, found) = (foreign + 1, type)
                continue
            }
            add(packets.bytes(of: packet), packet.time, packet.number, target)
            if isBroken { note(packet, interfaces) }
            if packet.originalLength > packet.extent.count { cut += 1 }
        }
        findings.failed.add(Self.cut, cut)
        if let wanted, foreign > 0 {
            findings.failed.add(
                "of links of another kind (\(found.name)), not sent: the interface takes \(wanted.name)", foreign)
        }
    }

    /// What packets carried.
    func add(_ payloads: borrowing Batch<Payload>, _ transport: Transport) {
        var (cut, unmapped) = (0, 0)
        let isBroken = faults != nil
        for index in 0..<payloads.count {
            let payload = payloads[index]
            guard let target = routing.target(ofFlow: payload.flow, { transport.flow(at: $0).key }) else {
                unmapped += 1
                continue
            }
            if joiner != nil, join(payload, payloads.bytes(of: payload), transport, target) { continue }
            add(payloads.bytes(of: payload), payload.time, payload.packet, target)
            if isBroken { note(payload.offset, Int(payload.flow)) { transport.flow(at: Int(payload.flow)).name } }
            if !payload.marks.isDisjoint(with: [.cut, .short]) { cut += 1 }
        }
        findings.failed.add(Self.cut, cut)
        findings.skipped.add(Self.unmapped, unmapped)
    }
}

/// Frames that are made while they are sent.
extension ReplayFeed {
    /// Adds the frames that are whole with a payload; false where it goes on as it is.
    private func join(_ payload: Payload, _ octets: RawSpan, _ transport: Transport, _ target: UInt8) -> Bool {
        let (isAlone, isStream) = (options.layer == .frame, targets[Int(target)].isStream)
        // Messages are no frames.
        guard let shape = joiner?.shape(ofFlow: payload.flow, { transport.flow(at: $0).key }) else { return isAlone }
        guard isAlone || isStream else { return false }
        let marker = isAlone && isStream ? shape.marker : []
        let front = isAlone ? shape.front : 0
        joiner?.take(octets, of: payload.flow, shape) { frame in
            add(
                frame.extracting(min(front, frame.byteCount)..<frame.byteCount), behind: marker.span.octets,
                payload.time, payload.packet, target)
        }
        return true
    }
}

/// Where things come from that are broken on purpose.
extension ReplayFeed {
    private func note(_ packet: Packet, _ interfaces: [Interface]) {
        let number = Int(packet.interface)
        let owner = faults?.owner(
            number, interface: { interfaces[number].name ?? "interface \(number)" }, flow: { nil })
        note(ReplayBatch.Origin(offset: packet.offset, owner: owner ?? 0))
    }

    /// The same for what a flow carried, with so many octets in front of it.
    func note(_ offset: UInt64, _ flow: Int, lead: Int = 0, _ name: () -> String) {
        let owner = faults?.owner(flow, interface: { nil }, flow: { name() })
        note(ReplayBatch.Origin(offset: offset, owner: owner ?? 0, lead: UInt32(lead)))
    }
}

extension LinkType {
    /// Whether packets that begin like this can go over an interface of another type. IP is IP, with or without its version
    /// being told.
    fileprivate func fits(_ interface: LinkType) -> Bool {
        self == interface || interface == .raw && (self == .ipv4 || self == .ipv6)
    }
}
