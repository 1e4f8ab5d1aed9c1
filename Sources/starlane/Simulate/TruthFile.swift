import Bytes
import Pipeline
import Simulator

/// The file into which a simulation writes what is true.
final class TruthFile {
    private let file: OutputFile
    private var failure: OutputFile.Failure?

    init(_ path: String, _ simulation: Simulation, scenario: String, output: String) throws {
        file = try Output().guarding { () throws(OutputFile.Failure) in try OutputFile(path: path) }
        simulation.tell(
            program: "starlane \(Starlane.version)", sources: [scenario], outputs: [output]
        ) { [self] text in
            guard failure == nil else { return text.removeAll() }
            do throws(OutputFile.Failure) { try file.write(&text, .whole(records: 0)) } catch { failure = error }
        }
    }

    /// Ends it.
    ///
    /// - Parameter left: the number of the packet up to which all have left, where it ended early.
    func finish(
        _ simulation: Simulation, _ output: Output, left: UInt64? = nil, isInterrupted: Bool = Interruption.isAsked
    ) {
        simulation.finishTruth(left: left, isInterrupted: isInterrupted)
        if failure == nil { do throws(OutputFile.Failure) { try file.close() } catch { failure = error } }
        guard let failure else { return }
        // Beside the traffic it is no pipe that ends in peace: what was sent, or is in the capture, stays without it.
        if failure.isBrokenPipe {
            Console.say("starlane: the truth was not read to its end")
            output.reject()
        } else {
            output.refused("the truth: \(failure)")
        }
    }
}
