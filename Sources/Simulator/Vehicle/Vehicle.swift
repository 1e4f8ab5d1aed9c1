public import Settings

/// A satellite as files describe it: a settings file in `Specs/vehicles` (`Specs/simulation.md`).
public struct Vehicle: Sendable {
    /// Its name in commands.
    public let name: String
    /// What people call it.
    public let title: String
    /// Its orbit; nil where it flies along a path.
    public let elements: MeanElements?
    /// The table of its path, a file beside this one, and how long after a scenario's start it lifts off, in nanoseconds; nil
    /// where it is on an orbit.
    public let path: (file: String, liftoff: Int64)?
    /// The mission database that its packets are of, by name or as a file beside this one; nil where it sends none.
    private(set) var database: Name?
    /// The file of its behaviour, beside this one.
    private(set) var behaviour: Name?
    /// Where the orbit stands in the file, for errors.
    private(set) var orbit: SettingsMark?
    /// What it sends; nil where it sends nothing.
    public private(set) var telemetry: TelemetryPlan?

    /// The name of another file, and where it stands in this one.
    struct Name: Sendable {
        let text: String
        let mark: SettingsMark
    }

    private static let keys = [
        "title", "orbit", "path", "liftoff", "database", "behaviour", "frames", "telemetry", "recorder",
    ]

    /// The vehicle that a settings file describes.
    ///
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - name: what it is called in commands.
    ///   - file: the file's name, for errors.
    public static func read(_ octets: [UInt8], name: String, file: String) throws(SettingsError) -> Vehicle {
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(
                file: file, line: nil, key: nil, reason: "has nothing in it; 'orbit:' or 'path:' has to stand in it")
        }
        var title = name
        var (elements, orbit): (MeanElements?, SettingsMark?) = (nil, nil)
        var (path, liftoff): (SettingsPlace?, SettingsPlace?) = (nil, nil)
        var (database, behaviour): (Name?, Name?) = (nil, nil)
        var (frames, telemetry, recorder): (SettingsPlace?, SettingsPlace?, SettingsPlace?) = (nil, nil, nil)
        for (key, place) in try root.members(keys) {
            switch key {
            case "title": title = try place.title()
            case "orbit": (elements, orbit) = (try MeanElements.read(place), place.mark)
            case "path": path = place
            case "liftoff": liftoff = place
            case "database": database = Name(text: try place.text(), mark: place.mark)
            case "behaviour": behaviour = Name(text: try place.text(), mark: place.mark)
            case "frames": frames = place
            case "telemetry": telemetry = place
            default: recorder = place
            }
        }
        guard elements != nil || path != nil else { throw root.failed("needs orbit or path, which say where it is") }
        if let path, elements != nil { throw path.failed("and orbit both say where it is: leave one of them out") }
        if let liftoff, path == nil { throw liftoff.failed("is when a path begins, and there is none") }
        let way = try path.map { (place) throws(SettingsError) in
            (file: try place.text(), liftoff: try liftoff?.duration() ?? 0)
        }
        var vehicle = Vehicle(name: name, title: title, elements: elements, path: way)
        (vehicle.database, vehicle.behaviour, vehicle.orbit) = (database, behaviour, orbit)
        guard let telemetry else {
            if let recorder { throw recorder.failed("keeps telemetry, and there is none: telemetry has to stand here") }
            return vehicle
        }
        guard let frames else { throw telemetry.failed("needs frames, which say what packets travel in") }
        guard database != nil else { throw telemetry.failed("needs database, which says what packets hold") }
        vehicle.telemetry = try TelemetryPlan(frames: frames, telemetry: telemetry, recorder: recorder)
        return vehicle
    }

    private init(name: String, title: String, elements: MeanElements?, path: (file: String, liftoff: Int64)?) {
        (self.name, self.title, self.elements, self.path) = (name, title, elements, path)
    }
}
