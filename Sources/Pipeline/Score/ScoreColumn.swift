/// What of a result's columns or members says which packet a row is of.
public enum ScoreColumn: String, Sendable, CaseIterable {
    /// The application process identifier, 0 to 2047.
    case apid
    /// The packet sequence count, 0 to 16383.
    case count
    /// The spacecraft, by its number or its name.
    case spacecraft
    /// The interface of the capture, or the station, that heard it.
    case interface
    /// When it was made or received.
    case time
    /// The flow of the capture that it came on, as `decode` calls it.
    case flow

    /// Its place among all.
    var index: Int {
        switch self {
        case .apid: 0
        case .count: 1
        case .spacecraft: 2
        case .interface: 3
        case .time: 4
        case .flow: 5
        }
    }

    /// Names that programs give it, in letters alone, the best first. `Specs/truth.md` lists them.
    package var knownNames: [String] {
        switch self {
        case .apid: ["apid", "applicationprocessid", "applicationprocessidentifier", "appid"]
        case .count:
            [
                "sequence", "sequencecount", "seqcount", "srcseqctr", "seqctr", "seqcnt", "seqnum", "seqno",
                "sequencenumber", "sequencecounter", "sourcesequencecount", "sourcesequencecounter", "srcseqcount",
                "sequencecountorname", "ssc", "count",
            ]
        case .spacecraft:
            [
                "spacecraft", "spacecraftid", "scid", "spacecraftname", "satellite", "satelliteid", "satellitename",
                "vehicle", "sat", "satid",
            ]
        case .interface:
            ["interface", "interfacename", "station", "stationname", "groundstation", "antenna", "receiver"]
        case .time: ["time", "timestamp", "timeepoch", "generationtime", "gentime", "utc"]
        case .flow: ["flow"]
        }
    }

    /// Words in front of a name that say nothing more.
    private static let prefixes: Set<String> = [
        "ccsds", "pkt", "packet", "sp", "spp", "space", "hdr", "header", "primary", "pri", "tm", "tlm", "telemetry",
        "frame",
    ]

    /// What a name means, and how far it is from the best one of that meaning; nil where it means none of them.
    package static func meaning(of name: String) -> (column: ScoreColumn, rank: Int)? {
        let words = words(of: name)
        for dropped in 0..<max(1, words.count) {
            let joined = words[dropped...].joined()
            for column in allCases {
                if let place = column.knownNames.firstIndex(of: joined) { return (column, dropped * 100 + place) }
            }
            guard dropped < words.count, prefixes.contains(words[dropped]) else { return nil }
        }
        return nil
    }

    /// The words of a name in small letters: `PKT_APID`, `ccsds.apid` and `pktApid` are two each.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasSmall = false
        for character in name {
            let isWord = character.isLetter || character.isNumber
            if !isWord || character.isUppercase && wasSmall {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if isWord { word += character.lowercased() }
            wasSmall = character.isLowercase
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// The last part of a qualified name: `/mission/eps/voltage`, `mission.eps.voltage` are `voltage`.
    package static func lastPart(of name: String) -> String {
        let octets = name.utf8
        guard let cut = octets.lastIndex(where: { $0 == 0x2E || $0 == 0x2F }) else { return name }
        let part = name[octets.index(after: cut)...]
        return part.isEmpty ? name : String(part)
    }
}
