internal import Bytes

extension Simulation {
    /// The time up to which it is simulated, in nanoseconds since 1970-01-01.
    public var time: Int64 { scenario.start + now }
    /// Which share of all is simulated, up to 1.
    public var share: Double { Double(now) / Double(scenario.duration) }

    /// How far time goes on at once: so much is simulated before what somebody lets happen does.
    public struct View: Sendable {
        /// Nanoseconds at the most.
        public var length = 1_000_000_000.0
        /// About so many packets at the most.
        public var packets = 100_000.0

        /// A second, or as much as a hundred thousand frames and packets are made in, or less.
        ///
        /// - Parameters:
        ///   - length: nanoseconds at the most.
        ///   - packets: about so many packets at the most.
        public init(length: Double = 1e9, packets: Double = 100_000) {
            (self.length, self.packets) = (min(length, self.length), min(packets, self.packets))
        }
    }

    /// Nanoseconds that time goes on at once; what is simulated is the same however many they are.
    var window: Int64 {
        let view = asked.sync { self.view }
        return Int64(max(1000, min(view.length, view.packets / max(density, 1) * 1e9)))
    }
}
