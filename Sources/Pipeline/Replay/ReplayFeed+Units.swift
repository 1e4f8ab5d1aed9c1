internal import Bytes
internal import CCSDS
internal import Capture
internal import Records
internal import Transport

/// What packets of the network carry: packets, messages, and transfer frames.
extension ReplayFeed {
    /// What is chosen of packets and messages: themselves, or what they came in.
    func send(_ engine: Engine, _ selection: ReplaySelection) {
        selection.beginCapture()
        let keeper = options.layer == .packet ? nil : PacketKeeper(limit: 64 << 20, joined: false)
        let transport = Transport(verifiesChecksums: false)
        var units = Batch<Unit>()
        var found = Batch<Packet>()
        var payloads = Batch<Payload>()
        var ledger = Ledger()
        while goesOn(), engine.next(into: &units) {
            keeper?.keep(engine)
            keepSought(&units)
            let count = units.count
            selection.choose(&units, engine)
            findings.skipped.add(
                selection.takesAll ? "idle packets" : "packets not chosen by the conditions", count - selection.count)
            if let keeper {
                let chosen = selection.whole
                keeper.find(units, chosen.span, engine, into: &found)
                if done > 0 { keepBehind(&found) }
                add(found, engine.reader.interfaces, transport, &payloads, &ledger)
            } else {
                addUnits(units, engine, selection)
            }
            handOn()
        }
        transport.finish(into: &payloads, ledger: &ledger)
        add(payloads, transport)
        findings.failed.add("packets that were captured too long before what they belong to", keeper?.missing ?? 0)
        handOn()
    }

    private func addUnits(_ units: borrowing Batch<Unit>, _ engine: Engine, _ selection: ReplaySelection) {
        var unmapped = 0
        let isBroken = faults != nil
        selection.forEachChosen(units) { unit, octets, type in
            guard let target = routing.target(ofFlow: unit.flow, { engine.flow(at: $0).key }) else {
                unmapped += 1
                return
            }
            guard let batch = open(),
                selection.octets.append(unit, octets, type: type, to: batch.octets)
            else { return }
            batch.end(unit.time, unit.packet, target)
            if isBroken { note(unit.offset, Int(unit.flow)) { engine.flow(at: Int(unit.flow)).name } }
        }
        findings.skipped.add(Self.unmapped, unmapped)
    }

    /// Transfer frames, over streams with the markers that they have.
    func sendFrames(_ engine: Engine) {
        var units = Batch<Unit>()
        var (unmapped, outside) = (0, 0)
        let (from, until) = (options.conditions.from ?? .min, options.conditions.until ?? .max)
        let isTimed = options.conditions.from != nil || options.conditions.until != nil
        while goesOn(), engine.next(into: &units) {
            keepSought(&units)
            for index in 0..<units.count {
                let unit = units[index]
                guard !isTimed || unit.time.isKnown && unit.time.nanoseconds >= from && unit.time.nanoseconds < until
                else {
                    outside += 1
                    continue
                }
                guard let target = routing.target(ofFlow: unit.flow, { engine.flow(at: $0).key }) else {
                    unmapped += 1
                    continue
                }
                let front =
                    targets[Int(target)].isStream ? engine.router.frameDecoder(Int(unit.flow))?.layout.marker ?? [] : []
                add(units.bytes(of: unit), behind: front.span.octets, unit.time, unit.packet, target)
                guard faults != nil else { continue }
                note(unit.offset, Int(unit.flow), lead: front.count) { engine.flow(at: Int(unit.flow)).name }
            }
            handOn()
        }
        findings.skipped.add("frames outside of --from and --until", outside)
        findings.skipped.add(Self.unmapped, unmapped)
        handOn()
    }

    /// Keeps packets that were not sent before the reading was turned.
    private func keepBehind(_ packets: inout Batch<Packet>) {
        let done = done
        packets.keep { $0.number > done }
    }

    /// Keeps what was completed behind where the reading was turned to.
    private func keepSought(_ units: inout Batch<Unit>) {
        let (done, sought) = (done, sought)
        guard done > 0 || sought != nil else { return }
        let count = units.count
        units.keep { isSought($0.packet, $0.time, done, sought) }
        findings.skipped.add(Self.passed, count - units.count)
    }
}
