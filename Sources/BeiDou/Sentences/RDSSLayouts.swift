/// Sentences of the RDSS terminal protocol 2.1. Source: beidou-rdss-2.1.md.
enum RDSSLayouts {
    private typealias Field = SentenceField

    private static func layout(
        _ name: String, _ title: String, from talker: String, tail: SentenceLayout.Tail = .extra, fewest: Int? = nil,
        derived: [SentenceField] = [], _ fields: [SentenceField]
    ) -> SentenceLayout {
        SentenceLayout(.rdss2, name, title, talker: talker, tail: tail, fewest: fewest, derived: derived, fields)
    }

    /// A sentence that is named and not laid out by any source.
    private static func named(_ name: String, _ title: String, from talker: String) -> SentenceLayout {
        layout(name, title, from: talker, tail: .rest, fewest: 0, [Field("body", .body, "what it carries")])
    }

    private static let body = Field("body", .content(formField: 2), "content as it stands on the line")
    private static let address = Field.address("address", "card address").necessary
    private static let frequency = Field.seconds("frequency", "interval, 0 once")
    private static let operation = Field.numbered(
        "operation", "what is asked or told", from: 1, ["set", "read", "answer"]
    )
    .necessary
    private static let form = Field.numbered(
        "form", "how the content is coded", ["chinese", "code", "mixed", "position"]
    )
    .necessary
    private static let zone = Field("local_zone", .zone, "local zone as the sentence signs it")

    private static func query(_ name: String, _ title: String) -> SentenceLayout {
        layout(
            name, title, from: "CC",
            [
                Field.numbered(
                    "kind", "what is asked",
                    ["own_card", "subordinates"] + (2...8).map { "kind_\($0)" }
                ).necessary,
                Field.number("frame", "frame of subordinates, 0 all", 0...125).padded(2).necessary,
            ])
    }
    static let ica = query("ICA", "card query")
    static let queryNamedICI = query("ICI", "card query under the answer's name")

    static let ici = layout(
        "ICI", "card information", from: "BD",
        [
            address, Field.text("serial", "serial number, 8 digits").necessary,
            .address("broadcast", "broadcast address"),
            Field.numbered(
                "user_kind", "kind of user",
                [
                    "commander", "class_1", "class_2", "class_3", "commander_authenticated", "class_1_authenticated",
                    "class_2_authenticated", "class_3_authenticated",
                ]
            ).necessary, Field.seconds("service_frequency", "service interval").necessary,
            Field.number("level", "communication level, 0 without a card", 0...4).necessary,
            Field.flag("encrypted", "E", "N", "whether the card encrypts").necessary,
            Field.number("subordinates", "subordinate users", 0...999),
        ])
    static let icz = layout(
        "ICZ", "subordinate addresses", from: "BD", tail: .rest, fewest: 1,
        [
            Field.number("subordinates", "subordinate users", 0...9_999).necessary,
            Field("addresses", .list(SentenceList(element: .address)), "card addresses").padded(7),
        ])
    static let bsi = layout(
        "BSI", "beam powers", from: "BD", tail: .rest,
        [
            Field.number("response_beam", "beam of responses", 0...99).padded(2),
            Field.number("difference_beam", "beam of time differences", 0...99).padded(2),
            Field("powers", .list(SentenceList(element: .number)), "power of each beam, 0 to 4"),
        ])
    static let bss = layout(
        "BSS", "beam setting", from: "CC",
        [
            Field.number("response_beam", "beam of responses, 0 automatic", 0...10).padded(2),
            Field.number("difference_beam", "beam of time differences, 0 automatic", 0...10).padded(2),
        ])
    static let cxa = layout(
        "CXA", "query", from: "CC",
        [
            Field.numbered("query", "what is asked for", ["position", "message"]).necessary,
            Field.number("method", "how it is asked for", 1...3).necessary, .address("address", "card address"),
        ])
    static let txa = layout(
        "TXA", "message to send", from: "CC", tail: .content(behind: 0),
        [
            Field.address("receiver", "card address of the receiver").necessary,
            Field.numbered("kind", "how urgent it is", ["express", "ordinary"]).preset("1"), form, body,
        ])
    static let txr = layout(
        "TXR", "message received", from: "BD", tail: .content(behind: 0),
        [
            Field.numbered(
                "kind", "why it comes", from: 1,
                ["ordinary", "express", "broadcast", "newest_stored", "by_sender"]
            ).necessary,
            Field.address("sender", "card address of the sender").necessary, form,
            Field("time_sent", .hourMinute, "time of day when it was sent"), body,
        ])
    static let hzr = layout(
        "HZR", "receipts", from: "BD", tail: .rest, fewest: 2,
        derived: [
            Field("sent", .part(of: 2, element: .hourMinute, offset: 0, stride: 2, counts: nil), "times of sending"),
            Field(
                "received", .part(of: 2, element: .hourMinute, offset: 1, stride: 2, counts: nil), "times of receipt"),
        ],
        [
            Field.address("receiver", "card address of the receiver").necessary,
            Field.number("count", "receipts", 0...5).necessary,
            Field("receipts", .list(SentenceList(element: .hourMinute)), "times of sending and receipt in turn"),
        ])
    static let dwa = layout(
        "DWA", "position request", from: "CC",
        [
            address, Field.emergency.necessary,
            Field.numbered("height_mode", "how the height is known", ["given", "none", "method_1", "method_2"])
                .necessary,
            Field.heightKind.necessary, Field.height("height"),
            Field("antenna_height", .decimal, unit: "m", "height of the antenna"),
            Field("pressure", .decimal, unit: "Pa", "air pressure"),
            Field("temperature", .decimal, unit: "degC", "air temperature"), frequency,
        ])
    static let dwr = layout(
        "DWR", "position", from: "BD",
        [
            Field.numbered("kind", "whose position", from: 1, ["own", "subordinate", "report"]).necessary, address,
            .time(),
            .latitude(4), .longitude(4), .height("height"), .letter("height_unit", "M"),
            Field("height_anomaly", .decimal, unit: "m", "geoid above the ellipsoid"),
            .letter("height_anomaly_unit", "M"), Field.number("precision", "precision level", 0...1), .emergency,
            .flag("multi_valued", "A", "V", "whether there are several solutions"), .heightKind,
        ])
    static let dsa = layout(
        "DSA", "timing request", from: "CC",
        [
            address, Field.number("method", "timing method", 1...2).necessary,
            Field.lettered("status", "whether the position is valid", ["A": "valid", "V": "void"]).necessary,
            .latitude(4),
            .longitude(4), frequency, Field("one_way_zero", .decimal, unit: "ns", "one-way zero value"),
            Field("additional_zero", .decimal, unit: "ns", "additional zero value"),
        ])
    static let waa = layout(
        "WAA", "position report 1", from: "BD",
        [
            Field.numbered("direction", "whether it came or goes", ["received", "sent"]).necessary, frequency, address,
            .time(), .latitude(5), .longitude(5), .height("height"), .letter("height_unit", "M"),
        ])
    static let wba = layout(
        "WBA", "position report 2", from: "CC",
        [
            address, Field.heightKind.necessary, Field("antenna_height", .decimal, unit: "m", "height of the antenna"),
            frequency,
        ])

    private static let refused = Field.text("sentence", "sentence that is answered").necessary
    private static let executed = Field.flag("executed", "Y", "N", "whether it was executed").necessary
    private static let isSet = Field.flag("frequency_set", "Y", "N", "whether the interval was set").necessary
    private static let wait = Field("wait", .minutesSeconds, unit: "s", "time to wait, mmss in the sentence").necessary
    static let fki = layout(
        "FKI", "feedback", from: "BD",
        [
            refused, executed, isSet,
            Field.numbered(
                "suppression", "why sending is suppressed",
                ["none", "system", "battery_low", "radio_silence", "power_not_locked"]), wait,
        ])
    static let shortFKI = layout("FKI", "feedback without suppression", from: "BD", [refused, executed, isSet, wait])

    static let gxm = layout(
        "GXM", "management information", from: "CC", fewest: 1,
        [operation, Field("information", .octets, "32 octets")])
    static let lzm = layout(
        "LZM", "zero value", from: "CC", fewest: 1,
        [operation, Field("zero_value", .decimal, unit: "ns", "zero value")])
    static let jms = layout(
        "JMS", "radio silence", from: "CC",
        [Field.lettered("silence", "radio silence", ["E": "on", "N": "off", "Z": "z"]).necessary])
    static let kls = layout(
        "KLS", "password recognition", from: "CC", [address, Field.text("answer", "answer flag")])
    static let klt = layout(
        "KLT", "password text", from: "BD", tail: .content(behind: 0),
        [Field.text("kind", "P or Z").necessary, address, form, body])
    static let rmo = layout(
        "RMO", "output setting", from: "CC",
        [
            Field.text("sentence", "sentence that is switched"),
            Field.numbered("mode", "what is done", from: 1, ["close", "open", "close_all", "open_all"]).necessary,
            frequency,
        ])
    static let zhs = layout(
        "ZHS", "self-destruct word", from: "CC", [Field.text("word", "the word").necessary])
    static let zda = layout(
        "ZDA", "time and date, RDSS form", from: "BD",
        derived: [Field("utc", .utc(time: 1, date: 2), "date and time, UTC")],
        [
            Field.number("mode", "mode", 0...9).necessary, .time(), Field("date", .dayMonthYear, "date, UTC"), zone,
            .text("correction_moment", "when the correction holds"),
            Field("correction", .decimal, "correction").padded(2),
            Field("precision", .decimal, "precision").padded(2),
            .flag("locked", "Y", "N", "whether the signal is locked"),
        ])
    static let sbx = layout(
        "SBX", "device information", from: "BD",
        [
            .text("supplier", "supplier"), .text("device", "type of device"),
            .text("program_version", "program version"),
            .text("serial_protocol_version", "version of the serial protocol"),
            .text("interface_version", "version of the interface document"), .text("serial", "serial number"),
            .address("address", "card address", digits: 8),
        ])
    static let rns = layout(
        "RNS", "part of a long content", from: "CC", tail: .rest,
        [
            Field.number("total", "parts", 0...99_999).padded(5).necessary,
            Field.number("current", "number of this part", 0...99_999).padded(5).necessary,
            Field.number("length", "length of this part", 0...99_999).padded(5).necessary,
            Field("content", .body, "the part's octets"),
        ])
    static let zti = named("ZTI", "terminal state", from: "BD")
    /// A name of two letters needs its comma to be told from other names.
    static let hz = layout(
        "HZ", "settings of a box maker", from: "BD", tail: .rest, fewest: 1, [Field("body", .body, "what it carries")])
    static let sir = named("SIR", "choice of systems", from: "CC")

    static let all = [
        ica, ici, queryNamedICI, icz, bsi, bss, cxa, txa, txr, hzr, dwa, dwr, dsa, waa, wba, fki, shortFKI, gxm, lzm,
        jms,
        kls, klt, rmo, zhs, zda, sbx, rns, zti, hz, sir,
    ]
}
