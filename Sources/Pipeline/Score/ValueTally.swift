/// Counts of the values of each parameter.
struct ValueTally {
    /// By the numbers of their names.
    private var values: [ScoreReport.Value]
    /// Those that were met, in their order.
    private var met: [Int] = []

    init(_ names: [String]) { values = names.map { ScoreReport.Value(name: $0) } }

    /// Counts; says whether any is wrong.
    mutating func add(_ pairs: [Scoring.Pair]) -> Bool {
        var isWrong = false
        for pair in pairs {
            if pair.verdict != .untold, values[pair.name].told == 0 { met.append(pair.name) }
            switch pair.verdict {
            case .untold: break
            case .apart: values[pair.name].apart += 1
            case .unreadable: values[pair.name].unreadable += 1
            case .missing: values[pair.name].missing += 1
            case .right: values[pair.name].compared += 1
            case .wrong:
                values[pair.name].compared += 1
                values[pair.name].wrong += 1
                isWrong = true
            }
        }
        return isWrong
    }

    func write(to report: inout ScoreReport) {
        report.values = met.map { values[$0] }
        for value in report.values {
            report.rows.compared += value.compared
            report.rows.wrong += value.wrong
            report.rows.apart += value.apart
            report.rows.unreadable += value.unreadable
            report.rows.missing += value.missing
        }
    }
}
