internal import Glibc
internal import Settings

/// A spacecraft of a scenario, or a constellation of such.
struct ScenarioCraft: Sendable {
    /// The vehicle's file, by name or beside the scenario.
    let vehicle: String
    /// Where it stands in the file, for errors.
    let mark: SettingsMark
    /// What it is called; nil: as the vehicle.
    var name: String?
    /// How many fly, in how many planes, and how far a plane is ahead of the one before, in parts of the way between two of one
    /// plane (a Walker delta pattern: 53: 24/3/1 has 24 in 3 planes with 1).
    var count = 1, planes = 1, phasing = 0

    init(_ settings: SettingsPlace) throws(SettingsError) {
        mark = settings.mark
        guard !settings.isScalar else {
            vehicle = try settings.text()
            return
        }
        var vehicle: String?
        for (key, place) in try settings.members(["vehicle", "name", "count", "planes", "phasing"]) {
            switch key {
            case "vehicle": vehicle = try place.text()
            case "name": name = try place.title()
            case "count": count = try place.number(1...10_000, "spacecraft")
            case "planes": planes = try place.number(1...1000, "planes")
            default: phasing = try place.number(0...1000, "steps")
            }
        }
        guard let vehicle else { throw settings.failed("needs vehicle, which says what flies") }
        guard count % planes == 0 else {
            throw settings.failed("\(count) spacecraft cannot be spread evenly over \(planes) planes")
        }
        self.vehicle = vehicle
    }

    /// The name of one of them.
    func name(of number: Int, _ vehicle: String) -> String {
        let whole = name ?? vehicle
        guard count > 1 else { return whole }
        let digits = String(number + 1)
        return whole + "-" + String(repeating: "0", count: max(0, String(count).count - digits.count)) + digits
    }

    /// The elements of one of them: planes are spread over the equator, and the spacecraft of one over the orbit.
    func place(_ elements: MeanElements, of number: Int) -> MeanElements {
        guard count > 1 else { return elements }
        var elements = elements
        let (plane, seat) = (number / (count / planes), number % (count / planes))
        let turn = 2 * Double.pi
        elements.ascendingNode = fmod(elements.ascendingNode + turn * Double(plane) / Double(planes), turn)
        let shift = Double(seat) / Double(count / planes) + Double(phasing * plane) / Double(count)
        elements.meanAnomaly = fmod(elements.meanAnomaly + turn * shift, turn)
        return elements
    }
}
