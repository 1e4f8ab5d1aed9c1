import Pipeline
import Records
import Settings
import Simulator

/// The stations that a command line names.
struct StationChoice {
    /// The stations, in the order of the file, or as they were named.
    let stations: [GroundStation]

    /// - Parameters:
    ///   - names: names of a file's stations, or places; none means all of the file.
    ///   - file: a file of stations; without one that of the Specs folders.
    init(_ names: [String], file: String?) throws {
        let path = file ?? SpecLibrary.file("stations.yaml")
        var known: [GroundStation] = []
        if let path {
            known = try GroundStation.read(
                try WholeFile.octets(path, atMost: SettingsPlace.largestFile), file: path)
        }
        guard !names.isEmpty else {
            if known.isEmpty {
                throw Satellite.Refusal(
                    description: "no station is known by name here; name a place: --station LATITUDE,LONGITUDE")
            }
            stations = known
            return
        }
        var seen: Set<String> = []
        stations = try names.filter { seen.insert($0).inserted }.map { name in
            if let station = known.first(where: { $0.name == name }) { return station }
            if let place = try Self.place(name) { return place }
            let names = known.map(\.name)
            throw Satellite.Refusal(
                description: "--station \(name) is no station and no place as 31.03,121.23; stations are "
                    + "\(names.joined(separator: ", "))\(Names.hint(name, in: names))")
        }
    }

    /// A place as `LATITUDE,LONGITUDE[,HEIGHT]`: degrees, degrees and metres.
    private static func place(_ text: String) throws -> GroundStation? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            part.allSatisfy { $0.isASCII && ($0.isNumber || "+-.".contains($0)) } ? Double(part) : nil
        }
        guard (2...3).contains(parts.count), let latitude = parts[0], let longitude = parts[1],
            let height = parts.count == 3 ? parts[2] : 0
        else { return nil }
        guard (-90...90).contains(latitude), (-180...180).contains(longitude), (-500...9000).contains(height) else {
            throw Satellite.Refusal(
                description:
                    "--station \(text) is no place: latitudes go from -90 to 90 degrees, longitudes from -180 to 180, "
                    + "heights from -500 to 9000 metres")
        }
        return GroundStation(
            name: text, title: text,
            place: GeodeticPlace(latitude: latitude, longitude: longitude, height: height / 1000),
            mask: GroundStation.usualMask)
    }
}
