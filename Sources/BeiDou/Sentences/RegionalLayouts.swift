/// Sentences of the regional short-message service of BeiDou-3. Source: beidou-3-regional.md.
enum RegionalLayouts {
    private typealias Field = SentenceField

    private static func layout(
        _ name: String, _ title: String, from talker: String, tail: SentenceLayout.Tail = .extra, fewest: Int? = nil,
        derived: [SentenceField] = [], _ fields: [SentenceField]
    ) -> SentenceLayout {
        SentenceLayout(.regional, name, title, talker: talker, tail: tail, fewest: fewest, derived: derived, fields)
    }

    private static func named(_ name: String, _ title: String, from talker: String) -> SentenceLayout {
        layout(name, title, from: talker, tail: .rest, fewest: 0, [Field("body", .body, "what it carries")])
    }

    private static func address(_ name: String, _ title: String) -> SentenceField {
        Field.address(name, title, digits: 8).necessary
    }
    private static let point = Field.numbered(
        "frequency_point", "frequency point", from: 1, ["lf0", "lf1", "lf2", "lf3", "lf4"])
    private static let form = Field.numbered(
        "form", "how the content is coded", from: 1,
        ["chinese", "code", "mixed", "compressed_chinese", "compressed_code"]
    ).necessary

    static let icr = layout(
        "ICR", "card query", from: "CC",
        [
            Field.number("kind", "what is asked", 0...9).necessary,
            Field.number("frame", "frame", 0...999).padded(2).necessary,
        ])
    static let icp = layout(
        "ICP", "card information", from: "BD",
        [
            address("address", "card address, 0 without a card"), .address("broadcast", "broadcast address", digits: 8),
            .number("authorisation", "kind of authorisation"), .number("user_identity", "user identity"),
            .number("service_identity", "service identity"), .flag("confidential", "Y", "N", "confidentiality"),
            .number("device_kind", "kind of device"), .flag("rescue", "Y", "N", "rescue"),
            .number("military", "military"),
            .number("civil_military", "civil-military"), .number("allies", "allies"),
            .number("user_priority", "user priority"), .number("service_capability", "service capability"),
            Field.seconds("service_frequency", "service interval").necessary,
            Field("level", .level, "message level; 0 in the sentence is 5").within(0...5).necessary,
            .number("global_identity", "identity in the global service"),
            .number("global_exchange", "exchange permission of the global service"),
            .seconds("global_frequency", "interval of the global service"),
            .number("global_level", "level of the global service"), .number("subordinates", "subordinate users"),
            .number("group_permission", "group permission"), .number("own_groups", "own groups"),
            .number("joined_groups", "groups joined"),
        ])
    static let pwi = layout(
        "PWI", "beam powers", from: "BD", tail: .beams, fewest: 3,
        derived: [
            Field(
                "beam_numbers", .part(of: 4, element: .number, offset: 0, stride: 4, counts: 3), "numbers of beams"),
            Field(
                "data_cn0", .part(of: 4, element: .decimal, offset: 1, stride: 4, counts: 3), unit: "dB-Hz",
                "carrier to noise density of the data branch"),
            Field(
                "pilot_cn0", .part(of: 4, element: .decimal, offset: 2, stride: 4, counts: 3), unit: "dB-Hz",
                "carrier to noise density of the pilot branch"),
        ],
        [
            .time("time of day, UTC; 0 before it is known"),
            Field.number("rdss_beam_count", "beams of BeiDou-1 and 2", 0...99).padded(2).necessary,
            Field("rdss_beams", .list(SentenceList(element: .decimal)), "three values a beam"),
            Field.number("beam_count", "beams of BeiDou-3", 0...99).padded(2).necessary,
            Field("beams", .list(SentenceList(element: .decimal)), "values of all beams, one behind the other"),
        ])
    static let tcq = layout(
        "TCQ", "message to send", from: "CC", tail: .content(behind: 1),
        [
            address("receiver", "card address of the receiver"), point.necessary,
            Field.numbered("confirmation", "inbound confirmation", from: 1, ["not_needed", "needed"]).preset("1"), form,
            Field("body", .content(formField: 3), "content as it stands on the line"),
            Field.seconds("repeat", "interval of repetition, 0 once").preset("0"),
        ])
    static let tci = layout(
        "TCI", "message received", from: "BD", tail: .content(behind: 0),
        [
            address("sender", "card address of the sender"), address("receiver", "card address of the receiver"), point,
            Field("time_sent", .timeOfDay, "time of day of the message, UTC").padded(6), form,
            Field.number("number", "a number, 0 in every capture").preset("0"),
            Field("body", .content(formField: 4), "content as it stands on the line"),
        ])
    static let fki = layout(
        "FKI", "feedback, BeiDou-3 form", from: "BD",
        [
            Field.time().padded(6).necessary, Field.text("sentence", "sentence that is answered").necessary,
            Field.flag("executed", "Y", "N", "whether it was executed").necessary,
            Field(
                "reason",
                .code(
                    [
                        "none", "too_soon", "emission_suppressed", "emission_silence", "power_not_locked",
                        "no_ic_module",
                        "no_permission",
                    ].enumerated().map { SentenceCode(String($0.offset), $0.element) } + [.init("11", "check_error")]),
                "why it was not executed"
            ).necessary,
            Field("wait", .number, unit: "s", "time to wait").within(0...99_999).necessary,
        ])
    static let snr = layout(
        "SNR", "beams' signals", from: "BD", tail: .rest,
        [Field("cn0", .list(SentenceList(element: .decimal)), unit: "dB-Hz", "carrier to noise density of each beam")])
    static let def = layout("DEF", "defaults of a maker", from: "BD", [Field.text("result", "result")])
    static let btx = layout("BTX", "state of a maker", from: "BD", [Field.text("state", "state")])
    static let epq = layout(
        "EPQ", "emergency", from: "CC", fewest: 1,
        [
            address("address", "card address"), .text("device", "device model"), point,
            Field("speed", .decimal, unit: "km/h", "speed"), .text("urgent", "urgent flag"), .height("height"),
            .text("sos_kind", "kind of emergency"), .text("times", "how often"),
        ])
    static let epi = layout(
        "EPI", "emergency report", from: "BD", tail: .rest, fewest: 1,
        [
            .text("value_1", "not told"), .text("value_2", "not told"), .text("value_3", "not told"), .time(),
            .longitude(5),
            .latitude(5), .text("value_4", "not told"), .text("value_5", "not told"), .text("value_6", "not told"),
            .text("value_7", "not told"), .text("text", "the text"),
        ])
    static let qrq = layout(
        "QRQ", "query", from: "CC", [address("address", "card address"), .text("kind", "what is asked")])
    static let qri = named("QRI", "answer to a query", from: "BD")
    static let msg = named("MSG", "message of a module", from: "CC")
    static let nps = layout(
        "NPS", "position injection", from: "CC", fewest: 7,
        [
            Field("second_of_week", .decimal, unit: "s", "second of the week").within(0...604_800).necessary,
            .longitude(5),
            .latitude(5), .height(), .letter("height_unit", "M"),
        ])

    static let all = [icr, icp, pwi, tcq, tci, fki, snr, def, btx, epq, epi, qrq, qri, msg, nps]
}
