/// Frames that a terminal sends to its peripheral. Source: beidou-rdss-4.0.md.
extension RDSS4Layouts {
    static let answers: [RDSS4Layout] = [
        RDSS4Layout("GLZK", "power of the beams", [powers(at: 10)], length: 17),
        RDSS4Layout(
            "DWXX", "position",
            [
                category,
                RDSS4Field("origin", at: 10, shift: 5, bits: 1, .labels(RDSS4Labels("own", "query_answer"))),
                RDSS4Field("key", at: 10, shift: 4, bits: 1, .flag),
                RDSS4Field("precision", at: 10, shift: 3, bits: 1, note: "level, 0 or 1"),
                RDSS4Field("emergency", at: 10, shift: 2, bits: 1, .flag),
                RDSS4Field("multi_valued", at: 10, shift: 1, bits: 1, .flag), heightKind,
                card("queried", at: 11, "rdss.queried"),
                RDSS4Field("time_of_day", at: 14, octets: 4, .clock, note: "UTC", aliases: ["position.time_of_day"]),
                RDSS4Field(
                    "longitude", at: 18, octets: 4, .coordinate(.longitude), unit: "deg",
                    note: "east is assumed", aliases: ["position.longitude"]),
                RDSS4Field(
                    "latitude", at: 22, octets: 4, .coordinate(.latitude), unit: "deg",
                    note: "north is assumed", aliases: ["position.latitude"]),
                RDSS4Field(
                    "height", at: 26, octets: 2, .signMagnitude(sign: 14, parts: 1), unit: "m",
                    aliases: ["position.height"]),
                RDSS4Field(
                    "height_anomaly", at: 28, octets: 2, .signMagnitude(sign: 8, parts: 1), unit: "m",
                    aliases: ["position.height_anomaly"]),
            ], length: 31),
        RDSS4Layout(
            "TXXX", "message received",
            [
                card("address", at: 7, "rdss.address", "rdss.receiver"), category,
                RDSS4Field("form", at: 10, shift: 5, bits: 1, .contentForm, aliases: ["message.form"]),
                RDSS4Field("receipt", at: 10, shift: 4, bits: 1, .flag),
                RDSS4Field(
                    "kind", at: 10, shift: 3, bits: 1, .labels(RDSS4Labels("communication", "query_answer"))),
                RDSS4Field("key", at: 10, shift: 2, bits: 1, .flag),
                card("sender", at: 11, "rdss.sender"),
                RDSS4Field("sent_time", at: 14, octets: 2, .clock, note: "filled for stored messages"),
            ] + contentLength(at: 16) + [
                RDSS4Field("crc", at: -2, .labels(RDSS4Labels("good", "bad")), shortest: 20)
            ], length: 20, .content, at: 18, defaults: [(10, 0x40)], contentIndex: 10),
        RDSS4Layout(
            "TXHZ", "receipts",
            [
                card("receiver", at: 10, "rdss.receiver"), RDSS4Field("count", at: 13, .number(most: 5)),
                RDSS4Field("sent_times", at: 14, octets: 0, .receipts(offset: 0)),
                RDSS4Field("received_times", at: 14, octets: 0, .receipts(offset: 2)),
            ], length: 15, .receipts),
        RDSS4Layout(
            "ICXX", "card",
            [
                RDSS4Field("frame", at: 10), card("broadcast", at: 11, "rdss.broadcast"),
                RDSS4Field("user_kind", at: 14), RDSS4Field("service_frequency", at: 15, octets: 2, unit: "s"),
                RDSS4Field("level", at: 17), RDSS4Field("encryption", at: 18, note: "0: none"),
                RDSS4Field("subordinate_count", at: 19, octets: 2),
            ], length: 22),
        RDSS4Layout(
            "ICXX", "subordinates of a card",
            [
                RDSS4Field("frame", at: 10),
                RDSS4Field("subordinates", at: 11, octets: 0, .addresses, aliases: ["rdss.subordinates"]),
            ], length: 12, .addresses, defaults: [(10, 1)]),
        RDSS4Layout(
            "ZJXX", "self-test",
            [
                RDSS4Field("ic", at: 10, note: "1 with a working card"),
                RDSS4Field("hardware", at: 11, note: "0: no fault"),
                RDSS4Field("battery", at: 12, .number(most: 100), unit: "%"),
                RDSS4Field("inbound", at: 13, note: "2 when healthy"), powers(at: 14),
            ], length: 21, defaults: [(10, 1), (12, 100), (13, 2)]),
        RDSS4Layout(
            "FKXX", "feedback",
            [
                RDSS4Field(
                    "kind", at: 10,
                    .labels(
                        RDSS4Labels(
                            "success", "failure", "signal_not_locked", "battery_low", "frequency_not_reached",
                            "encryption_error", "crc_error", "suppressed", "suppression_lifted"))),
                RDSS4Field("sentence", at: 11, octets: 4, .feedbackSentence, note: "the sentence it answers"),
                RDSS4Field("wait", at: 11, octets: 4, .feedbackWait, unit: "s"),
                RDSS4Field("detail", at: 11, octets: 4, .octets),
            ], length: 16),
        RDSS4Layout("SJXX", "time", [RDSS4Field("utc", at: 10, octets: 7, .date)], length: 18, required: "utc"),
        RDSS4Layout("BBXX", "version", [RDSS4Field("version", at: 10, octets: 0, .restText)], length: 11, .rest),
        RDSS4Layout("XHXX", "serial number", [RDSS4Field("serial", at: 10, octets: 4)], length: 15),
        RDSS4Layout(
            "LZXX", "zero value", [RDSS4Field("zero_value", at: 10, octets: 4, unit: "ns")], length: 15),
        RDSS4Layout(
            "LZXX", "zero value of two octets", [RDSS4Field("zero_value", at: 10, octets: 2, unit: "ns")],
            length: 13),
        RDSS4Layout("GLXX", "management information", [information(at: 10)], length: 43),
        RDSS4Layout(
            "GNPX", "satellite position",
            [
                RDSS4Field(
                    "longitude", at: 10, octets: 5, .coordinate(.letteredLongitude), unit: "deg",
                    aliases: ["position.longitude"]),
                RDSS4Field(
                    "latitude", at: 15, octets: 5, .coordinate(.letteredLatitude), unit: "deg",
                    aliases: ["position.latitude"]),
                RDSS4Field(
                    "height", at: 20, octets: 2, .signMagnitude(sign: 15, parts: 1), unit: "m",
                    aliases: ["position.height"]),
                RDSS4Field("stated_speed", at: 22, octets: 2, note: "no source states the unit"),
                RDSS4Field("stated_direction", at: 24, octets: 2, note: "no source states the unit"),
                RDSS4Field("satellites", at: 26), RDSS4Field("state", at: 27),
                RDSS4Field("dop", at: 28, .fraction(parts: 10)),
                RDSS4Field("stated_error", at: 29, octets: 2, note: "no source states the unit"),
            ], length: 32, defaults: [(10, UInt8(ascii: "E")), (15, UInt8(ascii: "N"))]),
        RDSS4Layout(
            "GNTX", "satellite time",
            [
                RDSS4Field("zone", at: 10, .signed, unit: "h"),
                RDSS4Field(
                    "stated_time", at: 11, octets: 6, .date, note: "no source says whether in UTC or in the zone"),
            ], length: 18, required: "stated_time"),
        named("GNVX", "satellites in view"), named("ZHQR", "self-destruct confirmation"),
        named("KLSB", "password recognition"), named("DHSC", "navigation output"), named("DSJG", "timing result"),
        named("SCSJ", "time difference data"), named("ZBSC", "coordinate output"),
        named("GBSC", "broadcast output"), named("GYSC", "public output"), named("ILXX", "I branch"),
        named("QLXX", "Q branch"),
    ]
}
