public import Settings

/// A place that listens.
public struct GroundStation: Sendable, Equatable {
    /// Its name in commands: lower case, digits and hyphens.
    public let name: String
    /// What people call it.
    public let title: String
    /// Where it is.
    public let place: GeodeticPlace
    /// Degrees above the horizon below which it does not see.
    public let mask: Double

    /// A station from its parts.
    public init(name: String, title: String, place: GeodeticPlace, mask: Double = 0) {
        (self.name, self.title, self.place, self.mask) = (name, title, place, mask)
    }

    /// Degrees above the horizon that hills and houses cover where a file says nothing.
    public static let usualMask = 5.0

    /// The stations that a settings file lists: `NAME: {title, latitude, longitude, height, mask}`, in its order; latitude and
    /// longitude in degrees, the height in metres, the mask in degrees.
    public static func read(_ octets: [UInt8], file: String) throws(SettingsError) -> [GroundStation] {
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(
                file: file, line: nil, key: nil, reason: "has nothing in it; 'stations:' has to stand in it")
        }
        var stations: [GroundStation] = []
        for (_, place) in try root.members(["stations"]) {
            for (name, station) in try place.members() { stations.append(try GroundStation(name, station)) }
        }
        guard !stations.isEmpty else { throw root.failed("lists no station") }
        return stations
    }

    init(_ name: String, _ settings: SettingsPlace) throws(SettingsError) {
        var title: String?
        var (latitude, longitude): (Double?, Double?) = (nil, nil)
        var (height, mask) = (0.0, Self.usualMask)
        for (key, place) in try settings.members(["title", "latitude", "longitude", "height", "mask"]) {
            switch key {
            case "title": title = try place.title()
            case "latitude": latitude = try place.number(-90...90, "degrees")
            case "longitude": longitude = try place.number(-180...180, "degrees")
            case "height": height = try place.number(-500...9000, "metres")
            default: mask = try place.number(-10...90, "degrees")
            }
        }
        guard let latitude, let longitude else { throw settings.failed("needs latitude and longitude, in degrees") }
        self.init(
            name: name, title: title ?? name,
            place: GeodeticPlace(latitude: latitude, longitude: longitude, height: height / 1000), mask: mask)
    }
}
