public import Bytes
public import Capture

/// Breaks packets by a plan: the same seed and the same packets give the same, on every machine and in whatever batches they
/// come.
///
///     let injector = FaultInjector(try FaultPlan("loss=0.01,bit-error=1e-5"), seed: 7)
///     while source.next(into: &batch, ledger: &ledger) {
///         injector.process(batch, places, into: &broken, log)   // `broken` and what `log` says of it are written
///     }
///     injector.finish(into: &broken, log)
///
/// Packets pass in this order: they are lost or not; bits are turned over; what is behind a cut is taken away; those that are
/// late wait for their time, see `FaultInjector+Order.swift`; those that are put back wait for others to pass; copies go out
/// behind them. Nothing is allocated a packet; at most ``mostHeld`` packets and ``mostHeldOctets`` octets are held back, then
/// what is held longest in time goes out early.
public final class FaultInjector {
    /// So many packets, or octets of packets, are held back at most.
    public static let mostHeld = 1 << 16, mostHeldOctets = 64 << 20

    /// What is to be broken.
    public let plan: FaultPlan
    /// What the random numbers are made of.
    public let seed: UInt64

    private var dice: FaultDice
    /// The bits of the packet at hand that are turned over.
    private let turned = Lane<UInt32>()
    let slots = PacketSlots()
    /// Copies that went out with the last batch.
    private let spent = Lane<Int32>()

    // What is held back: see FaultInjector+Order.swift.
    let held = Lane<Passage>()
    let freeHeld = Lane<Int32>()
    /// A heap of packets that wait for their time, earliest first.
    let late = Lane<Late>()
    /// Octets of these.
    var lateOctets = 0
    var watermark = Int64.min
    var sequence: UInt64 = 0
    /// Packets that wait for others to pass, in the order in which they began to.
    let behind = Lane<Behind>()
    var lastTime = CaptureTime.unknown

    /// An injector of a plan's faults.
    ///
    /// - Parameter plan: one that ``FaultPlan/check()`` lets pass.
    public init(_ plan: FaultPlan, seed: UInt64) {
        (self.plan, self.seed) = (plan, seed)
        dice = FaultDice(plan, seed: seed)
    }

    /// A packet on its way, and what befell it.
    struct Passage: BitwiseCopyable {
        var packet: Packet
        /// When it was captured, and how many octets it had.
        let time: CaptureTime
        let octets: Int
        let place: FaultPlace
        /// Its copy; -1 as long as it stands where it came from.
        var slot: Int32 = -1
        var isCut = false, isDoubled = false
        /// By how many places it is put back, or was.
        var places: Int32 = 0
        var delay: Int64 = 0
        var checksum: (before: UInt16, after: UInt16) = (0, 0)
    }

    /// How many packets are held back.
    public var heldCount: Int { late.count + behind.count }

    /// Breaks a batch of packets.
    ///
    /// - Parameters:
    ///   - places: for each packet what can be hit of it.
    ///   - out: emptied, then filled with what goes out. It is true until the next call, and for as long as `packets` is.
    ///   - log: emptied, then filled with what was broken.
    public func process(
        _ packets: borrowing Batch<Packet>, _ places: borrowing Batch<FaultPlace>, into out: inout Batch<Packet>,
        _ log: FaultLog
    ) {
        precondition(places.count == packets.count, "each packet has a place")
        begin(&out, log)
        for index in 0..<packets.count {
            let packet = packets[index]
            var passage = Passage(
                packet: packet, time: packet.time, octets: packet.extent.count, place: places[index])
            let isLost = cast(&passage)
            if isLost {
                log.faults.append(passage.fault(.loss, out.count))
                continue
            }
            let bytes = packets.bytes(of: packet)
            damage(&passage, bytes)
            if plan.jitter > 0 {
                wait(passage, bytes, into: &out, log)
            } else {
                pass(passage, bytes, into: &out, log)
            }
        }
    }

    /// Ends an input: what is held back goes out.
    public func finish(into out: inout Batch<Packet>, _ log: FaultLog) {
        begin(&out, log)
        releaseAll(into: &out, log)
    }

    /// Forgets what is held back.
    public func forget() {
        for index in 0..<late.count { drop(late[index].held) }
        for index in 0..<behind.count { drop(behind[index].held) }
        late.removeAll()
        behind.removeAll()
        (watermark, lastTime, lateOctets) = (.min, .unknown, 0)
    }

    private func drop(_ index: Int32) {
        let slot = held[Int(index)].slot
        if slot >= 0 { slots.release(slot) }
        freeHeld.append(index)
    }

    private func begin(_ out: inout Batch<Packet>, _ log: FaultLog) {
        out.removeAll()
        log.removeAll()
        for index in 0..<spent.count { slots.release(spent[index]) }
        spent.removeAll()
    }

    /// Casts the dice for a packet, each kind for itself; says whether it is lost.
    @inline(__always)
    private func cast(_ passage: inout Passage) -> Bool {
        turned.removeAll()
        dice.turnBits(ofOctets: passage.place.count, into: turned)
        passage.isDoubled = dice.doubles()
        passage.places = dice.putsBack()
        if let kept = dice.keeps(of: passage.place.count) {
            passage.packet.extent = passage.packet.extent.prefix(passage.place.start &+ kept)
            passage.isCut = true
        }
        passage.delay = dice.delay()
        if passage.place.step > 1000 { passage.delay -= passage.delay % passage.place.step }
        return dice.loses()
    }

    /// Turns bits of a packet over, in a copy.
    private func damage(_ passage: inout Passage, _ bytes: RawSpan) {
        guard turned.count > 0 else { return }
        let (start, end) = (passage.place.start, passage.packet.extent.count)
        // What is behind a cut is no longer there to be hit.
        let limit = UInt64(end &- start) &* 8
        guard UInt64(turned[0]) < limit else { return }
        hold(&passage, bytes)
        let (octets, bits) = (slots.octets(passage.slot), slots.bits(passage.slot))
        let field = passage.place.checksum
        let before = field >= 0 ? octets.bytes.internetSum(at: start, count: end - start) : 0
        for index in 0..<turned.count where UInt64(turned[index]) < limit {
            bits.append(turned[index])
            octets.flip(bit: start &* 8 &+ Int(turned[index]))
        }
        guard field >= 0 else { return }
        let after = octets.bytes.internetSum(at: start, count: end - start)
        let old = octets.bytes.u16(at: field)
        // What the octets were is taken out of the sum and what they are is put in (RFC 1624, equation 3): a checksum that
        // was wrong is wrong by as much.
        var new = ~InternetChecksum.fold(UInt64(~old) + UInt64(~before) + UInt64(after))
        if new == 0, passage.place.isNeverZero { new = 0xFFFF }
        octets.store(new, at: field)
        passage.checksum = (old, new)
    }

    /// Copies a packet that stands where it came from.
    func hold(_ passage: inout Passage, _ bytes: RawSpan) {
        guard passage.slot < 0 else { return }
        passage.slot = slots.copy(bytes)
        let octets = slots.octets(passage.slot)
        passage.packet.extent = octets.extent.prefix(passage.packet.extent.count)
    }

    /// Lets a packet go out.
    func emit(_ passage: Passage, into out: inout Batch<Packet>, _ log: FaultLog) {
        let index = out.count
        lastTime = passage.packet.time
        out.append(passage.packet)
        if passage.slot >= 0 {
            spent.append(passage.slot)
            let bits = slots.bits(passage.slot)
            if bits.count > 0 {
                var fault = passage.fault(.bitError, index)
                (fault.firstBit, fault.bitCount) = (log.bits.count, bits.count)
                fault.checksum = passage.checksum
                for bit in 0..<bits.count { log.bits.append(bits[bit]) }
                log.faults.append(fault)
            }
        }
        if passage.isCut { log.faults.append(passage.fault(.truncate, index, Int64(passage.packet.extent.count))) }
        if passage.delay > 0 {
            var fault = passage.fault(.jitter, index, passage.delay)
            fault.moved = CaptureTime(nanoseconds: passage.time.nanoseconds &+ passage.delay)
            log.faults.append(fault)
        }
        if passage.places > 0 {
            var fault = passage.fault(.reorder, index, Int64(passage.places))
            fault.moved = passage.packet.time
            log.faults.append(fault)
        }
        if passage.isDoubled {
            out.append(passage.packet)
            log.faults.append(passage.fault(.duplicate, index))
        }
    }
}

extension FaultInjector.Passage {
    /// A fault that befell it.
    fileprivate func fault(_ kind: Fault.Kind, _ index: Int, _ value: Int64 = 0) -> Fault {
        Fault(
            kind: kind, packet: packet.number, time: time, interface: packet.interface, offset: packet.offset,
            octets: octets,
            place: place, index: index, value: value)
    }
}
