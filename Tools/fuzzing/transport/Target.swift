import Bytes
import Capture
import Driver
import Transport

/// Whatever the packets of a capture hold, they are unwrapped to payloads whose octets are there, and the ledger balances.
///
/// The limits are small, so that the ways past them are taken.
@main
enum Target {
    static func main() {
        drive { start, count in
            let reader = CaptureReader(name: "memory", bytes: octets(start, count))
            let transport = Transport(limits: Target.limits(count))
            var ledger = Ledger()
            var packets = Batch<Packet>(capacity: 1 + count % 64)
            var payloads = Batch<Payload>()
            while reader.next(into: &packets, ledger: &ledger) {
                transport.process(packets, interfaces: reader.interfaces, into: &payloads, ledger: &ledger)
                Target.take(payloads, transport, &ledger)
            }
            transport.finish(into: &payloads, ledger: &ledger)
            Target.take(payloads, transport, &ledger)
            precondition(ledger.isBalanced, "the ledger does not balance: \(ledger)")
            for flow in transport.flows { precondition(!flow.name.isEmpty) }
            return 0
        }
    }

    static func limits(_ count: Int) -> Limits {
        var limits = Limits()
        if count % 2 == 1 {
            limits.fragmentOctets = 4096
            limits.flows = 4
            limits.fragmentedDatagrams = 2
            limits.streamOctets = 2048
            limits.streamSegments = 3
            limits.heldOctets = 4096
        }
        return limits
    }

    static func take(
        _ payloads: borrowing Batch<Payload>, _ transport: Transport, _ ledger: inout Ledger
    ) {
        for index in 0..<payloads.count {
            let payload = payloads[index]
            precondition(Int(payload.flow) < transport.flowCount, "a payload of no flow")
            reach(payloads.bytes(of: payload))
            ledger.leave("payloads", bytes: payload.extent.count)
        }
    }
}
