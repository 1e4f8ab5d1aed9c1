internal import Bytes
internal import Capture
internal import Faults

/// Breaks what a replay sends, batch by batch on its way into the queue, and keeps the truth of what left.
///
/// What was broken goes with the batch; when the batch comes back, it is known how much of it was sent, and only that is true:
/// a seek throws away what was broken for nothing.
final class ReplayFaults: @unchecked Sendable {
    // Sendable: the feed's thread breaks; what is settled, and by whom, is under the monitor.
    private let monitor = Monitor()
    private let injector: FaultInjector
    private let truth: TruthWriter?
    private let files: [String]
    private let targets: [String]
    private let tellsRounds: Bool

    private var packets = Batch<Packet>()
    private var broken = Batch<Packet>()
    private var places = Batch<FaultPlace>()

    /// What the truth calls the flows, or the interfaces, of the capture at hand.
    private let owners = Lane<UInt32>()
    private static let unknown = UInt32.max

    private var sent: UInt64 = 0
    private var counts = FaultCounts()
    private var failure: OutputFile.Failure?

    init(_ plan: FaultPlan, _ options: ReplayOptions, _ files: [String], _ truth: TruthWriter?, program: String) {
        injector = FaultInjector(plan, seed: options.seed)
        (self.truth, self.files) = (truth, files)
        targets = options.maps.map(\.target) + (options.target.map { [$0] } ?? [])
        tellsRounds = options.passes != 1
        truth?.begin(
            TruthWriter.Run(
                program: program, command: "replay", plan: plan, seed: options.seed, layer: options.layer.rawValue,
                sources: files, outputs: targets, mendsChecksums: false))
    }

    // The thread that reads.

    /// Begins another capture, whose flows are others.
    func beginCapture() { owners.removeAll() }

    /// The number that packets of a flow, or of an interface, carry with them. `name` is asked for once.
    func owner(_ index: Int, interface: () -> String?, flow: () -> String?) -> UInt32 {
        guard let truth else { return 0 }
        if index >= owners.count { owners.resize(to: index + 1, filler: Self.unknown) }
        if owners[index] == Self.unknown {
            let (interface, flow) = (interface(), flow())
            owners[index] = monitor.sync { truth.owner(interface: interface, flow: flow) }
        }
        return owners[index]
    }

    /// Breaks packets, and puts into an empty batch what goes out.
    func process(_ whole: ReplayBatch, into batch: ReplayBatch) {
        packets.removeAll()
        places.removeAll()
        let octets = whole.octets
        let extent = octets.extent
        var start = 0
        for index in 0..<whole.count {
            let (end, origin) = (whole.ends[index], whole.origins[index])
            packets.append(
                Packet(
                    extent: extent.slice(at: start, count: end - start),
                    time: CaptureTime(nanoseconds: whole.times[index]),
                    number: whole.numbers[index], offset: origin.offset, originalLength: UInt32(clamping: end - start),
                    interface: UInt32(whole.targets[index])))
            var place = FaultPlace(start: 0, count: end - start)
            (place.flow, place.lead) = (origin.owner, origin.lead)
            places.append(place)
            start = end
        }
        injector.process(packets, places, into: &broken, batch.log)
        fill(batch, whole)
    }

    /// Ends an input of which `whole` was the last: what was held back of it goes out.
    func finish(behind whole: ReplayBatch, into batch: ReplayBatch) {
        injector.finish(into: &broken, batch.log)
        fill(batch, whole)
    }

    /// Whether packets are held back.
    var isHolding: Bool { injector.heldCount > 0 }

    /// Forgets what is held back: the reading goes on elsewhere.
    func forget() { injector.forget() }

    private func fill(_ batch: ReplayBatch, _ whole: ReplayBatch) {
        (batch.pass, batch.file) = (whole.pass, whole.file)
        for index in 0..<broken.count {
            let packet = broken[index]
            batch.octets.append(broken.bytes(of: packet))
            batch.end(packet.time, packet.number, UInt8(truncatingIfNeeded: packet.interface))
        }
    }

    /// Takes note of a batch that is done with.
    func settle(_ batch: ReplayBatch) {
        monitor.sync {
            let (log, all) = (batch.log, batch.sent == batch.count)
            for number in 0..<log.faults.count {
                let fault = log.faults[number]
                // What befell a packet that did not leave, befell none; and of two copies the second may not have left.
                guard all || fault.index + (fault.kind == .duplicate ? 1 : 0) < batch.sent else { continue }
                counts.add(fault)
                truth?.write(
                    fault, log.bits, source: files[batch.file], index: batch.file,
                    round: tellsRounds ? batch.pass + 1 : nil, before: sent,
                    target: targets.count > 1 ? targets[Int(fault.interface)] : nil)
            }
            sent += UInt64(batch.sent)
            guard failure == nil else { return }
            do throws(OutputFile.Failure) { try truth?.settle() } catch { failure = error }
        }
    }

    /// Ends the truth; says what was broken, and why it could not be written down.
    func finish(read: UInt64, isInterrupted: Bool) -> (counts: FaultCounts, problem: String?) {
        monitor.sync {
            if failure == nil {
                do throws(OutputFile.Failure) {
                    try truth?.finish(read: read, sent: sent, counts, isInterrupted: isInterrupted)
                } catch { failure = error }
            }
            return (counts, failure.map { "the truth: \($0)" })
        }
    }
}
