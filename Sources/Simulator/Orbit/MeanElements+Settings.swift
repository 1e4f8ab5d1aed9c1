public import Settings

/// Elements as people write them.
extension MeanElements {
    private static let keys = [
        "tle", "epoch", "altitude", "semi-major-axis", "revolutions", "eccentricity", "inclination", "node", "perigee",
        "anomaly", "drag",
    ]

    /// Elements from a settings file: `tle`, a list of two lines; or `epoch` and `inclination`, one of `altitude` and
    /// `semi-major-axis` (kilometres) and `revolutions` (a day), and what differs from zero of `eccentricity`, `node`, `perigee`,
    /// `anomaly` (degrees) and `drag` (B*).
    public static func read(_ settings: SettingsPlace) throws(SettingsError) -> MeanElements {
        var (epoch, motion): (Int64?, Double?) = (nil, nil)
        var angles: [String: Double] = [:]
        var (eccentricity, drag) = (0.0, 0.0)
        for (key, place) in try settings.members(keys) {
            switch key {
            case "tle": return try read(lines: place, alone: settings)
            case "epoch": epoch = try place.time()
            case "altitude", "semi-major-axis", "revolutions":
                guard motion == nil else {
                    throw place.failed("one of altitude, semi-major-axis and revolutions says how large the orbit is")
                }
                motion = try size(key, place)
            case "eccentricity": eccentricity = try place.number(0...0.999, "the eccentricity")
            case "drag": drag = try place.number(-1...1, "B*")
            case "inclination": angles[key] = try place.number(0...180, "degrees")
            default: angles[key] = try place.number(-360...360, "degrees")
            }
        }
        guard let epoch, let motion, let inclination = angles["inclination"] else {
            throw settings.failed(
                "needs tle, or epoch, inclination and one of altitude, semi-major-axis and revolutions")
        }
        func radians(_ key: String) -> Double { (angles[key] ?? 0) * .pi / 180 }
        return MeanElements(
            epoch: epoch, meanMotion: motion, eccentricity: eccentricity, inclination: inclination * .pi / 180,
            ascendingNode: radians("node"), argumentOfPerigee: radians("perigee"), meanAnomaly: radians("anomaly"),
            bStar: drag)
    }

    /// Radians a minute.
    private static func size(_ key: String, _ place: SettingsPlace) throws(SettingsError) -> Double {
        switch key {
        case "altitude":
            // Above the radius of the equator.
            let height = try place.number(100.0...500_000, "kilometres")
            return meanMotion(semiMajorAxis: Gravity.wgs72.radius + height)
        case "semi-major-axis":
            return meanMotion(semiMajorAxis: try place.number(6478.0...500_000, "kilometres"))
        default: return try place.number(0.01...17, "revolutions a day") * 2 * .pi / 1440
        }
    }

    private static func read(lines: SettingsPlace, alone settings: SettingsPlace) throws(SettingsError) -> MeanElements
    {
        guard try settings.members().count == 1 else {
            throw lines.failed("says all of an orbit: nothing stands beside it")
        }
        let texts = try lines.list().map { (line) throws(SettingsError) in try line.text() }
        do throws(SettingsError) {
            let sets = try TwoLineElements.read(Array(texts.joined(separator: "\n").utf8), file: "")
            guard sets.count == 1 else { throw lines.failed("holds \(sets.count) sets; one is allowed") }
            return sets[0].elements
        } catch {
            throw lines.failed(error.reason)
        }
    }
}
