package import Bytes

extension DecodedTable {
    /// Enters what is missing in the table, a line a reason, with no octets: those of the packets are entered by who
    /// decoded the packets.
    ///
    /// - Parameter ordinary: what is no fault here though a value is missing.
    package func report(_ batch: borrowing Batch<Unit>, to ledger: inout Ledger, ordinary: Validity = .valid) {
        guard columns.contains(where: \.isMixed) else { return }
        var counts = [Int](repeating: 0, count: Validity.allCases.count)
        var firsts = [Int32](repeating: .max, count: Validity.allCases.count)
        for column in columns where column.isMixed {
            let lane = column.states
            let states = lane.span
            for row in states.indices where states[row] != .valid {
                let index = Int(states[row].rawValue)
                counts[index] += 1
                firsts[index] = min(firsts[index], unitIndexes[row])
            }
        }
        for validity in Validity.allCases where validity != ordinary {
            let index = Int(validity.rawValue)
            guard counts[index] > 0, let reason = validity.reason else { continue }
            let unit = batch[Int(firsts[index])]
            ledger.reject(
                .parameter, reason.description, count: counts[index], bytes: 0, packet: unit.packet,
                offset: unit.offset)
        }
    }
}
