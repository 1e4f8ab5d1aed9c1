import Pipeline
import Simulator

extension Simulation.View {
    /// How far is looked ahead where packets go out at a pace: a tenth of a second of the clock or of the scenario, whichever is
    /// shorter, but not so little that nothing else is done.
    ///
    /// - Parameter isSteered: whether somebody may let something happen meanwhile.
    init(_ pace: Schedule.Pace, isSteered: Bool) {
        switch pace {
        case .original(let speed): self.init(length: max(min(1, speed) * 1e8, speed * 2.5e6))
        case .packets(let rate): self.init(packets: rate / 40)
        // Packets of 500 octets, more or less.
        case .bits(let rate): self.init(packets: rate / 8 / 500 / 40)
        case .asSoonAsPossible: self.init(length: isSteered ? 1e8 : 1e9)
        }
    }
}
