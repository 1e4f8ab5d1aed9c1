internal import Records
public import Bytes

/// What is true of a simulation: it is held back until what it is of has left, so that one that ends early claims nothing else.
extension Simulation {
    /// Writes down what is true of what is to be simulated (`Specs/truth.md`).
    ///
    /// - Parameter flush: takes text, and empties it.
    public func tell(
        program: String, sources: [String], outputs: [String], _ flush: @escaping (inout TextBuffer) -> Void
    ) {
        let text = TruthText(flush)
        text.begin(scenario, name, program: program, sources: sources, outputs: outputs)
        let truth = HeldTruth(
            text, names: craft.map(\.name), moduli: craft.map(\.frameModulus), taps: network.taps)
        self.truth = truth
        for one in craft { one.marks = PacketMarks() }
        terminals?.tell = { [weak terminals] in truth.hold($0, dropped: terminals?.counts.dropped ?? 0) }
    }

    /// Ends what is written down.
    ///
    /// - Parameter left: the number of the packet up to which all have left, where the rest did not; nil: all have.
    public func finishTruth(left: UInt64? = nil, isInterrupted: Bool) {
        truth?.finish(
            left: isInterrupted ? left ?? packets : nil, packets, rest: craft.map { $0.rest() },
            messages: terminalCounts, isInterrupted: isInterrupted, isBroken: refusal != nil)
        terminals?.tell = nil
        truth = nil
    }

    /// Takes note of packets of a spacecraft, whose last frame was sent at a time; nil: never.
    func write(_ marks: [PacketMark], of number: Int, at sent: Int64? = nil) {
        for mark in marks { truth?.hold(mark, of: number, sent: sent) }
    }

    /// Takes note of an arrival that is handed on, or is not there.
    func tell(_ arrival: Arrival, output: UInt64?) {
        guard let truth else { return }
        let key = ArrivalKey(time: arrival.time, tap: arrival.tap)
        if output != nil { truth.handedOn(key) }
        guard arrival.note >= 0 else { return }
        truth.hold(notes[arrival.note], at: key, output: output)
    }
}
