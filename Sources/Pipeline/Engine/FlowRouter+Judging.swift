internal import Bytes
internal import CCSDS
internal import Records
internal import Transport

/// What flows are taken for, when there is enough to judge them by.
extension FlowRouter {
    func judgeLargest(_ units: inout Batch<Unit>, _ ledger: inout Ledger) {
        var largest: (flow: Int, held: Int)?
        for (flow, state) in states.enumerated() {
            guard case .sampling(let sample) = state, sample.held > largest?.held ?? -1 else { continue }
            largest = (flow, sample.held)
        }
        if let largest { judge(largest.flow, &units, &ledger) }
    }

    /// Judges a flow by its sample and decodes what was held. False where it waits for more, which it `mayWait` for.
    @discardableResult
    func judge(_ flow: Int, mayWait: Bool = false, _ units: inout Batch<Unit>, _ ledger: inout Ledger) -> Bool {
        guard case .sampling(let sample) = states[flow] else { return true }
        let verdict = judgement(of: sample)
        if mayWait, verdict.wantsMore, sample.extend() { return false }
        settle(flow, by: verdict, sample, &units, &ledger)
        return true
    }

    /// Judges the flows that have waited for long enough. One of which there is too little to be sure waits on, for as long
    /// again, so that nothing is lost that is recognised later.
    func judgeOverdue(_ units: inout Batch<Unit>, _ ledger: inout Ledger) {
        guard waiting > 0 else { return }
        let now = source.clock()
        for (flow, age) in impatient.overdue(at: now) {
            guard case .sampling(let sample) = states[flow] else { continue }
            if sample.held > 0 {
                let verdict = judgement(of: sample)
                if verdict.isSure, ImpatientFlows.isEnough(sample, for: verdict, age: age) {
                    settle(flow, by: verdict, sample, &units, &ledger)
                    continue
                }
            }
            impatient.wait(flow, at: now, age: age)
        }
    }

    /// What a flow is taken for, and whether it is to be cut as the user told.
    private func judgement(of sample: Sample) -> Verdict {
        // A capture has streams of others, which are not to be cut: only where the pieces are what we know. Datagrams are cut
        // where nothing is found in them as they are.
        if !sample.isStream, told?.framing != nil {
            let verdict = verdict(of: sample)
            if verdict.isSure { return verdict }
        }
        if let framing = told?.framing, let framed = sample.cut(framing) {
            var verdict = verdict(of: framed)
            verdict.framing = framing
            if verdict.isSure { return verdict }
        }
        return verdict(of: sample)
    }

    private func verdict(of sample: Sample) -> Verdict {
        if let told, let verdict = told.verdict, told.fits(sample) { return verdict }
        return Recogniser.judge(sample)
    }

    /// Settles what a flow is and decodes what was held.
    private func settle(
        _ flow: Int, by verdict: Verdict, _ sample: Sample, _ units: inout Batch<Unit>, _ ledger: inout Ledger
    ) {
        let isCut = framers[flow] != nil
        if let framing = verdict.framing { framers[flow] = StreamFramer(framing) }
        settle(flow, verdict, isStream: sample.isStream && verdict.framing == nil)
        waiting -= 1
        sampled -= sample.held
        retired.append(sample)
        released.removeAll()
        sample.release(into: &released)
        // A batch of its own: the one at hand is borrowed.
        var mine = Batch<Payload>(capacity: 1)
        swap(&mine, &released)
        if isCut {
            route(mine, 0..<mine.count, flow, &units, &ledger)
        } else if !mine.isEmpty {
            run(mine, 0..<mine.count, flow, &units, &ledger)
        }
        swap(&mine, &released)
    }
}
