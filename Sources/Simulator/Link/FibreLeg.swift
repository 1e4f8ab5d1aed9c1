internal import Bytes
internal import Faults
internal import Settings

/// A fibre from one station to another, as a scenario has it: it carries whatever arrives where it begins.
struct FibreLeg: Sendable {
    let name: String
    let from: String, to: String
    /// Nanoseconds that a datagram takes.
    let delay: Int64
    /// What befalls datagrams on it.
    let faults: FaultPlan
    /// Where it stands in the file, for errors.
    let mark: SettingsMark

    private static let keys = ["from", "to", "delay", "jitter", "loss", "burst", "duplicate", "reorder"]

    init(_ name: String, _ settings: SettingsPlace) throws(SettingsError) {
        var (from, to): (String?, String?) = (nil, nil)
        var delay: Int64 = 1_000_000
        var faults = FaultPlan()
        for (key, place) in try settings.members(Self.keys) {
            switch key {
            case "from": from = try place.text()
            case "to": to = try place.text()
            case "delay": delay = try place.duration()
            case "jitter": faults.jitter = try place.duration() / 1000
            case "loss": faults.loss = try place.number(0.0...1, "probabilities")
            case "burst": faults.burst = try place.number(1.0...FaultPlan.mostBurst, "datagrams")
            case "duplicate": faults.duplicate = try place.number(0.0...1, "probabilities")
            default:
                // As faults of a replay have it: by up to so many places, and which share.
                let told: FaultPlan
                let text = try place.text()
                do throws(FaultPlan.Refusal) { told = try FaultPlan("reorder=\(text)") } catch {
                    throw place.failed("\(error)")
                }
                (faults.reorder, faults.reorderShare) = (told.reorder, told.reorderShare)
            }
        }
        guard let from, let to else { throw settings.failed("needs from and to, two stations") }
        do throws(FaultPlan.Refusal) { try faults.check() } catch { throw settings.failed("\(error)") }
        (self.name, self.from, self.to, self.delay, self.faults, mark) = (name, from, to, delay, faults, settings.mark)
    }
}

/// A fibre at work.
struct FibreLine {
    let leg: FibreLeg
    /// The station at its end, by its number.
    let end: Int
    /// When it is cut.
    var cuts = Spells()

    init(_ leg: FibreLeg, to end: Int) { (self.leg, self.end) = (leg, end) }

    /// What becomes of one datagram.
    struct Passage {
        var isLost = false, isDoubled = false
        /// Why it is lost, or late, where more is to be said.
        var reason: String?
        /// Nanoseconds that it takes, with what makes it late.
        var delay: Int64
        var jitter: Int64 = 0
        /// By how many places it is put back.
        var places: Int32 = 0
    }

    /// Carries the next datagram.
    ///
    /// - Parameters:
    ///   - dice: what befalls the datagrams of its link.
    ///   - spacing: nanoseconds from one datagram of its link to the next: so much later for each place goes one that is put back,
    ///     and half of it more.
    func carry(_ dice: inout FaultDice, at time: Int64, spacing: Double) -> Passage {
        var passage = Passage(delay: leg.delay)
        passage.isLost = dice.loses()
        passage.isDoubled = dice.doubles()
        passage.places = dice.putsBack()
        passage.jitter = dice.delay()
        passage.delay += passage.jitter
        if passage.places > 0 { passage.delay += Int64((Double(passage.places) + 0.5) * spacing) }
        if cuts.value(at: time) != nil { (passage.isLost, passage.reason) = (true, "cut") }
        return passage
    }
}
