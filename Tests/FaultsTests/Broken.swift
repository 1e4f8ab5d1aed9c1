import Bytes
import Capture
import Faults

/// Packets that are made here and broken, and what came of them.
struct Broken {
    var packets: [Sent] = []
    var faults: [Fault] = []
    /// The bits of each fault, as far as it has some.
    var bits: [[UInt32]] = []
    var counts = FaultCounts()
    /// The most packets that were held back at a time.
    var mostHeld = 0

    struct Sent: Equatable {
        let number: UInt64
        let time: Int64
        let octets: [UInt8]
    }

    /// What becomes of packets of so many octets each, so many nanoseconds from one to the next; given in batches of a size.
    init(
        _ plan: String, seed: UInt64 = 7, count: Int, octets: Int = 100, gap: Int64 = 1_000_000, batch size: Int = 512,
        times: [Int64]? = nil, place: (Int) -> FaultPlace = { FaultPlace(start: 0, count: $0) }
    ) throws {
        let injector = FaultInjector(try FaultPlan(plan), seed: seed)
        var batch = Batch<Packet>()
        var out = Batch<Packet>()
        var places = Batch<FaultPlace>()
        let log = FaultLog()
        var done = 0
        while done < count {
            batch.removeAll()
            places.removeAll()
            let buffer = ByteBuffer(capacity: size * octets)
            let more = min(size, count - done)
            for index in 0..<more { buffer.append(octets: Self.body(done + index + 1, octets)) }
            let extent = buffer.extent
            for index in 0..<more {
                let number = done + index
                batch.append(
                    Packet(
                        extent: extent.slice(at: index * octets, count: octets),
                        time: CaptureTime(nanoseconds: times?[number] ?? Int64(number) * gap),
                        number: UInt64(number + 1),
                        offset: UInt64(number * octets), originalLength: UInt32(octets), interface: 0))
                places.append(place(octets))
            }
            injector.process(batch, places, into: &out, log)
            take(out, log)
            mostHeld = max(mostHeld, injector.heldCount)
            done += more
            withExtendedLifetime(buffer) {}
        }
        injector.finish(into: &out, log)
        take(out, log)
        precondition(injector.heldCount == 0)
    }

    /// What a packet holds: its number decides.
    static func body(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0 &* 7) }
    }

    private mutating func take(_ out: borrowing Batch<Packet>, _ log: FaultLog) {
        for number in 0..<log.faults.count {
            let fault = log.faults[number]
            var all = fault
            // Indexes into everything that went out.
            all.index += packets.count
            faults.append(all)
            bits.append((fault.firstBit..<fault.firstBit + fault.bitCount).map { log.bits[$0] })
            counts.add(fault)
        }
        for index in 0..<out.count {
            let packet = out[index]
            packets.append(
                Sent(number: packet.number, time: packet.time.nanoseconds, octets: out.bytes(of: packet).copied()))
        }
    }

    /// The numbers of packets that a kind of fault befell.
    func numbers(_ kind: Fault.Kind) -> [UInt64] { faults.filter { $0.kind == kind }.map(\.packet).sorted() }

    /// For each packet its bits that were turned over.
    var turned: [UInt64: [UInt32]] {
        var found: [UInt64: [UInt32]] = [:]
        for (fault, bits) in zip(faults, bits) where fault.kind == .bitError { found[fault.packet] = bits }
        return found
    }
}
