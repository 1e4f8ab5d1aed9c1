internal import Bytes

/// The fields of a position payload as they stand in it, 104 bits from the top: 8 A0; hour 5, minute 6, second 6,
/// 0.01 s 7; longitude degree 8, minute 6, second 6, 0.1 s 4; latitude degree 6, minute 6, second 6, 0.1 s 4; height
/// kind 2; then of kind 0 sign 1, height 14 (m), anomaly sign 1, anomaly 8 (m); of kind 1 height 24 (m), for what flies
/// at 16,000 m and higher. Source: beidou-rdss-4.0.md.
struct PositionFields {
    /// Octets of a payload, the lead included.
    static let length = 13

    /// The time of day: 24 bits.
    let time: UInt32
    /// The longitude: 24 bits.
    let longitude: UInt32
    /// The latitude: 22 bits.
    let latitude: UInt32
    /// The height kind: 2 bits.
    let heightKind: UInt32
    /// What stands behind the height kind: 24 bits.
    let heights: UInt32

    /// The fields of a payload of ``length`` octets.
    init(_ octets: RawSpan) {
        time = octets.u24(at: 1)
        longitude = octets.u24(at: 4)
        let rest = UInt64(octets.u16(at: 7)) << 32 | UInt64(octets.u32(at: 9))
        latitude = UInt32(truncatingIfNeeded: rest >> 26)
        heightKind = UInt32(truncatingIfNeeded: rest >> 24 & 3)
        heights = UInt32(truncatingIfNeeded: rest & 0xFF_FFFF)
    }

    /// Hour, minute, second, 0.01 s; nil when there is no such time.
    var timeParts: (hour: UInt32, minute: UInt32, second: UInt32, hundredths: UInt32)? {
        let (hour, minute, second, hundredths) = (time >> 19, time >> 13 & 63, time >> 7 & 63, time & 127)
        guard hour < 24, minute < 60, second < 60, hundredths < 100 else { return nil }
        return (hour, minute, second, hundredths)
    }

    /// The longitude in tenths of a second of arc, to the east; nil when there is no such angle.
    var longitudeTenths: UInt32? { Self.tenths(longitude, largest: 180) }

    /// The latitude in tenths of a second of arc, to the north; nil when there is no such angle.
    var latitudeTenths: UInt32? { Self.tenths(latitude, largest: 90) }

    /// The height in metres above sea level; nil when its kind is not known.
    var height: Int32? {
        switch heightKind {
        case 0: heights >> 23 == 0 ? Int32(heights >> 9 & 0x3FFF) : -Int32(heights >> 9 & 0x3FFF)
        case 1: Int32(heights)
        default: nil
        }
    }

    /// The height as it stands there: 15 bits of kind 0, else 24.
    var rawHeight: UInt32 { heightKind == 0 ? heights >> 9 : heights }

    /// The height anomaly in metres; nil when the kind of height has none.
    var heightAnomaly: Int32? {
        guard heightKind == 0 else { return nil }
        return heights >> 8 & 1 == 0 ? Int32(heights & 0xFF) : -Int32(heights & 0xFF)
    }

    /// The anomaly as it stands there: 9 bits.
    var rawAnomaly: UInt32 { heights & 0x1FF }

    private static func tenths(_ field: UInt32, largest: UInt32) -> UInt32? {
        let (degree, minute, second, tenth) = (field >> 16, field >> 10 & 63, field >> 4 & 63, field & 15)
        guard minute < 60, second < 60, tenth < 10 else { return nil }
        let tenths = degree * 36_000 + minute * 600 + second * 10 + tenth
        return tenths <= largest * 36_000 ? tenths : nil
    }
}
