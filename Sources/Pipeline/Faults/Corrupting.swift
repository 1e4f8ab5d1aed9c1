public import Bytes
public import Capture
public import Faults
internal import Transport

/// Breaks packets of captures by a plan, and writes them as a capture: what `corrupt` does.
public final class Corrupting {
    /// What of packets bit errors and cuts hit.
    public enum Layer: String, Sendable, CaseIterable {
        /// What UDP and TCP carry, and packets of links without layers.
        case payload
        /// Captured packets from their first octet on.
        case link
    }

    private let file: any Outlet
    private let writer: CaptureWriter
    private let injector: FaultInjector
    private let layer: Layer
    private let mends: Bool
    private let truth: TruthWriter?

    private var packets = Batch<Packet>()
    private var broken = Batch<Packet>()
    private var places = Batch<FaultPlace>()
    private let log = FaultLog()
    /// What the truth calls the flows of the capture at hand, and its interfaces, where packets have no flow.
    private var flows: [FlowKey: UInt32] = [:]
    private var interfaces: [UInt32: UInt32] = [:]

    /// What is read, as the run's record calls it, and the place there of what is read now.
    private var sources: [String] = []
    private var current = 0

    /// How many packets were read, and how many written.
    public private(set) var read: UInt64 = 0, written: UInt64 = 0
    /// What was broken.
    public private(set) var counts = FaultCounts()
    /// How many packets have nothing that bit errors and cuts could hit.
    public private(set) var untouchable = 0
    /// How many packets have another time than they were given, since the capture cannot say it.
    public var changedTimes: Int { writer.changedTimes }

    /// A capture that is written into a file.
    ///
    /// - Parameters:
    ///   - mendsChecksums: whether the checksums of UDP and TCP stay as right as they were when payloads are hit.
    ///   - truth: where it is written what was broken.
    public init(
        into file: any Outlet, _ format: CaptureWriter.Format, _ plan: FaultPlan, seed: UInt64, _ layer: Layer,
        mendsChecksums: Bool = true, truth: TruthWriter? = nil
    ) {
        self.file = file
        (self.layer, self.truth) = (layer, truth)
        mends = mendsChecksums && layer == .payload
        writer = CaptureWriter(format)
        injector = FaultInjector(plan, seed: seed)
    }

    /// Writes the first record of the truth.
    public func begin(program: String, sources: [String]) {
        self.sources = sources
        truth?.begin(
            TruthWriter.Run(
                program: program, command: "corrupt", plan: injector.plan, seed: injector.seed, layer: layer.rawValue,
                sources: sources, outputs: [file.name], mendsChecksums: mends))
    }

    /// Reads a source to its end, that with a place among those that the run began with.
    public func run(_ source: any PacketSource, at index: Int, progress: (ReadProgress) -> Bool = { _ in true }) throws
        -> Ledger
    {
        var ledger = Ledger()
        current = index
        writer.beginCapture()
        flows.removeAll()
        interfaces.removeAll()
        defer { injector.forget() }
        var isRunning = true
        while isRunning, source.next(into: &packets, ledger: &ledger) {
            isRunning = progress(ReadProgress(source)) || source.end()
            ledger.leave("read", count: packets.count, bytes: packets.octets)
            read += UInt64(packets.count)
            find(source.interfaces)
            injector.process(packets, places, into: &broken, log)
            try write(source)
        }
        injector.finish(into: &broken, log)
        try write(source)
        source.close(into: &ledger)
        return ledger
    }

    /// Finds what of the packets at hand can be hit.
    private func find(_ known: [Interface]) {
        places.removeAll()
        for index in 0..<packets.count {
            let packet = packets[index]
            var place = FaultPlace(start: 0, count: layer == .link ? packet.extent.count : 0)
            var flow: FlowKey?
            if layer == .payload || truth != nil, Int(packet.interface) < known.count {
                let found = PayloadPlace.find(
                    packets.bytes(of: packet), linkType: known[Int(packet.interface)].linkType,
                    interface: packet.interface)
                flow = found?.key
                if layer == .payload, let found {
                    (place.start, place.count) = (found.start, found.count)
                    if mends, let checksum = found.checksum {
                        (place.checksum, place.isNeverZero) = (checksum, flow?.kind == .udp)
                    }
                }
            }
            if place.count == 0 { untouchable += 1 }
            place.step = step(packet.interface, known)
            if let truth { place.flow = owner(flow, packet.interface, known, truth) }
            places.append(place)
        }
    }

    /// Nanoseconds in a unit of an interface's clock; 1 for finer and for binary ones.
    private func step(_ interface: UInt32, _ known: [Interface]) -> Int64 {
        guard Int(interface) < known.count, known[Int(interface)].resolution < 9 else { return 1 }
        return Self.units[Int(known[Int(interface)].resolution)]
    }

    private static let units: [Int64] = [
        1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10,
    ]

    /// What a packet belongs to, for the truth.
    private func owner(
        _ flow: FlowKey?, _ interface: UInt32, _ known: [Interface], _ truth: TruthWriter
    ) -> UInt32 {
        if let number = flow.map({ flows[$0] }) ?? interfaces[interface] { return number }
        let described = Int(interface) < known.count ? known[Int(interface)] : nil
        let name = described?.name ?? "interface \(interface)"
        let number = truth.owner(
            interface: name, flow: flow.map { $0.name(link: described?.linkType.rawValue ?? 0) })
        if let flow { flows[flow] = number } else { interfaces[interface] = number }
        return number
    }

    /// Writes what goes out, and then what is true of it.
    private func write(_ capture: any PacketSource) throws {
        try writer.append(broken, interfaces: capture.interfaces)
        if writer.buffer.count > 1 << 18 { try file.write(writer.buffer) }
        let source = current
        for index in 0..<log.faults.count {
            let fault = log.faults[index]
            counts.add(fault)
            guard let truth else { continue }
            truth.write(
                fault, log.bits, source: sources[source], index: source, round: nil, before: written,
                isOverlooked: Self.isOverlooked(fault, broken, log.bits))
        }
        written += UInt64(broken.count)
        try truth?.settle()
    }

    /// Whether a frame was hit whose error control field is right nevertheless. What ends with no such field is not right in front.
    private static func isOverlooked(
        _ fault: Fault, _ broken: borrowing Batch<Packet>, _ turned: Lane<UInt32>
    ) -> Bool {
        guard fault.kind == .bitError, fault.bitCount >= 4, fault.index < broken.count else { return false }
        let bytes = broken.bytes(of: broken[fault.index])
        guard fault.place.start + fault.place.count <= bytes.byteCount else { return false }
        let payload = bytes.slice(at: fault.place.start, count: fault.place.count)
        let hasMarker = payload.byteCount > 4 && payload.u32(at: 0) == 0x1ACF_FC1D
        let lead = hasMarker ? 4 : 0
        guard CRC16.of(payload.slice(at: lead, count: payload.byteCount - lead)) == 0 else { return false }
        let bits = (fault.firstBit..<fault.firstBit + fault.bitCount).map { turned[$0] }
        return bits.allSatisfy { $0 >= lead * 8 }
            && CRC16.overlooks(bits.map { $0 - UInt32(lead * 8) }, octets: payload.byteCount - lead)
    }

    /// Writes what is left, and the last record of the truth.
    public func finish(isInterrupted: Bool) throws(OutputFile.Failure) {
        writer.finish()
        try file.write(writer.buffer)
        try truth?.finish(read: read, sent: written, counts, isInterrupted: isInterrupted)
    }
}
