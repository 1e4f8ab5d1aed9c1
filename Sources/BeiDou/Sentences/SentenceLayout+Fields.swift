/// Fields that many sentences have.
extension SentenceField {
    static func time(_ title: String = "time of day, UTC") -> SentenceField {
        SentenceField("time_of_day", .timeOfDay, title)
    }
    static func latitude(_ decimals: Int) -> SentenceField {
        SentenceField("latitude", .latitude(decimals: decimals), unit: "deg", "latitude, north positive")
    }
    static func longitude(_ decimals: Int) -> SentenceField {
        SentenceField("longitude", .longitude(decimals: decimals), unit: "deg", "longitude, east positive")
    }
    static func height(_ title: String = "height above mean sea level") -> SentenceField {
        SentenceField("height", .decimal, unit: "m", title)
    }
    static func letter(_ name: String, _ letter: String) -> SentenceField {
        SentenceField(name, .unitLetter(usual: letter), "unit, where it is not \(letter)").preset(letter)
    }
    static func address(_ name: String, _ title: String, digits: Int = 7) -> SentenceField {
        SentenceField(name, .number, title).padded(7).within(0...(digits == 7 ? 9_999_999 : 99_999_999))
    }
    static func number(_ name: String, _ title: String, _ range: ClosedRange<Double> = 0...999_999_999)
        -> SentenceField
    {
        SentenceField(name, .number, title).within(range)
    }
    static func text(_ name: String, _ title: String) -> SentenceField { SentenceField(name, .text, title) }
    static func seconds(_ name: String, _ title: String) -> SentenceField {
        SentenceField(name, .decimal, unit: "s", title).within(0...99_999)
    }
    static func flag(_ name: String, _ yes: String, _ no: String, _ title: String) -> SentenceField {
        SentenceField(name, .flag(yes: yes, no: no), title)
    }

    /// An enumeration whose codes are numbers from `first` on.
    static func numbered(_ name: String, _ title: String, from first: Int = 0, _ labels: [String]) -> SentenceField {
        SentenceField(
            name, .code(labels.enumerated().map { SentenceCode(String(first + $0.offset), $0.element) }), title)
    }

    /// An enumeration whose codes are letters.
    static func lettered(_ name: String, _ title: String, _ codes: KeyValuePairs<String, String>) -> SentenceField {
        SentenceField(name, .code(codes.map { SentenceCode($0.key, $0.value) }), title)
    }

    static let status = lettered("status", "whether the position is valid", ["A": "valid", "V": "void"])
    static let heightKind = lettered(
        "height_kind", "ordinary or high terminal", ["L": "ordinary", "H": "high"])
    static let emergency = flag("emergency", "A", "V", "whether it is an emergency")
    static let modes: KeyValuePairs<String, String> = [
        "N": "none", "A": "autonomous", "D": "differential", "E": "estimated", "F": "rtk_float", "M": "manual",
        "P": "precise", "R": "rtk_fixed", "S": "simulator",
    ]
    static let mode = lettered("mode", "how the fix was made", modes)
    static let navigationStatus = lettered(
        "navigation_status", "what the fix may be used for",
        ["S": "safe", "C": "caution", "U": "unsafe", "V": "not_for_safety"])
}

/// Satellite systems, in the order of their ids in sentences (1 GPS).
enum SatelliteSystem {
    static let labels = ["gps", "glonass", "galileo", "beidou", "qzss", "navic", "sbas"]
    static let gps: UInt64 = 0
    static let glonass: UInt64 = 1
    static let galileo: UInt64 = 2
    static let beidou: UInt64 = 3
    static let qzss: UInt64 = 4
    static let navic: UInt64 = 5
    static let sbas: UInt64 = 6
}
