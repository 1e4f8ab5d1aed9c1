import Bytes
import Capture
import Driver
import Glibc

/// Any octets are read as a capture, from memory and through a pipe, to the same packets; every octet is in the ledger, and
/// every packet's octets are there.
@main
enum Target {
    struct Outcome: Equatable {
        var packets: UInt64 = 0
        var captured = 0
        var times: Int64 = 0
        var ledger = Ledger()
    }

    static func read(_ reader: CaptureReader) -> Outcome {
        var outcome = Outcome()
        var batch = Batch<Packet>(capacity: 64)
        while reader.next(into: &batch, ledger: &outcome.ledger) {
            for index in 0..<batch.count {
                let packet = batch[index]
                precondition(Int(packet.interface) < max(1, reader.interfaces.count), "a packet of no interface")
                reach(batch.bytes(of: packet))
                outcome.captured += packet.extent.count
                outcome.times ^= packet.time.nanoseconds
                outcome.ledger.leave("packets", bytes: packet.extent.count)
            }
        }
        outcome.packets = reader.packets
        precondition(outcome.ledger.isBalanced, "the ledger does not balance: \(outcome.ledger)")
        for problem in reader.problems { precondition(!problem.description.isEmpty) }
        return outcome
    }

    static func main() {
        drive { start, count in
            let input = octets(start, count)
            let memory = Target.read(CaptureReader(name: "memory", bytes: input))
            // A pipe holds 64 KiB without a reader.
            guard count > 0, count <= 65536 else { return 0 }
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { return 0 }
            defer { close(ends[0]) }
            precondition(write(ends[1], input, count) == count)
            close(ends[1])
            guard let reader = try? CaptureReader(descriptor: ends[0], name: "pipe") else {
                precondition(memory.packets == 0, "refused from a pipe, read from memory")
                return 0
            }
            let piped = Target.read(reader)
            precondition(memory.packets == piped.packets && memory.times == piped.times, "a pipe gives other packets")
            precondition(memory.ledger.bytes == piped.ledger.bytes, "a pipe gives other octets")
            return 0
        }
    }
}
