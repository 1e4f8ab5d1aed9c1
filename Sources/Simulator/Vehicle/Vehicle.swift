public import Settings

/// A satellite as files describe it: a settings file in `Specs/vehicles`.
public struct Vehicle: Sendable {
    /// Its name in commands.
    public let name: String
    /// What people call it.
    public let title: String
    /// Its orbit.
    public let elements: MeanElements

    /// A vehicle from its parts.
    public init(name: String, title: String, elements: MeanElements) {
        (self.name, self.title, self.elements) = (name, title, elements)
    }

    /// The vehicle that a settings file describes: `title` and `orbit`.
    ///
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - name: what it is called in commands.
    ///   - file: the file's name, for errors.
    public static func read(_ octets: [UInt8], name: String, file: String) throws(SettingsError) -> Vehicle {
        guard let root = try SettingsPlace.root(of: octets, file: file) else {
            throw SettingsError(
                file: file, line: nil, key: nil, reason: "has nothing in it; 'orbit:' has to stand in it")
        }
        var title = name
        var elements: MeanElements?
        for (key, place) in try root.members(["title", "orbit"]) {
            switch key {
            case "title": title = try place.text()
            default: elements = try MeanElements.read(place)
            }
        }
        guard let elements else { throw root.failed("needs orbit, which says where it is") }
        return Vehicle(name: name, title: title, elements: elements)
    }
}
