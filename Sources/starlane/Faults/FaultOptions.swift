import ArgumentParser
import Faults
import Pipeline

/// What is broken on purpose, and where it is written down.
struct FaultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What is broken, and how often: bit-error=1e-5 of the bits; loss=0.01 of the packets, with burst=20 in runs of so "
                + "many on average; duplicate=0.001; reorder=3:0.01, by up to so many places, the share of packets behind the "
                + "colon (1 % without it); truncate=0.001; jitter=2ms, each packet late by up to so much. Several with commas.",
            valueName: "faults"))
    var fault: [String] = []

    @Option(
        help: ArgumentHelp(
            "The same number breaks the same packets in the same way, on every machine. (default: 0)",
            valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Write down each fault with its place, as JSON lines; - is standard output.", valueName: "file"),
        completion: .file())
    var truth: String?

    func validate() throws { _ = try plan() }

    /// Whether anything is asked for.
    var isAsked: Bool { !fault.isEmpty }

    /// What is broken; nil where nothing is.
    func plan() throws -> FaultPlan? {
        guard isAsked else {
            for (name, isGiven) in [("--seed", seed != nil), ("--truth", truth != nil)] where isGiven {
                throw ValidationError(
                    "\(name) is about what --fault breaks: give --fault loss=0.01, too, or leave it out.")
            }
            return nil
        }
        do throws(FaultPlan.Refusal) { return try FaultPlan(fault.joined(separator: ",")) } catch {
            throw ValidationError("--fault: \(error)")
        }
    }

    /// Opens the file of the truth.
    func open() throws -> TruthWriter? {
        try truth.map { path in
            TruthWriter(into: try Output().guarding { () throws(OutputFile.Failure) in try OutputFile(path: path) })
        }
    }
}

extension FaultCounts {
    /// What was broken, for people: "5 lost, 2 doubled"; nil where nothing was.
    var words: String? {
        let parts = [
            (lost, "lost"), (doubled, "doubled"),
            (changed, "changed (\(bits.grouped) \(bits == 1 ? "bit" : "bits"))"), (cut, "cut"), (putBack, "put back"),
            (delayed, "late"),
        ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
