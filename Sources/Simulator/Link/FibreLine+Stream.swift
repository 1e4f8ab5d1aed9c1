internal import Faults

/// What becomes of frames on a fibre when TCP carries them: what is lost is sent again, and all behind it waits.
extension FibreLine {
    /// Nanoseconds after which what is lost is sent again: at first, and twice as many each time (RFC 6298, 5.5).
    private static let firstWait: Int64 = 200_000_000
    /// How often it is sent at the most; then the connection is given up.
    private static let mostTries = 7
    /// Octets that wait at the sender at the most.
    private static let room = Double(4 << 20)
    /// Draws of the dice for one wait at the most.
    private static let mostDraws = 1_000.0

    /// Carries the next frame of a stream.
    ///
    /// It is lost where the fibre is cut when it would leave, which ends the connection; where a connection was given up; and where
    /// too much waits. Else it is late at worst: what it takes then is more than the delay of the fibre by `jitter`.
    ///
    /// - Parameters:
    ///   - dice: what befalls the frames of its link.
    ///   - spacing: nanoseconds from one frame of its link to the next.
    ///   - octets: of the frame.
    func carry(
        _ dice: inout FaultDice, over stream: inout StreamState, at time: Int64, spacing: Double, octets: Int
    ) -> Passage {
        var passage = Passage(delay: leg.delay)
        var isLost = dice.loses()
        passage.isDoubled = dice.doubles()
        let places = dice.putsBack()
        let jitter = dice.delay()
        func lost(_ reason: String) -> Passage {
            var lost = Passage(delay: leg.delay)
            (lost.isLost, lost.reason) = (true, reason)
            return lost
        }
        if time < stream.closed { return lost("given up") }
        var sent = max(time, stream.free)
        guard Double(sent - time) / spacing * Double(octets) <= Self.room else { return lost("no room") }
        var (wait, tries) = (Self.firstWait, 1)
        while true {
            if cuts.value(at: sent) != nil {
                stream.isOpen = false
                return lost("cut")
            }
            guard isLost else { break }
            guard tries < Self.mostTries else {
                (stream.isOpen, stream.closed) = (false, sent)
                return lost("given up")
            }
            isLost = Self.loses(&dice, after: wait, spacing)
            sent += wait
            (wait, tries) = (2 * wait, tries + 1)
        }
        stream.free = sent
        var arrival = sent + leg.delay + jitter
        if places > 0 { arrival += Int64((Double(places) + 0.5) * spacing) }
        let waits = arrival < stream.reached
        passage.delay = max(arrival, stream.reached) - time
        passage.jitter = passage.delay - leg.delay
        if tries > 1 {
            passage.reason = "sent again"
        } else if sent > time || waits {
            passage.reason = "waited"
        } else if places > 0 {
            passage.reason = "put back"
        }
        return passage
    }

    /// Whether it is lost once more after a wait, in which runs of lost frames go on.
    private static func loses(_ dice: inout FaultDice, after wait: Int64, _ spacing: Double) -> Bool {
        let draws = Int(max(1, min(mostDraws, Double(wait) / spacing)))
        for _ in 1..<draws { _ = dice.loses() }
        return dice.loses()
    }
}
