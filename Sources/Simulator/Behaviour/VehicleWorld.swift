package import Bytes

/// What the world around a vehicle gives to its models (``Behaviour/surroundings``), but for `elapsed` and `count`.
package protocol VehicleWorld: AnyObject {
    /// Fills columns, of which there is one for each of the surroundings.
    ///
    /// - Parameters:
    ///   - wanted: the columns that are to be filled; others may be.
    ///   - times: seconds since the scenario's start, one a row.
    /// - Throws: where the vehicle is nowhere any more.
    func fill(_ columns: [Lane<Double>], only wanted: [Int], at times: Lane<Double>) throws(OrbitError)
}
