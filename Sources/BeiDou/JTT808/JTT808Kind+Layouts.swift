internal import Records

/// The bodies of the messages (jtt808.md, Messages).
extension JTT808Kind {
    static func answer(_ id: UInt16, _ title: String, _ more: [(UInt64, String)]) -> Layout {
        let results: [(UInt64, String)] =
            [(0, "success"), (1, "failure"), (2, "bad_message"), (3, "not_supported")] + more
        return Layout(
            id, title, .fixed(5),
            [
                .number("answered_flow", at: 0, 2, isRequired: true), .identifier("answered_id", at: 2),
                JTT808Field(
                    name: "result", kind: .enumeration, rawKind: .unsigned, labels: results.map(\.1), offset: 4,
                    width: 1, coding: .choice(shift: 0, bits: 8, codes: results.map(\.0)), isRequired: true),
            ])
    }

    static func registration(_ edition: Edition, maker: Int, model: Int, terminal: Int) -> Layout {
        let year = edition == .only2011 ? "2011" : edition == .only2013 ? "2013" : "2019"
        let colour = 4 + maker + model + terminal
        return Layout(
            0x0100, "terminal registers, \(year)", .open,
            [
                .number("province", at: 0, 2), .number("city", at: 2, 2), .padded("maker", at: 4, maker),
                .padded("model", at: 4 + maker, model), .padded("terminal_id", at: 4 + maker + model, terminal),
                .choice("plate_colour", at: colour, codes: JTT808Labels.plateColours),
                .text("plate", at: colour + 1, "licence plate; the VIN of a vehicle that is not registered"),
            ], edition: edition)
    }

    static let registrationAnswerLayout = Layout(
        0x8100, "answer to a registration", .open,
        [
            .number("answered_flow", at: 0, 2, isRequired: true),
            .choice(
                "result", at: 2,
                codes: [
                    0: "success", 1: "vehicle_already_registered", 2: "vehicle_unknown",
                    3: "terminal_already_registered", 4: "terminal_unknown",
                ], isRequired: true),
            .text("code", at: 3, "what the terminal authenticates with"),
        ])

    static let authentication2019Layout = Layout(
        0x0102, "terminal authenticates, 2019", .counted(35),
        [
            JTT808Field(name: "code", kind: .string, rawKind: .bytes, coding: .countedText),
            .padded("imei", at: 0, 15, slot: JTT808Slot.anchor),
            .padded("software_version", at: 15, 20, slot: JTT808Slot.anchor),
        ], edition: .only2019)

    /// The 28 octets of a location report and its items.
    static let position: [JTT808Field] = {
        let slot = JTT808Slot.anchor
        func coordinate(_ name: String, at offset: Int, bit: Int, limit: UInt64) -> JTT808Field {
            JTT808Field(
                name: name, unit: "deg", kind: .float, rawKind: .unsigned, slot: slot, offset: offset, width: 4,
                coding: .coordinate(signBit: bit, limit: limit), isRequired: true)
        }
        return [
            .flags("alarm", at: 0, 4, JTT808Labels.alarm, slot: slot), .flag("emergency", at: 0, 4, bit: 0, slot: slot),
            .flags("status_flags", at: 4, 4, JTT808Labels.status, slot: slot, "bits of the status but for the load"),
            .flag("acc_on", at: 4, 4, bit: 0, slot: slot), .flag("positioned", at: 4, 4, bit: 1, slot: slot),
            .choice("load", at: 4, width: 4, codes: [0: "empty", 1: "half", 3: "full"], shift: 8, bits: 2, slot: slot),
            .flags("satellite_systems", at: 4, 4, JTT808Labels.satellites, slot: slot),
            coordinate("latitude", at: 8, bit: 2, limit: 90_000_000),
            coordinate("longitude", at: 12, bit: 3, limit: 180_000_000),
            .scaled("height", at: 16, 2, unit: "m", limit: 0x7FFF, slot: slot, "above sea level"),
            .scaled("speed", at: 18, 2, unit: "km/h", by: 10, slot: slot),
            .scaled("course", at: 20, 2, unit: "deg", limit: 359, slot: slot, "clockwise from north"),
            .time("utc", at: 22, hoursAhead: 8, slot: slot),
            JTT808Field(
                name: "zone", description: "zone of the clock by which the terminal wrote the time", kind: .string,
                rawKind: .bytes, slot: slot, coding: .zone),
        ] + JTT808Items.fields
    }()

    static let batchHead: [JTT808Field] = [
        .number("count", at: 0, 2, "location reports in the message"),
        .choice("kind", at: 2, codes: [0: "ordinary", 1: "late"]),
    ]

    static let text2013Layout = Layout(
        0x8300, "text to a terminal, 2013", .open,
        [
            .flags("flags", at: 0, 1, JTT808Labels.text2013), .flag("emergency", at: 0, 1, bit: 0),
            .choice("source", at: 0, codes: [0: "navigation", 1: "can_fault_code"], shift: 5, bits: 1),
            .text("text", at: 1, most: 1024),
        ], edition: .only2013)

    static let text2019Layout = Layout(
        0x8300, "text to a terminal, 2019", .open,
        [
            .choice("urgency", at: 0, codes: [1: "service", 2: "urgent", 3: "notice"], bits: 2),
            .flags("flags", at: 0, 1, JTT808Labels.text2019, "bits of the flags but for the urgency"),
            .choice("source", at: 0, codes: [0: "navigation", 1: "can_fault_code"], shift: 5, bits: 1),
            .choice("text_kind", at: 1, codes: [1: "notice", 2: "service"]), .text("text", at: 2, most: 1024),
        ], edition: .only2019)

    static func transparent(_ id: UInt16, _ title: String) -> Layout {
        Layout(
            id, title, .open,
            [
                .choice("kind", at: 0, codes: JTT808Labels.transparentKinds, isRequired: true),
                JTT808Field(
                    name: "lead", description: "first octet of mixed content", kind: .unsigned, rawKind: .unsigned,
                    offset: 1, width: 1, coding: .lead),
                JTT808Field(
                    name: "text", description: "the content where it is a text", kind: .string, rawKind: .bytes,
                    offset: 1, coding: .content),
                .octets("content", at: 1),
            ])
    }

    static func settings(at offset: Int) -> [JTT808Field] {
        [.number("count", at: offset, 1), .list("parameters", at: offset + 1, .settings)]
    }

    static func resend(_ id: UInt16, _ title: String, countWidth: Int) -> Layout {
        Layout(
            id, title, .indices(2 + countWidth, countWidth: countWidth),
            [
                .number("first_flow", at: 0, 2, isRequired: true), .number("count", at: 2, countWidth),
                .list("indices", at: 2 + countWidth, .indices),
            ])
    }

    /// A message without a layout, an encrypted one, and a part of a longer one.
    static let unlisted = Layout(
        0, "message that is not laid out", .open,
        [
            JTT808Field(
                name: "message_id", kind: .string, rawKind: .unsigned, width: 2, coding: .messageID, isRequired: true),
            JTT808Field(
                name: "encryption", kind: .enumeration, rawKind: .unsigned, labels: ["none", "rsa"], coding: .encryption
            ),
            JTT808Field(
                name: "part_total", description: "parts of the whole message", kind: .unsigned, rawKind: .unsigned,
                width: 2, coding: .total),
            JTT808Field(
                name: "part_index", description: "number of this part, from 1 on", kind: .unsigned, rawKind: .unsigned,
                width: 2, coding: .index),
            .octets("body", at: 0),
        ], name: "unknown")
}
