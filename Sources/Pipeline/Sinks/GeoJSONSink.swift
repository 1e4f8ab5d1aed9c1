internal import BeiDou
internal import Bytes
internal import Records

/// Where chosen packets and messages say that somebody is: GeoJSON (RFC 7946), a feature each, with a point and, as its
/// properties, what JSON lines say of the packet. What states no valid position has no feature.
///
/// A message's position is what `tracks` takes for one; a packet's is that of its first pair of parameters whose names end
/// with `latitude` and `longitude`, in degrees.
final class GeoJSONSink: RecordSink {
    private let file: any Outlet
    private let isCollection: Bool
    private let reader: PositionReader
    private let places: [PlaceColumns?]
    private var writer: JSONLines?
    private var out = TextBuffer(capacity: 1 << 18)
    /// How many features the text holds.
    private var lines = 0
    private var isFirst = true

    /// The columns of a packet type's place.
    private struct PlaceColumns {
        let latitude, longitude: Int
    }

    /// So many octets are handed on at once.
    private static let pieceSize = 1 << 17

    /// What a position is made of, for a decoder that need not decode more.
    static func parameters(_ types: [PacketType]) -> [String] {
        PositionReader.parameterNames
            + types.filter { $0.dialect == nil }.flatMap { type in
                placeColumns(type).map { [type.parameters[$0.latitude].name, type.parameters[$0.longitude].name] } ?? []
            }
    }

    /// - Parameters:
    ///   - isCollection: whether it is one document; else each line is a feature by itself.
    ///   - columns: what was asked for as properties; nil for all.
    init(
        _ file: any Outlet, decoder: RecordDecoder, isCollection: Bool, withRaw: Bool, showing columns: SinkColumns?
    ) {
        self.file = file
        self.isCollection = isCollection
        reader = PositionReader(types: decoder.messageTypes, base: decoder.messageBase)
        places = decoder.types.map { $0.dialect == nil ? Self.placeColumns($0) : nil }
        writer = JSONLines(decoder.types, withRaw: withRaw, only: columns)
        if isCollection { out.append("{\"type\":\"FeatureCollection\",\"features\":[") }
    }

    private static func placeColumns(_ type: PacketType) -> PlaceColumns? {
        func find(_ word: String) -> Int? {
            type.parameters.firstIndex { $0.kind == .float && $0.shortName.lowercased().hasSuffix(word) }
        }
        guard let latitude = find("latitude"), let longitude = find("longitude") else { return nil }
        return PlaceColumns(latitude: latitude, longitude: longitude)
    }

    func write(
        _ units: borrowing Batch<Unit>, _ decoded: DecodedBatch, _ chosen: Lane<Int32>, _ context: RecordContext
    ) throws(OutputFile.Failure) {
        reader.look(units, decoded)
        writer?.begin(decoded, context.origins)
        var cursor = context.cursor
        for place in 0..<chosen.count {
            let index = Int(chosen[place])
            let type = Int(decoded.types[index])
            guard type >= 0, let (north, east) = self.place(of: index, type, decoded) else { continue }
            begin(north, east)
            let unit = units[index]
            writer?.line(
                unit, units.bytes(of: unit), cursor.index(of: unit), type, Int(decoded.rows[index]), decoded, &out)
            // Its line ends there; ours does not.
            out.truncate(to: out.count - 1)
            out.append(isCollection ? "}" : "}\n")
            lines += 1
            if out.count >= Self.pieceSize { try flush() }
        }
    }

    private func place(of index: Int, _ type: Int, _ decoded: DecodedBatch) -> (Double, Double)? {
        guard let columns = places[type] else { return reader.place(of: index) }
        guard let table = decoded.table(ofType: type) else { return nil }
        let row = Int(decoded.rows[index])
        let (latitude, longitude) = (table.columns[columns.latitude], table.columns[columns.longitude])
        guard latitude.isAllValid || latitude.validities[row] == .valid,
            longitude.isAllValid || longitude.validities[row] == .valid
        else { return nil }
        let north = Double(bitPattern: latitude.values[row])
        let east = Double(bitPattern: longitude.values[row])
        return north.magnitude <= 90 && east.magnitude <= 180 ? (north, east) : nil
    }

    private func begin(_ north: Double, _ east: Double) {
        if isCollection {
            out.append(isFirst ? "\n" : ",\n")
            isFirst = false
        }
        out.append("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[")
        out.append(degrees: east)
        out.append(",")
        out.append(degrees: north)
        out.append("]},\"properties\":")
    }

    func flush() throws(OutputFile.Failure) {
        defer { lines = 0 }
        try file.write(&out, isCollection ? .whole(records: lines) : .lines(lines))
    }

    func finish() throws(OutputFile.Failure) {
        if isCollection { out.append("\n]}\n") }
        try flush()
    }
}
