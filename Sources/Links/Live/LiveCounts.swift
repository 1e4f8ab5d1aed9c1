internal import Bytes
internal import Capture

/// What a live source counts.
struct LiveCounts {
    /// What the ledger and people are told of packets that nobody can read any more.
    static let dropReason = "dropped by the kernel before it was read"
    /// Milliseconds after which a source comes back, whether something has come or not.
    static let patience: Int64 = 100

    /// Packets handed on.
    var packets: UInt64 = 0
    /// Octets of them.
    var octets: UInt64 = 0
    /// Packets that the system dropped.
    private(set) var dropped: UInt64 = 0
    private var lastCount: UInt32 = 0
    private var failure: Problem?

    /// Takes the system's count of drops, which goes on from 2^32 - 1 to 0, and enters what is new of it.
    mutating func drop(upTo count: UInt32, _ ledger: inout Ledger) {
        // The count of a datagram may be older than the one that was asked for since.
        let fresh = Int(Int32(bitPattern: count &- lastCount))
        guard fresh > 0 else { return }
        lastCount = count
        dropped += UInt64(fresh)
        ledger.reject(.capture, Self.dropReason, count: fresh, bytes: 0, packet: packets, offset: octets)
    }

    /// The source cannot be read any more.
    mutating func fail(_ words: String, _ ledger: inout Ledger) {
        failure = Problem(
            reason: "reading failed", offset: octets, packet: packets, found: words, allowed: "",
            advice: "what came before was read")
        ledger.reject(.capture, "reading failed", bytes: 0, packet: packets, offset: octets)
    }

    /// What a person should read.
    var problems: [Problem] {
        var all = failure.map { [$0] } ?? []
        if dropped > 0 {
            all.append(
                Problem(
                    reason: "\(dropped) \(dropped == 1 ? "packet was" : "packets were") dropped by the kernel before "
                        + "\(dropped == 1 ? "it was" : "they were") read",
                    offset: octets, packet: 0, found: "", allowed: "",
                    advice: "net.core.rmem_max limits the buffer where the program does not run as root"))
        }
        return all
    }

    /// The record of the next packet.
    mutating func packet(_ extent: Extent, at time: CaptureTime, interface: Int = 0, original: UInt32? = nil) -> Packet
    {
        packets += 1
        let packet = Packet(
            extent: extent, time: time, number: packets, offset: octets,
            originalLength: original ?? UInt32(clamping: extent.count), interface: UInt32(interface))
        octets += UInt64(extent.count)
        return packet
    }
}
