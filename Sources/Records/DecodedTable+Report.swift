package import Bytes

extension DecodedTable {
    /// Enters what is missing in the table, a line a reason, with no octets: those of the packets are entered by who
    /// decoded the packets.
    ///
    /// - Parameter ordinary: what is no fault here though a value is missing.
    package func report(_ batch: borrowing Batch<Unit>, to ledger: inout Ledger, ordinary: Validity = .valid) {
        let faults = Validity.allCases.reduce(UInt32(0)) {
            $1 == ordinary || $1.reason == nil ? $0 : $0 | 1 << UInt32($1.rawValue)
        }
        let mixed = columns.filter { $0.isMixed && $0.holds(anyOf: faults) }
        guard !mixed.isEmpty else { return }
        var counts = [Int](repeating: 0, count: Validity.allCases.count)
        var firsts = [Int32](repeating: .max, count: Validity.allCases.count)
        for column in mixed {
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

extension Column {
    /// Whether a state is among some that are given as bits.
    fileprivate func holds(anyOf bits: UInt32) -> Bool {
        let lane = states
        let states = lane.span
        var met: UInt32 = 0
        for row in states.indices { met |= 1 &<< UInt32(truncatingIfNeeded: states[row].rawValue) }
        return met & bits != 0
    }
}
