internal import Bytes
internal import Capture
internal import Mission
internal import Records
internal import Transport

/// Reads captures and makes of them what is to be sent: the thread in front of the one that keeps time.
final class ReplayFeed: @unchecked Sendable {
    // Sendable: one thread uses it, and others only when that thread has ended.
    private let files: [String]
    private let options: ReplayOptions
    private let told: @Sendable (String) -> ToldLayout?
    private let selection: ReplaySelection?
    private let captureFilter: CaptureFilter?
    private let queue: ReplayQueue
    private var routing: ReplayRouting
    private var batch: ReplayBatch?
    private var isStopped = false
    private var beginsInput = false

    /// What is known when the reading has ended: packets read, what was left out or is damaged, and what went wrong.
    private(set) var read: UInt64 = 0
    private(set) var skipped = ReplayReport.Reasons()
    private(set) var failed = ReplayReport.Reasons()
    private(set) var problems: [String] = []
    private(set) var damage: [(file: String, row: Ledger.Rejection)] = []

    /// A feed into a queue; `selection` is nil where all packets of the network go out.
    init(
        _ files: [String], _ options: ReplayOptions, _ selection: ReplaySelection?,
        told: @escaping @Sendable (String) -> ToldLayout?, _ queue: ReplayQueue
    ) throws {
        (self.files, self.options, self.selection, self.told, self.queue) = (files, options, selection, told, queue)
        captureFilter = try options.captureFilter.map { try CaptureFilter($0) }
        routing = ReplayRouting(options)
    }

    /// Reads everything, as often as it is asked for.
    func run() {
        var pass = 0
        while !isStopped, options.passes.map({ pass < $0 }) ?? true {
            pass += 1
            let before = read
            for file in files where !isStopped { send(file, isFirst: pass == 1) }
            // What cannot be read, or has nothing, is not tried for ever.
            if read == before { break }
        }
        batch.map(queue.put)
        queue.end()
    }

    private func send(_ file: String, isFirst: Bool) {
        let reader: CaptureReader
        let known = selection == nil ? Known() : Prescan.run(path: file, told: told(file))
        do { reader = try CaptureReader.open(file) } catch {
            if isFirst { problems.append(error.description) }
            return
        }
        if reader.format.kind == .bareStream, options.layer != .packet {
            if isFirst {
                problems.append(
                    "\(file) is a bare file and no capture of datagrams: --payload packet sends the packets in it")
            }
            return
        }
        beginsInput = true
        routing.beginCapture()
        var ledger = Ledger()
        if let selection {
            let engine = Engine(reader, told: told(file), known: known, captureFilter: captureFilter)
            send(engine, selection)
            ledger = engine.ledger
            if let refusal = engine.captureFilterRefusal { problems.append("\(file): \(refusal)") }
        } else {
            send(reader, file, &ledger)
        }
        read += reader.packets
        guard isFirst else { return }
        problems += reader.problems.map { "\(file): \($0)" }
        damage += ledger.rejections.filter { $0.bytes > 0 || $0.stage != .capture }.map { (file, $0) }
    }

    /// Packets of the network as they are, or their payloads.
    private func send(_ reader: CaptureReader, _ file: String, _ ledger: inout Ledger) {
        captureFilter?.beginCapture()
        let transport = Transport(verifiesChecksums: false)
        var packets = Batch<Packet>()
        var payloads = Batch<Payload>()
        while !isStopped, reader.next(into: &packets, ledger: &ledger) {
            var count = packets.count
            if let captureFilter {
                do { try captureFilter.apply(to: &packets, interfaces: reader.interfaces, ledger: &ledger) } catch {
                    problems.append("\(file): \(error)")
                    break
                }
                skipped.add("not chosen by --bpf", count - packets.count)
                count = packets.count
            }
            options.conditions.keepTimes(&packets)
            skipped.add("outside of --from and --until", count - packets.count)
            add(packets, reader.interfaces, transport, &payloads, &ledger)
            handOn()
        }
        transport.finish(into: &payloads, ledger: &ledger)
        add(payloads, transport)
        handOn()
    }

    private func add(
        _ packets: borrowing Batch<Packet>, _ interfaces: [Interface], _ transport: Transport,
        _ payloads: inout Batch<Payload>, _ ledger: inout Ledger
    ) {
        if options.layer == .link { return add(packets) }
        transport.process(packets, interfaces: interfaces, into: &payloads, ledger: &ledger)
        add(payloads, transport)
        // Packets of a batch that carry nothing, as far as that is known already: some wait for others.
        var (last, carriers) = (UInt64.max, 0)
        for index in 0..<payloads.count where payloads[index].packet != last {
            last = payloads[index].packet
            carriers += 1
        }
        skipped.add("without a payload of their own", packets.count - carriers)
    }

    private func add(_ packets: borrowing Batch<Packet>) {
        guard let target = routing.withoutFlow else { return }
        var cut = 0
        for index in 0..<packets.count {
            let packet = packets[index]
            add(packets.bytes(of: packet), packet.time, target)
            if packet.originalLength > packet.extent.count { cut += 1 }
        }
        failed.add(Self.cut, cut)
    }

    private func add(_ payloads: borrowing Batch<Payload>, _ transport: Transport) {
        var (cut, unmapped) = (0, 0)
        for index in 0..<payloads.count {
            let payload = payloads[index]
            guard let target = routing.target(ofFlow: payload.flow, { transport.flow(at: $0).key }) else {
                unmapped += 1
                continue
            }
            add(payloads.bytes(of: payload), payload.time, target)
            if !payload.marks.isDisjoint(with: [.cut, .short]) { cut += 1 }
        }
        failed.add(Self.cut, cut)
        skipped.add(Self.unmapped, unmapped)
    }

    private static let cut = "sent without their ends, which the capture does not hold"
    private static let unmapped = "of flows that no --map names, without --to"

    /// What is chosen of packets and messages: themselves, or what they came in.
    private func send(_ engine: Engine, _ selection: ReplaySelection) {
        selection.beginCapture()
        let keeper = options.layer == .packet ? nil : PacketKeeper(limit: 64 << 20, joined: false)
        let transport = Transport(verifiesChecksums: false)
        var units = Batch<Unit>()
        var found = Batch<Packet>()
        var payloads = Batch<Payload>()
        var ledger = Ledger()
        while !isStopped, engine.next(into: &units) {
            keeper?.keep(engine)
            let count = units.count
            selection.choose(&units, engine)
            skipped.add(
                options.conditions.isEmpty ? "idle packets" : "packets not chosen by the conditions",
                count - selection.count)
            if let keeper {
                let chosen = selection.whole
                keeper.find(units, chosen.span, engine, into: &found)
                add(found, engine.reader.interfaces, transport, &payloads, &ledger)
            } else {
                addUnits(units, engine, selection)
            }
            handOn()
        }
        transport.finish(into: &payloads, ledger: &ledger)
        add(payloads, transport)
        failed.add("packets that were captured too long before what they belong to", keeper?.missing ?? 0)
        handOn()
    }

    private func addUnits(_ units: borrowing Batch<Unit>, _ engine: Engine, _ selection: ReplaySelection) {
        var unmapped = 0
        selection.forEachChosen(units) { unit, octets, type in
            guard let target = routing.target(ofFlow: unit.flow, { engine.flow(at: $0).key }) else {
                unmapped += 1
                return
            }
            guard let batch = open(), selection.octets.append(unit, octets, type: type, to: batch.octets) else {
                return
            }
            batch.end(unit.time, target)
        }
        skipped.add(Self.unmapped, unmapped)
    }

    private func add(_ octets: RawSpan, _ time: CaptureTime, _ target: UInt8) {
        guard let batch = open() else { return }
        batch.octets.append(octets)
        batch.end(time, target)
    }

    /// The batch that has room; nil when nothing more is wanted.
    private func open() -> ReplayBatch? {
        if let batch, batch.isFull { handOn() }
        if let batch { return batch }
        guard !isStopped, let next = queue.empty() else {
            isStopped = true
            return nil
        }
        next.beginsInput = beginsInput
        beginsInput = false
        batch = next
        return next
    }

    private func handOn() {
        guard let full = batch, full.count > 0 else { return }
        batch = nil
        queue.put(full)
    }
}
