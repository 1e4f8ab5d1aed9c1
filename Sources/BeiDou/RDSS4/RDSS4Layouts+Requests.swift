/// Frames that a peripheral sends to its terminal. Source: beidou-rdss-4.0.md.
extension RDSS4Layouts {
    static let requests: [RDSS4Layout] = [
        RDSS4Layout(
            "GLJC", "power check", [RDSS4Field("frequency", at: 10, unit: "s", note: "0: once")], length: 12),
        RDSS4Layout(
            "ICJC", "card check",
            [RDSS4Field("frame", at: 10, note: "0: own card; else the frame of subordinates")], length: 12),
        RDSS4Layout("XTZJ", "system self-test", [frequency(at: 10)], length: 13),
        RDSS4Layout("SJSC", "time output", [frequency(at: 10)], length: 13),
        RDSS4Layout("BBDQ", "version read", length: 11),
        RDSS4Layout("XHDQ", "serial number read", length: 11),
        RDSS4Layout("LZDQ", "zero value read", length: 11),
        RDSS4Layout("GXDQ", "management information read", length: 11),
        RDSS4Layout(
            "DWSQ", "position request",
            positionRequest + [
                RDSS4Field("height", at: 11, octets: 2, .signMagnitude(sign: 15, parts: 1), unit: "m"),
                RDSS4Field("antenna_height", at: 13, octets: 2, .fraction(parts: 1), unit: "m"),
            ] + air, length: 22, defaults: [(10, 0x04)]),
        RDSS4Layout(
            "DWSQ", "position request, high",
            positionRequest + [
                RDSS4Field("height", at: 11, octets: 4, .signMagnitude(sign: 31, parts: 1), unit: "m")
            ] + air, length: 22, defaults: [(10, 0x05)]),
        RDSS4Layout(
            "TXSQ", "message to be sent",
            [
                card("address", at: 7, "rdss.address", "rdss.sender"), category,
                RDSS4Field("kind", at: 10, shift: 5, bits: 3, .labels(RDSS4Labels([(2, "communication")]))),
                RDSS4Field("key", at: 10, shift: 4, bits: 1, .flag),
                RDSS4Field(
                    "class", at: 10, shift: 2, bits: 2, .labels(RDSS4Labels("express", "ordinary")),
                    aliases: ["message.class"]),
                RDSS4Field("form", at: 10, shift: 1, bits: 1, .contentForm, aliases: ["message.form"]),
                RDSS4Field("password", at: 10, shift: 0, bits: 1, .flag),
                card("receiver", at: 11, "rdss.receiver"),
            ] + contentLength(at: 14) + [
                RDSS4Field("answer", at: 16, note: "a flag octet, 0 in all frames seen")
            ], length: 18, .content, at: 17, defaults: [(10, 0x44)], contentIndex: 11),
        RDSS4Layout(
            "TXSQ", "query of positions and messages",
            [
                card("address", at: 7, "rdss.address", "rdss.sender"), category,
                RDSS4Field(
                    "query", at: 10, shift: 2, bits: 6,
                    .labels(
                        RDSS4Labels([
                            (0x18, "last_position"), (0x19, "last_two_positions"), (0x1A, "last_three_positions"),
                            (0x1C, "newest_message"), (0x1D, "message_by_sender"), (0x1E, "receipt"),
                        ]))),
                card("queried", at: 11, "rdss.queried"),
            ], length: 15, defaults: [(10, 0x60)]),
        RDSS4Layout(
            "CKSC", "serial output",
            [
                RDSS4Field(
                    "rate", at: 10,
                    .labels(
                        RDSS4Labels("19200", "1200", "2400", "4800", "9600", "38400", "57600", "115200")),
                    unit: "bit/s")
            ], length: 12),
        RDSS4Layout(
            "BSSZ", "beam setting",
            [
                RDSS4Field("beams", at: 10, octets: 6, .beams, note: "beams of the channels"),
                RDSS4Field("response_beam", at: 16),
            ], length: 18),
        RDSS4Layout(
            "LZSZ", "zero value setting", [RDSS4Field("zero_value", at: 10, octets: 4, unit: "ns")], length: 15),
        RDSS4Layout("GXZR", "management information injection", [information(at: 10)], length: 43),
        RDSS4Layout(
            "GXZR", "management information injection with a serial number",
            [RDSS4Field("serial", at: 10, octets: 4), information(at: 14)], length: 47),
        RDSS4Layout(
            "JMSZ", "radio silence",
            [RDSS4Field("silence", at: 10, .labels(RDSS4Labels("silent", "not_silent")))], length: 12),
        RDSS4Layout(
            "JSZL", "end of an output",
            [RDSS4Field("sentence", at: 10, octets: 4, .letters, note: "the sentence that ends")], length: 15,
            required: "sentence"),
        RDSS4Layout(
            "JSZL", "end of all outputs", [RDSS4Field("word", at: 10, octets: 3, .octets)], length: 14,
            defaults: [(10, 0x55), (11, 0x55), (12, 0x55)]),
        // Written only with its word given, so that nobody sends it by accident; whether to obey is not decided here.
        RDSS4Layout(
            "JJZH", "self-destruct", [RDSS4Field("word", at: 10, octets: 4, .octets)], length: 15, required: "word"),
        RDSS4Layout(
            "ZHSQ", "self-destruct, another name", [RDSS4Field("word", at: 10, octets: 4, .octets)], length: 15,
            required: "word"),
        named("HXSZ", "route setting"), named("DHSQ", "navigation request"), named("DSSQ", "timing request"),
        named("SCSC", "time difference output"), named("ZBZH", "coordinate conversion"),
        named("WMCS", "bit error test"), named("GNPS", "satellite position request"),
        named("GNTS", "satellite time request"), named("GNVS", "satellites in view request"),
    ]

    private static let positionRequest = [
        category, RDSS4Field("emergency", at: 10, shift: 5, bits: 1, .flag),
        RDSS4Field(
            "height_mode", at: 10, shift: 2, bits: 2, .labels(RDSS4Labels("given", "none", "method_1", "method_2"))),
        heightKind,
    ]

    private static let air = [
        RDSS4Field("pressure", at: 15, octets: 4, shift: 12, bits: 20, .fraction(parts: 10), unit: "hPa"),
        RDSS4Field(
            "temperature", at: 15, octets: 4, shift: 0, bits: 12, .signMagnitude(sign: 11, parts: 10), unit: "degC"),
        frequency(at: 19),
    ]
}
