/// All layouts of RDSS 4.0, and the fields that several of them share. Source: beidou-rdss-4.0.md.
enum RDSS4Layouts {
    /// Every layout; the number of one is the number of its type. Forms of one name follow each other.
    static let all = requests + answers + [unknown]

    /// What carries a frame whose name nobody states.
    static let unknown = RDSS4Layout(
        "unknown", "frame with a name that is not known",
        [
            RDSS4Field("address", at: 7, octets: 3, .address, aliases: ["rdss.address"]),
            RDSS4Field("frame_name", at: 1, octets: 4, .letters),
            RDSS4Field("body", at: 10, octets: 0, .rest),
        ], length: 11, .rest, required: "frame_name")

    /// A frame of which only the name is known.
    static func named(_ name: String, _ title: String) -> RDSS4Layout {
        RDSS4Layout(name, title, [RDSS4Field("body", at: 10, octets: 0, .rest)], length: 11, .rest)
    }

    static let category = RDSS4Field("category", at: 10, note: "the octet that the flags behind it are bits of")

    static let heightKind = RDSS4Field(
        "height_kind", at: 10, shift: 0, bits: 1, .labels(RDSS4Labels("ordinary", "high")))

    static func card(_ name: String, at place: Int, _ aliases: String...) -> RDSS4Field {
        RDSS4Field(name, at: place, octets: 3, .address, aliases: aliases)
    }

    static func frequency(at place: Int) -> RDSS4Field {
        RDSS4Field("frequency", at: place, octets: 2, unit: "s", note: "0: once")
    }

    static func information(at place: Int) -> RDSS4Field {
        RDSS4Field("information", at: place, octets: 32, .octets)
    }

    static func powers(at place: Int) -> RDSS4Field {
        RDSS4Field(
            "powers", at: place, octets: 6, .beams, unit: "bars",
            note: "0 below -158 dBW, 1 -157 to -156, 2 -155 to -154, 3 -153 to -152, 4 above -152 dBW")
    }

    static func contentLength(at place: Int) -> [RDSS4Field] {
        [
            RDSS4Field("length", at: place, octets: 2, .contentBits, unit: "bit", aliases: ["message.bits"]),
            RDSS4Field(
                "length_state", at: place, octets: 2, .contentState, note: "whether the length agrees with the frame"),
        ]
    }
}
