internal import Bytes

/// The position that a content of lead A0 carries: 13 octets. It has no hemispheres (north and east are meant), and its
/// six bits of latitude end below 64 degrees. Source: beidou-rdss-4.0.md.
public struct PositionPayload: Sendable, Hashable {
    /// The time of day in hundredths of a second.
    public var hundredths: Int
    /// Degrees to the north.
    public var latitude: Double
    /// Degrees to the east.
    public var longitude: Double
    /// Metres above sea level.
    public var height: Int
    /// The height anomaly in metres; nil in the form for high users, whose height has 24 bits.
    public var heightAnomaly: Int?

    /// A position from its values; they are checked when it is encoded.
    public init(hundredths: Int, latitude: Double, longitude: Double, height: Int, heightAnomaly: Int?) {
        self.hundredths = hundredths
        self.latitude = latitude
        self.longitude = longitude
        self.height = height
        self.heightAnomaly = heightAnomaly
    }

    /// Reads a payload, lead included; nil when it is none or one of its fields cannot be.
    public init?(_ octets: [UInt8]) {
        guard octets.count == PositionFields.length, octets[0] == ContentLead.position else { return nil }
        let fields = PositionFields(octets.octets)
        guard let time = fields.timeParts, let latitude = fields.latitudeTenths,
            let longitude = fields.longitudeTenths, let height = fields.height
        else { return nil }
        hundredths = Int(((time.hour * 60 + time.minute) * 60 + time.second) * 100 + time.hundredths)
        self.latitude = Double(latitude) / 36_000
        self.longitude = Double(longitude) / 36_000
        self.height = Int(height)
        heightAnomaly = fields.heightAnomaly.map { Int($0) }
    }

    /// The payload, lead included. Angles are rounded to tenths of a second of arc.
    ///
    /// - Throws: a refusal of a value that its field has no room for.
    public func encode() throws(EncodingRefusal) -> [UInt8] {
        guard 0..<8_640_000 ~= hundredths else {
            throw EncodingRefusal("time_of_day", "a day has 8,640,000 hundredths of a second, here are \(hundredths)")
        }
        let time = UInt64(hundredths)
        var bits = (time / 360_000) << 19 | (time / 6_000 % 60) << 13 | (time / 100 % 60) << 7 | time % 100
        let east = try Self.field(longitude, name: "longitude", largest: 180 * 36_000, allowed: "0 to 180")
        let north = try Self.field(latitude, name: "latitude", largest: 64 * 36_000 - 1, allowed: "0 to 63.9999")
        bits = bits << 24 | east
        // 48 bits so far; the latitude and the heights are the other 48.
        var rest = north << 2
        if let heightAnomaly {
            guard height.magnitude < 1 << 14 else {
                throw EncodingRefusal(
                    "height", "-16383 to 16383 m has room, here is \(height); without a height anomaly more has")
            }
            guard heightAnomaly.magnitude < 1 << 8 else {
                throw EncodingRefusal("height_anomaly", "-255 to 255 m has room, here is \(heightAnomaly)")
            }
            rest = rest << 24 | Self.signed(height, bits: 14) << 9 | Self.signed(heightAnomaly, bits: 8)
        } else {
            guard 0..<1 << 24 ~= height else {
                throw EncodingRefusal("height", "0 to 16777215 m has room without a height anomaly, here is \(height)")
            }
            rest = (rest | 1) << 24 | UInt64(height)
        }
        let octets = [bits, rest].flatMap { half in
            (0..<6).reversed().map { UInt8(truncatingIfNeeded: half >> UInt64($0 * 8)) }
        }
        return [ContentLead.position] + octets
    }

    /// Degree, minute 6, second 6, 0.1 s 4.
    private static func field(
        _ degrees: Double, name: String, largest: Double, allowed: String
    ) throws(EncodingRefusal) -> UInt64 {
        let tenths = (degrees * 36_000).rounded()
        guard degrees >= 0, tenths <= largest else {
            throw EncodingRefusal(name, "\(allowed) degrees have room (north, east), here is \(degrees)")
        }
        let whole = UInt64(tenths)
        return (whole / 36_000) << 16 | (whole / 600 % 60) << 10 | (whole / 10 % 60) << 4 | whole % 10
    }

    private static func signed(_ value: Int, bits: Int) -> UInt64 {
        UInt64(value.magnitude) | (value < 0 ? 1 << UInt64(bits) : 0)
    }
}
