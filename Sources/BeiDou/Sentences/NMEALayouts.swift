/// Sentences of NMEA 0183 as receivers of BeiDou send them. Source: beidou-nmea.md.
enum NMEALayouts {
    private typealias Field = SentenceField

    private static func layout(
        _ name: String, _ title: String, tail: SentenceLayout.Tail = .extra, fewest: Int? = nil,
        derived: [SentenceField] = [], _ fields: [SentenceField]
    ) -> SentenceLayout {
        SentenceLayout(
            .nmea, name, title, talker: name == "GSV" ? "GB" : "GN", tail: tail, fewest: fewest, derived: derived,
            fields)
    }

    private static func utc(time: Int, date: Int) -> SentenceField {
        Field("utc", .utc(time: time, date: date), "date and time, UTC")
    }

    private static let hdop = Field("hdop", .decimal, "horizontal dilution of precision")
    private static let used = Field.number("satellites_used", "satellites used", 0...999).padded(2)
    private static let separation = Field(
        "geoid_separation", .decimal, unit: "m", "geoid above the ellipsoid")
    private static let age = Field("age", .decimal, unit: "s", "age of differential data")
    private static let station = Field.text("station", "reference station")
    private static let systemID = Field.text("system_id", "system id as the sentence states it, 4 BeiDou")

    static let gga = layout(
        "GGA", "position fix",
        [
            .time(), .latitude(5), .longitude(5),
            .numbered(
                "quality", "how good the fix is",
                [
                    "none", "fix", "differential", "pps", "rtk_fixed", "rtk_float", "estimated", "manual", "simulator",
                ]
            ).necessary, used, hdop, .height(), .letter("height_unit", "M"), separation,
            .letter("geoid_separation_unit", "M"), age, station,
        ])

    static let rmc = layout(
        "RMC", "position, speed and date", fewest: 11, derived: [utc(time: 0, date: 6)],
        [
            .time(), Field.status.necessary, .latitude(5), .longitude(5),
            Field("speed", .decimal(times: 1.852), unit: "km/h", "speed over ground; knots in the sentence"),
            Field("course", .decimal, unit: "deg", "course over ground, true").within(0...360),
            Field("date", .date, "date, UTC"),
            Field("magnetic_variation", .variation, unit: "deg", "magnetic variation, east positive"), .mode,
            .navigationStatus,
        ])

    static let gsv = layout(
        "GSV", "satellites in view", tail: .satellites, fewest: 3,
        derived: [Field("system", .system(id: 20, numbers: 3), "satellite system")]
            + (0..<4).map {
                Field("satellite_\($0 + 1)", .satellite(id: 20, number: 3 + 4 * $0), "number in its own system")
            },
        [
            Field.number("sentences", "sentences of the group", 1...99).necessary,
            Field.number("sentence", "number of this sentence in its group", 1...99).necessary,
            Field.number("in_view", "satellites in view", 0...999).padded(2),
        ]
            + (1...4).flatMap {
                [
                    Field.number("number_\($0)", "satellite number as sent", 0...999).padded(2),
                    Field("elevation_\($0)", .decimal, unit: "deg", "elevation").within(-90...90).padded(2),
                    Field("azimuth_\($0)", .decimal, unit: "deg", "azimuth").within(0...360).padded(3),
                    Field("cn0_\($0)", .decimal, unit: "dB-Hz", "carrier to noise density").within(0...99).padded(2),
                ]
            } + [
                Field("signal", .hexNumber, "signal id as its maker numbers it").within(0...15),
                Field.text("system_id", "system id of Quectel's talker PQ"),
            ])

    private static func gsa(numbers: Int) -> SentenceLayout {
        layout(
            "GSA", numbers == 12 ? "satellites used" : "satellites used, \(numbers) numbers", fewest: 5 + numbers,
            derived: [
                Field("system", .system(id: 6, numbers: 2), "satellite system"),
                Field("satellites", .satellites(id: 6, numbers: 2), "numbers in their own system"),
            ],
            [
                .lettered("selection", "who chooses 2D or 3D", ["A": "automatic", "M": "manual"]),
                Field.numbered("fix", "dimensions of the fix", from: 1, ["none", "2d", "3d"]).necessary,
                Field(
                    "numbers", .list(SentenceList(element: .number, skipsEmpty: true)),
                    "satellite numbers as sent", width: numbers
                ).padded(2), Field("pdop", .decimal, "position dilution of precision"), hdop,
                Field("vdop", .decimal, "vertical dilution of precision"), systemID,
            ])
    }
    static let gsa = gsa(numbers: 12)
    static let longGSA = gsa(numbers: 24)

    static let zda = layout(
        "ZDA", "time and date", derived: [utc(time: 0, date: 1)],
        [
            .time(), Field("date", .dayMonthYear, "date, UTC"),
            Field("local_zone", .zone, "local zone as the sentence signs it"),
        ])

    static let gll = layout(
        "GLL", "position", fewest: 6,
        [.latitude(5), .longitude(5), .time(), Field.status.necessary, .mode])

    static let vtg = layout(
        "VTG", "course and speed", fewest: 8,
        [
            Field("course", .decimal, unit: "deg", "course over ground, true").within(0...360),
            .letter("course_unit", "T"),
            Field("course_magnetic", .decimal, unit: "deg", "course over ground, magnetic").within(0...360),
            .letter("course_magnetic_unit", "M"), Field("speed_knots", .decimal, unit: "kn", "speed over ground"),
            .letter("speed_knots_unit", "N"), Field("speed", .decimal, unit: "km/h", "speed over ground"),
            .letter("speed_unit", "K"), .mode,
        ])

    static let gst = layout(
        "GST", "errors of the fix",
        [
            .time(), Field("range_rms", .decimal, "root mean square of the ranges' errors"),
            Field("semi_major", .decimal, unit: "m", "error ellipse, semi-major axis"),
            Field("semi_minor", .decimal, unit: "m", "error ellipse, semi-minor axis"),
            Field("orientation", .decimal, unit: "deg", "error ellipse, orientation"),
            Field("latitude_sigma", .decimal, unit: "m", "standard deviation of the latitude"),
            Field("longitude_sigma", .decimal, unit: "m", "standard deviation of the longitude"),
            Field("height_sigma", .decimal, unit: "m", "standard deviation of the height"),
        ])

    static let gns = layout(
        "GNS", "position fix of several systems", fewest: 12,
        derived: [Field("positioned", .anyMode(field: 3), "whether a system made a fix")]
            + SatelliteSystem.labels.prefix(6).enumerated().map {
                Field("mode_\($0.element)", .modeLetter(field: 3, place: $0.offset), "how \($0.element) took part")
            },
        [
            .time(), .latitude(5), .longitude(5), Field.text("modes", "a mode letter for each system").necessary, used,
            hdop, .height(), separation, age, station, .navigationStatus,
        ])

    static let gbs = layout(
        "GBS", "satellite fault detection", fewest: 8,
        [
            .time(), Field("latitude_error", .decimal, unit: "m", "expected error of the latitude"),
            Field("longitude_error", .decimal, unit: "m", "expected error of the longitude"),
            Field("height_error", .decimal, unit: "m", "expected error of the height"),
            Field.number("failed", "number of the satellite that most likely failed", 0...999).padded(2),
            Field("probability", .decimal, "probability of a missed detection"),
            Field("bias", .decimal, unit: "m", "estimated bias of the failed satellite"),
            Field("bias_sigma", .decimal, unit: "m", "standard deviation of the bias"), systemID,
            Field("signal", .hexNumber, "signal id as its maker numbers it").within(0...15),
        ])

    static let txt = layout(
        "TXT", "text", tail: .rest,
        [
            Field.number("sentences", "sentences of the text", 1...99).padded(2),
            Field.number("sentence", "number of this sentence", 1...99).padded(2),
            Field(
                "kind",
                .code([.init("00", "error"), .init("01", "warning"), .init("02", "notice"), .init("07", "user")]),
                "how grave it is"), Field.text("text", "the text"),
        ])

    static let grs = layout("GRS", "range residuals", tail: .rest, fewest: 0, [Field("body", .body, "what it carries")])

    static let all = [gga, rmc, gsv, gsa, longGSA, zda, gll, vtg, gst, gns, gbs, txt, grs]
}
