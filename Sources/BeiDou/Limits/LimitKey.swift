/// A number of ``Limits`` as settings files name it. The file, its reader and its errors follow from ``all``: a new limit is
/// a property of ``Limits`` and a line here.
struct LimitKey: Sendable {
    /// Its place in the file, with dots.
    let path: String
    /// What it counts, the name of its value in the file.
    let unit: String
    /// What it may be.
    let allowed: ClosedRange<Int>
    /// Whether the sources leave it open.
    let isOpen: Bool
    /// What a person has to know, a line of the file.
    let remark: String
    /// Where it is kept.
    let place: WritableKeyPath<Limits, Int> & Sendable

    private init(
        _ path: String, _ unit: String, _ allowed: ClosedRange<Int>, isOpen: Bool = false, _ remark: String,
        _ place: WritableKeyPath<Limits, Int> & Sendable
    ) {
        self.path = path
        self.unit = unit
        self.allowed = allowed
        self.isOpen = isOpen
        self.remark = remark
        self.place = place
    }

    private static let bits = 24...100_000
    private static let addresses = 0...99_999_999

    /// Every number, in the order of the file.
    static let all: [LimitKey] = [
        LimitKey(
            "beidou_2.level_1.plain", "bits", bits, "7 Chinese characters, 27 digits, 13 octets with A4", \.plainBits[0]
        ),
        LimitKey(
            "beidou_2.level_1.encrypted", "bits", bits, isOpen: true,
            "doubtful: above the unencrypted value, while levels 2 and 3 lie below theirs", \.encryptedBits[0]),
        LimitKey(
            "beidou_2.level_2.plain", "bits", bits, "29 Chinese characters, 102 digits, 51 octets", \.plainBits[1]),
        LimitKey("beidou_2.level_2.encrypted", "bits", bits, "", \.encryptedBits[1]),
        LimitKey(
            "beidou_2.level_3.plain", "bits", bits, "44 Chinese characters, 157 digits, 78 octets", \.plainBits[2]),
        LimitKey("beidou_2.level_3.encrypted", "bits", bits, "", \.encryptedBits[2]),
        LimitKey(
            "beidou_2.level_4.plain", "bits", bits, "60 Chinese characters, 212 digits, 106 octets", \.plainBits[3]),
        LimitKey("beidou_2.level_4.encrypted", "bits", bits, "120 Chinese characters", \.encryptedBits[3]),
        LimitKey("beidou_2.express", "bits", bits, "13 Chinese characters", \.expressBits),
        LimitKey("beidou_3.level_1", "bits", bits, isOpen: true, noLevel, \.levelBits[0]),
        LimitKey("beidou_3.level_2", "bits", bits, isOpen: true, "", \.levelBits[1]),
        LimitKey("beidou_3.level_3", "bits", bits, isOpen: true, "", \.levelBits[2]),
        LimitKey("beidou_3.level_4", "bits", bits, isOpen: true, "", \.levelBits[3]),
        LimitKey("beidou_3.level_5", "bits", bits, isOpen: true, "cards write 0 for level 5, too", \.levelBits[4]),
        LimitKey(
            "beidou_3.points.lf0", "bits", bits, isOpen: true, "stated: under 120 Chinese characters", \.pointBits[0]),
        LimitKey("beidou_3.points.lf1", "bits", bits, "1,000 Chinese characters, the regional service", \.pointBits[1]),
        LimitKey("beidou_3.points.lf2", "bits", bits, "", \.pointBits[2]),
        LimitKey("beidou_3.points.lf3", "bits", bits, "", \.pointBits[3]),
        LimitKey("beidou_3.points.lf4", "bits", bits, "40 Chinese characters, the global service", \.pointBits[4]),
        LimitKey("service.frequency", "seconds", 1...86_400, "where the card does not state its own", \.serviceSeconds),
        LimitKey(
            "service.reserve", "seconds", 0...3_600, "on top of the frequency, one maker's advice", \.reserveSeconds),
        LimitKey("service.feedback", "seconds", 1...3_600, "from a request to FKXX or FKI", \.feedbackSeconds),
        LimitKey("service.tries", "count", 1...100, "when a terminal does not answer", \.tries),
        LimitKey("addresses.beidou_2.first", "card", addresses, "0: no card known", \.firstCard2),
        LimitKey("addresses.beidou_2.last", "card", addresses, "2097151, all 21 bits: no usable card", \.lastCard2),
        LimitKey("addresses.beidou_3.first", "card", addresses, "0: no card", \.firstCard3),
        LimitKey(
            "addresses.beidou_3.last", "card", addresses, isOpen: true, "seen: 7 and 8 digits, 15240507 the largest",
            \.lastCard3),
        LimitKey("receipts.pairs", "count", 0...5, "of times in TXHZ and HZR", \.receiptPairs),
        LimitKey("receipts.resolution", "seconds", 1...3_600, "hours and minutes are all they state", \.receiptSeconds),
        LimitKey(
            "receipts.answer", "seconds", 1...86_400, "a gateway's own receipt comes back within that", \.answerSeconds),
    ]

    private static let noLevel = "no source gives bits a level: what the service carries"
}

extension Limits {
    /// The keys that ``standard`` leaves open: numbers, and kinds of feedback.
    static var openInStandard: Set<String> {
        var open = Set(LimitKey.all.filter(\.isOpen).map(\.path))
        for (table, codes) in Feedback.openRules {
            for code in codes { open.insert("feedback.\(table.rawValue).\(code)") }
        }
        return open
    }
}
