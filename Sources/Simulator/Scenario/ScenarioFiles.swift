public import Mission

/// Where the files are that a scenario names.
public struct ScenarioFiles {
    /// The content of a vehicle's file, and the file's name, by the vehicle's name.
    public var vehicle: (String) throws -> (octets: [UInt8], file: String)
    /// The content of a file beside another one.
    public var beside: (_ name: String, _ file: String) throws -> (octets: [UInt8], file: String)
    /// A database by its name, or from a file beside another one.
    public var database: (_ name: String, _ file: String) throws -> Database
    /// The content of a file of terminals, and the file's name, by the name of the fleet.
    public var fleet: (String) throws -> (octets: [UInt8], file: String)
    /// The stations that are known by name.
    public var stations: [GroundStation]

    /// Files by what finds them.
    public init(
        stations: [GroundStation], vehicle: @escaping (String) throws -> (octets: [UInt8], file: String),
        beside: @escaping (_ name: String, _ file: String) throws -> (octets: [UInt8], file: String),
        database: @escaping (_ name: String, _ file: String) throws -> Database,
        fleet: @escaping (String) throws -> (octets: [UInt8], file: String)
    ) {
        self.fleet = fleet
        (self.vehicle, self.beside, self.database, self.stations) = (vehicle, beside, database, stations)
    }
}

/// Why a scenario cannot be simulated.
public struct ScenarioRefusal: Error, CustomStringConvertible {
    /// What was found, what is allowed.
    public let description: String
}
