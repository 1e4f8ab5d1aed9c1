public import CCSDS
public import Capture
public import Transport

extension ReplayOptions {
    /// Packets that are made while they are sent.
    public struct Source: @unchecked Sendable {
        // Sendable: one thread reads it, and what happens is asked of it under its own lock.
        let packets: any PacketSource
        /// What is in datagrams and streams of each interface, by its number.
        let carried: [Carried]
        let steering: Steering

        /// What an interface carries.
        public enum Carried: Sendable {
            /// Transfer frames, in streams and datagrams that are cut so, nil where nothing has to be cut; each has so many octets
            /// with what stands in front of it.
            case frames(FrameLayout, StreamFraming?, octets: Int)
            /// Messages of terminals.
            case messages
        }

        /// What is told to it, and asked of it, while it is sent.
        public struct Steering: Sendable {
            /// Lets something happen in it, in the words of an event; says why not.
            let happen: @Sendable (String) -> ControlCommand.Refusal?
            /// Told how fast it goes out from now on.
            let look: @Sendable (Schedule.Pace) -> Void
            /// Told the number of the packet up to which all have left.
            let left: @Sendable (UInt64) -> Void
            /// The time up to which it is made, in nanoseconds since 1970; asked on the thread that reads.
            let reached: @Sendable () -> Int64

            /// - Parameters:
            ///   - happen: lets something happen in it, in the words of an event; says why not.
            ///   - look: told how fast it goes out from now on.
            ///   - left: told the number of the packet up to which all have left.
            ///   - reached: the time up to which it is made, in nanoseconds since 1970; asked on the thread that reads.
            public init(
                happen: @escaping @Sendable (String) -> ControlCommand.Refusal?,
                look: @escaping @Sendable (Schedule.Pace) -> Void, left: @escaping @Sendable (UInt64) -> Void,
                reached: @escaping @Sendable () -> Int64
            ) {
                (self.happen, self.look, self.left, self.reached) = (happen, look, left, reached)
            }
        }

        /// - Parameter carried: what each interface carries; where it does not say so that is found out.
        public init(_ packets: any PacketSource, carrying carried: [Carried] = [], _ steering: Steering) {
            (self.packets, self.carried, self.steering) = (packets, carried, steering)
        }

        /// The same as verdicts.
        var known: Known {
            var known = Known()
            known.links = [:]
            known.interfaces = carried.map { carried in
                guard case .frames(let layout, let framing, _) = carried else {
                    return Verdict(
                        carrying: .messages([]), confidence: 1, agreeing: [], disagreeing: [], isTold: true)
                }
                var verdict = Verdict(
                    carrying: .frames(layout), confidence: 1, agreeing: [], disagreeing: [], isTold: true)
                verdict.framing = framing
                return verdict
            }
            return known
        }
    }
}
