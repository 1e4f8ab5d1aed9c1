import ArgumentParser
import Pipeline

/// Which packets a command takes.
struct ConditionOptions: ParsableArguments {
    @Option(
        name: [.customShort("Y"), .long],
        help: ArgumentHelp(
            "Only packets for which this holds, written as in Wireshark, with parameters by name: 'starlane fields' lists them.",
            valueName: "filter"),
        completion: .filter)
    var filter: String?

    @Option(
        help: ArgumentHelp(
            "Only packets captured at this time or later: 2026-03-01T04:00:00Z, with another zone, or without seconds.",
            valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Only packets captured before this time.", valueName: "time"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Only packets of the network that match, in the language of tcpdump; the others are not unwrapped.",
            valueName: "expression"))
    var bpf: String?

    @Flag(help: "Say how many members of an archive are unpacked for it, and why.")
    var explain = false

    func validate() throws {
        for (name, text) in [("--from", from), ("--until", until)] {
            guard let text else { continue }
            guard Conditions.time(text) != nil else {
                throw ValidationError(
                    "\(name) '\(text)' is no time from 1678 to 2262: times are written \(Conditions.timeExamples)")
            }
        }
    }

    /// What was asked for.
    var conditions: Conditions {
        var conditions = Conditions()
        conditions.filter = filter
        conditions.from = from.flatMap(Conditions.time)
        conditions.until = until.flatMap(Conditions.time)
        return conditions
    }
}
