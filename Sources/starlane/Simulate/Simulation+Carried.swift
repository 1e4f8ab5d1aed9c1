import Pipeline
import Simulator

extension Simulation {
    /// What its interfaces carry, so that nobody has to guess it.
    var carried: [ReplayOptions.Source.Carried] {
        layouts.map { $0.map { .frames($0.frames, $0.framing, octets: $0.octets) } ?? .messages }
    }
}
