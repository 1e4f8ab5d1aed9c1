internal import Bytes
internal import Capture
internal import Mission
internal import Records
internal import Transport

/// Reads captures and makes of them what is to be sent: the thread in front of the one that keeps time.
///
/// What it does with packets of the network stands in `ReplayFeed+Packets.swift`, with what they carry in
/// `ReplayFeed+Units.swift`.
final class ReplayFeed: @unchecked Sendable {
    // Sendable: one thread uses it, and others only when that thread has ended.
    private let files: [String]
    let options: ReplayOptions
    private let told: @Sendable (String) -> ToldLayout?
    let captureFilter: CaptureFilter?
    let queue: ReplayQueue
    var routing: ReplayRouting
    /// How the targets take what goes out.
    let targets: [Target]
    /// Where the reading was turned to last.
    private(set) var turn: ReplayTurn
    let faults: ReplayFaults?
    /// What holds frames together that are made while they are sent.
    var joiner: FrameJoiner?
    /// What is being filled: one of the queue's, or one by itself where its packets are broken first.
    private var batch: ReplayBatch?
    private var whole: ReplayBatch?
    /// Whether nothing more is wanted of what is being read.
    private(set) var isTurned = false
    private var beginsInput = false
    private var (pass, file) = (0, 0)
    private var hasReported: Set<Int> = []

    /// What the reading has found so far, and of what it reads at present.
    var findings = Findings()
    private var current: (any PacketSource)?

    /// What a reading finds.
    struct Findings {
        /// Packets read.
        var read: UInt64 = 0
        /// What was left out.
        var skipped = ReplayReport.Reasons()
        /// What could not be sent as a whole.
        var failed = ReplayReport.Reasons()
        /// What went wrong, in words.
        var problems: [String] = []
        /// What is damaged, of files that were read to their ends.
        var damage: [(file: String, row: Ledger.Rejection)] = []
    }

    /// How a target takes packets.
    struct Target {
        /// Whether they follow each other without a border.
        let isStream: Bool
        /// How they have to begin; nil where that is all the same.
        let linkType: LinkType?
    }

    /// A feed into a queue, that begins with a turn.
    init(
        _ files: [String], _ options: ReplayOptions, _ turn: ReplayTurn, _ targets: [Target],
        told: @escaping @Sendable (String) -> ToldLayout?, _ queue: ReplayQueue,
        _ faults: ReplayFaults?
    ) throws {
        (self.files, self.options, self.turn, self.told, self.queue) = (files, options, turn, told, queue)
        (self.targets, self.faults) = (targets, faults)
        if faults != nil { whole = ReplayBatch() }
        joiner = options.source.map { FrameJoiner($0.carried) }
        captureFilter = try options.captureFilter.map { try CaptureFilter($0) }
        routing = ReplayRouting(options)
    }

    /// Reads everything, as often as it is asked for, and once more from where it is turned to.
    func run() {
        repeat {
            isTurned = false
            readAll()
            if let batch, faults == nil { queue.put(batch) }
            batch = nil
            faults?.forget()
            tell()
            guard let next = queue.rest() else { break }
            turn = next
        } while true
        queue.end()
    }

    /// Tells what was found so far: who waits for it may not want to wait until the reading ends.
    private func tell() {
        var findings = findings
        findings.read += current?.packets ?? 0
        queue.tell(findings)
    }

    private func finish(_ reader: any PacketSource) {
        current = nil
        findings.read += reader.packets
    }

    private func readAll() {
        pass = turn.place.pass
        while !isTurned, options.passes.map({ pass < $0 }) ?? true {
            let before = findings.read
            for index in files.indices where !isTurned && !isPassed(index) {
                file = index
                send(files[index])
            }
            // What cannot be read, or has nothing, is not tried for ever.
            if findings.read == before { break }
            pass += 1
        }
    }

    /// Whether the reading is in the round that was turned.
    private var isInTurnedPass: Bool { pass == turn.place.pass }
    private func isPassed(_ index: Int) -> Bool { isInTurnedPass && index < turn.place.file }

    /// The number of the packet up to which everything was sent or left out, 0 for none; and the first time that is wanted.
    var done: UInt64 { isInTurnedPass && file == turn.place.file ? turn.place.packet : 0 }
    var sought: Int64? { isInTurnedPass ? turn.time : nil }

    private func send(_ path: String) {
        // Opening may wait for what is to be read.
        tell()
        if let source = options.source { return send(source) }
        let reader: CaptureReader
        let isPlain = turn.selection == nil && options.layer != .frame
        var known = isPlain ? Known() : Prescan.run(path: path, told: told(path))
        let isFirst = !hasReported.contains(file)
        do throws(CaptureError) {
            if isPlain {
                let from = [options.conditions.from, sought].compactMap(\.self).max()
                reader = try CaptureReader.open(path, MemberChoice(from: from, until: options.conditions.until))
            } else {
                // Frames that go out themselves are read from the beginning.
                known.slice =
                    options.layer == .frame
                    ? nil : turn.selection?.slice(of: path, told(path), options, from: sought)
                reader = try CaptureReader.open(path, known.slice?.choice ?? .all)
            }
        } catch {
            hasReported.insert(file)
            if isFirst { findings.problems.append(error.description) }
            return
        }
        if reader.format.kind == .bareStream, options.layer != .packet, options.layer != .frame {
            hasReported.insert(file)
            if isFirst {
                findings.problems.append(
                    "\(path) is a bare file and no capture of datagrams: --payload packet sends the packets in it, "
                        + "--payload frame its frames")
            }
            return
        }
        current = reader
        beginsInput = true
        routing.beginCapture()
        faults?.beginCapture()
        var ledger = Ledger()
        if isPlain {
            send(reader, path, &ledger)
        } else {
            let engine = Engine(
                reader, told: told(path), known: known, captureFilter: captureFilter, inspects: false,
                keepsFrames: options.layer == .frame)
            if let selection = turn.selection { send(engine, selection) } else { sendFrames(engine) }
            ledger = engine.ledger
            if isFirst, let refusal = engine.captureFilterRefusal { findings.problems.append("\(path): \(refusal)") }
        }
        finishInput()
        finish(reader)
        // What was read in part is told when it is read to its end, or when all ends.
        guard isFirst, !isTurned || queue.isStopping else { return }
        hasReported.insert(file)
        findings.problems += reader.problems.map { "\(path): \($0)" }
        findings.damage += ledger.rejections.filter { $0.bytes > 0 || $0.stage != .capture }.map { (path, $0) }
    }

    /// Sends what is made while it is sent.
    private func send(_ source: ReplayOptions.Source) {
        let packets = source.packets
        current = packets
        beginsInput = true
        routing.beginCapture()
        faults?.beginCapture()
        var ledger = Ledger()
        if let selection = turn.selection {
            let engine = Engine(packets, told: nil, known: source.known)
            send(engine, selection)
            // What was broken on purpose is no damage.
            for row in engine.ledger.rejections {
                findings.skipped.add("\(row.stage.rawValue): \(row.reason)", row.count)
            }
        } else {
            send(packets, packets.name, &ledger)
        }
        finishInput()
        finish(packets)
        findings.problems += packets.problems.map { "\(packets.name): \($0)" }
    }

    /// Whether more is to be read; of what is made while it is sent only when that is wished for.
    func goesOn() -> Bool {
        tell()
        guard !isTurned, let source = options.source else { return !isTurned }
        queue.awaitWish(for: source.steering.reached(), passed: source.packets.packets)
        if queue.isTurned { isTurned = true }
        return !isTurned
    }

    /// Adds a packet, with `front` in front of it.
    func add(
        _ octets: RawSpan, behind front: RawSpan = RawSpan(), _ time: CaptureTime, _ number: UInt64, _ target: UInt8
    ) {
        guard let batch = open() else { return }
        batch.octets.append(front)
        batch.octets.append(octets)
        batch.end(time, number, target)
    }

    /// Says where the packet comes from that was added last, where it is to be broken.
    func note(_ origin: ReplayBatch.Origin) { batch?.origins.append(origin) }

    /// The batch that has room; nil when nothing more is wanted.
    func open() -> ReplayBatch? {
        if let batch, batch.isFull {
            batch.endsInside = true
            handOn()
        }
        if let batch { return batch }
        guard !isTurned, let next = whole ?? queue.empty() else {
            isTurned = true
            return nil
        }
        next.removeAll()
        next.beginsInput = beginsInput
        (next.pass, next.file) = (pass, file)
        beginsInput = false
        batch = next
        return next
    }

    /// Hands on what there is.
    func handOn() {
        if queue.isTurned { isTurned = true }
        guard let full = batch, full.count > 0 else { return }
        batch = nil
        guard let faults else { return queue.put(full) }
        breakOn(full) { faults.process(full, into: $0) }
    }

    /// Hands on what faults hold back of an input that has been read.
    private func finishInput() {
        guard let faults, let whole, faults.isHolding, !isTurned else { return }
        (whole.pass, whole.file, whole.beginsInput) = (pass, file, beginsInput)
        beginsInput = false
        breakOn(whole) { faults.finish(behind: whole, into: $0) }
    }

    /// Hands on what faults make of packets.
    private func breakOn(_ whole: ReplayBatch, _ process: (ReplayBatch) -> Void) {
        guard let faults, let next = queue.empty(settle: faults.settle) else {
            isTurned = true
            return
        }
        process(next)
        // Where all packets are lost or held back the next ones begin the input.
        next.beginsInput = whole.beginsInput && next.count > 0
        if whole.beginsInput, next.count == 0 { beginsInput = true }
        whole.beginsInput = false
        queue.put(next)
    }
}
